"""Reading: how a unit's year stands, how all units below another stand, what needs somebody now."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit
from luodi.lib.periods import Period
from luodi.rooms.duties.held import Meeting, fulfilling, meetings_of
from luodi.rooms.duties.laying import Holder, Layout, duties_of, holders_of, reminding
from luodi.rooms.duties.models import KINDS, STATES, Duty, Edition, Excuse, Subject
from luodi.rooms.duties.windows import ONE_DAY, Owed, State, Window, state_of

# Who still has to act, or had to: what a page shows first.
OPEN = (State.RISK, State.DUE)
NEEDS = (State.RISK, State.MISSED)


@dataclass(frozen=True, slots=True)
class Slot:
    """A window of a duty of a unit, and how it stands; `held` and `planned`: its gatherings."""

    unit: Unit
    duty: Duty
    edition: Edition
    owed: Owed
    state: State
    held: Sequence[Meeting]
    planned: Sequence[Meeting]
    excuse: Excuse | None
    risk_on: dt.date

    @property
    def window(self) -> Window:
        return self.owed.window

    @property
    def kind(self) -> str:
        """The kind of gathering by which it is usually done: the edition's first, or its own."""
        named = self.edition.gatherings
        return named[0] if named else self.duty.key

    @property
    def done(self) -> int:
        return len(self.held)

    @property
    def label(self) -> str:
        return str(STATES[self.state][0])

    @property
    def tone(self) -> str:
        return STATES[self.state][1]

    @property
    def period(self) -> str:
        """The window as one says it: 2022年12月."""
        return period_label(self.window)

    @property
    def last(self) -> dt.date:
        return self.owed.window.last


def slots(
    *,
    holders: Sequence[Holder],
    duties: Sequence[Duty],
    where: Q,
    calendar_of: Unit,
    wanted: Callable[[Window], bool],
    years: Sequence[int],
    today: dt.date,
) -> Iterator[Slot]:
    """All that is owed in the windows that are wanted, with how it stands today; unit by unit."""
    since, until = dt.date(min(years), 1, 1), dt.date(max(years) + 1, 1, 1)
    meetings = meetings_of(where, since, until)
    excuses = _excuses(where, since, until)
    risk_on = reminding(calendar_of)
    counted = {one.pk: fulfilling(one) for duty in duties for one in duty.all_editions}
    for holder, duty, edition, owed in Layout(duties, holders).owed(wanted, years):
        unit, end = holder.unit, owed.window.end
        held: list[Meeting] = []
        planned: list[Meeting] = []
        kinds = counted[edition.pk]
        for one in meetings.get(unit.pk, ()):
            if owed.start <= one.on < end and not kinds.isdisjoint(one.kinds):
                (planned if one.planned else held).append(one)
        excuse = _covering(excuses.get((unit.pk, duty.pk), ()), owed.window)
        risk = risk_on(owed.window, edition.remind)
        state = state_of(
            owed,
            len(held),
            today,
            risk_on=risk,
            planned=any(one.on >= today for one in planned),
            excused=excuse is not None,
        )
        yield Slot(unit, duty, edition, owed, state, held, planned, excuse, risk)


def _excuses(where: Q, since: dt.date, until: dt.date) -> Mapping[tuple[int, int], list[Excuse]]:
    rows = Excuse.objects.filter(where, ended_at=None, since__lt=until, until__gte=since)
    found: dict[tuple[int, int], list[Excuse]] = defaultdict(list)
    for one in rows.select_related("account"):
        found[one.unit_id, one.duty_id].append(one)
    return found


def _covering(excuses: Iterable[Excuse], window: Window) -> Excuse | None:
    """The excuse that reaches the window's last day from a day in it, or before."""
    return next(
        (one for one in excuses if one.since < window.end and one.until >= window.last), None
    )


def period_label(window: Window) -> str:
    """A window as one says it: a month, a quarter, half a year, a year, or a day."""
    english = (get_language() or "").startswith("en")
    months = (window.end.year - window.start.year) * 12 + window.end.month - window.start.month
    if window.end - window.start == ONE_DAY:
        return window.start.isoformat()
    if months == 6:
        first = window.start.month == 1
        half = _("%(year)s年上半年") if first else _("%(year)s年下半年")
        return half % {"year": window.start.year}
    return Period(window.start, window.end).label("en" if english else "zh")


# --- a unit's year ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """A duty of a unit over a year."""

    duty: Duty
    slots: Sequence[Slot]


def year_of(unit: Unit, year: int, today: dt.date) -> list[Line]:
    """A unit's year: each duty that it has in it, with its windows."""
    duties = [
        one for one in duties_of(unit, subject=Subject.UNIT) if unit.path.startswith(one.path)
    ]
    found: dict[int, list[Slot]] = defaultdict(list)
    for one in slots(
        holders=holders_of([unit]),
        duties=duties,
        where=Q(unit=unit),
        calendar_of=unit,
        wanted=lambda window: True,
        years=[year],
        today=today,
    ):
        found[one.duty.pk].append(one)
    return [Line(duty, found[duty.pk]) for duty in duties if duty.pk in found]


# --- all units below ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Board:
    """Units by duties, as of a day: of each the window in which the day lies."""

    duties: Sequence[Duty]
    rows: Sequence[tuple[Unit, Sequence[Slot | None]]]
    counts: Mapping[State, int]


def owing_units(unit: Unit, duties: Iterable[Duty]) -> list[Unit]:
    """The unit and those below it that some edition could hold for, in the order of the tree."""
    kinds = {kind for duty in duties for one in duty.all_editions for kind in one.kinds or KINDS}
    return list(
        Unit.objects.below(unit).filter(kind__in=kinds).select_related("parent").order_by("path")
    )


def slots_below(
    unit: Unit,
    *,
    wanted: Callable[[Window], bool],
    years: Sequence[int],
    today: dt.date,
    duties: Sequence[Duty] | None = None,
    alone: bool = False,
) -> Iterator[Slot]:
    """What the unit and those below it (`alone`: only it) owe in the windows that are wanted."""
    if duties is None:
        duties = duties_of(unit, subject=Subject.UNIT)
    start, end = unit.path, unit.path[:-1] + "/"
    yield from slots(
        holders=holders_of([unit] if alone else owing_units(unit, duties)),
        duties=duties,
        where=Q(unit=unit) if alone else Q(path__gte=start, path__lt=end),
        calendar_of=unit,
        wanted=wanted,
        years=years,
        today=today,
    )


def board_of(unit: Unit, on: dt.date, today: dt.date) -> Board:
    """How all that the units owe stands, in the windows in which a day's month lies.

    Of a duty with several windows in the month, the last; one with a fixed day only in its month.
    """
    month = on.replace(day=1)
    after = (month + dt.timedelta(days=31)).replace(day=1)
    duties = duties_of(unit, subject=Subject.UNIT)
    found: dict[int, dict[int, Slot]] = {}
    units: dict[int, Unit] = {}
    counts: dict[State, int] = defaultdict(int)
    for one in slots_below(
        unit,
        wanted=lambda window: window.start < after and window.end > month,
        years=[on.year],
        today=today,
        duties=duties,
    ):
        units[one.unit.pk] = one.unit
        found.setdefault(one.unit.pk, {})[one.duty.pk] = one
    for row in found.values():
        for one in row.values():
            counts[one.state] += 1
    used = {duty for row in found.values() for duty in row}
    columns = [one for one in duties if one.pk in used]
    rows = [(units[pk], [row.get(one.pk) for one in columns]) for pk, row in found.items()]
    return Board(columns, rows, dict(counts))


def open_now(unit: Unit, today: dt.date, *, alone: bool = False) -> list[Slot]:
    """What the unit and those below it owe today and have not done, the soonest first."""
    found = [
        one
        for one in slots_below(
            unit,
            wanted=lambda window: window.start <= today < window.end,
            years=[today.year],
            today=today,
            alone=alone,
        )
        if one.state in OPEN
    ]
    return sorted(found, key=lambda one: (one.last, one.unit.path, one.duty.position))


def missed_in(unit: Unit, since: dt.date, until: dt.date, today: dt.date) -> list[Slot]:
    """What was missed in windows that ended on days from `since` up to `until`, which counts."""
    return [
        one
        for one in slots_below(
            unit,
            wanted=lambda window: since <= window.last <= until,
            years=sorted({since.year, until.year}),
            today=today,
        )
        if one.state is State.MISSED
    ]
