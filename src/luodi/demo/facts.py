"""Compares the page's figures with what the records say: counted at the page's date, from rows."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources

from luodi.ground.figures.api import Reading, Value, read
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting
from luodi.manifest import brought, module_of
from luodi.rooms.directory.demo import Asked

WORDS = {"last": "末位", "excellent": "优秀"}  # what the page says in words


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure of the page, as `facts.csv` has it."""

    id: str
    subject: str
    comparator: str
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """`carried`: a figure of the product answers for it."""

    fact: Fact
    found: Value
    carried: bool
    agrees: bool


def facts() -> list[Fact]:
    """The page's figures."""
    source = resources.files(__package__).joinpath("facts.csv")
    with source.open("r", encoding="utf-8") as stream:
        return [
            Fact(row["id"], row["subject_zh"], row["comparator"], row["value"], row["unit"])
            for row in csv.DictReader(stream)
        ]


def readings() -> dict[str, Asked]:
    """What each room's part of the demonstration answers, by the fact's id."""
    parts = (module_of(config, "demo") for config, _manifest in brought())
    return {
        fact: asked
        for part in parts
        if part is not None
        for fact, asked in getattr(part, "READINGS", {}).items()
    }


def check() -> Iterator[Verdict]:
    """Each figure of the page beside its reading; a fact without a figure disagrees."""
    answers = readings()
    with acting(SYSTEM):
        units = {kind: Unit.objects.get(kind=kind) for kind in (UnitKind.ZONE, UnitKind.COUNTY)}
        for fact in facts():
            asked = answers.get(fact.id)
            found = _read(units[asked.of], asked).value if asked else None
            yield Verdict(fact, found, asked is not None, _agrees(fact, found))


def _read(unit: Unit, asked: Asked) -> Reading:
    return read(
        actor=SYSTEM,
        key=asked.key,
        unit=unit,
        until=asked.until,
        since=asked.since,
        parameters=asked.parameters,
    )


def _agrees(fact: Fact, found: Value) -> bool:
    match found:
        case None:
            return False
        case dt.date():
            return f"{found:%Y-%m}" == fact.value
        case Decimal():
            wanted = Decimal(fact.value)
            return {"=": found == wanted, ">=": found >= wanted, "<=": found <= wanted}.get(
                fact.comparator, found > wanted
            )
    return str(found) == WORDS.get(fact.value, fact.value)
