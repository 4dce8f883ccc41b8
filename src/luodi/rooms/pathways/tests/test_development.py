"""An applicant becomes a member: what is written, what is refused, and that nothing is typed twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from luodi.ground.scope.api import acting
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.directory.api import Membership, Person
from luodi.rooms.pathways import api
from luodi.rooms.pathways.models import Fact, Helper, Journey


def held(person: Person) -> list[tuple[str, dt.date, dt.date | None]]:
    rows = Membership.objects.known().filter(person=person).order_by("valid")
    return [(row.stage, row.since, row.until) for row in rows]


def test_from_application_to_membership_with_every_date_right(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "archive", by_hand=True)
    assert held(place.applicant) == [
        ("applicant", dt.date(2021, 1, 31), dt.date(2021, 3, 1)),
        ("activist", dt.date(2021, 3, 1), dt.date(2022, 3, 5)),
        ("candidate", dt.date(2022, 3, 5), dt.date(2022, 5, 10)),
        ("probationary", dt.date(2022, 5, 10), dt.date(2023, 5, 10)),
        ("formal", dt.date(2023, 5, 10), None),
    ]
    journey.refresh_from_db()
    assert (journey.end, journey.ended_on) == ("member", dt.date(2023, 6, 10))


@pytest.mark.parametrize(
    ("step", "changes", "says"),
    [
        (
            "candidate",
            {"on": dt.date(2022, 2, 17)},
            r"早了12天：最早2022-03-01。（《.*》第十三条）",
        ),
        ("talk", {"on": dt.date(2021, 2, 20), "paper": ""}, "还没有材料：谈话记录"),
        ("introducers", {"second": None}, "入党介绍人应为2名正式党员"),
        ("training", {"days": 2, "hours": 20}, "不少于3天或24学时"),
        ("meeting", {"present": 3}, "超过应到会的半数"),
        ("meeting", {"favour": 3}, "赞成人数须超过"),
        ("approve", {"on": dt.date(2022, 11, 11)}, "超过最长期限1天"),
        ("confirm", {"on": dt.date(2023, 5, 9)}, "早了1天：最早2023-05-10"),
    ],
)
def test_what_is_refused_with_its_article(
    place: Any, step: str, changes: dict[str, Any], says: str
) -> None:
    journey = place.begin()
    from luodi.rooms.pathways.tests.conftest import DAYS

    before = list(DAYS)[list(DAYS).index(step) - 1]
    if before != "apply":
        place.walk(journey, before)
    values = {"on": DAYS[step], **changes}
    with pytest.raises(UserError, match=says):
        place.enter(journey, step, **values)
    assert not Fact.objects.filter(journey=journey, step=step).exists()


def test_a_superior_may_let_it_pass_with_a_reason_that_stays_to_be_read(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "review")
    early = dt.date(2022, 2, 17)
    with pytest.raises(UserError, match="请上级党组织登记"):
        place.enter(journey, "candidate", early, exception="表现突出")
    fact = place.enter(journey, "candidate", early, role="office", exception="示例：县委组织部同意")
    assert (fact.exception, fact.excepted_by) == (
        "示例：县委组织部同意",
        place.zone.accounts["office"],
    )


def test_nobody_lets_a_child_or_a_lost_vote_pass(place: Any) -> None:
    with acting(place.zone.actor("office")):
        Person.objects.filter(pk=place.applicant.pk).update(born_on=dt.date(2004, 2, 29))
    with pytest.raises(UserError, match="不满十八周岁：2022-03-01年满"):
        place.begin(dt.date(2022, 2, 28))
    journey = place.begin(dt.date(2022, 3, 1))
    assert journey.pk


def test_who_is_no_full_member_introduces_nobody(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "file_activist")
    with pytest.raises(UserError, match="不是正式党员"):
        place.enter(journey, "contacts", dt.date(2021, 3, 6), first=place.applicant)


def test_a_branch_does_not_do_what_is_the_superiors(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "choose")
    for role in ("branch_secretary", "instructor", "county_officer"):
        with pytest.raises(NotAllowed):
            place.enter(journey, "file_activist", dt.date(2021, 3, 5), role=role)


def test_a_corrected_day_moves_all_that_follows(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "file_candidate")
    fact = Fact.objects.get(journey=journey, step="choose")
    actor = place.zone.actor("branch_secretary")
    with acting(actor):
        api.correct_step(
            actor=actor, fact=fact, on=dt.date(2021, 3, 4), paper="记录", reason="示例：日期抄错"
        )
    assert held(place.applicant)[1][:2] == ("activist", dt.date(2021, 3, 4))
    from luodi.rooms.pathways.rules import findings

    faults = {done.step: found for done, found in findings(api.standing_of(journey).file)}
    assert faults["candidate"][0].days == 3


def test_what_others_follow_from_is_not_withdrawn(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "choose")
    actor = place.zone.actor("branch_secretary")
    with acting(actor):
        talk = Fact.objects.get(journey=journey, step="talk")
        with pytest.raises(UserError, match="请先撤回它"):
            api.withdraw_step(actor=actor, fact=talk, reason="示例")
        chosen = Fact.objects.get(journey=journey, step="choose")
        api.withdraw_step(actor=actor, fact=chosen, reason="示例：登记错人")
        with pytest.raises(Stale):
            api.withdraw_step(actor=actor, fact=chosen, reason="示例")
    assert held(place.applicant) == [("applicant", dt.date(2021, 1, 31), None)]


def test_transfer_in_probation_takes_the_file_along(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "observe")
    office = place.zone.actor("office")
    with acting(office):
        api.move_journey(actor=office, journey=journey, branch=place.other, on=dt.date(2023, 1, 10))
    with acting(place.zone.actor("office")):
        now = api.standing_of(Journey.objects.get(pk=journey.pk))
        assert now.branch == place.other
        assert now.steps["confirm"].latest == dt.date(2023, 11, 10)
    place.enter(journey, "ask", dt.date(2023, 4, 20), role="instructor")
    place.enter(journey, "confirm", dt.date(2023, 9, 1), role="instructor")
    place.enter(journey, "approve_formal", dt.date(2023, 9, 20))
    assert held(place.applicant)[-1] == ("formal", dt.date(2023, 5, 10), None)


def test_probation_is_extended_once(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "ask")
    place.enter(journey, "confirm", dt.date(2023, 5, 12), outcome="extended", months=6)
    with pytest.raises(UserError, match="最早2023-11-10"):
        place.enter(journey, "confirm", dt.date(2023, 11, 9))
    with pytest.raises(UserError, match="只能延长一次"):
        place.enter(journey, "confirm", dt.date(2023, 11, 10), outcome="extended", months=6)
    place.enter(journey, "confirm", dt.date(2023, 11, 10))
    place.enter(journey, "approve_formal", dt.date(2023, 12, 1))
    assert held(place.applicant)[-1] == ("formal", dt.date(2023, 11, 10), None)


def test_an_end_needs_its_ground_and_ends_the_stage(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "choose")
    actor = place.zone.actor("branch_secretary")
    with acting(actor):
        with pytest.raises(UserError):
            api.end_journey(
                actor=actor, journey=journey, end="withdrawn", on=dt.date(2021, 6, 1), ground=""
            )
        with pytest.raises(UserError, match="还不是预备党员"):
            api.end_journey(
                actor=actor, journey=journey, end="cancelled", on=dt.date(2021, 6, 1), ground="示例"
            )
        api.end_journey(
            actor=actor,
            journey=journey,
            end="withdrawn",
            on=dt.date(2021, 6, 1),
            ground="本人书面申请",
        )
    assert held(place.applicant)[-1] == ("activist", dt.date(2021, 3, 1), dt.date(2021, 6, 1))
    assert place.begin(dt.date(2023, 1, 1)).pk != journey.pk


def test_papers_of_the_unsuccessful_are_cleared_when_due(place: Any) -> None:
    journey = place.begin()
    place.walk(journey, "contacts")
    actor = place.zone.actor("branch_secretary")
    with acting(actor):
        api.end_journey(
            actor=actor, journey=journey, end="stopped", on=dt.date(2021, 6, 1), ground="示例"
        )
    assert api.forget_unsuccessful(dt.date(2022, 5, 31)) == 0
    assert api.forget_unsuccessful(dt.date(2022, 6, 1)) == 1
    assert api.forget_unsuccessful(dt.date(2022, 6, 1)) == 0
    assert not Fact.objects.filter(journey=journey).exclude(paper="").exists()
    assert not Helper.objects.exists()


def test_nobody_applies_twice_or_as_a_member(place: Any) -> None:
    place.begin()
    with pytest.raises(UserError, match="已有没有结束的培养材料"):
        place.begin()
    place.applicant = place.members[0]
    with pytest.raises(UserError, match="已是党员"):
        place.begin()
