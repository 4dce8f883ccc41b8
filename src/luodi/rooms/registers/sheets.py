"""Entries in and out of Excel: the sheet is made from the columns; all rows or none are taken.

A row with an entry's number corrects that entry; without one it is new.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.audit.api import note
from luodi.ground.scope.api import Actor, Unit, UnitKind, today
from luodi.lib import excel
from luodi.lib.errors import NotAllowed, UserError
from luodi.lib.sentences import Sentence
from luodi.rooms.directory.api import Outcome, Person, running
from luodi.rooms.registers.forms.entries import units_below
from luodi.rooms.registers.models import REFERENCES, Column, Entry, Kind, Register
from luodi.rooms.registers.reading import value_of, with_columns
from luodi.rooms.registers.verbs.recording import Draft, correct_entry, draft, may_see, write

KINDS = {
    Kind.NUMBER: excel.Kind.DECIMAL,
    Kind.MONEY: excel.Kind.DECIMAL,
    Kind.DATE: excel.Kind.DATE,
    Kind.CHOICE: excel.Kind.CHOICE,
    Kind.YES_NO: excel.Kind.BOOLEAN,
}
NUMBER = "entry"
KIND = "register"  # of a staged workbook, with the register's number behind it
NAMED = re.compile(r"(.+)（([^（）]+)）")


def sheet_of(register: Register, *, looked_up: bool = False) -> excel.Sheet:
    """The sheet of a register; with what is looked up for an export."""
    columns = [
        excel.Column(
            NUMBER, "编号", "Number", excel.Kind.CODE, width=10,
            help=Sentence("更正已有的条目才填；新条目空着。", "Only to correct an entry."),
        ),
        excel.Column(
            "unit", register.unit_label or "单位", register.unit_label_en or "Unit",
            required=True, example="示例企业", width=28,
        ),
    ]  # fmt: skip
    wanted = register.living if looked_up else register.asked
    columns += [_column(column) for column in wanted]
    date_en = register.date_label_en or register.date_label
    columns.append(
        excel.Column(
            "since", register.date_label, date_en, excel.Kind.DATE,
            required=True, example=dt.date(2022, 1, 1),
        )
    )  # fmt: skip
    if register.dated:
        columns.append(
            excel.Column(
                "until", "结束日期", "Until", excel.Kind.DATE,
                help=Sentence("从这一天起不再有效；还有效就空着。", "First day it no longer holds."),
            )
        )  # fmt: skip
    return excel.Sheet(register.name, register.name_en or register.name, tuple(columns))


def _column(column: Column) -> excel.Column:
    zh = f"{column.label}（{column.measure}）" if column.measure else column.label
    en = f"{column.label_en} ({column.measure})" if column.measure else column.label_en
    helped = Sentence(column.help, column.help)
    if column.kind == Kind.PERSON:
        text = "姓名；同名的写成“姓名（单位名称）”。"
        helped = Sentence(column.help or text, "Name, or name（unit） where two have it.")
    return excel.Column(
        column.key,
        zh,
        en if column.label_en else zh,
        KINDS.get(Kind(column.kind), excel.Kind.TEXT),
        required=column.required,
        help=helped,
        choices=tuple(
            excel.Choice(value, label, label_en or label)
            for value, label, label_en in (column.choices if column.kind == Kind.CHOICE else ())
        ),
        width=24 if column.kind in (Kind.TEXT, Kind.PLACE, *REFERENCES) else 14,
    )


@dataclass(slots=True)
class Planned:
    number: int
    made: Draft
    values: dict[str, Any]
    entry: Entry | None


class Entries:
    """Checks and writes batches of a register's entries for one actor."""

    def __init__(self, actor: Actor, register: Register, at: dt.datetime | None = None) -> None:
        actor.require("registers.write")
        if register.retired_at is not None:
            raise UserError(_("这本台账已停用。"))
        self.actor, self.register, self.sheet = actor, register, sheet_of(register)
        self.subject = ("registers_register", register.pk)
        self.at = at or timezone.now()
        self.counts, self.plans = running.Counts(), list[Planned]()
        self.seen: dict[int, int] = {}
        self.units: dict[str, list[Unit]] = defaultdict(list)
        rows = Unit.objects.open().below(register.unit) if actor.everything else None
        for unit in rows if rows is not None else units_below(actor, register):
            if unit.kind != UnitKind.BRANCH:
                self.units[unit.name].append(unit)

    def check(self, batch: Sequence[excel.Row]) -> list[excel.Row]:
        numbers = {_number(str(row.values.get(NUMBER) or "")) for row in batch}
        found = Entry.objects.known().filter(register=self.register, origin__in=numbers - {0})
        entries = {
            one.origin_id: one
            for one in found.order_by("valid").prefetch_related("references").select_related("unit")
        }
        self.people = self._people(batch)
        self.plans = []
        return [self._row(row, entries) for row in batch]

    def _people(self, batch: Sequence[excel.Row]) -> dict[str, list[Person]]:
        """The people that the batch names, by name; in as many queries as there are columns."""
        found: dict[str, list[Person]] = defaultdict(list)
        keys = [column.key for column in self.register.asked if column.kind == Kind.PERSON]
        names = {str(row.values[key]) for key in keys for row in batch if row.values.get(key)}
        names |= {match[1] for name in names if (match := NAMED.fullmatch(name))}
        if names:
            rows = Person.objects.filter(name__in=names, erased_at=None).select_related("unit")
            for person in rows:
                found[person.name].append(person)
        return found

    def _row(self, row: excel.Row, entries: Mapping[int, Entry]) -> excel.Row:
        if row.problems:
            return row
        problems, values = running.Problems(self.sheet, row), dict(row.values)
        entry = self._entry(problems, str(values.pop(NUMBER, None) or ""), entries)
        unit = self._unit(problems, str(values.pop("unit")))
        since, until = values.pop("since"), values.pop("until", None)
        for column in self.register.asked:
            if column.kind in REFERENCES and values.get(column.key):
                values[column.key] = self._reference(problems, column, str(values[column.key]))
        if unit is not None and not problems.found:
            try:
                made = draft(
                    actor=self.actor,
                    register=self.register,
                    unit=unit,
                    values=values,
                    since=since,  # type: ignore[arg-type]
                    until=until,  # type: ignore[arg-type]
                )
            except UserError as error:
                fields = {column.key: column.key for column in self.sheet.columns}
                problems.refuse(error, fields, "unit")
            else:
                self._plan(Planned(row.number, made, values, entry))
        return problems.done()

    def _entry(
        self, problems: running.Problems, number: str, entries: Mapping[int, Entry]
    ) -> Entry | None:
        if not number:
            return None
        entry = entries.get(_number(number))
        if entry is None:
            problems.add(NUMBER, "没有这个条目，或不归您管。", "No such entry of yours.")
        elif first := self.seen.get(entry.origin_id):
            problems.add(NUMBER, f"与第 {first} 行重复。", f"The same as in row {first}.")
        else:
            self.seen[entry.origin_id] = problems.row.number
        return entry

    def _unit(self, problems: running.Problems, name: str) -> Unit | None:
        found = self.units.get(name, [])
        if len(found) != 1:
            problems.add("unit", "没有这个单位，或不归您管。", "No such unit of yours.")
            return None
        return found[0]

    def _reference(self, problems: running.Problems, column: Column, name: str) -> object:
        zh, en = "没有这条记录，或不在您的权限内。", "No such record within your reach."
        if column.kind == Kind.UNIT:
            units = list(Unit.objects.open().below(self.register.unit).filter(name=name)[:2])
            if len(units) == 1:
                return units[0]
            problems.add(column.key, zh, en)
            return None
        people = self.people.get(name, [])
        if not people and (match := NAMED.fullmatch(name)):
            people = [one for one in self.people.get(match[1], []) if one.unit.name == match[2]]
        if len(people) > 1:
            zh, en = "有多个同名的，请写成“姓名（单位名称）”。", "Several have this name."
        if len(people) != 1:
            problems.add(column.key, zh, en)
            return None
        return people[0]

    def _plan(self, plan: Planned) -> None:
        if plan.entry is None:
            self.counts.created += 1
        elif self._differs(plan.entry, plan.made):
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1
            return
        self.plans.append(plan)

    def _differs(self, entry: Entry, made: Draft) -> bool:
        references = {one.column: one.unit_id or one.person_id for one in entry.references.all()}
        return (
            entry.values != made.values
            or entry.unit_id != made.unit.pk
            or (entry.since, entry.until) != (made.valid.lower, made.valid.upper)
            or references != {key: one.pk for key, one in made.references.items()}
        )

    def write(self) -> None:
        new = [plan.made for plan in self.plans if plan.entry is None]
        if new:
            write(self.actor, self.register, new, self.at)
        for plan in self.plans:
            if plan.entry is not None:
                self._correct(plan, plan.entry)

    def _correct(self, plan: Planned, entry: Entry) -> None:
        try:
            correct_entry(
                actor=self.actor,
                entry=entry,
                unit=plan.made.unit,
                values=plan.values,
                since=plan.made.valid.lower,
                until=plan.made.valid.upper,
                reason=_("用Excel更正"),
                at=self.at,
            )
        except UserError as error:
            text = _("第%(row)s行：%(problem)s") % {"row": plan.number, "problem": error}
            raise UserError(text) from None


def _number(text: str) -> int:
    """The number of an entry; 0, which none has, for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def import_entries(
    *,
    actor: Actor,
    register: Register,
    path: Path,
    dry_run: bool,
    at: dt.datetime | None = None,
) -> Outcome:
    """Reads a workbook of entries: a dry run, or all rows written in one transaction."""
    return running.run(Entries(actor, register, at), path, dry_run=dry_run)


def importer_of(actor: Actor, kind: str) -> Entries:
    """What takes in a staged workbook, whose kind names its register."""
    return Entries(actor, Register.objects.get(pk=int(kind.removeprefix(KIND))))


def export_entries(*, actor: Actor, register: Register, stream: IO[bytes]) -> int:
    """Writes the entries as they are known now, in a sheet that can be imported again."""
    if not may_see(actor, register):
        raise NotAllowed(_("您的角色不能查看这本台账。"))
    sheet = sheet_of(register, looked_up=True)
    count = excel.export(sheet, _exported(register), stream, language=running.current_language())
    note("export", "registers_register", register.pk, rows=count)
    return count


def _exported(register: Register) -> Iterator[dict[str, object]]:
    rows = with_columns(
        Entry.objects.known().filter(register=register).select_related("unit"),
        register.living,
        today(),
    )
    for row in rows.order_by("since_on", "id").iterator(chunk_size=running.BATCH):
        yield {
            NUMBER: str(row.origin_id),
            "unit": row.unit.name,
            "since": row.since,
            "until": row.until,
            **{
                column.key: row.values.get(column.key)
                if column.kind == Kind.CHOICE
                else value_of(row, column)
                for column in register.living
            },
        }
