"""This one, this and later, all: what changes, what stays, and that nothing of the past does."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import acting
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.places.api import (
    Booking,
    Change,
    Clash,
    Reach,
    Repeat,
    Rule,
    State,
    Taken,
    Wish,
    book_rooms,
    book_series,
    cancel_dates,
    change_dates,
    note_booking,
    put_back,
    skip_date,
)
from luodi.rooms.places.models import Closure, Hold, KeeperNote, Occurrence
from luodi.rooms.places.tests.world import NOW, Centre, at
from luodi.rooms.places.verbs import keeping

LATER = at("2022-09-16", "12:00")  # two of the five have begun


@pytest.fixture
def weekly(centre: Centre) -> Booking:
    """Five Thursdays from 8 September, 9 to 11, in the meeting room."""
    zone = centre.zone
    rule = Rule(Repeat.WEEKLY, until=dt.date(2022, 10, 6))
    with acting(zone.actor("liaison")) as actor:
        return book_series(
            actor=actor,
            wish=Wish(zone.enterprise, [centre.meeting], "示例例会", rule=rule),
            on=dt.date(2022, 9, 8),
            starts=dt.time(9),
            ends=dt.time(11),
            at=NOW,
        )


def times(booking: Booking) -> list[str]:
    rows = booking.occurrences.exclude(state=State.CANCELLED).values_list("starts_at", flat=True)
    return [f"{timezone.localtime(one):%m-%d %H:%M}" for one in rows]


def test_this_and_later_splits_and_leaves_the_past(centre: Centre, weekly: Booking) -> None:
    dates = list(weekly.occurrences.all())
    with acting(centre.zone.actor("liaison")) as actor:
        later = change_dates(
            actor=actor,
            occurrence=dates[2],
            change=Change(dt.date(2022, 9, 23), dt.time(14), dt.time(15), title="示例例会"),
            reach=Reach.LATER,
            at=LATER,
        )
    weekly.refresh_from_db()
    assert times(weekly) == ["09-08 09:00", "09-15 09:00"]
    assert times(later) == ["09-23 14:00", "09-30 14:00", "10-07 14:00"]
    assert (later.number, later.continues_id) == (weekly.pk, weekly.pk)
    assert weekly.until == dt.date(2022, 9, 21)
    assert Hold.objects.filter(holding=True).count() == 5


def test_all_means_what_has_not_begun(centre: Centre, weekly: Booking) -> None:
    dates = list(weekly.occurrences.all())
    with acting(centre.zone.actor("liaison")) as actor:
        change_dates(
            actor=actor,
            occurrence=dates[3],
            change=Change(starts=dt.time(10), ends=dt.time(12)),
            reach=Reach.ALL,
            at=LATER,
        )
        assert times(weekly) == [
            "09-08 09:00", "09-15 09:00", "09-22 10:00", "09-29 10:00", "10-06 10:00",
        ]  # fmt: skip
        with pytest.raises(UserError, match="已经结束"):
            skip_date(actor=actor, occurrence=dates[0], at=LATER)
        cancel_dates(actor=actor, occurrence=dates[4], reach=Reach.ALL, at=LATER)
    states = [one.state for one in weekly.occurrences.all()]
    assert states == [State.HELD] * 2 + [State.CANCELLED] * 3


def test_one_renamed_goes_on_by_itself_under_the_number(centre: Centre, weekly: Booking) -> None:
    dates = list(weekly.occurrences.all())
    with acting(centre.zone.actor("liaison")) as actor:
        one = change_dates(
            actor=actor, occurrence=dates[2], change=Change(title="示例专题会"), at=LATER
        )
        with pytest.raises(UserError, match="事由"):
            change_dates(actor=actor, occurrence=dates[3], change=Change(title=" "), at=LATER)
    assert (one.title, one.number, times(one)) == ("示例专题会", weekly.pk, ["09-22 09:00"])
    assert weekly.title == "示例例会" and len(times(weekly)) == 4


def test_what_collides_at_its_new_time_is_refused_or_skipped(
    centre: Centre, weekly: Booking
) -> None:
    dates = list(weekly.occurrences.all())
    common: dict[str, Any] = {
        "occurrence": dates[2],
        "change": Change(starts=dt.time(13), ends=dt.time(14)),
        "reach": Reach.ALL,
        "at": LATER,
    }
    with acting(centre.zone.actor("office")) as other:
        book_rooms(
            actor=other,
            rooms=[centre.meeting],
            starts_at=at("2022-09-29", "13:00"),
            ends_at=at("2022-09-29", "15:00"),
            title="示例",
            unit=centre.zone.zone,
            at=NOW,
        )
    with acting(centre.zone.actor("liaison")) as actor:
        with pytest.raises(Taken, match="9月29日"):
            change_dates(actor=actor, **common)
        assert times(weekly)[2:] == ["09-22 09:00", "09-29 09:00", "10-06 09:00"]
        change_dates(actor=actor, **common, clash=Clash.SKIP)
        states = [one.state for one in weekly.occurrences.all()]
    assert states[2:] == [State.HELD, State.SKIPPED, State.HELD]


def test_a_stale_page_and_strangers_change_nothing(centre: Centre, weekly: Booking) -> None:
    one = weekly.occurrences.all()[2]
    read = one.version
    with acting(centre.zone.actor("liaison")) as actor:
        skip_date(actor=actor, occurrence=one, at=NOW)
        with pytest.raises(Stale):
            change_dates(
                actor=actor, occurrence=one, change=Change(starts=dt.time(8)), version=read, at=NOW
            )
    with acting(centre.zone.actor("department_officer")):
        assert not Occurrence.objects.filter(booking=weekly).exists()


def test_what_keepers_note_is_theirs(centre: Centre, weekly: Booking) -> None:
    with acting(centre.zone.actor("office")) as keeper:
        note_booking(actor=keeper, booking=weekly, text="示例备注")
    with acting(centre.zone.actor("liaison")) as actor:
        assert not KeeperNote.objects.exists()
        with pytest.raises(NotAllowed):
            note_booking(actor=actor, booking=weekly, text="示例")


def test_a_closed_spell_takes_back_only_if_that_is_wanted(centre: Centre, weekly: Booking) -> None:
    now = timezone.now()
    day = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0)
    start = day + dt.timedelta(days=10)
    with acting(centre.zone.actor("liaison")) as actor:
        made = book_rooms(
            actor=actor,
            rooms=[centre.hall],
            starts_at=start,
            ends_at=start + dt.timedelta(hours=2),
            title="示例",
            unit=centre.zone.enterprise,
            at=now,
        )
    spell: dict[str, Any] = {
        "venue": centre.venue,
        "room": centre.left,
        "starts_at": start - dt.timedelta(hours=1),
        "ends_at": start + dt.timedelta(hours=4),
        "reason": "示例检修",
    }
    with acting(centre.zone.actor("office")) as keeper:
        with pytest.raises(UserError, match="有 1 次预订（示例甲公司"):
            keeping.close_spell(actor=keeper, **spell)
        keeping.close_spell(actor=keeper, **spell, displace=True)
    assert Closure.objects.count() == 1
    one = made.occurrences.get()
    assert (one.state, one.why) == (State.SKIPPED, "场所停用：示例检修")
    assert Notice.objects.filter(
        account=centre.zone.accounts["liaison"], text__contains="示例检修"
    ).exists()
    with acting(centre.zone.actor("liaison")) as actor:
        with pytest.raises(UserError, match="停用：示例检修"):
            put_back(actor=actor, occurrence=one, at=now)
        with pytest.raises(NotAllowed):
            keeping.close_spell(actor=actor, **spell)


@pytest.mark.parametrize("role", ["liaison", "instructor"])
def test_a_room_with_bookings_stays_open(centre: Centre, role: str) -> None:
    start = timezone.now() + dt.timedelta(days=10)
    with acting(centre.zone.actor("office")) as actor:
        book_rooms(
            actor=actor,
            rooms=[centre.hall],
            starts_at=start,
            ends_at=start + dt.timedelta(hours=2),
            title="示例",
            unit=centre.zone.zone,
            at=timezone.now(),
        )
    centre.hall.closed_on = timezone.localdate()
    with pytest.raises(UserError, match="还有 1 次预订"):
        keeping.check_room(centre.hall)
    centre.left.part_of = None
    with pytest.raises(UserError, match="怎样隔开"):
        keeping.check_room(centre.left)
    centre.hall.closed_on, centre.hall.part_of = None, centre.left
    centre.left.part_of = centre.hall
    with pytest.raises(UserError, match="自己的一部分"):
        keeping.check_room(centre.hall)
    with acting(centre.zone.actor(role)) as actor, pytest.raises(NotAllowed):
        keeping.open_door(actor=actor, room=centre.hall)
