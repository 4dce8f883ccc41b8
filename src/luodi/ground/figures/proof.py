"""The evidence behind a reading: the files that belong to its rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from luodi.ground.evidence.api import File, files_of
from luodi.ground.figures.definition import Row


def files_behind(rows: Iterable[Row]) -> dict[str, list[File]]:
    """The files of the rows' records, by the rows' keys; one query."""
    ids: defaultdict[str, list[int]] = defaultdict(list)
    for row in rows:
        table, _colon, number = row.key.partition(":")
        if number.isdecimal():
            ids[table].append(int(number))
    return {f"{table}:{pk}": files for (table, pk), files in files_of(ids).items()}
