"""Enterprises in and out of Excel; a row is found again by its credit code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import IO, Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.imports.api import BATCH, SKIP, Importer, Line, current_language, units_named
from luodi.ground.scope.api import Actor, Unit, UnitKind
from luodi.lib.codes import example_uscc, validate_uscc
from luodi.lib.errors import UserError
from luodi.lib.excel import Column, Kind, Question, Row, Sheet, export
from luodi.lib.names import common_form
from luodi.lib.sentences import Sentence
from luodi.rooms.directory.models import Chain, Enterprise
from luodi.rooms.directory.verbs.enterprises import (
    FACTS,
    add_enterprise,
    change_enterprise,
    reopen_enterprise,
)

LENGTHS = {"name": 120, "short_name": 40, "address": 200, "contact_name": 60, "contact_phone": 30}
REOPEN = "reopen"
CLOSED = Question(
    "closed",
    Sentence("有的企业已在系统中撤销，怎么办？", "Some of the enterprises are closed."),
    (
        (REOPEN, Sentence("重新启用并按表更新", "Open them again and update them")),
        (SKIP, Sentence("跳过，仍为撤销", "Leave them closed")),
    ),
    kept=False,
)


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
                synonyms=("信用代码", "社会信用代码", "统一代码", "组织机构代码"),
            ),
            Column(
                "name", "企业名称", "Name", required=True, example="示例企业", width=28,
                synonyms=("企业", "单位名称", "公司名称", "企业全称"),
            ),
            Column("short_name", "简称", "Short name", synonyms=("企业简称",)),
            Column("district", "党建区", "District", required=True, example="示例党建区", width=24,
                   synonyms=("所属党建区", "产业链党建区")),
            Column("chain", "产业链", "Industry chain", help=Sentence("空着则同党建区。", "")),
            Column("above_size", "规模以上", "Above designated size", Kind.BOOLEAN),
            Column("non_public", "非公企业", "Non-public", Kind.BOOLEAN),
            Column("address", "地址", "Address", width=30),
            Column("contact_name", "联系人", "Contact"),
            Column("contact_phone", "联系电话", "Telephone"),
            Column("opened_on", "成立日期", "Opened on", Kind.DATE),
        ),
    )  # fmt: skip


class Enterprises(Importer):
    """Checks and writes batches of enterprises for one actor, by the same verbs as the pages."""

    title = gettext_lazy("企业")
    updates = gettext_lazy("再次上传时按统一社会信用代码更新同一家企业，空白的格子不改动。")
    subject = ("directory_enterprise", "")
    key = "code"
    beside = "directory/export.html"

    def __init__(self, actor: Actor, which: str = "") -> None:
        super().__init__(actor)
        actor.require("imports.run")
        self.sheet, self.back = sheet(), reverse("directory:enterprises")
        self.seen: dict[str, int] = {}
        self.names: dict[tuple[int, str], int] = {}

    def begin(self) -> None:
        self.chains = {common_form(chain.name): chain for chain in Chain.objects.all()}
        above = Unit.objects.open().of_kind(UnitKind.DISTRICT, UnitKind.ZONE)
        mine = [unit for unit in above if self.actor.may("enterprises.write", unit.path)]
        self.districts = units_named(mine)
        there = Unit.objects.open().filter(kind=UnitKind.ENTERPRISE, parent__in=mine)
        self.taken = {(unit.parent_id, common_form(unit.name)): unit for unit in there}

    def prepare(self, rows: Sequence[Row]) -> None:
        codes = [row.values["code"] for row in rows]
        found = Enterprise.objects.filter(code__in=codes).select_related("unit", "chain")
        self.found = {one.code: one for one in found}

    def take(self, line: Line) -> None:
        values = line.values
        code = str(values["code"])
        if first := self.seen.get(code):
            return line.same_as(first, "code")
        self.seen[code] = line.row.number
        for key, most in LENGTHS.items():
            if len(str(values[key] or "")) > most:
                line.problem(key, f"最多 {most} 个字。", f"At most {most} characters.")
        parent = self.districts.find(
            line, "district", "没有这个党建区，或不在您的权限内。", "No such district within reach."
        )
        chain = self.chains.get(common_form(str(values["chain"] or "")))
        if values["chain"] and chain is None:
            line.problem("chain", "没有这个产业链。", "No such chain.", _of(self.chains))
        enterprise = self.found.get(code)
        if parent is None or line.problems:
            return None
        self._place(line, enterprise, parent)
        given = {key: v for key, v in values.items() if v is not None and key != "district"}
        line.plan = parent, given | ({"chain": chain} if chain else {})
        if enterprise is not None and not line.problems:
            self._compare(line, enterprise, parent)
        return None

    def _compare(self, line: Line, enterprise: Enterprise, parent: Unit) -> None:
        unit, chain = enterprise.unit, enterprise.chain
        before: dict[str, object] = {name: getattr(enterprise, name) for name in FACTS}
        before |= {"code": enterprise.code, "chain": chain.name if chain else None}
        before |= {"name": unit.name, "short_name": unit.short_name, "opened_on": unit.opened_on}
        if not line.values["chain"]:
            before.pop("chain")
        line.values["district"] = parent.name
        self.compare(line, enterprise, before | {"district": parent.name})
        if unit.closed_on is not None:
            line.more = True
            if self.ask(line, CLOSED) == SKIP:
                day = unit.closed_on
                line.left = Sentence(f"已于 {day} 撤销。", f"Closed on {day}.")

    def _place(self, line: Line, enterprise: Enterprise | None, parent: Unit) -> None:
        if enterprise is not None and enterprise.unit.parent_id != parent.pk:
            line.problem(
                "district", "它登记在另一个党建区。", "It stands in another district.",
                Sentence("请在组织架构中移动它。", "Move it in the organisation tree."),
            )  # fmt: skip
        place = (parent.pk, common_form(str(line.values["name"])))
        holder = self.taken.get(place)
        first = self.names.setdefault(place, line.row.number)
        own = enterprise.unit_id if enterprise else None
        if (holder is not None and holder.pk != own) or first != line.row.number:
            other = holder.name if holder else str(line.values["name"])
            line.problem(
                "name", "本区已有同名企业，信用代码不同。", "The district has one of this name.",
                Sentence(f"已有：{other}。请核对信用代码。", f"It is {other}; check the code."),
            )  # fmt: skip

    def write(self, lines: Sequence[Line]) -> None:
        for line in lines:
            parent, given = line.plan
            try:
                self._write(line.found, parent, given)
            except UserError as error:
                text = _("第%(row)s行：%(problem)s") % {"row": line.row.number, "problem": error}
                raise UserError(text) from None

    def _write(self, enterprise: Enterprise | None, parent: Unit, given: dict[str, Any]) -> None:
        if enterprise is None:
            add_enterprise(actor=self.actor, parent=parent, **given)
            return
        if enterprise.unit.closed_on is not None:
            reopen_enterprise(actor=self.actor, enterprise=enterprise)
        change_enterprise(actor=self.actor, enterprise=enterprise, **given)


def _of(chains: dict[str, Chain]) -> Sentence:
    some = [chain.name for chain in list(chains.values())[:20]]
    return Sentence(f"可填：{'、'.join(some)}。", f"One of: {', '.join(some)}.")


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
