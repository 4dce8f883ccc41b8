"""Enterprises in and out of Excel; a row is found again by its credit code."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit, UnitKind
from luodi.lib.codes import example_uscc, validate_uscc
from luodi.lib.errors import UserError
from luodi.lib.excel import Column, Kind, Row, Sheet, export
from luodi.lib.sentences import Sentence
from luodi.rooms.directory.models import Chain, Enterprise
from luodi.rooms.directory.sheets.running import (
    BATCH,
    Counts,
    Outcome,
    Problems,
    current_language,
    run,
)
from luodi.rooms.directory.verbs.enterprises import add_enterprise, change_enterprise

FACTS = ("above_size", "non_public", "address", "contact_name", "contact_phone")
LENGTHS = {"name": 120, "short_name": 40, "address": 200, "contact_name": 60, "contact_phone": 30}


@lru_cache(maxsize=1)
def sheet() -> Sheet:
    return Sheet(
        "企业",
        "Enterprises",
        (
            Column(
                "code", "统一社会信用代码", "Unified social credit code", Kind.CODE, required=True,
                parse=validate_uscc, example=example_uscc(1), width=24,
                help=Sentence("再次导入时按它找到同一家企业。", "Finds the same enterprise again."),
            ),
            Column("name", "企业名称", "Name", required=True, example="示例企业", width=28),
            Column("short_name", "简称", "Short name"),
            Column("district", "党建区", "District", required=True, example="示例党建区", width=24),
            Column("chain", "产业链", "Industry chain", help=Sentence("空着则同党建区。", "")),
            Column("above_size", "规模以上", "Above designated size", Kind.BOOLEAN),
            Column("non_public", "非公企业", "Non-public", Kind.BOOLEAN),
            Column("address", "地址", "Address", width=30),
            Column("contact_name", "联系人", "Contact"),
            Column("contact_phone", "联系电话", "Telephone"),
            Column("opened_on", "成立日期", "Opened on", Kind.DATE),
        ),
    )  # fmt: skip


@dataclass(slots=True)
class Plan:
    number: int
    enterprise: Enterprise | None
    parent: Unit
    values: dict[str, Any]


class Enterprises:
    """Checks and writes batches of enterprises for one actor, by the same verbs as the pages."""

    def __init__(self, actor: Actor) -> None:
        actor.require("imports.run")
        self.actor, self.sheet = actor, sheet()
        self.subject = ("directory_enterprise", "")
        self.counts, self.plans = Counts(), list[Plan]()
        self.seen: dict[str, int] = {}
        self.names: dict[tuple[int, str], int] = {}
        self.chains = {chain.name: chain for chain in Chain.objects.all()}
        self.districts: dict[str, list[Unit]] = defaultdict(list)
        for unit in Unit.objects.open().of_kind(UnitKind.DISTRICT, UnitKind.ZONE):
            if actor.may("enterprises.write", unit.path):
                self.districts[unit.name].append(unit)

    def check(self, batch: Sequence[Row]) -> list[Row]:
        codes = [row.values["code"] for row in batch if row.values.get("code")]
        found = Enterprise.objects.filter(code__in=codes).select_related("unit", "chain")
        enterprises = {one.code: one for one in found}
        names = {str(row.values["name"]) for row in batch if row.values.get("name")}
        taken = Unit.objects.open().filter(kind=UnitKind.ENTERPRISE, name__in=names)
        self.taken = {(unit.parent_id, unit.name): unit.pk for unit in taken}
        self.plans = []
        return [self._row(row, enterprises) for row in batch]

    def _row(self, row: Row, enterprises: Mapping[str | None, Enterprise]) -> Row:
        if row.problems:
            return row
        problems, values = Problems(self.sheet, row), dict(row.values)
        code, name = str(values["code"]), str(values["name"])
        if code in self.seen:
            first = self.seen[code]
            problems.add("code", f"与第 {first} 行重复。", f"The same as in row {first}.")
            return problems.done()
        self.seen[code] = row.number
        for key, most in LENGTHS.items():
            if len(str(values[key] or "")) > most:
                problems.add(key, f"最多 {most} 个字。", f"At most {most} characters.")
        parent = self._district(problems, str(values.pop("district")))
        chain = values.pop("chain")
        if chain and chain not in self.chains:
            problems.add("chain", "没有这个产业链。", "No such chain.", _of(self.chains))
        enterprise = enterprises.get(code)
        if parent is not None:
            self._place(problems, enterprise, parent, name)
        if parent is not None and not problems.found:
            given = {key: value for key, value in values.items() if value is not None}
            if chain:
                given["chain"] = self.chains[str(chain)]
            self._plan(Plan(row.number, enterprise, parent, given))
        return problems.done()

    def _district(self, problems: Problems, name: str) -> Unit | None:
        found = self.districts.get(name, [])
        if len(found) != 1:
            problems.add(
                "district", "没有这个党建区，或不在您的权限内。", "No such district within your reach.",
                _of(self.districts),
            )  # fmt: skip
            return None
        return found[0]

    def _place(
        self, problems: Problems, enterprise: Enterprise | None, parent: Unit, name: str
    ) -> None:
        if enterprise is not None and enterprise.unit.parent_id != parent.pk:
            problems.add(
                "district", "它登记在另一个党建区。", "It stands in another district.",
                Sentence("请在组织架构中移动它。", "Move it in the organisation tree."),
            )  # fmt: skip
        holder = self.taken.get((parent.pk, name))
        own = enterprise.unit_id if enterprise else None
        first = self.names.setdefault((parent.pk, name), problems.row.number)
        if (holder is not None and holder != own) or first != problems.row.number:
            problems.add("name", "本区已有同名企业。", "The district has one of this name.")

    def _plan(self, plan: Plan) -> None:
        """Keeps what is to be written; a row that says nothing new is only counted."""
        if plan.enterprise is None:
            self.counts.created += 1
        elif _differs(plan.enterprise, plan.values):
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1
            return
        self.plans.append(plan)

    def write(self) -> None:
        for plan in self.plans:
            try:
                if plan.enterprise is None:
                    add_enterprise(actor=self.actor, parent=plan.parent, **plan.values)
                else:
                    change_enterprise(actor=self.actor, enterprise=plan.enterprise, **plan.values)
            except UserError as error:
                text = _("第%(row)s行：%(problem)s") % {"row": plan.number, "problem": error}
                raise UserError(text) from None


def _of(names: dict[str, Any]) -> Sentence:
    some = list(names)[:20]
    return Sentence(f"可填：{'、'.join(some)}。", f"One of: {', '.join(some)}.")


def _differs(enterprise: Enterprise, values: dict[str, Any]) -> bool:
    unit = enterprise.unit
    now = {name: getattr(enterprise, name) for name in FACTS} | {
        "code": enterprise.code,
        "chain": enterprise.chain,
        "name": unit.name,
        "short_name": unit.short_name,
        "opened_on": unit.opened_on,
    }
    return any(now[key] != value for key, value in values.items())


def import_enterprises(
    *,
    actor: Actor,
    path: Path,
    dry_run: bool,
    at: dt.datetime | None = None,
) -> Outcome:
    """Reads a workbook of enterprises: a dry run, or all rows written in one transaction.

    An enterprise is found again by its credit code; blank cells change nothing.
    """
    return run(Enterprises(actor), path, dry_run=dry_run)


def export_enterprises(*, actor: Actor, stream: IO[bytes]) -> int:
    """Writes the open enterprises as a sheet that can be imported again."""
    actor.require("cases.view")
    return export(sheet(), _exported(), stream, language=current_language())


def _exported() -> Iterator[dict[str, object]]:
    rows = Enterprise.objects.filter(unit__closed_on=None).select_related("unit__parent", "chain")
    for row in rows.order_by("unit__sort_key", "id").iterator(chunk_size=BATCH):
        yield {
            "code": row.code,
            "name": row.unit.name,
            "short_name": row.unit.short_name,
            "district": row.unit.parent.name if row.unit.parent else "",
            "chain": row.chain.name if row.chain else "",
            **{name: getattr(row, name) for name in FACTS},
            "opened_on": row.unit.opened_on,
        }
