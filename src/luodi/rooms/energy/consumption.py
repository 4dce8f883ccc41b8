"""What was consumed and generated in a month, by unit, and where readings are missing."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit
from luodi.rooms.energy.loads import next_month
from luodi.rooms.energy.models import DayLoad, Meter, RegisterReading
from luodi.rooms.energy.storing import known


@dataclass(frozen=True, slots=True)
class Gap:
    """A meter's days on which readings are missing; `quarters` in all."""

    meter: Meter
    days: tuple[dt.date, ...]
    quarters: int

    def __str__(self) -> str:
        told = _("、").join(
            _("%(month)s月%(day)s日") % {"month": one.month, "day": one.day}
            for one in self.days[:3]
        )
        if len(self.days) > 3:
            told = _("%(days)s 等 %(count)s 天") % {"days": told, "count": len(self.days)}
        return f"{self.meter} {told}"


def meters_of(units: Iterable[Unit], direction: str = Meter.USE) -> dict[int, list[Meter]]:
    """The meters of units and of those below them, by the unit's id."""
    units = list(units)
    rows = list(Meter.objects.filter(direction=direction).order_by("pk"))
    return {unit.pk: [one for one in rows if one.path.startswith(unit.path)] for unit in units}


def energy_of(
    meters: Sequence[Meter], month: dt.date, known_at: dt.datetime | None = None
) -> dict[int, int]:
    """Wh of each meter in a month; one query for all with curves, one for all with registers."""
    end = next_month(month)
    curves = [one.pk for one in meters if one.kind == "curve"]
    rows = DayLoad.objects.filter(meter_id__in=curves, day__gte=month, day__lt=end)
    sums = known(rows, known_at).values_list("meter_id").annotate(wh=Sum("total_wh"))
    found = {pk: int(wh) for pk, wh in sums}
    for meter in meters:
        if meter.kind == "register":
            found[meter.pk] = _by_registers(meter, month, end, known_at) or 0
    return found


def _by_registers(
    meter: Meter, month: dt.date, end: dt.date, known_at: dt.datetime | None
) -> int | None:
    """The difference of what the register showed at both ends, times the factor; parts where the
    meter was changed between. None without both ends."""
    rows = known(
        RegisterReading.objects.filter(meter=meter, day__gte=month, day__lte=end), known_at
    ).order_by("day")
    shown = list(rows)
    if not shown or shown[0].day != month or shown[-1].day != end:
        return None
    total = sum(
        (
            after.total - before.total
            for before, after in itertools.pairwise(shown)
            if not after.restarted
        ),
        Decimal(0),
    )
    return round(total * meter.factor * 1000)


def gaps_of(
    meters: Sequence[Meter], month: dt.date, known_at: dt.datetime | None = None
) -> list[Gap]:
    """Where readings of a month are missing, of the days on which each meter was there."""
    end = next_month(month)
    days = [month + dt.timedelta(days=at) for at in range((end - month).days)]
    rows = DayLoad.objects.filter(meter__in=meters, day__gte=month, day__lt=end)
    there = {
        (meter, day): missing
        for meter, day, missing in known(rows, known_at).values_list("meter_id", "day", "missing")
    }
    found = []
    for meter in meters:
        if meter.kind == "register":
            if _by_registers(meter, month, end, known_at) is None:
                found.append(Gap(meter, (month,), 0))
            continue
        missing = {day: there.get((meter.pk, day), 96) for day in days if is_there(meter, day)}
        bad = {day: many for day, many in missing.items() if many}
        if bad:
            found.append(Gap(meter, tuple(bad), sum(bad.values())))
    return found


def is_there(meter: Meter, day: dt.date) -> bool:
    return (meter.opened_on is None or meter.opened_on <= day) and (
        meter.closed_on is None or day < meter.closed_on
    )
