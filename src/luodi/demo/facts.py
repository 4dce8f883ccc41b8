"""Compares the page's figures with what the records say: counted at the page's date, from rows."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib import resources
from zoneinfo import ZoneInfo

from luodi.apps.casework.api import Case
from luodi.apps.directory import api as directory
from luodi.apps.directory.api import BranchType
from luodi.apps.scope.api import SYSTEM, Unit, UnitKind, acting
from luodi.demo.people import CHANGED_ON

PAGE_ON = dt.date(2022, 12, 22)
CHINA = ZoneInfo("Asia/Shanghai")
BEFORE_ON = CHANGED_ON - dt.timedelta(days=1)
SYSTEMS = ("organisation", "casework")

Value = Decimal | int | str | None


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
    fact: Fact
    found: Value
    agrees: bool


def facts() -> list[Fact]:
    """The page's figures that this part of the product carries."""
    source = resources.files(__package__).joinpath("facts.csv")
    with source.open("r", encoding="utf-8") as stream:
        return [
            Fact(row["id"], row["subject_zh"], row["comparator"], row["value"], row["unit"])
            for row in csv.DictReader(stream)
            if row["system"] in SYSTEMS
        ]


def _least_instructors(zone: Unit) -> int:
    """The fewest instructors that any district has."""
    found = directory.districts(zone, PAGE_ON)
    return min((directory.instructors(one, PAGE_ON).count() for one in found), default=0)


def _founded(zone: Unit) -> str:
    return f"{zone.opened_on:%Y-%m}" if zone.opened_on else ""


def _branches(*types: BranchType) -> Callable[[Unit], Value]:
    return lambda zone: directory.branches(zone, PAGE_ON, types).count()


def _solved(procedure: str) -> Callable[[Unit], Value]:
    """Cases solved, and confirmed, by the end of the page's day."""
    end = dt.datetime.combine(PAGE_ON + dt.timedelta(days=1), dt.time(), CHINA)
    return lambda zone: Case.objects.solved(zone, end).filter(procedure=procedure).count()


def _age(measure: Callable[..., Value], on: dt.date) -> Callable[[Unit], Value]:
    return lambda zone: measure(directory.leading_group(zone, on), on)


READERS: dict[str, Callable[[Unit], Value]] = {
    "zone.founded": _founded,
    "org.general_branches": _branches(BranchType.GENERAL),
    "org.branches": _branches(BranchType.BRANCH),
    "members.total": lambda zone: directory.members(zone, PAGE_ON).count(),
    "committee.part_time": lambda zone: directory.part_time_members(zone, PAGE_ON).count(),
    "committee.mean_age.before": _age(directory.mean_age, BEFORE_ON),
    "committee.mean_age.after": _age(directory.mean_age, PAGE_ON),
    "committee.min_age.before": _age(directory.minimum_age, BEFORE_ON),
    "committee.min_age.after": _age(directory.minimum_age, PAGE_ON),
    "org.temporary_or_joint_guided": lambda zone: directory.guided_enterprises(
        zone, PAGE_ON
    ).count(),
    "org.districts": lambda zone: directory.districts(zone, PAGE_ON).count(),
    "org.instructors_per_district": _least_instructors,
    "org.levels": lambda zone: len(directory.levels(zone, PAGE_ON)),
    "cases.solved": _solved("enterprise_problem"),
    "integrity.matters_done": _solved("practical_matter"),
    "integrity.problems_solved": _solved("special_rectification"),
}


def check() -> Iterator[Verdict]:
    """Each figure of the page beside what the records say; a figure without a reader disagrees."""
    with acting(SYSTEM):
        zone = Unit.objects.get(kind=UnitKind.ZONE)
        for fact in facts():
            reader = READERS.get(fact.id)
            found = reader(zone) if reader else None
            yield Verdict(fact, found, _agrees(fact, found))


def _agrees(fact: Fact, found: Value) -> bool:
    if found is None:
        return False
    if not fact.value.replace(".", "", 1).isdigit():
        return str(found) == fact.value
    wanted, have = Decimal(fact.value), Decimal(str(found))
    return {"=": have == wanted, ">=": have >= wanted, "<=": have <= wanted, ">": have > wanted}[
        fact.comparator
    ]
