"""Laying out: which units owe what in which windows, from editions and dated facts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from django.db.models import Count, Q

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import Unit, UnitKind
from luodi.lib.calendars import WorkingCalendar
from luodi.rooms.directory.api import Membership, Stage, Standing
from luodi.rooms.duties.models import Duty, Edition
from luodi.rooms.duties.windows import (
    ONE_DAY,
    Owed,
    Span,
    Window,
    merged,
    owed_of,
    windows_of,
)

LONG_AGO = dt.date(1900, 1, 1)
FURTHEST = 200  # working days that are looked back from a window's end


@dataclass(frozen=True, slots=True)
class Holder:
    """A unit with the facts that decide which duties it has: since when it is there, as what."""

    unit: Unit
    there: Span
    standings: Sequence[tuple[str, dt.date, dt.date | None]] = ()

    def spans(self, edition: Edition) -> list[Span]:
        """When an edition holds for it."""
        if edition.kinds and self.unit.kind not in edition.kinds:
            return []
        if self.unit.kind != UnitKind.BRANCH:
            return [self.there]
        types = edition.types
        held = merged((a, b) for kind, a, b in self.standings if not types or kind in types)
        return [both for one in held if (both := _within(one, self.there))]


def _within(one: Span, other: Span) -> Span | None:
    since = max(one[0], other[0])
    ends = [end for end in (one[1], other[1]) if end]
    until = min(ends, default=None)
    return None if until and until <= since else (since, until)


def holders_of(units: Iterable[Unit]) -> list[Holder]:
    """The units with their facts, as they are known now."""
    found = list(units)
    branches = [one.pk for one in found if one.kind == UnitKind.BRANCH]
    standings: dict[int, list[tuple[str, dt.date, dt.date | None]]] = defaultdict(list)
    rows = Standing.objects.known().filter(branch__unit__in=branches)
    for unit, kind, valid in rows.values_list("branch__unit", "type", "valid"):
        standings[unit].append((kind, valid.lower or LONG_AGO, valid.upper))
    return [
        Holder(one, (one.opened_on or LONG_AGO, one.closed_on), standings[one.pk]) for one in found
    ]


def duties_of(unit: Unit, **narrow: object) -> list[Duty]:
    """The duties that a unit and those below it may have: its own, its superiors', and those below."""
    above = [int(part) for part in unit.path.strip(".").split(".")]
    start, end = unit.path, unit.path[:-1] + "/"
    rows = Duty.objects.filter(
        Q(unit__in=above) | Q(path__gte=start, path__lt=end), **narrow
    ).prefetch_related("editions")
    return [one for one in rows.order_by("position", "pk") if one.all_editions]


@dataclass
class Layout:
    """Lays duties out for units. What is found once (windows, members, days of reminding) is kept."""

    duties: Sequence[Duty]
    holders: Sequence[Holder]
    _members: dict[dt.date, Mapping[int, int]] = field(default_factory=dict)

    def owed(
        self, wanted: Callable[[Window], bool], years: Iterable[int]
    ) -> Iterator[tuple[Holder, Duty, Edition, Owed]]:
        """All that is owed in the windows that are wanted, unit by unit, in the duties' order."""
        laid = [
            (duty, [one for year in years for one in windows_of(duty.rules, year, duty.ended_on)])
            for duty in self.duties
        ]
        laid = [(duty, [one for one in windows if wanted(one)]) for duty, windows in laid]
        for holder in self.holders:
            for duty, windows in laid:
                if holder.unit.path.startswith(duty.path):
                    yield from self._owed_by(holder, duty, windows)

    def _owed_by(
        self, holder: Holder, duty: Duty, windows: Sequence[Window]
    ) -> Iterator[tuple[Holder, Duty, Edition, Owed]]:
        editions = duty.all_editions
        spans = {place: holder.spans(editions[place]) for place in {one.place for one in windows}}
        for window in windows:
            edition = editions[window.place]
            owed = owed_of(window, edition.times, spans[window.place])
            if owed is None:
                continue
            least = edition.least_members
            if least and self.members_on(owed.start).get(holder.unit.pk, 0) < least:
                continue
            yield holder, duty, edition, owed

    def members_on(self, day: dt.date) -> Mapping[int, int]:
        """How many formal members each branch had on a day, by its unit."""
        if day not in self._members:
            units = [one.unit.pk for one in self.holders if one.unit.kind == UnitKind.BRANCH]
            rows = Membership.objects.on(day).filter(stage=Stage.FORMAL, branch__unit__in=units)
            counted = rows.order_by().values_list("branch__unit").annotate(Count("pk"))
            self._members[day] = dict(counted)
        return self._members[day]


def reminding(unit: Unit) -> Callable[[Window, int], dt.date]:
    """From which day a window is at risk: so many working days of the unit's calendar before its end."""
    calendar: WorkingCalendar = calendar_for(unit)

    @cache
    def risk_on(last: dt.date, days: int) -> dt.date:
        day, left = last, days
        for _step in range(FURTHEST + days):
            left -= calendar.is_working_day(day)
            if left <= 0:
                break
            day -= ONE_DAY
        return day

    return lambda window, days: max(window.start, risk_on(window.last, days))
