from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.lib.calendars import SHANGHAI, DayRule, WorkingCalendar, statutory_exceptions
from luodi.lib.clocks import Basis, ClockEvent, ClockState, Kind, Light, Status, Target, replay

OFFICE = WorkingCalendar(exceptions=statutory_exceptions(2022)[0])
NIGHT_SHIFT = WorkingCalendar(((time(20), time(0)), (time(2), time(5))), weekend=frozenset({1}))
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def event(text: str, kind: Kind, **more: object) -> ClockEvent:
    return ClockEvent(at(text), kind, **more)  # type: ignore[arg-type]


START = event("2022-12-22 09:00", Kind.START)  # a Thursday
FOUR_HOURS = Target(hours(4), Basis.BUSINESS, amber=hours(1))


def test_before_the_start_the_clock_is_idle() -> None:
    assert replay([START], FOUR_HOURS, OFFICE, at("2022-12-22 08:59")) == ClockState()


def test_lights_change_with_the_working_time_left() -> None:
    def light(now: str) -> Light:
        return replay([START], FOUR_HOURS, OFFICE, at(now)).light

    state = replay([START], FOUR_HOURS, OFFICE, START.at)
    assert (state.amber_at, state.due_at) == (at("2022-12-22 12:00"), at("2022-12-22 15:30"))
    assert light("2022-12-22 11:59") is Light.GREEN
    assert light("2022-12-22 12:00") is Light.AMBER
    assert light("2022-12-22 15:30") is Light.AMBER
    assert light("2022-12-22 15:31") is Light.RED


def test_a_deadline_at_closing_time_is_missed_in_the_evening() -> None:
    target = Target(hours(6.5), Basis.BUSINESS)
    assert not replay([START], target, OFFICE, at("2022-12-22 18:00")).breached
    assert replay([START], target, OFFICE, at("2022-12-22 18:01")).breached


def test_pause_moves_the_deadline_and_hides_it_while_it_lasts() -> None:
    history = [START, event("2022-12-22 10:00", Kind.PAUSE)]
    paused = replay(history, FOUR_HOURS, OFFICE, at("2022-12-28 10:00"))
    assert (paused.status, paused.due_at, paused.used) == (Status.PAUSED, None, hours(1))
    assert paused.paused == ((at("2022-12-22 10:00"), None),)
    assert paused.light is Light.GREEN
    history.append(event("2022-12-29 10:00", Kind.RESUME))
    state = replay(history, FOUR_HOURS, OFFICE, at("2022-12-29 10:00"))
    assert state.due_at == at("2022-12-29 15:30")


def test_met_while_paused_is_met_in_time() -> None:
    history = [
        START,
        event("2022-12-22 10:00", Kind.PAUSE),
        event("2023-03-01 10:00", Kind.STOP),
    ]
    state = replay(history, FOUR_HOURS, OFFICE, at("2023-06-01 10:00"))
    assert (state.status, state.breached, state.light) == (Status.MET, False, Light.GREEN)
    assert state.paused == ((at("2022-12-22 10:00"), at("2023-03-01 10:00")),)


def test_new_target_keeps_the_time_used_and_the_pauses() -> None:
    history = [
        START,
        event("2022-12-22 10:00", Kind.PAUSE),
        event("2022-12-26 10:00", Kind.RESUME),
        event("2022-12-26 11:00", Kind.RETARGET, target=Target(hours(10), Basis.BUSINESS)),
    ]
    state = replay(history, FOUR_HOURS, OFFICE, at("2022-12-26 11:00"))
    assert state.used == hours(2)
    assert state.due_at == at("2022-12-27 11:30")
    assert len(state.paused) == 1
    before = replay(history, FOUR_HOURS, OFFICE, at("2022-12-26 10:59"))
    assert before.due_at == at("2022-12-26 14:30") + hours(1)


def test_new_calendar_counts_from_now_only() -> None:
    round_the_clock = WorkingCalendar(((time(0), time(0)),), weekend=frozenset())
    history = [START, event("2022-12-22 18:00", Kind.RETARGET, calendar=round_the_clock)]
    state = replay(history, Target(hours(8), Basis.BUSINESS), OFFICE, at("2022-12-22 18:30"))
    assert state.used == hours(7)  # 3 + 3.5 office hours, then half an hour
    assert state.due_at == at("2022-12-22 19:30")


def test_change_to_another_basis_measures_the_same_intervals() -> None:
    target = Target.working_days(5)
    history = [START, event("2022-12-26 09:00", Kind.RETARGET, target=target)]
    state = replay(history, Target(timedelta(days=9)), OFFICE, at("2022-12-26 09:00"))
    assert state.used == timedelta(days=1)  # the Friday
    assert state.due_at == at("2022-12-29 18:00")


def test_working_days() -> None:
    target = Target.working_days(3, amber=1)
    state = replay([START], target, OFFICE, START.at)
    assert (state.amber_at, state.due_at) == (at("2022-12-26 18:00"), at("2022-12-27 18:00"))
    lunch = [event("2022-12-23 11:00", Kind.PAUSE), event("2022-12-23 15:00", Kind.RESUME)]
    assert replay([START, *lunch], target, OFFICE, lunch[1].at).due_at == state.due_at
    two_days = [event("2022-12-23 11:00", Kind.PAUSE), event("2022-12-27 11:00", Kind.RESUME)]
    assert replay([START, *two_days], target, OFFICE, two_days[1].at).due_at == at(
        "2022-12-29 18:00"
    )


def test_deadline_set_by_an_officer_wins_until_it_is_lifted() -> None:
    set_by_hand = event("2022-12-22 10:00", Kind.DUE, due=at("2022-12-30 18:00"))
    target = Target.working_days(1, amber=1)
    history = [START, set_by_hand, event("2022-12-22 11:00", Kind.PAUSE)]
    state = replay(history, target, OFFICE, at("2022-12-29 18:00"))
    assert (state.due_at, state.amber_at) == (at("2022-12-30 18:00"), at("2022-12-29 18:00"))
    assert state.light is Light.AMBER
    assert replay(history, target, OFFICE, at("2022-12-30 18:01")).breached
    longer = event("2022-12-22 12:00", Kind.RETARGET, target=Target.working_days(9))
    assert replay([*history, longer], target, OFFICE, longer.at).due_at == set_by_hand.due
    lifted = event("2022-12-23 12:00", Kind.DUE, due=None)
    resumed = event("2022-12-23 12:30", Kind.RESUME)
    assert replay([*history, lifted, resumed], target, OFFICE, resumed.at).due_at == at(
        "2022-12-23 18:00"
    )


def test_reopening_continues_or_begins_anew() -> None:
    history = [
        START,
        event("2022-12-22 11:00", Kind.STOP),
        event("2022-12-26 09:00", Kind.RESTART),
    ]
    now = at("2022-12-26 10:00")
    on = replay(history, FOUR_HOURS, OFFICE, now)
    assert (on.status, on.used, on.due_at) == (Status.RUNNING, hours(3), at("2022-12-26 11:00"))
    anew = replay(history, FOUR_HOURS, OFFICE, now, restart_afresh=True)
    assert (anew.used, anew.started_at) == (hours(1), at("2022-12-26 09:00"))


def test_verdict_of_a_met_clock_does_not_change_afterwards() -> None:
    history = [
        START,
        event("2022-12-22 16:00", Kind.STOP),
        event("2022-12-22 17:00", Kind.RETARGET, target=Target(hours(99))),
        event("2022-12-22 17:00", Kind.DUE, due=at("2023-12-22 17:00")),
    ]
    state = replay(history, FOUR_HOURS, OFFICE, at("2022-12-29 16:00"))
    assert (state.breached, state.light) == (True, Light.RED)
    assert state.due_at == at("2022-12-22 15:30")


def test_what_is_wrong_is_refused() -> None:
    late = [event("2022-12-22 11:00", Kind.PAUSE), START]
    with pytest.raises(ValueError, match="order"):
        replay(late, FOUR_HOURS, OFFICE, at("2022-12-29 16:00"))
    with pytest.raises(ValueError, match="whole days"):
        Target(hours(30), Basis.WORKING_DAYS)
    with pytest.raises(ValueError, match="negative"):
        Target(-hours(1))


# --- against a reference that looks at every minute -------------------------------------------

BEGIN = datetime(2022, 12, 29, tzinfo=SHANGHAI)
CALENDARS = [
    OFFICE,
    NIGHT_SHIFT,
    WorkingCalendar(exceptions={BEGIN.date() + timedelta(days=3): DayRule(((time(9), time(0)),))}),
]


def slow_replay(
    events: list[ClockEvent],
    target: Target,
    calendar: WorkingCalendar,
    now: datetime,
    restart_afresh: bool,
) -> dict[str, object]:
    """Walks through time minute by minute, with a list of the minutes in which the clock ran."""
    state, started, met, due, pending = "idle", None, None, None, None
    ran: list[tuple[datetime, WorkingCalendar]] = []
    queue = list(events)
    minute = BEGIN
    while True:
        while queue and queue[0].at == minute:
            this = queue.pop(0)
            if this.kind is Kind.START and state == "idle":
                state, started = "running", minute
            elif this.kind is Kind.PAUSE and state == "running":
                state = "paused"
            elif this.kind is Kind.RESUME and state == "paused":
                state = "running"
            elif this.kind is Kind.STOP and state in ("running", "paused"):
                state, met, pending = "met", minute, (target, due, calendar)
            elif this.kind is Kind.RESTART and state == "met":
                state, met = "running", None
                if restart_afresh:
                    started, ran, due = minute, [], None
            elif this.kind is Kind.RETARGET:
                target, calendar = this.target or target, this.calendar or calendar
            elif this.kind is Kind.DUE:
                due = this.due
        if minute == now:
            break
        if state == "running":
            ran.append((minute, calendar))
        minute += MINUTE
    if started is None:
        return {"status": "idle"}
    if state == "met":
        assert pending is not None
        target, due, calendar = pending

    unit = timedelta(days=1) if target.basis is Basis.WORKING_DAYS else MINUTE
    spans: dict[tuple[int, object], list[tuple[datetime, datetime]]] = {}

    def counts(minute: datetime, calendar: WorkingCalendar) -> bool:
        if target.basis is Basis.WALL:
            return True
        key = (id(calendar), minute.date())
        if key not in spans:
            spans[key] = calendar.spans_on(minute.date())
        if target.basis is Basis.BUSINESS:
            return any(low <= minute < high for low, high in spans[key])
        assert started is not None
        return bool(
            spans[key] and spans[key][-1][1] == minute + MINUTE and minute.date() > started.date()
        )

    used, whole, part = (
        0,
        target.limit // unit,
        max(target.limit - target.amber, 0 * MINUTE) // unit,
    )
    reached: dict[int, datetime] = {0: started}
    for minute, its in ran:
        if counts(minute, its):
            used += 1
            reached.setdefault(used, minute + MINUTE)
    result = {"status": state, "used": used * unit, "started_at": started, "met_at": met}
    if due is not None:
        return result | {"due_at": due, "breached": due < (met or now)}
    breached = whole in reached and bool(ran) and ran[-1][0] >= reached[whole]
    ahead, more, minute = dict(reached), used, now
    while state == "running" and whole not in ahead:
        if counts(minute, calendar):
            more += 1
            ahead.setdefault(more, minute + MINUTE)
        minute += MINUTE
    return result | {
        "due_at": ahead.get(whole),
        "amber_at": ahead.get(part),
        "breached": breached,
    }


MOMENTS = st.integers(0, 6 * 144).map(lambda n: BEGIN + 10 * n * MINUTE)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    basis = draw(st.sampled_from(Basis))
    if basis is Basis.WORKING_DAYS:
        return Target.working_days(draw(st.integers(0, 4)), draw(st.integers(0, 2)))
    return Target(
        draw(st.integers(0, 30)) * hours(0.5), basis, draw(st.integers(0, 9)) * hours(0.5)
    )


@st.composite
def histories(draw: st.DrawFn) -> list[ClockEvent]:
    def one(moment: datetime) -> ClockEvent:
        kind = draw(st.sampled_from(Kind))
        more: dict[str, object] = {}
        if kind is Kind.RETARGET:
            more["target"] = draw(st.none() | targets())
            more["calendar"] = draw(st.none() | st.sampled_from(CALENDARS))
        if kind is Kind.DUE:
            more["due"] = draw(st.none() | MOMENTS)
        return ClockEvent(moment, kind, **more)  # type: ignore[arg-type]

    events = [one(moment) for moment in sorted(draw(st.lists(MOMENTS, max_size=12)))]
    first = draw(MOMENTS)
    return sorted([ClockEvent(first, Kind.START), *events], key=lambda e: e.at)


@settings(max_examples=120, deadline=None)
@given(histories(), targets(), st.sampled_from(CALENDARS), MOMENTS, st.booleans())
def test_replay_agrees_with_the_minute_by_minute_reference(
    events: list[ClockEvent],
    target: Target,
    calendar: WorkingCalendar,
    now: datetime,
    restart_afresh: bool,
) -> None:
    slow = slow_replay(events, target, calendar, now, restart_afresh)
    fast = replay(events, target, calendar, now, restart_afresh=restart_afresh)
    assert {name: getattr(fast, name) for name in slow} == slow
    if fast.light is Light.RED:
        assert fast.breached
    elif fast.light is Light.AMBER:
        assert fast.amber_at is not None
        assert fast.amber_at <= now


@settings(max_examples=60, deadline=None)
@given(histories(), targets(), MOMENTS)
def test_zone_of_the_moments_does_not_matter(
    events: list[ClockEvent], target: Target, now: datetime
) -> None:
    in_utc = [
        replace(e, at=e.at.astimezone(UTC), due=e.due and e.due.astimezone(UTC)) for e in events
    ]
    assert replay(in_utc, target, OFFICE, now.astimezone(UTC)) == replay(
        events, target, OFFICE, now
    )
