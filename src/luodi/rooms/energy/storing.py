"""Writing days of load: one statement for thousands, the former rows kept and known until now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

from luodi.rooms.energy.loads import Load, laid_over
from luodi.rooms.energy.models import DayLoad

M = TypeVar("M", bound=Model)
Key = tuple[int, dt.date]  # a meter and a day

FORMER = """
SELECT d.meter_id, d.day, d.wh, d.quality FROM energy_dayload AS d
JOIN unnest(%s::bigint[], %s::date[]) AS k(meter, day) ON k.meter = d.meter_id AND k.day = d.day
WHERE d.known_until IS NULL
"""
SUPERSEDE = """
UPDATE energy_dayload AS d SET known_until = %s
FROM unnest(%s::bigint[], %s::date[]) AS k(meter, day)
WHERE k.meter = d.meter_id AND k.day = d.day AND d.known_until IS NULL
"""
ADD = """
INSERT INTO energy_dayload
  (meter_id, path, day, wh, quality, hours, total_wh, missing, file_id, known_from)
SELECT meter, '', day, wh::integer[], quality, hours::bigint[], total, missing, %s, %s
FROM unnest(%s::bigint[], %s::date[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::smallint[])
  AS k(meter, day, wh, quality, hours, total, missing)
"""


@dataclass(slots=True)
class Written:
    """How many days were new, corrected, as before; and which corrected."""

    new: int = 0
    corrected: int = 0
    unchanged: int = 0


def write_days(
    days: Mapping[Key, Load], *, at: dt.datetime, file_id: int | None, over: bool = True
) -> Written:
    """Keeps days of load as they are known from `at` on. `over`: laid over what is known; without,
    they replace it (an estimate). A day that says nothing new is left as it is."""
    former = dict(_former(days))
    told = Written()
    kept: dict[Key, Load] = {}
    for key, load in days.items():
        before = former.get(key)
        now = laid_over(load, before) if before and over else load
        if before is None:
            told.new += 1
        elif now == before:
            told.unchanged += 1
            continue
        else:
            told.corrected += 1
        kept[key] = now
    if kept:
        _keep(kept, [key for key in kept if key in former], at, file_id)
    return told


def _former(days: Iterable[Key]) -> Iterator[tuple[Key, Load]]:
    keys = list(days)
    with connection.cursor() as cursor:
        cursor.execute(FORMER, [[one[0] for one in keys], [one[1] for one in keys]])
        for meter, day, wh, quality in cursor.fetchall():
            yield (meter, day), Load(wh, quality)


def _keep(
    kept: Mapping[Key, Load], former: Sequence[Key], at: dt.datetime, file_id: int | None
) -> None:
    with connection.cursor() as cursor:
        if former:
            cursor.execute(SUPERSEDE, [at, [one[0] for one in former], [one[1] for one in former]])
        cursor.execute(
            ADD,
            [
                file_id,
                at,
                [key[0] for key in kept],
                [key[1] for key in kept],
                [_array(one.wh) for one in kept.values()],
                [one.quality for one in kept.values()],
                [_array(one.hours) for one in kept.values()],
                [one.total for one in kept.values()],
                [one.missing for one in kept.values()],
            ],
        )


def _array(values: Iterable[int | None]) -> str:
    return "{" + ",".join("NULL" if one is None else str(one) for one in values) + "}"


def loads_of(
    meter_id: int, since: dt.date, until: dt.date, known_at: dt.datetime | None = None
) -> dict[dt.date, Load]:
    """A meter's days from one day until another (exclusive), as known now or at an instant."""
    rows = DayLoad.objects.filter(meter_id=meter_id, day__gte=since, day__lt=until)
    rows = known(rows, known_at)
    return {row.day: Load(row.wh, row.quality) for row in rows.only("day", "wh", "quality")}


def known(rows: QuerySet[M], known_at: dt.datetime | None) -> QuerySet[M]:
    """The versions known now, or at an instant."""
    if known_at is None:
        return rows.filter(known_until=None)
    return rows.filter(known_from__lte=known_at).exclude(known_until__lte=known_at)
