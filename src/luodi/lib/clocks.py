"""Deadlines, replayed from history and never accumulated.

What happened (started, paused, resumed, met, reopened) gives the intervals in which the clock ran;
these are facts. The target now in force measures all of them, each over the calendar that was in
force while it ran. So a change of target or calendar can lose neither the time already used nor a
pause, and a clock asked about a past moment answers as it would have answered then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from luodi.lib.calendars import WorkingCalendar

NOTHING: Final = timedelta(0)
DAY: Final = timedelta(days=1)


class Basis(StrEnum):
    """What a limit is counted in."""

    WALL = "wall"  # every minute counts
    BUSINESS = "business"  # the calendar's working hours
    WORKING_DAYS = "working_days"  # days on which business ended while the clock ran


class Kind(StrEnum):
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"  # the target is met
    RESTART = "restart"  # reopened
    RETARGET = "retarget"  # `target`, `calendar` or both replace those in force
    DUE = "due"  # `due` is the deadline from now on; None lifts it


class Status(StrEnum):
    IDLE = "idle"
    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"


class Light(StrEnum):
    NONE = "none"
    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Target:
    """`limit` after the start; amber when no more than `amber` is left of it.

    With WORKING_DAYS both are whole days. The day of the start does not count, and a deadline is
    the end of business on its day (Civil Code of China, Art. 201 and 203); a working day counts
    if the clock ran when its business ended, so a pause within a day costs nothing.
    """

    limit: timedelta
    basis: Basis = Basis.WALL
    amber: timedelta = NOTHING

    def __post_init__(self) -> None:
        if self.limit < NOTHING or self.amber < NOTHING:
            raise ValueError("a limit is not negative")
        if self.basis is Basis.WORKING_DAYS and (self.limit % DAY or self.amber % DAY):
            raise ValueError("a limit in working days is a number of whole days")

    @classmethod
    def working_days(cls, limit: int, amber: int = 0) -> Target:
        return cls(limit * DAY, Basis.WORKING_DAYS, amber * DAY)


@dataclass(frozen=True, slots=True)
class ClockEvent:
    at: datetime
    kind: Kind
    target: Target | None = None  # with RETARGET
    calendar: WorkingCalendar | None = None  # with RETARGET
    due: datetime | None = None  # with DUE


@dataclass(frozen=True, slots=True)
class ClockState:
    """A clock at a moment.

    used: time used in the target's basis; in working days, that many days. paused: each pause
    from, to (None: it still lasts). due_at, amber_at: the first moment at which `limit`, or all
    but `amber` of it, is used; None while it depends on when a pause ends. breached: the clock
    ran past due_at. A met clock keeps its due_at and is green or red for good.
    """

    status: Status = Status.IDLE
    started_at: datetime | None = None
    used: timedelta = NOTHING
    paused: tuple[tuple[datetime, datetime | None], ...] = ()
    due_at: datetime | None = None
    amber_at: datetime | None = None
    met_at: datetime | None = None
    breached: bool = False
    light: Light = Light.NONE


class _Interval(NamedTuple):
    start: datetime
    end: datetime
    calendar: WorkingCalendar


@dataclass(slots=True)
class _Clock:
    """The facts, as far as the history has been read."""

    target: Target
    calendar: WorkingCalendar
    status: Status = Status.IDLE
    started_at: datetime | None = None
    running_since: datetime | None = None
    ran: list[_Interval] = field(default_factory=list)
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)
    met_at: datetime | None = None
    due: datetime | None = None

    def run(self, at: datetime) -> None:
        if self.started_at is None:
            self.started_at = at
        self.status, self.running_since, self.met_at = Status.RUNNING, at, None

    def halt(self, at: datetime) -> None:
        if self.running_since is not None:
            self.ran.append(_Interval(self.running_since, at, self.calendar))
        self.running_since = None

    def pause(self, at: datetime) -> None:
        self.halt(at)
        self.status = Status.PAUSED
        self.pauses.append((at, None))

    def end_pause(self, at: datetime) -> None:
        if self.status is Status.PAUSED:
            self.pauses[-1] = (self.pauses[-1][0], at)

    def change_calendar(self, at: datetime, calendar: WorkingCalendar) -> None:
        since = self.running_since
        self.halt(at)
        self.calendar = calendar
        self.running_since = None if since is None else at


def replay(
    events: Iterable[ClockEvent],
    target: Target,
    calendar: WorkingCalendar,
    now: datetime,
    *,
    restart_afresh: bool = False,
) -> ClockState:
    """The state of a clock at `now`; later events are not looked at.

    events: in order of time. target, calendar: those in force at the beginning. Reopening
    continues the clock, or with `restart_afresh` begins it anew. An event that changes nothing
    (a pause while paused, a second start) is passed over. Raises ValueError if the events are out
    of order, CalendarError if a deadline cannot be computed.
    """
    clock = _Clock(target, calendar)
    verdict: ClockState | None = None
    latest: datetime | None = None
    for event in events:
        if event.at > now:
            break
        if latest is not None and event.at < latest:
            raise ValueError("the events of a clock must be in order of time")
        latest = event.at
        if event.kind is Kind.RESTART and clock.status is Status.MET and restart_afresh:
            clock = _Clock(clock.target, clock.calendar)
            clock.run(event.at)
        else:
            _apply(clock, event)
        if clock.status is not Status.MET:
            verdict = None
        elif verdict is None:
            verdict = _state(clock, event.at)
    return verdict or _state(clock, now)


def _apply(clock: _Clock, event: ClockEvent) -> None:
    at = event.at
    match event.kind, clock.status:
        case (Kind.START, Status.IDLE) | (Kind.RESUME, Status.PAUSED) | (Kind.RESTART, Status.MET):
            clock.end_pause(at)
            clock.run(at)
        case Kind.PAUSE, Status.RUNNING:
            clock.pause(at)
        case Kind.STOP, Status.RUNNING | Status.PAUSED:
            clock.end_pause(at)
            clock.halt(at)
            clock.status, clock.met_at = Status.MET, at
        case Kind.RETARGET, _:
            clock.target = event.target or clock.target
            if event.calendar is not None:
                clock.change_calendar(at, event.calendar)
        case Kind.DUE, _:
            clock.due = event.due
        case _:
            pass


def _state(clock: _Clock, now: datetime) -> ClockState:
    started_at = clock.started_at
    if started_at is None:
        return ClockState()
    ran = list(clock.ran)
    if clock.running_since is not None:
        ran.append(_Interval(clock.running_since, now, clock.calendar))
    target, running = clock.target, clock.status is Status.RUNNING
    elapsed = [_elapsed(target.basis, interval, started_at) for interval in ran]
    if clock.due is not None:
        due_at: datetime | None = clock.due
        amber_at: datetime | None = _earlier(clock.due, target, clock.calendar)
        seen_until = clock.met_at or now  # a deadline set by hand does not wait for a pause to end
        breached = clock.due < seen_until
    else:
        whole, part = target.limit, max(target.limit - target.amber, NOTHING)
        due_at = _reached(whole, ran, elapsed, target.basis, started_at, running)
        amber_at = _reached(part, ran, elapsed, target.basis, started_at, running)
        seen_until = ran[-1].end
        breached = due_at is not None and any(due_at < i.end > i.start for i in ran)
    warned = amber_at is not None and amber_at != due_at and amber_at <= seen_until
    return ClockState(
        status=clock.status,
        started_at=started_at,
        used=sum(elapsed, NOTHING),
        paused=tuple(clock.pauses),
        due_at=due_at,
        amber_at=amber_at,
        met_at=clock.met_at,
        breached=breached,
        light=_light(breached=breached, warned=warned and clock.status is not Status.MET),
    )


def _light(*, breached: bool, warned: bool) -> Light:
    if breached:
        return Light.RED
    return Light.AMBER if warned else Light.GREEN


def _elapsed(basis: Basis, interval: _Interval, started_at: datetime) -> timedelta:
    start, end, calendar = interval
    if basis is Basis.WALL:
        return end - start
    if basis is Basis.BUSINESS:
        return calendar.between(start, end)
    return calendar.closings_between(_first_night(started_at, start, calendar), end) * DAY


def _first_night(started_at: datetime, at: datetime, calendar: WorkingCalendar) -> datetime:
    """The moment itself, or the end of the starting day, which does not count."""
    return max(at, calendar.end_of_day(started_at))


def _reached(
    amount: timedelta,
    ran: list[_Interval],
    elapsed: list[timedelta],
    basis: Basis,
    started_at: datetime,
    running: bool,
) -> datetime | None:
    """The first moment at which `amount` is used; None if the clock stands before that."""
    if not amount:
        return started_at
    for interval, time in zip(ran, elapsed, strict=True):
        if time >= amount or (running and interval is ran[-1]):
            return _after(amount, interval, basis, started_at)
        amount -= time
    return None


def _after(amount: timedelta, interval: _Interval, basis: Basis, started_at: datetime) -> datetime:
    if basis is Basis.WALL:
        return interval.start + amount
    if basis is Basis.BUSINESS:
        return interval.calendar.add(interval.start, amount)
    start = _first_night(started_at, interval.start, interval.calendar)
    return interval.calendar.closing(start, amount // DAY)


def _earlier(due: datetime, target: Target, calendar: WorkingCalendar) -> datetime:
    """When amber begins before a deadline that was set by hand."""
    if target.basis is Basis.WALL or not target.amber:
        return due - target.amber
    if target.basis is Basis.BUSINESS:
        return calendar.add(due, -target.amber)
    return calendar.closing(due, -(target.amber // DAY))
