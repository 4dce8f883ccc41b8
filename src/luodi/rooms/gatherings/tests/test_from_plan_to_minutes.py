"""A gathering from plan to signed minutes by its verbs, and what each refuses."""

from __future__ import annotations

import datetime as dt

import pytest

from luodi.ground.notices.api import Delivery, Notice, add_robot
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.directory.demo import noon
from luodi.rooms.gatherings import api
from luodi.rooms.gatherings.api import Gathering, Minutes, PointGiven, State, Twice
from luodi.rooms.gatherings.tests.conftest import Company

DAY = dt.date(2022, 6, 6)
BEFORE, START, AFTER = noon(dt.date(2022, 6, 1)), noon(DAY, 15), noon(DAY, 18)


def planned(company: Company, **facts: object) -> Gathering:
    given = {"unit": company.unit, "kind": "theme_day", "starts_at": START, "at": BEFORE}
    given["actor"] = company.secretary
    return api.plan_gathering(**{**given, **facts})


def test_a_theme_day_from_plan_to_signed_minutes(company: Company) -> None:
    actor = company.secretary
    day = planned(company, agenda="一、学习条例\n2. 义务劳动", also=["lesson"])
    assert (day.title, day.ends_at - day.starts_at) == ("主题党日", dt.timedelta(minutes=90))
    assert day.leader == company.people[0]
    assert day.fulfils == {"theme_day", "lesson"}
    late, ill = company.people[1], company.people[2]
    api.record_attendance(
        actor=actor,
        gathering=day,
        exceptions={late.pk: "late", ill.pk: "excused"},
        reasons={ill.pk: "出差"},
        guests=["示例嘉宾（示例县供电公司）"],
        at=AFTER,
    )
    minutes = api.write_minutes(actor=actor, gathering=day, text="学习并讨论。", at=AFTER)
    assert [one.title for one in minutes.points.all()] == ["学习条例", "义务劳动"]
    signed = api.sign_minutes(actor=actor, gathering=day, version=minutes.version, at=AFTER)
    assert signed.counts == {"came": 5, "excused": 1, "late": 1}
    row = api.held(units=[company.unit], kinds=["lesson"], since=DAY, until=DAY).counted().get()
    assert (row.state, row.expected, row.attending) == (State.HELD, 6, 5)
    assert row.entered_late is None


def test_those_with_an_account_hear_of_it_and_of_changes_once_each(company: Company) -> None:
    account = company.zone.accounts["branch_secretary"]
    office = company.zone.actor("office")
    day = planned(company, actor=office)
    changed = api.change_gathering(
        actor=office,
        gathering=day,
        title=day.title,
        starts_at=day.starts_at,
        ends_at=day.ends_at,
        place="二楼会议室",
        version=day.version,
        at=BEFORE,
    )
    assert changed.sequence == 1
    api.cancel_gathering(actor=office, gathering=day, why="停电", at=BEFORE)
    with acting(SYSTEM):
        told = Notice.objects.filter(account=account, key__startswith="gathering:")
        assert len(told) == 3
    with pytest.raises(UserError):
        api.record_attendance(actor=office, gathering=day, at=AFTER)


def test_a_second_one_of_a_day_is_shown_before_it_is_entered(company: Company) -> None:
    first = planned(company)
    with pytest.raises(Twice) as refused:
        planned(company)
    assert refused.value.others == [first]
    assert planned(company, again=True).pk != first.pk
    assert planned(company, kind="lesson").pk


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_at": START}, "ends_at"),
        ({"ends_at": START + dt.timedelta(days=40)}, "ends_at"),
        ({"kind": "nothing"}, "kind"),
        ({"kind": "performance"}, "unit"),
        ({"also": ["visit"]}, "also"),
        ({"title": "长" * 121}, "title"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    company: Company, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(UserError) as refused:
        planned(company, **wrong)
    assert refused.value.field == field


def test_signed_minutes_do_not_change_and_are_superseded_by_a_correction(
    company: Company,
) -> None:
    actor = company.secretary
    day = planned(company)
    api.record_attendance(actor=actor, gathering=day, at=AFTER)
    points = [PointGiven("学习", speakers="示例乙", text="谈体会", decision="每季度一次")]
    api.write_minutes(actor=actor, gathering=day, text="初稿", points=points, at=AFTER)
    api.sign_minutes(actor=actor, gathering=day, at=AFTER)
    for change in (
        lambda: api.write_minutes(actor=actor, gathering=day, text="改", at=AFTER),
        lambda: api.record_attendance(actor=actor, gathering=day, at=AFTER),
        lambda: api.invite(actor=actor, gathering=day, guests=["某"], at=AFTER),
    ):
        with pytest.raises(UserError):
            change()
    draft = api.correct_minutes(actor=actor, gathering=day, why="人数有误", at=AFTER)
    assert (draft.number, draft.text, draft.points.get().decision) == (2, "初稿", "每季度一次")
    api.write_minutes(actor=actor, gathering=day, text="更正稿", at=AFTER)
    api.sign_minutes(actor=actor, gathering=day, at=AFTER)
    states = list(day.minutes.order_by("number").values_list("state", "text"))
    assert states == [(Minutes.State.SUPERSEDED, "初稿"), (Minutes.State.SIGNED, "更正稿")]


def test_minutes_are_signed_by_who_led_and_only_when_nothing_is_missing(company: Company) -> None:
    office, chair = company.zone.actor("office"), company.secretary
    day = planned(company, actor=office)
    with pytest.raises(UserError):
        api.sign_minutes(actor=chair, gathering=day, at=AFTER)
    api.write_minutes(actor=office, gathering=day, at=AFTER)
    with pytest.raises(UserError, match="记录内容、出席情况"):
        api.sign_minutes(actor=chair, gathering=day, at=AFTER)
    api.record_attendance(actor=office, gathering=day, at=AFTER)
    api.write_minutes(actor=office, gathering=day, text="记录", at=AFTER)
    with pytest.raises(NotAllowed):
        api.sign_minutes(actor=office, gathering=day, at=AFTER)
    assert api.sign_minutes(actor=chair, gathering=day, at=AFTER).state == "signed"


def test_two_who_write_at_once_do_not_overwrite_each_other(company: Company) -> None:
    day = planned(company)
    first = api.write_minutes(actor=company.secretary, gathering=day, text="甲的", at=AFTER)
    office = company.zone.actor("office")
    api.write_minutes(actor=office, gathering=day, text="乙的", version=first.version, at=AFTER)
    with pytest.raises(Stale) as stale:
        api.write_minutes(
            actor=company.secretary, gathering=day, text="又改", version=first.version, at=AFTER
        )
    assert stale.value.theirs["text"] == "乙的"
    with pytest.raises(Stale):
        api.record_attendance(actor=office, gathering=day, version=day.version + 5, at=AFTER)


def test_attendance_is_of_the_day_and_of_those_who_were_members_then(company: Company) -> None:
    from luodi.rooms.directory import api as directory

    actor = company.secretary
    day = planned(company)
    with pytest.raises(UserError):
        api.record_attendance(actor=actor, gathering=day, at=BEFORE)
    gone = company.people[3]
    membership = gone.memberships.get()
    directory.end_membership(actor=SYSTEM, membership=membership, on=dt.date(2022, 6, 3))
    with pytest.raises(UserError):
        api.record_attendance(actor=actor, gathering=day, exceptions={gone.pk: "late"}, at=AFTER)
    row = api.record_attendance(actor=actor, gathering=day, at=AFTER)
    assert row.people.count() == 5
    again = api.record_attendance(
        actor=actor, gathering=day, exceptions={company.people[1].pk: "absent"}, at=AFTER
    )
    assert again.people.filter(state="absent").count() == 1


def test_one_answers_for_oneself_before_it_begins(company: Company) -> None:
    day = planned(company)
    mine = api.answer_invitation(
        actor=company.secretary, gathering=day, answer="no", reason="出差", at=BEFORE
    )
    assert mine.person == company.people[0]
    with pytest.raises(NotAllowed):
        api.answer_invitation(
            actor=company.zone.actor("office"), gathering=day, answer="yes", at=BEFORE
        )
    with pytest.raises(UserError):
        api.answer_invitation(actor=company.secretary, gathering=day, answer="yes", at=AFTER)
    api.record_attendance(actor=company.secretary, gathering=day, at=AFTER)
    assert day.people.get(person=company.people[0]).state == "excused"


def test_who_may_not_write_for_the_unit_is_refused(company: Company) -> None:
    with pytest.raises(NotAllowed):
        planned(company, actor=company.zone.actor("liaison"))
    with pytest.raises(NotAllowed):
        planned(company, actor=company.zone.actor("department_officer"))


def test_somebody_of_another_unit_who_is_invited_sees_it(company: Company) -> None:
    zone = company.zone
    other = zone.actor("department_officer")
    with acting(SYSTEM):
        day = planned(company, actor=SYSTEM)
    with acting(other):
        assert not Gathering.objects.filter(pk=day.pk).exists()
    with acting(SYSTEM):
        api.invite(
            actor=SYSTEM,
            gathering=day,
            accounts=[zone.accounts["department_officer"]],
            at=BEFORE,
        )
    with acting(other):
        assert Gathering.objects.get(pk=day.pk).title == "主题党日"
        api.answer_invitation(actor=other, gathering=day, answer="yes", at=BEFORE)


def test_a_meeting_that_is_typed_long_after_says_so(company: Company) -> None:
    day = planned(company, at=noon(dt.date(2022, 7, 20)))
    row = api.record_attendance(
        actor=company.secretary, gathering=day, at=noon(dt.date(2022, 7, 20))
    )
    assert row.entered_late == 44


def test_its_room_is_booked_moves_along_and_is_given_back(company: Company) -> None:
    from luodi.rooms.places.api import Occurrence, Room, Taken, Venue

    venue = Venue.objects.create(unit=company.zone.zone, name="示例中心", kind="centre")
    room = Room.objects.create(venue=venue, name="会议室", kind="meeting", seats=30)
    secretary = company.zone.actor("office")
    day = planned(company, actor=secretary, rooms=[room])
    assert day.place == "示例中心 会议室"
    held = Occurrence.objects.get(booking=day.booking)
    assert (held.starts_at, held.holds) == (START, True)
    with pytest.raises(Taken):
        planned(company, actor=secretary, kind="lesson", rooms=[room])
    assert not Gathering.objects.filter(kind="lesson").exists()
    later = START + dt.timedelta(days=1)
    facts = {"title": day.title, "starts_at": later, "ends_at": later + dt.timedelta(hours=1)}
    moved = api.change_gathering(
        actor=secretary, gathering=day, place=day.place, at=BEFORE, **facts
    )
    held.refresh_from_db()
    assert held.starts_at == later
    api.cancel_gathering(actor=secretary, gathering=moved, why="停电", at=BEFORE)
    held.refresh_from_db()
    assert not held.holds


def test_the_unit_s_group_hears_the_kind_and_the_time_once_each(company: Company) -> None:
    with acting(SYSTEM):
        robot = add_robot(
            actor=SYSTEM,
            unit=company.unit,
            kind="wecom",
            name="示例群",
            address="https://example.org/hook",
        )
        elsewhere = company.zone.elsewhere
        add_robot(
            actor=SYSTEM, unit=elsewhere, kind="wecom", name="别处", address="https://example.org/x"
        )
        day = planned(company, actor=SYSTEM, title="写给自己人看的主题")
        api.cancel_gathering(actor=SYSTEM, gathering=day, why="停电", at=BEFORE)
        told = Delivery.objects.filter(key__startswith="gathering:").order_by("pk")
        assert [one.robot_id for one in told] == [robot.pk, robot.pk]
        assert all("写给自己人" not in one.subject + one.body for one in told)
        assert "已取消：主题党日" in told[1].subject
