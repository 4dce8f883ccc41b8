"""Entries in and out of Excel: the sheet is made from the columns; all rows or none are taken.

A row with an entry's number corrects that entry; without one it is new.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.audit.api import note
from luodi.ground.imports.api import (
    BATCH,
    SKIP,
    Importer,
    Line,
    Names,
    Outcome,
    current_language,
    take,
    units_named,
)
from luodi.ground.scope.api import Actor, Unit, UnitKind, today
from luodi.lib import excel
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.lib.sentences import Sentence
from luodi.rooms.directory.api import Person
from luodi.rooms.registers.forms.entries import units_below
from luodi.rooms.registers.kinds import shown
from luodi.rooms.registers.models import NUMBERS, REFERENCES, Column, Entry, Kind, Register
from luodi.rooms.registers.reading import value_of, with_columns
from luodi.rooms.registers.verbs.recording import (
    Draft,
    correct_entry,
    draft,
    may_see,
    may_write,
    write,
)

KINDS = {
    Kind.NUMBER: excel.Kind.DECIMAL,
    Kind.MONEY: excel.Kind.DECIMAL,
    Kind.DATE: excel.Kind.DATE,
    Kind.CHOICE: excel.Kind.CHOICE,
    Kind.YES_NO: excel.Kind.BOOLEAN,
}
NUMBER = "entry"
KIND = "register"  # of an upload, with the register's number behind it
UNIT_TITLES = ("单位", "单位名称", "企业", "企业名称", "公司名称")
REPEATED = excel.Question(
    "repeated",
    Sentence("有的行与已有的条目完全相同，怎么办？", "Some rows are there already, just the same."),
    (
        (SKIP, Sentence("不再写入", "Leave them out")),
        ("write", Sentence("再写一条", "Write them once more")),
    ),
    default=SKIP,
    kept=False,
)
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
            required=True, example="示例企业", width=28, synonyms=UNIT_TITLES,
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
        measure=column.measure if Kind(column.kind) in NUMBERS else "",
        width=24 if column.kind in (Kind.TEXT, Kind.PLACE, *REFERENCES) else 14,
    )


class Entries(Importer):
    """Checks and writes batches of a register's entries for one actor.

    A row that is there already in all that it says is not written twice, unless somebody says so.
    """

    updates = gettext_lazy("“编号”空着的是新条目；填了编号的是更正那个条目，空白的格子不改动。")
    key = NUMBER
    beside = "registers/export.html"

    def __init__(self, actor: Actor, which: str = "", at: dt.datetime | None = None) -> None:
        super().__init__(actor)
        self.register = register = _register(actor, which)
        self.title, self.sheet, self.at = str(register), sheet_of(register), at or timezone.now()
        self.back = reverse("registers:entries", args=[register.pk])
        self.subject = ("registers_register", register.pk)
        self.seen: dict[int, int] = {}
        self.same: dict[bytes, int] = {}
        self.there: set[bytes] = set()
        self.days: set[object] = set()

    def begin(self) -> None:
        everything = self.actor.everything
        below = Unit.objects.open().below(self.register.unit)
        mine = below if everything else units_below(self.actor, self.register)
        self.units = units_named(unit for unit in mine if unit.kind != UnitKind.BRANCH)
        self.all_units: Names[Unit] | None = None

    def prepare(self, rows: Sequence[excel.Row]) -> None:
        numbers = {_number(str(row.values.get(NUMBER) or "")) for row in rows}
        known = Entry.objects.known().filter(register=self.register)
        known = known.select_related("unit").prefetch_related(
            "references__unit", "references__person"
        )
        found = known.filter(origin__in=numbers - {0}).order_by("valid")
        self.entries = {one.origin_id: one for one in found}
        days = {row.values["since"] for row in rows} - self.days
        self.days |= days  # each is read once, however many batches speak of it
        for one in known.filter(since_on__in=days).iterator(chunk_size=BATCH) if days else ():
            self.there.add(_mark(one.unit_id, one.valid, one.values, _kept(one)))
        self.people = self._people(rows)

    def _people(self, rows: Sequence[excel.Row]) -> dict[str, list[Person]]:
        """The people that the batch names, by name; in as many queries as there are columns."""
        found: dict[str, list[Person]] = defaultdict(list)
        keys = [column.key for column in self.register.asked if column.kind == Kind.PERSON]
        names = {str(row.values[key]) for key in keys for row in rows if row.values.get(key)}
        names |= {match[1] for name in names if (match := NAMED.fullmatch(name))}
        if names:
            people = Person.objects.filter(name__in=names, erased_at=None).select_related("unit")
            for person in people:
                found[person.name].append(person)
        return found

    def take(self, line: Line) -> None:
        entry = self._entry(line)
        if line.asked or line.problems:
            return
        missing = "没有这个单位，或不归您管。", "No such unit of yours."
        unit = self.units.find(line, "unit", *missing)
        values = {column.key: line.values.get(column.key) for column in self.register.asked}
        for column in self.register.asked:
            if column.kind in REFERENCES and values[column.key]:
                values[column.key] = self._reference(line, column, str(values[column.key]))
        if unit is None or line.problems:
            return
        since, until = line.values["since"], line.values.get("until")
        if entry is not None:  # a blank cell changes nothing
            stand = {**entry.values, **{one.column: one.target for one in entry.references.all()}}
            values = {key: stand.get(key) if v is None else v for key, v in values.items()}
            until = until or entry.until
        try:
            made = draft(
                actor=self.actor,
                register=self.register,
                unit=unit,
                values=values,
                since=since,
                until=until,
            )
        except UserError as error:
            line.refuse(error, "unit")
            return
        line.plan = made, values
        if entry is not None:
            self._compare(line, entry, made)
        else:
            self._repeated(line, made)

    def _entry(self, line: Line) -> Entry | None:
        number = str(line.values.get(NUMBER) or "")
        if not number:
            return None
        entry = self.entries.get(_number(number))
        if entry is None:
            self.doubted(line)
            if not line.asked:
                line.problem(NUMBER, "没有这个条目，或不归您管。", "No such entry of yours.")
        elif first := self.seen.get(entry.origin_id):
            line.same_as(first, NUMBER)
        else:
            self.seen[entry.origin_id] = line.row.number
        return entry

    def _compare(self, line: Line, entry: Entry, made: Draft) -> None:
        """Compares what stands with what would stand, both as they are kept."""
        now: dict[str, object] = {one.column: str(one.target) for one in entry.references.all()}
        new: dict[str, object] = {key: str(one) for key, one in made.references.items()}
        for column in self.register.asked:
            if column.kind not in REFERENCES:
                now[column.key] = shown(column, entry.values.get(column.key))
                new[column.key] = shown(column, made.values.get(column.key))
        now |= {"unit": entry.unit.name, "since": entry.since, "until": entry.until}
        new |= {"unit": made.unit.name, "since": made.valid.lower, "until": made.valid.upper}
        line.values = {NUMBER: line.values[NUMBER], **new}
        self.compare(line, entry, now)

    def _repeated(self, line: Line, made: Draft) -> None:
        references = {key: one.pk for key, one in made.references.items()}
        mark = _mark(made.unit.pk, made.valid, made.values, references)
        first = self.same.setdefault(mark, line.row.number)
        there = mark in self.there
        known = there or first != line.row.number
        if known and self.ask(line, REPEATED) == SKIP:
            line.left = Sentence("与已有的条目完全相同。", "It is there already.")
            if not there:
                line.left = Sentence(f"与第 {first} 行完全相同。", f"The same as row {first}.")

    def _reference(self, line: Line, column: Column, name: str) -> object:
        zh, en = "没有这条记录，或不在您的权限内。", "No such record within your reach."
        if column.kind == Kind.UNIT:
            if self.all_units is None:
                self.all_units = units_named(Unit.objects.open().below(self.register.unit))
            return self.all_units.find(line, column.key, zh, en)
        people = self.people.get(name, [])
        if not people and (match := NAMED.fullmatch(name)):
            people = [one for one in self.people.get(match[1], []) if one.unit.name == match[2]]
        if len(people) > 1:
            zh, en = "有多个同名的，请写成“姓名（单位名称）”。", "Several have this name."
        if len(people) != 1:
            line.problem(column.key, zh, en)
            return None
        return people[0]

    def write(self, lines: Sequence[Line]) -> None:
        new = [line.plan[0] for line in lines if line.found is None]
        if new:
            write(self.actor, self.register, new, self.at)
        for line in lines:
            if line.found is not None:
                self._correct(line, *line.plan)

    def _correct(self, line: Line, made: Draft, values: Mapping[str, Any]) -> None:
        try:
            correct_entry(
                actor=self.actor,
                entry=line.found,
                unit=made.unit,
                values=values,
                since=made.valid.lower,
                until=made.valid.upper,
                reason=_("用Excel更正"),
                at=self.at,
            )
        except UserError as error:
            text = _("第%(row)s行：%(problem)s") % {"row": line.row.number, "problem": error}
            raise UserError(text) from None


def _register(actor: Actor, which: str) -> Register:
    """The register that a kind names, where the actor may write it."""
    actor.require("registers.write")
    found = Register.objects.select_related("unit").filter(pk=_number(which)).first()
    if found is None:
        raise NotFound(_("没有这本台账，或您无权查看。"))
    if not may_see(actor, found):
        raise NotAllowed(_("您的角色不能查看这本台账里的人员。"))
    if found.retired_at is not None:
        raise UserError(_("这本台账已停用。"))
    held = any(may_write(actor, found, one.path) for one in actor.holdings)
    if not held and not actor.everything:
        raise NotAllowed(_("您的角色不能登记这本台账，请联系建账单位。"))
    return found


def _kept(entry: Entry) -> dict[str, int | None]:
    return {one.column: one.unit_id or one.person_id for one in entry.references.all()}


def _mark(unit: int, valid: Any, values: Mapping[str, Any], references: Mapping[str, Any]) -> bytes:
    """What two entries that say the same have in common: sixteen bytes, however much they say."""
    told = [unit, valid.lower, valid.upper, values, references]
    text = json.dumps(told, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def _number(text: str) -> int:
    """The number of an entry; 0, which none has, for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def import_entries(*, actor: Actor, register: Register, path: Path, dry_run: bool) -> Outcome:
    """Reads a file of entries: a dry run, or all rows written in one transaction."""
    return take(Entries(actor, str(register.pk)), path, write=not dry_run)


def export_entries(*, actor: Actor, register: Register, stream: IO[bytes]) -> int:
    """Writes the entries as they are known now, in a sheet that can be imported again."""
    if not may_see(actor, register):
        raise NotAllowed(_("您的角色不能查看这本台账。"))
    sheet = sheet_of(register, looked_up=True)
    count = excel.export(sheet, _exported(register), stream, language=current_language())
    note("export", "registers_register", register.pk, rows=count)
    return count


def _exported(register: Register) -> Iterator[dict[str, object]]:
    rows = with_columns(
        Entry.objects.known().filter(register=register).select_related("unit"),
        register.living,
        today(),
    )
    for row in rows.order_by("since_on", "id").iterator(chunk_size=BATCH):
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
