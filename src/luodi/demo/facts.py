"""Compares the page's figures with what the records say: counted at the page's date, from rows."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources

from luodi.demo.people import CHANGED_ON
from luodi.ground.figures.api import Reading, Value, read
from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting

PAGE_ON = dt.date(2022, 12, 22)
BEFORE_ON = CHANGED_ON - dt.timedelta(days=1)
WORDS = {"last": "末位", "excellent": "优秀"}  # what the page says in words
SYSTEMS = ("organisation", "casework", "registers", "pioneer", "programmes")


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


@dataclass(frozen=True, slots=True)
class Asked:
    """Which figure a fact of the page is, and what it is asked for, up to a day; of the zone, where not
    of the county."""

    key: str
    until: dt.date = PAGE_ON
    since: dt.date | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    of: UnitKind = UnitKind.ZONE


def _solved(procedure: str) -> Asked:
    return Asked("casework.solved", parameters={"procedure": procedure})


def _stated(indicator: str, year: int) -> Asked:
    return Asked(f"programmes.{indicator}", dt.date(year, 12, 31), dt.date(year, 1, 1))


READINGS: dict[str, Asked] = {
    "zone.founded": Asked("directory.founded"),
    "org.general_branches": Asked("directory.general_branches"),
    "org.branches": Asked("directory.branches"),
    "members.total": Asked("directory.members"),
    "committee.part_time": Asked("directory.part_time_members"),
    "committee.mean_age.before": Asked("directory.leading_group_mean_age", BEFORE_ON),
    "committee.mean_age.after": Asked("directory.leading_group_mean_age"),
    "committee.min_age.before": Asked("directory.leading_group_youngest", BEFORE_ON),
    "committee.min_age.after": Asked("directory.leading_group_youngest"),
    "org.temporary_or_joint_guided": Asked("directory.guided_enterprises"),
    "org.districts": Asked("directory.districts"),
    "org.instructors_per_district": Asked("directory.instructors_per_district"),
    "org.levels": Asked("directory.levels"),
    "cases.solved": _solved("enterprise_problem"),
    "integrity.matters_done": _solved("practical_matter"),
    "integrity.problems_solved": _solved("special_rectification"),
    "econ.enterprises_resumed": _stated("enterprises_resumed", 2021),
    "econ.industrial_investment_growth": _stated("industrial_investment_growth", 2021),
    "econ.value_added_growth": _stated("value_added_growth", 2021),
    "econ.rank.before": _stated("provincial_assessment_rank.standing", 2020),
    "econ.rank.after": _stated("provincial_assessment_class", 2021),
    "innovation.hightech": Asked(
        "registers.hightech.recognised", dt.date(2021, 12, 31), dt.date(2020, 1, 1)
    ),
    "innovation.invention_patents": Asked("registers.patents.inventions"),
    "innovation.utility_patents": Asked("registers.patents.utility_models"),
    "integrity.rules_established": Asked("registers.rules.established"),
    "culture.heritage": Asked("registers.heritage.items", of=UnitKind.COUNTY),
    "culture.brands": Asked("registers.brands.brands", of=UnitKind.COUNTY),
    "pioneer.member_share": Asked("registers.backbone.member_share"),
    "pioneer.backbone_to_member": Asked("registers.pathways.to_member_2022"),
}


def check() -> Iterator[Verdict]:
    """Each figure of the page beside its reading; a fact without a figure disagrees."""
    with acting(SYSTEM):
        units = {kind: Unit.objects.get(kind=kind) for kind in (UnitKind.ZONE, UnitKind.COUNTY)}
        for fact in facts():
            asked = READINGS.get(fact.id)
            found = _read(units[asked.of], asked).value if asked else None
            yield Verdict(fact, found, _agrees(fact, found))


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
