"""The deadlines of a case against a reference that walks through the minutes."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.calendars import api as calendars
from luodi.ground.scope.api import SYSTEM
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.casework.tasks import reproject_open

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE = dt.timedelta(minutes=1)
START = dt.datetime(2026, 2, 9, 9, 20, tzinfo=SHANGHAI)  # the week before the Spring Festival
# The State Council's notice for 2026: off from 15 to 23 February, at work on the 14th and 28th.
OFF = {dt.date(2026, 2, day) for day in range(15, 24)}
MADE_UP = {dt.date(2026, 2, 14), dt.date(2026, 2, 28)}
HOURS = [((8, 0), (12, 0)), ((14, 30), (18, 0))]


def works(day: dt.date) -> bool:
    return day in MADE_UP or (day not in OFF and day.weekday() < 5)


def is_business(minute: dt.datetime) -> bool:
    clock = (minute.hour, minute.minute)
    return works(minute.date()) and any(start <= clock < end for start, end in HOURS)


def first_due(running: list[tuple[dt.datetime, bool]]) -> dt.datetime | None:
    """When 4 hours of business have passed while the clock ran."""
    used, minute = 0, START
    horizon = START + dt.timedelta(days=60)
    while minute < horizon:
        if runs(running, minute) and is_business(minute):
            used += 1
            if used == 240:
                return minute + MINUTE
        minute += MINUTE
    return None


def resolution_due(running: list[tuple[dt.datetime, bool]]) -> dt.datetime | None:
    """The end of the 15th working day at whose end the clock ran, the first day apart."""
    days, minute = 0, START
    horizon = START + dt.timedelta(days=90)
    while minute < horizon:
        minute += MINUTE
        closes = (minute.hour, minute.minute) == (18, 0) and works(minute.date())
        if closes and minute.date() > START.date() and runs(running, minute - MINUTE):
            days += 1
            if days == 15:
                return minute
    return None


def runs(running: list[tuple[dt.datetime, bool]], minute: dt.datetime) -> bool:
    return [is_on for since, is_on in running if since <= minute][-1]


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(gaps=st.lists(st.integers(1, 9000), max_size=5), kinds=st.lists(st.booleans(), min_size=5))
def test_pauses_and_reopening_move_the_deadline_as_the_minutes_do(
    zone: Zone, gaps: list[int], kinds: list[bool]
) -> None:
    with transaction.atomic():
        calendars.fill_year(actor=SYSTEM, year=2026)
        case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例", at=START)
        assert case.first_due_at == first_due([(START, True)])
        case = casework.receive(actor=SYSTEM, case=case, at=START)
        at, running = START, [(START, True)]
        for gap, pausing in zip(gaps, kinds, strict=False):
            at += gap * MINUTE
            if running[-1][1]:
                stop = casework.pause if pausing else casework.submit
                words = {"reason": "示例"} if pausing else {"note": "示例"}
                case = stop(actor=SYSTEM, case=case, at=at, **words)
            elif case.state == "suspended":
                case = casework.resume(actor=SYSTEM, case=case, reason="示例", at=at)
            else:
                case = casework.verify(
                    actor=SYSTEM, case=case, satisfied=False, words="示例", at=at
                )
            running.append((at, not running[-1][1]))
        assert case.due_at == resolution_due(running)
        transaction.set_rollback(True)


def test_a_deadline_set_by_hand_gives_way_without_losing_a_pause(zone: Zone) -> None:
    def carried(by_hand: bool) -> Case:
        case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例", at=START)
        casework.receive(actor=SYSTEM, case=case, at=START)
        if by_hand:
            due = START + dt.timedelta(days=1)
            set_ = casework.set_deadline(
                actor=SYSTEM, case=case, due_at=due, reason="加急", at=START + MINUTE
            )
            assert set_.due_at == due
        day = dt.timedelta(days=1)
        casework.pause(actor=SYSTEM, case=case, reason="等待", at=START + day)
        case = casework.resume(actor=SYSTEM, case=case, reason="继续", at=START + 3 * day)
        if by_hand:
            case = casework.set_deadline(
                actor=SYSTEM, case=case, due_at=None, reason="恢复", at=START + 4 * day
            )
        return case

    assert carried(by_hand=True).due_at == carried(by_hand=False).due_at


def test_another_procedure_measures_what_was_used_and_paused(zone: Zone) -> None:
    case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例", at=START)
    casework.receive(actor=SYSTEM, case=case, at=START)
    week = dt.timedelta(days=7)
    casework.pause(actor=SYSTEM, case=case, reason="等待", at=START + week)
    case = casework.resume(actor=SYSTEM, case=case, reason="继续", at=START + 2 * week)
    before = case.due_at
    case = casework.change_procedure(
        actor=SYSTEM,
        case=case,
        procedure="special_rectification",
        reason="转专项整治",
        at=START + 2 * week,
    )
    assert before is not None
    calendar = calendars.calendar_for(zone.enterprise)
    assert case.due_at == calendar.closing(before, 15)
    assert case.state_now.label.zh == "整改中"


def test_a_deadline_extended_after_it_had_passed_stays_missed(zone: Zone) -> None:
    def carried(extended_on: int) -> Case:
        case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例", at=START)
        casework.receive(actor=SYSTEM, case=case, at=START)
        due = START + dt.timedelta(days=3)
        casework.set_deadline(actor=SYSTEM, case=case, due_at=due, reason="加急", at=START + MINUTE)
        later = {"due_at": START + dt.timedelta(days=20), "reason": "延期"}
        at = START + dt.timedelta(days=extended_on)
        casework.set_deadline(actor=SYSTEM, case=case, at=at, **later)
        casework.submit(actor=SYSTEM, case=case, note="已办", at=at + MINUTE)
        case = casework.verify(actor=SYSTEM, case=case, satisfied=True, at=at + 2 * MINUTE)
        assert case.extended == 1
        return case

    in_time, too_late = carried(2), carried(5)
    assert in_time.missed_at is None and in_time.light == "green"
    assert too_late.missed_at == START + dt.timedelta(days=3) and too_late.light == "red"

    def counted(key: str, day: dt.date = dt.date(2026, 12, 31)) -> list[int]:
        asked = {"figure": key, "since": "2026-01-01", "until": str(day)}
        rows = casework.Criteria(**asked).apply(SYSTEM, START + dt.timedelta(days=300))
        return sorted(rows.values_list("pk", flat=True))

    assert counted("extended") == [in_time.pk, too_late.pk]
    assert counted("late") == [too_late.pk] and counted("on_time") == [in_time.pk]
    assert counted("overdue", START.date() + dt.timedelta(days=4)) == [too_late.pk]
    page = zone.client("instructor").get(f"/cases/{too_late.code}/").content.decode()
    assert "延期 1 次" in page and "已超过" in page


def test_a_deadline_in_a_year_without_a_notice_says_so_until_it_is_entered(zone: Zone) -> None:
    eve = dt.datetime(2026, 2, 12, 10, tzinfo=SHANGHAI)  # the Spring Festival is ahead
    case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例", at=eve)
    client, url = zone.client("instructor"), f"/cases/{case.code}/"
    assert "2026年的放假安排还没有录入" in client.get(url).content.decode()
    assert casework.dossier(actor=SYSTEM, code=case.code).unannounced == 2026
    calendars.fill_announced(actor=SYSTEM)
    assert reproject_open(None) == 1
    after = casework.dossier(actor=SYSTEM, code=case.code)
    assert after.unannounced is None and after.case.due_at > case.due_at
    assert "放假安排还没有录入" not in client.get(url).content.decode()


def test_a_changed_calendar_moves_open_deadlines(zone: Zone) -> None:
    case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例", at=START)
    before = case.due_at
    calendars.set_day(actor=SYSTEM, on=START.date() + dt.timedelta(days=1), kind="off", name="示例")
    assert reproject_open(None) == 1
    after = Case.objects.get(pk=case.pk)
    assert before is not None
    assert after.due_at == calendars.calendar_for(zone.enterprise).closing(before, 1)
    assert reproject_open(None) == 0
