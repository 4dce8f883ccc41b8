"""Bookings: what they hold, what they refuse, and what is said to who comes too late."""

from __future__ import annotations

import datetime as dt

import pytest

from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.places.api import (
    Clash,
    Repeat,
    Rule,
    State,
    Taken,
    Wish,
    answer_offer,
    approve,
    book_rooms,
    book_series,
    book_times,
    cancel_booking,
    free_rooms,
    lapse_unanswered,
    move_booking,
    put_back,
    refuse,
    skip_date,
)
from luodi.rooms.places.models import Closure, Hold, Occurrence, OpeningHours, Room
from luodi.rooms.places.tests.world import NOW, Centre, at

MORNING = (at("2022-10-20", "09:00"), at("2022-10-20", "11:00"))


def test_who_comes_too_late_is_told_who_has_it_and_what_is_free(centre: Centre) -> None:
    zone = centre.zone
    with acting(zone.actor("liaison")) as one:
        book_rooms(
            actor=one,
            rooms=[centre.meeting],
            starts_at=MORNING[0],
            ends_at=MORNING[1],
            title="示例例会",
            unit=zone.enterprise,
            at=NOW,
        )
    with acting(zone.actor("office")) as other, pytest.raises(Taken) as refused:
        book_rooms(
            actor=other,
            rooms=[centre.meeting],
            starts_at=MORNING[0],
            ends_at=MORNING[1],
            title="示例座谈",
            unit=zone.zone,
            at=NOW,
        )
    said = str(refused.value)
    assert "示例甲公司" in said and "11:00—13:00" in said and "示例小会议室" in said
    assert refused.value.next_at == MORNING[1]
    assert "示例例会" not in said  # what it is about is theirs


def test_a_hall_is_its_parts(centre: Centre) -> None:
    zone = centre.zone
    with acting(zone.actor("office")) as actor:

        def book(room: object, span: tuple[dt.datetime, dt.datetime] = MORNING) -> object:
            return book_rooms(
                actor=actor,
                rooms=[room],  # type: ignore[list-item]
                starts_at=span[0],
                ends_at=span[1],
                title="示例",
                unit=zone.zone,
                at=NOW,
            )

        book(centre.left)
        with pytest.raises(Taken):
            book(centre.hall)
        book(centre.right)
        later = (MORNING[1], MORNING[1] + dt.timedelta(hours=2))
        book(centre.hall, later)
        with pytest.raises(Taken, match="示例大厅"):
            book(centre.right, later)
        free = free_rooms(actor=actor, starts_at=later[0], ends_at=later[1])
        assert [str(one) for one in free] == ["示例会议室", "示例小会议室"]


def test_setting_up_and_clearing_are_held_too(centre: Centre) -> None:
    zone, room = centre.zone, centre.room("示例活动室", setup_minutes=30, clear_minutes=15)
    with acting(zone.actor("office")) as actor:

        def book(start: str, end: str) -> None:
            book_rooms(
                actor=actor,
                rooms=[room],
                starts_at=at("2022-10-20", start),
                ends_at=at("2022-10-20", end),
                title="示例",
                unit=zone.zone,
                at=NOW,
            )

        book("09:00", "10:00")
        with pytest.raises(Taken) as refused:
            book("10:30", "11:00")
        assert refused.value.next_at == at("2022-10-20", "10:45")
        book("10:45", "11:00")


def test_equipment_is_held_with_the_room(centre: Centre) -> None:
    zone = centre.zone
    with acting(zone.actor("office")) as actor:

        def book(room: Room) -> None:
            book_rooms(
                actor=actor,
                rooms=[room],
                items=[centre.projector],
                starts_at=MORNING[0],
                ends_at=MORNING[1],
                title="示例",
                unit=zone.zone,
                at=NOW,
            )

        book(centre.meeting)
        with pytest.raises(Taken, match="示例投影仪"):
            book(centre.small)
    assert Hold.objects.filter(holding=True).count() == 2


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (at("2022-10-20", "11:00"), at("2022-10-20", "09:00"), "晚于"),
        (at("2022-08-20", "09:00"), at("2022-08-20", "10:00"), "过去"),
        (at("2022-10-20", "19:00"), at("2022-10-20", "20:00"), "开放时间是 08:00—18:00"),
        (at("2022-10-22", "09:00"), at("2022-10-22", "10:00"), "不开放"),
        (at("2022-10-25", "09:00"), at("2022-10-25", "10:00"), "示例检修"),
        (at("2022-10-20", "09:00"), at("2022-12-20", "10:00"), "30 天"),
    ],
)
def test_what_is_refused(centre: Centre, start: dt.datetime, end: dt.datetime, said: str) -> None:
    zone = centre.zone
    OpeningHours.objects.create(
        venue=centre.venue, weekdays=list("12345"), opens=dt.time(8), closes=dt.time(18)
    )
    Closure.objects.create(
        venue=centre.venue,
        room=centre.meeting,
        starts_at=at("2022-10-25", "00:00"),
        ends_at=at("2022-10-26", "00:00"),
        reason="示例检修",
    )
    with acting(zone.actor("liaison")) as actor, pytest.raises(UserError, match=said):
        book_rooms(
            actor=actor,
            rooms=[centre.meeting],
            starts_at=start,
            ends_at=end,
            title="示例",
            unit=zone.enterprise,
            at=NOW,
        )
    assert not Occurrence.objects.exists()


def test_nobody_books_for_another_unit(centre: Centre) -> None:
    with acting(centre.zone.actor("liaison")) as actor, pytest.raises(NotAllowed):
        book_rooms(
            actor=actor,
            rooms=[centre.meeting],
            starts_at=MORNING[0],
            ends_at=MORNING[1],
            title="示例",
            unit=centre.zone.second,
            at=NOW,
        )


def test_every_second_thursday_but_for_holidays_one_back_and_taken_again(centre: Centre) -> None:
    """What the issue asks of a stranger."""
    zone = centre.zone
    rule = Rule(Repeat.WEEKLY, 2, ["4"], dt.date(2022, 11, 30), skip_holidays=True)
    with acting(zone.actor("liaison")) as actor:
        booking = book_series(
            actor=actor,
            wish=Wish(zone.enterprise, [centre.hall], "示例例会", rule=rule),
            on=dt.date(2022, 9, 8),
            starts=dt.time(14),
            ends=dt.time(16),
            at=NOW,
        )
        dates = list(booking.occurrences.all())
        assert [f"{one.starts_at:%m-%d}" for one in dates] == [
            "09-08", "09-22", "10-06", "10-20", "11-03", "11-17",
        ]  # fmt: skip
        assert [one.state for one in dates if one.state != State.HELD] == [State.SKIPPED]
        assert dates[2].why == "国庆节"
        given = skip_date(actor=actor, occurrence=dates[3], at=NOW)
        assert not given.takings.filter(holding=True).exists()
    with acting(zone.actor("office")) as other:
        span = (at("2022-10-20", "14:00"), at("2022-10-20", "15:00"))
        booked = book_times(
            actor=other, rooms=[centre.left], times=[span], title="示例", unit=zone.zone, at=NOW
        )
    with acting(zone.actor("liaison")) as actor, pytest.raises(Taken, match="示例经济技术开发区"):
        put_back(actor=actor, occurrence=given, at=NOW)
    with acting(zone.actor("office")) as other:
        cancel_booking(actor=other, booking=booked, at=NOW)
    with acting(zone.actor("liaison")) as actor:
        again = put_back(actor=actor, occurrence=given, at=NOW)
        assert again.state == State.HELD and again.takings.filter(holding=True).count() == 2
        put_back(actor=actor, occurrence=dates[2], at=NOW)  # even the holiday


@pytest.mark.parametrize(
    ("clash", "states"),
    [
        (Clash.SKIP, {State.HELD: 2, State.SKIPPED: 1}),
        (Clash.WAIT, {State.HELD: 2, State.WAITING: 1}),
        (Clash.OTHER, {State.HELD: 3}),
    ],
)
def test_a_date_that_collides(centre: Centre, clash: str, states: dict[str, int]) -> None:
    zone = centre.zone
    with acting(zone.actor("office")) as actor:
        span = (at("2022-10-13", "10:00"), at("2022-10-13", "12:00"))
        book_times(
            actor=actor, rooms=[centre.small], times=[span], title="示例", unit=zone.zone, at=NOW
        )
        wish = Wish(
            zone.zone,
            [centre.small],
            "示例",
            people=20,
            rule=Rule(Repeat.WEEKLY, until=dt.date(2022, 10, 20)),
        )
        common = {"wish": wish, "on": dt.date(2022, 10, 6), "starts": dt.time(9)}
        with pytest.raises(Taken, match="10月13日"):
            book_series(actor=actor, **common, ends=dt.time(11), at=NOW)  # type: ignore[arg-type]
        made = book_series(
            actor=actor,
            **common,  # type: ignore[arg-type]
            ends=dt.time(11),
            clash=clash,
            at=NOW,
        )
    found: dict[str, int] = {}
    for one in made.occurrences.all():
        found[one.state] = found.get(one.state, 0) + 1
    assert found == states
    if clash == Clash.OTHER:
        assert "示例会议室" in made.occurrences.get(starts_at=at("2022-10-13")).why


def test_who_waits_is_offered_what_is_freed_and_then_the_next(centre: Centre) -> None:
    zone = centre.zone
    values = {"rooms": [centre.meeting], "starts_at": MORNING[0], "ends_at": MORNING[1]}
    with acting(zone.actor("office")) as actor:
        first = book_rooms(actor=actor, **values, title="示例", unit=zone.zone, at=NOW)  # type: ignore[arg-type]
    waiting = []
    for n, (role, unit) in enumerate((("liaison", zone.enterprise), ("office", zone.second))):
        with acting(zone.actor(role)) as actor:
            made = book_rooms(
                actor=actor,
                **values,  # type: ignore[arg-type]
                title=f"示例{n}",
                unit=unit,
                at=NOW + dt.timedelta(minutes=n),
                wait=True,
            )
            waiting.append(made.occurrences.get())
    with acting(zone.actor("office")) as actor:
        cancel_booking(actor=actor, booking=first, at=NOW)
    one, two = waiting
    one.refresh_from_db()
    assert (one.state, one.answer_by) == (State.OFFERED, at("2022-09-01", "15:30"))
    told = Notice.objects.filter(account=zone.accounts["liaison"]).latest("id")
    assert "空出来了" in told.text and "15:30" in told.text
    assert lapse_unanswered(at("2022-09-01", "15:00")) == 0
    assert lapse_unanswered(at("2022-09-01", "15:31")) == 1
    two.refresh_from_db()
    assert two.state == State.OFFERED
    with acting(zone.actor("liaison")) as actor, pytest.raises(UserError, match="没有等您答复"):
        answer_offer(actor=actor, occurrence=one, take=True, at=at("2022-09-01", "15:32"))
    with acting(zone.actor("office")) as actor:
        taken = answer_offer(actor=actor, occurrence=two, take=True, at=at("2022-09-01", "16:00"))
    assert taken.state == State.HELD


def test_what_is_freed_too_late_goes_to_nobody_by_itself(centre: Centre) -> None:
    zone = centre.zone
    values = {"rooms": [centre.meeting], "starts_at": MORNING[0], "ends_at": MORNING[1]}
    with acting(zone.actor("office")) as actor:
        first = book_rooms(actor=actor, **values, title="示例", unit=zone.zone, at=NOW)  # type: ignore[arg-type]
    with acting(zone.actor("liaison")) as actor:
        made = book_rooms(
            actor=actor,
            **values,  # type: ignore[arg-type]
            title="示例",
            unit=zone.enterprise,
            at=NOW,
            wait=True,
        )
    with acting(zone.actor("office")) as actor:
        cancel_booking(actor=actor, booking=first, at=at("2022-10-20", "08:50"))
    assert made.occurrences.get().state == State.WAITING
    assert (
        "谁先预订归谁" in Notice.objects.filter(account=zone.accounts["liaison"]).latest("id").text
    )


def test_the_keeper_decides(centre: Centre) -> None:
    zone = centre.zone
    centre.hall.needs_approval = True
    centre.hall.save()
    values = {"rooms": [centre.hall], "title": "示例", "unit": zone.enterprise, "at": NOW}
    with acting(zone.actor("liaison")) as actor:
        made = book_rooms(actor=actor, starts_at=MORNING[0], ends_at=MORNING[1], **values)  # type: ignore[arg-type]
        assert made.occurrences.get().state == State.ASKED
        with pytest.raises(NotAllowed):
            approve(actor=actor, booking=made, at=NOW)
    assert Notice.objects.filter(account=zone.accounts["office"], text__contains="请批准").exists()
    with acting(zone.actor("office")) as keeper:
        with pytest.raises(UserError, match="理由"):
            refuse(actor=keeper, booking=made, why=" ", at=NOW)
        approve(actor=keeper, booking=made, at=NOW)
        assert made.occurrences.get().state == State.HELD
        with pytest.raises(UserError, match="没有等待批准"):
            refuse(actor=keeper, booking=made, why="示例", at=NOW)
    with acting(zone.actor("liaison")) as actor:
        move_booking(
            actor=actor,
            booking=made,
            starts_at=MORNING[1],
            ends_at=at("2022-10-20", "12:00"),
            at=NOW,
        )
        assert made.occurrences.get().state == State.ASKED  # another time is asked for anew


def test_others_see_that_it_is_held_but_not_what_for(centre: Centre) -> None:
    zone = centre.zone
    with acting(zone.actor("liaison")) as actor:
        made = book_rooms(
            actor=actor,
            rooms=[centre.meeting],
            starts_at=MORNING[0],
            ends_at=MORNING[1],
            title="示例",
            unit=zone.enterprise,
            at=NOW,
        )
        assert Occurrence.objects.filter(booking=made).exists()
    with acting(zone.actor("instructor")):
        assert Occurrence.objects.exists()  # of a unit below theirs
    with acting(SYSTEM):
        zone.accounts["other"] = zone.accounts["liaison"]
    with acting(zone.actor("county_officer")):
        assert Occurrence.objects.exists()
    with acting(zone.actor("department_officer")):
        assert not Hold.objects.exists() and not Occurrence.objects.exists()
