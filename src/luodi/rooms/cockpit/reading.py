"""The figures of a cockpit: what they say on a day, and what they said a week before."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.core.cache import cache
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language

from luodi.ground.figures.api import (
    Figure,
    Question,
    Reading,
    Time,
    figures,
    may_read,
    read_values,
    room_of,
    text_of,
)
from luodi.ground.scope.api import Actor, Unit, today
from luodi.manifest import manifests
from luodi.rooms.cockpit.models import Chosen

WEEK = dt.timedelta(days=7)
KEPT_FOR = 600  # seconds; the page says of when its figures are
MOST = 80


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its address; `change` is what came or went in a week, "" where nothing did, and
    `moved` the address that shows which rows moved it."""

    room: str
    key: str
    name: str
    text: str
    url: str
    change: str
    moved: str


@dataclass(frozen=True, slots=True)
class Board:
    """The tiles in their order, and when they were read."""

    tiles: list[Tile]
    at: dt.datetime

    @property
    def moved(self) -> list[Tile]:
        """Those that changed within the week."""
        return [one for one in self.tiles if one.change]


def chosen_of(unit: Unit) -> list[str]:
    """The keys of a unit's figures: those it has chosen, else what the rooms propose."""
    kept = Chosen.objects.filter(unit=unit).first()
    return list(kept.figures) if kept else [key for one in manifests() for key in one.headlines]


def board_of(*, actor: Actor, unit: Unit, on: dt.date, fresh: bool = False) -> Board:
    """A unit's board on a day, of what the actor may read; kept for the next who may read the same."""
    readable = [one for one in _known(chosen_of(unit)) if _reads(actor, one, unit)]
    name = _name_of(unit, on, [one.key for one in readable])
    kept = None if fresh else cache.get(name)
    if kept is None:
        tiles = _tiles(actor, unit, on, readable)
        kept = {"at": timezone.now().isoformat(), "tiles": [asdict(one) for one in tiles]}
        cache.set(name, kept, KEPT_FOR)
    at = parse_datetime(kept["at"]) or timezone.now()
    return Board([Tile(**one) for one in kept["tiles"]], at)


def _known(keys: Sequence[str]) -> list[Figure]:
    """The figures that are still there: a register's may have been retired since."""
    known = {one.key: one for one in figures() if one.key in set(keys)}
    return [known[key] for key in dict.fromkeys(keys) if key in known][:MOST]


def _reads(actor: Actor, figure: Figure, unit: Unit) -> bool:
    if not may_read(actor, figure) or (figure.units and unit.kind not in figure.units):
        return False
    return not figure.permission or actor.covers(figure.permission, unit.path)


def _name_of(unit: Unit, on: dt.date, keys: Iterable[str]) -> str:
    asked = "\n".join([str(unit.pk), str(on), str(today()), get_language() or "", *keys])
    return "cockpit:" + hashlib.sha256(asked.encode()).hexdigest()


def _tiles(actor: Actor, unit: Unit, on: dt.date, wanted: Sequence[Figure]) -> list[Tile]:
    days = (on, on - WEEK)
    asked = [(one.key, _question(one, unit, on, day)) for one in wanted for day in days]
    found = read_values(actor=actor, questions=asked)
    return [_tile(*found[place : place + 2]) for place in range(0, len(found), 2)]


def _question(figure: Figure, unit: Unit, on: dt.date, until: dt.date) -> Question:
    """Of this year, for a figure of a period; in its first week, the week before counts as nothing."""
    first = min(on.replace(month=1, day=1), until)
    return Question(unit, until, first if figure.time is Time.PERIOD else None, None)


def _tile(now: Reading, before: Reading) -> Tile:
    figure = now.figure
    return Tile(
        room=room_of(figure),
        key=figure.key,
        name=str(figure.name),
        text=now.text,
        url=now.url,
        change=_change(now, before),
        moved=f"{now.url}&before={before.question.until}#moved",
    )


def _change(now: Reading, before: Reading) -> str:
    """The difference with its sign; two values that are no numbers are shown both."""
    if now.value == before.value:
        return ""
    if isinstance(now.value, Decimal) and isinstance(before.value, Decimal):
        difference = now.value - before.value
        sign = "+" if difference > 0 else "−"
        return sign + text_of(now.figure, abs(difference))
    return f"{before.text} → {now.text}"
