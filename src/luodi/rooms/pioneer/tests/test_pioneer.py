"""Posts are handed on, tasks are claimed and done; nothing counts people."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from tests.zone import Zone

from luodi.ground.figures.api import read
from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import BranchType, PostKind, Stage
from luodi.rooms.pioneer import api
from luodi.rooms.pioneer.models import Claim, Stand, Task
from luodi.rooms.pioneer.reading import crossings, in_state, shares, state_of, with_hands

SINCE = dt.date(2021, 3, 1)
ROOM = Path(__file__).parents[1]


class Place:
    def __init__(self, zone: Zone) -> None:
        self.zone = zone
        self.branch = directory.found_branch(
            actor=SYSTEM, parent=zone.enterprise, name="示例甲党支部", type=BranchType.BRANCH,
            founded_on=SINCE,
        )  # fmt: skip
        self.people = [self.person(n) for n in range(3)]
        self.stand = Stand.objects.create(
            unit=zone.enterprise, kind="post", name="示例岗", sentence="示例一句话"
        )

    def person(self, number: int, *, member: bool = True) -> Any:
        made = directory.add_person(actor=SYSTEM, unit=self.zone.enterprise, name=f"示例赵{number}")
        if member:
            directory.start_membership(
                actor=SYSTEM, person=made, branch=self.branch, stage=Stage.FORMAL, since=SINCE
            )
        return made

    def task(self, hands: int = 1, days: int = 9) -> Task:
        office = self.zone.actor("office")
        with acting(office):
            return api.raise_task(
                actor=office, unit=self.zone.zone, title="示例任务", hands=hands,
                due_on=today() + dt.timedelta(days=days),
            )  # fmt: skip

    def claim(self, task: Task, person: Any = None, role: str = "branch_secretary") -> Claim:
        actor = self.zone.actor(role)
        with acting(actor):
            return api.claim_task(actor=actor, task=task, branch=self.branch, person=person)


@pytest.fixture
def place(zone: Zone) -> Place:
    return Place(zone)


def state(task: Task) -> str:
    return state_of(with_hands(Task.objects.filter(pk=task.pk)).get())


def test_a_post_is_handed_on_and_never_held_twice(place: Place) -> None:
    first, second, _third = place.people
    give = lambda person, on: api.hand_stand_on(  # noqa: E731
        actor=SYSTEM, stand=place.stand, person=person, on=on, agreed=["name"]
    )
    give(first, dt.date(2022, 1, 1))
    with pytest.raises(UserError, match="现在就由"):
        give(first, dt.date(2022, 2, 1))
    with pytest.raises(UserError, match="应晚于现在担任人的起始日期2022-01-01"):
        give(second, dt.date(2022, 1, 1))
    give(second, dt.date(2023, 1, 1))
    held = [(one.person_id, one.since, one.until) for one in place.stand.holdings.all()]
    assert held == [
        (second.pk, dt.date(2023, 1, 1), None),
        (first.pk, dt.date(2022, 1, 1), dt.date(2023, 1, 1)),
    ]
    with pytest.raises(UserError, match="不是党员"):
        give(place.person(9, member=False), dt.date(2024, 1, 1))


def test_the_sign_shows_what_the_holder_agreed_to_and_no_more(place: Place) -> None:
    page = f"/pioneer/seen/{place.stand.token}/"
    anybody = place.zone.client(None)
    api.hand_stand_on(
        actor=SYSTEM, stand=place.stand, person=place.people[0], on=dt.date(2022, 1, 1), agreed=[]
    )
    assert "示例赵0" not in anybody.get(page).content.decode()
    api.agree_to_show(actor=SYSTEM, stand=place.stand, agreed=["name"])
    shown = anybody.get(page).content.decode()
    assert "示例赵0" in shown and "2022-01-01" not in shown
    Stand.objects.filter(pk=place.stand.pk).update(closed_on=today())
    assert "示例赵0" not in anybody.get(page).content.decode()
    assert anybody.get("/pioneer/seen/nothing/").status_code == 404


def test_a_task_is_claimed_handed_on_and_done(place: Place) -> None:
    task = place.task(hands=2)
    assert state(task) == "open"
    claim = place.claim(task, place.people[0])
    place.claim(task)
    assert state(task) == "taken"
    with pytest.raises(UserError, match="人数已经够了"):
        place.claim(task, place.people[1])
    actor = place.zone.actor("branch_secretary")
    with acting(actor):
        fresh = api.hand_claim_on(actor=actor, claim=claim, person=place.people[1])
        with pytest.raises(UserError, match="退出或转交"):
            api.finish_claim(actor=actor, claim=claim, sentence="示例")
        assert state(task) == "taken"
        for one in (fresh, Claim.objects.get(task=task, person=None)):
            api.finish_claim(actor=actor, claim=one, sentence="示例：做完了")
        with pytest.raises(UserError, match="完成"):
            api.drop_claim(actor=actor, claim=fresh, reason="示例")
    assert state(task) == "done"


def test_nobody_claims_for_another_branch_or_a_stranger(place: Place) -> None:
    task = place.task()
    stranger = place.person(8, member=False)
    with pytest.raises(UserError, match="不是这个党组织的党员"):
        place.claim(task, stranger)
    with pytest.raises(NotAllowed):
        place.claim(task, role="liaison")
    other = directory.found_branch(
        actor=SYSTEM, parent=place.zone.second, name="示例乙党支部", type=BranchType.BRANCH,
        founded_on=SINCE,
    )  # fmt: skip
    actor = place.zone.actor("branch_secretary")
    with acting(actor), pytest.raises(NotAllowed):
        api.claim_task(actor=actor, task=task, branch=other)


def test_what_nobody_took_goes_back_in_time_and_once(place: Place) -> None:
    soon, far = place.task(days=3), place.task(days=9)
    assert api.return_unclaimed(today()) == 1
    assert api.return_unclaimed(today()) == 0
    soon.refresh_from_db()
    far.refresh_from_db()
    assert soon.returned_at is not None and far.returned_at is None
    with acting(place.zone.actor("office")):
        assert Notice.objects.filter(key=f"pioneer-return:{soon.pk}").count() == 1


def test_the_states_of_the_list_are_those_of_the_page(place: Place) -> None:
    for hands, claims in ((1, 0), (1, 1), (2, 1)):
        task = place.task(hands=hands)
        for one in place.people[:claims]:
            place.claim(task, one)
    for day in (today(), today() + dt.timedelta(days=30)):
        for key in ("open", "taken", "done", "late", "withdrawn"):
            listed = {one.pk for one in in_state(with_hands(Task.objects.all()), key, day)}
            seen = {one.pk for one in with_hands(Task.objects.all()) if state_of(one, day) == key}
            assert listed == seen


def test_the_backbone_is_counted_by_enterprise_as_the_figure_counts_it(place: Place) -> None:
    other = place.person(7, member=False)
    for one in (place.people[0], other):
        directory.appoint(
            actor=SYSTEM,
            person=one,
            unit=place.zone.enterprise,
            kind=PostKind.BACKBONE,
            since=SINCE,
        )
    found = shares(None, today())
    assert [(one.members, one.backbone) for one in found] == [(1, 2)]
    share = read(actor=SYSTEM, key="pioneer.member_share", unit=place.zone.zone, until=today())
    assert share.value == 50


def test_two_way_entry_is_computed_from_posts(place: Place) -> None:
    first, second, third = place.people
    for person, kind, unit in (
        (first, PostKind.BRANCH_SECRETARY, place.branch.unit),
        (second, PostKind.BRANCH_MEMBER, place.branch.unit),
        (first, PostKind.MANAGER, place.zone.enterprise),
        (third, PostKind.MANAGER, place.zone.enterprise),
    ):
        directory.appoint(actor=SYSTEM, person=person, unit=unit, kind=kind, since=SINCE)
    found = next(iter(crossings(place.zone.enterprise, today())))
    assert (found.both, found.only_branch, found.only_managing) == ([first], [second], [third])
    assert next(iter(crossings(place.zone.enterprise, dt.date(2020, 1, 1)))).is_missing


def test_nothing_counts_or_ranks_people() -> None:
    """No field, no figure, no column and no word of the room counts what one person did."""
    fields = {field.name for model in (Claim, Task, Stand) for field in model._meta.get_fields()}
    assert not fields & {"points", "score", "rank", "level", "hours", "stars"}
    source = "\n".join(path.read_text() for path in ROOM.glob("*.py"))
    source += "\n".join(path.read_text() for path in (ROOM / "views").glob("*.py"))
    assert not re.search(r"积分|排名|排行|星级|得分", source)
    # claims are never grouped by person, and no list of claims leaves the room
    assert not re.search(r'Claim\S*values\("person|"claims?__person|by_person', source)
    page = (ROOM / "templates" / "pioneer" / "task.html").read_text()
    assert "person.claims" not in page
