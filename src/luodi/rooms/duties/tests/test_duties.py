"""Duties: set, changed for the future, excused; fulfilled by what is held; read as a year and a board."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from tests.zone import Zone

from luodi.ground.calendars.api import fill_announced
from luodi.ground.figures.api import read
from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM, Unit, acting, today
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.classes import api as classes
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import BranchType, Stage
from luodi.rooms.duties import api
from luodi.rooms.duties.api import Duty, State
from luodi.rooms.duties.people import hours_of
from luodi.rooms.duties.reminders import remind
from luodi.rooms.gatherings import api as gatherings

THEN = dt.datetime(2022, 1, 1, 4, tzinfo=dt.UTC)
OWN = {"every": "month", "kinds": ["branch"], "gatherings": ["theme_day"], "regulation": "示例规定"}


def noon(day: dt.date) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, 4, tzinfo=dt.UTC)


def branch_of(
    zone: Zone, founded_on: dt.date = dt.date(2021, 1, 1), kind: BranchType = BranchType.BRANCH
) -> Any:
    return directory.found_branch(
        actor=SYSTEM,
        parent=zone.enterprise,
        name=f"示例党支部{founded_on}",
        type=kind,
        founded_on=founded_on,
    )


def hold(unit: Unit, kind: str, *days: dt.date, also: list[str] | None = None) -> None:
    for day in days:
        row = gatherings.plan_gathering(
            actor=SYSTEM, unit=unit, kind=kind, starts_at=noon(day), also=also or [], at=noon(day)
        )
        gatherings.record_attendance(actor=SYSTEM, gathering=row, at=noon(day))


def install(zone: Zone, *keys: str) -> list[Duty]:
    return [api.install(actor=SYSTEM, unit=zone.zone, key=key) for key in keys]


def states(unit: Unit, year: int, on: dt.date) -> dict[str, list[State]]:
    return {
        line.duty.key: [one.state for one in line.slots] for line in api.year_of(unit, year, on)
    }


def test_a_year_is_green_by_what_was_held(zone: Zone) -> None:
    install(zone, "theme_day", "lesson", "members_meeting")
    unit = branch_of(zone).unit
    for month in (1, 2, 4):
        hold(unit, "theme_day", dt.date(2022, month, 10), also=["lesson"] if month == 2 else None)
    found = states(unit, 2022, dt.date(2022, 4, 20))
    done, missed, ahead = State.DONE, State.MISSED, State.AHEAD
    assert found["theme_day"] == [done, done, missed, done, *[ahead] * 8]
    assert found["lesson"] == [done, State.DUE, ahead, ahead]
    assert found["members_meeting"] == [missed, State.DUE, ahead, ahead]


def test_at_risk_by_working_days_unless_one_is_planned(zone: Zone) -> None:
    install(zone, "theme_day")
    unit = branch_of(zone).unit
    # the five last working days of September 2022 begin on Monday the 26th
    assert states(unit, 2022, dt.date(2022, 9, 25))["theme_day"][8] is State.DUE
    assert states(unit, 2022, dt.date(2022, 9, 26))["theme_day"][8] is State.RISK
    row = gatherings.plan_gathering(
        actor=SYSTEM,
        unit=unit,
        kind="theme_day",
        starts_at=noon(dt.date(2022, 9, 29)),
        at=noon(dt.date(2022, 9, 20)),
    )
    assert states(unit, 2022, dt.date(2022, 9, 26))["theme_day"][8] is State.DUE
    gatherings.cancel_gathering(actor=SYSTEM, gathering=row, why="示例")
    assert states(unit, 2022, dt.date(2022, 9, 26))["theme_day"][8] is State.RISK


def test_temporary_late_and_dissolved(zone: Zone) -> None:
    install(zone, "theme_day", "organisation_life", "committee_meeting")
    temporary = branch_of(zone, dt.date(2022, 4, 20), BranchType.TEMPORARY)
    found = states(temporary.unit, 2022, dt.date(2022, 12, 31))
    assert set(found) == {"theme_day"}  # nobody is appraised there, and there is no committee
    assert found["theme_day"][0] is State.NOT_ASKED and len(found["theme_day"]) == 9
    directory.dissolve_branch(actor=SYSTEM, branch=temporary, on=dt.date(2022, 8, 15))
    assert len(states(temporary.unit, 2022, dt.date(2022, 12, 31))["theme_day"]) == 4


def test_a_committee_is_asked_where_there_are_seven(zone: Zone) -> None:
    install(zone, "committee_meeting")
    branch = branch_of(zone)
    for number in range(7):
        person = directory.add_person(actor=SYSTEM, unit=zone.enterprise, name=f"示例{number}")
        directory.start_membership(
            actor=SYSTEM,
            person=person,
            branch=branch,
            stage=Stage.FORMAL,
            since=dt.date(2022, 3, 1) if number == 6 else dt.date(2021, 1, 1),
        )
    assert len(states(branch.unit, 2022, dt.date(2022, 12, 31))["committee_meeting"]) == 10


def test_a_zone_adds_its_own_and_changes_only_the_future(zone: Zone) -> None:
    office = zone.actor("office")
    unit = branch_of(zone).unit
    made = api.add_duty(
        actor=office, unit=zone.zone, name="示例学习", since=dt.date(2022, 1, 1), at=THEN, **OWN
    )
    changed = {**OWN, "every": "quarter"}
    api.renew_duty(
        actor=office,
        duty=made,
        since=dt.date(2022, 5, 10),
        at=noon(dt.date(2022, 5, 1)),
        **changed,
    )
    made = Duty.objects.get(pk=made.pk)
    [line] = api.year_of(unit, 2022, dt.date(2022, 12, 31))
    assert [one.period for one in line.slots] == [
        *(f"2022年{month}月" for month in range(1, 7)),
        "2022年第三季度",
        "2022年第四季度",
    ]
    with pytest.raises(UserError, match="不改变过去"):
        api.renew_duty(
            actor=office,
            duty=made,
            since=dt.date(2022, 5, 1),
            at=noon(dt.date(2022, 6, 1)),
            **OWN,
        )
    api.end_duty(actor=office, duty=made, on=dt.date(2022, 8, 1), at=noon(dt.date(2022, 7, 1)))
    [line] = api.year_of(unit, 2022, dt.date(2022, 12, 31))
    assert line.slots[-1].period == "2022年第三季度"
    later = noon(dt.date(2022, 9, 1))
    with pytest.raises(UserError, match="已经停止"):  # it would be owed for the time between
        api.end_duty(actor=office, duty=made, on=dt.date(2023, 1, 1), at=later)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("day", {"every": "day", "month": 2, "day": 31}),
        ("month", {"every": "day"}),
        ("types", {"kinds": ["zone"], "types": ["branch"]}),
        ("gatherings", {"gatherings": []}),
        ("gatherings", {"gatherings": ["nonsense"]}),
        ("kinds", {"kinds": []}),
        ("since", {"since": dt.date(2021, 12, 31)}),
        ("times", {"times": 0}),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    zone: Zone, field: str, change: dict[str, Any]
) -> None:
    given = {**OWN, "since": dt.date(2022, 1, 1), "times": 1, **change}
    with pytest.raises(UserError) as refused:
        api.add_duty(actor=zone.actor("office"), unit=zone.zone, name="示例", at=THEN, **given)
    assert refused.value.field == field


def test_who_may(zone: Zone) -> None:
    [duty] = install(zone, "theme_day")
    with acting(zone.actor("branch_secretary")) as secretary:
        assert Duty.objects.get().name == "主题党日"  # what one owes one sees
        for verb, given in (
            (api.add_duty, {"unit": zone.zone, "name": "示例", "since": today(), **OWN}),
            (api.rename_duty, {"duty": duty, "name": "示例"}),
            (api.end_duty, {"duty": duty, "on": today()}),
            (api.excuse, {"duty": duty, "unit": zone.enterprise, "on": today(), "reason": "示例"}),
        ):
            with pytest.raises(NotAllowed):
                verb(actor=secretary, **given)


def test_excused_once_with_a_reason_and_taken_back(zone: Zone) -> None:
    [duty] = install(zone, "theme_day")
    unit = branch_of(zone).unit
    guide = zone.actor("instructor")
    day = dt.date(2022, 3, 8)
    first = api.excuse(actor=guide, duty=duty, unit=unit, on=day, reason="停产检修")
    again = api.excuse(actor=guide, duty=duty, unit=unit, on=day, reason="又一次")
    assert first == again and (first.since, first.until) == (
        dt.date(2022, 3, 1),
        dt.date(2022, 3, 31),
    )
    assert states(unit, 2022, dt.date(2022, 5, 1))["theme_day"][2] is State.EXCUSED
    api.end_excuse(actor=guide, excuse=first)
    assert states(unit, 2022, dt.date(2022, 5, 1))["theme_day"][2] is State.MISSED
    with pytest.raises(UserError, match="没有这项要求"):
        api.excuse(actor=guide, duty=duty, unit=zone.enterprise, on=day, reason="示例")


def test_the_figure_is_the_least_of_the_windows_and_opens_to_them(zone: Zone) -> None:
    install(zone, "warning_education", "integrity_talk")
    for month in range(1, 13):
        hold(zone.zone, "warning_education", dt.date(2022, month, 7))
    hold(zone.zone, "warning_education", dt.date(2022, 6, 20))
    for month in (2, 5, 8):
        hold(zone.zone, "integrity_talk", dt.date(2022, month, 14))
    since, until = dt.date(2022, 1, 1), dt.date(2022, 12, 31)

    def value(key: str, until: dt.date = until) -> object:
        return read(
            actor=SYSTEM, key=f"duties.{key}", unit=zone.zone, since=since, until=until
        ).value

    assert value("warning_education") == 1
    assert value("integrity_talk") == 0
    assert value("integrity_talk", dt.date(2022, 11, 30)) == 1  # the last quarter is not over
    assert value("integrity_talk.kept") == 75


def test_pages_show_the_year_the_board_and_their_files(zone: Zone) -> None:
    install(zone, "theme_day", "warning_education")
    unit = branch_of(zone).unit
    hold(unit, "theme_day", dt.date(2022, 3, 8))
    client = zone.client("office")
    page = client.get(f"/duties/units/{unit.pk}/?year=2022").content.decode()
    assert "03-08" in page and "未完成" in page
    board = client.get("/duties/?month=2022-03").content.decode()
    assert "主题党日" in board and "03-08" in board and "警示教育会" in board
    assert "这个月没有" in client.get("/duties/?month=2022-03&state=excused").content.decode()
    for address in (f"/duties/units/{unit.pk}/?year=2022&", "/duties/?month=2022-03&"):
        file = b"".join(client.get(f"{address}format=xlsx").streaming_content)
        rows = list(openpyxl.load_workbook(io.BytesIO(file)).active.values)
        assert any("2022-03-08" in str(cell) for row in rows for cell in row)
    assert client.get("/duties/?month=2022-99").status_code == 422
    assert client.get(f"/duties/units/{unit.pk}/?year=x").status_code == 422


def test_the_forms_carry_out_the_verbs(zone: Zone) -> None:
    client = zone.client("office")
    unit = branch_of(zone).unit
    filled = {**OWN, "unit": zone.zone.name, "name": "示例学习", "since": str(today())}
    filled |= {"times": 1, "least_members": 0, "remind": 5, "certainty": "own"}
    answer = client.post("/duties/rules/new/", filled)
    assert answer.status_code == 302, answer.content.decode()
    duty = Duty.objects.get()
    page = client.get(f"/duties/rules/{duty.pk}/").content.decode()
    assert "每月至少1次" in page and "示例规定" in page and "本单位自定" in page
    excuse = f"/duties/rules/{duty.pk}/units/{unit.pk}/excuse/?on={today()}"
    assert client.post(excuse, {"reason": "示例理由"}).status_code in {302, 422}
    assert client.get(f"/duties/rules/{duty.pk}/renew/").status_code == 200
    refused = client.post("/duties/rules/new/", {**filled, "name": "另一个", "gatherings": []})
    assert refused.status_code == 422


def test_the_workbench_shows_it_to_who_can_act(zone: Zone) -> None:
    install(zone, "theme_day", "warning_education")
    branch_of(zone)
    mine = zone.client("branch_secretary").get("/").content.decode()
    assert "主题党日" in mine and "警示教育会" not in mine
    assert "警示教育会" in zone.client("office").get("/").content.decode()


def test_reminded_when_at_risk_and_the_superior_once_when_missed(zone: Zone) -> None:
    fill_announced(actor=SYSTEM)
    install(zone, "theme_day")
    unit = branch_of(zone).unit

    def told(day: dt.date) -> dict[str, list[str]]:
        before = set(Notice.objects.values_list("pk", flat=True))
        remind(noon(day))
        rows = Notice.objects.exclude(pk__in=before).select_related("account")
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(row.account.username, []).append(row.text)
        return found

    assert told(dt.date(2022, 9, 25)) == {}  # a Sunday
    assert set(told(dt.date(2022, 9, 26))) == {"branch_secretary"}
    assert told(dt.date(2022, 9, 26)) == {}  # once a day
    assert told(dt.date(2022, 9, 27)) == {}  # nothing new
    assert set(told(dt.date(2022, 9, 29))) == {"branch_secretary"}  # two days left
    missed = told(dt.date(2022, 10, 8))  # the first working day after the holidays
    assert set(missed) == {"instructor"} and "主题党日" in missed["instructor"][0]
    assert told(dt.date(2022, 10, 9)) == {}
    hold(unit, "theme_day", dt.date(2022, 10, 10))
    assert told(dt.date(2022, 10, 25)) == {}


def test_hours_of_people_come_from_gatherings_and_classes(zone: Zone) -> None:
    install(zone, "member_hours", "committee_hours")
    branch = branch_of(zone)
    people = [
        directory.add_person(actor=SYSTEM, unit=zone.enterprise, name=f"示例{name}")
        for name in ("甲", "乙")
    ]
    for person, since in zip(people, (dt.date(2021, 1, 1), dt.date(2022, 7, 2)), strict=True):
        directory.start_membership(
            actor=SYSTEM, person=person, branch=branch, stage=Stage.FORMAL, since=since
        )
    directory.appoint(
        actor=SYSTEM,
        person=people[0],
        unit=branch.unit,
        kind=directory.PostKind.BRANCH_SECRETARY,
        since=dt.date(2021, 1, 1),
    )
    hold(branch.unit, "theme_day", dt.date(2022, 3, 8), dt.date(2022, 9, 8))
    course = classes.Course.objects.create(unit=zone.zone, name="示例课程", hours=40)
    course.refresh_from_db()
    day = dt.date(2022, 10, 10)
    run = classes.Cohort.objects.create(course=course, name="一", starts_on=day, ends_on=day)
    classes.enrol(actor=SYSTEM, course=course, unit=zone.enterprise, persons=people[1:])
    trainee = classes.Trainee.objects.get()
    classes.place_trainee(actor=SYSTEM, trainee=trainee, cohort=run)
    classes.finish_cohort(actor=SYSTEM, cohort=run)
    found = {one.person.name: one for one in hours_of(branch.unit, 2022, dt.date(2022, 12, 31))}
    first, second = found["示例甲"], found["示例乙"]
    assert (first.owed.wanted, second.owed.wanted) == (56, 16)  # half a year, half the hours
    assert first.gatherings == 2 * second.gatherings > 0
    assert (second.classes, second.state, first.state) == (40, State.DONE, State.RISK)
    page = zone.client("branch_secretary").get(f"/duties/units/{branch.unit.pk}/people/?year=2022")
    assert "示例甲" in page.content.decode()
