"""Entries: recorded, changed, corrected, ended, withdrawn; evidence added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from luodi.ground.evidence import api as evidence
from luodi.ground.scope.api import Actor, Unit, because
from luodi.lib.chinese import tsvector_literal
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.rooms.directory.api import Person, dating
from luodi.rooms.registers.kinds import cleaned, words
from luodi.rooms.registers.models import (
    REFERENCES,
    Column,
    Entry,
    Evidence,
    Kind,
    Reference,
    Register,
)

TABLE = "registers_entry"
JUST_AFTER = dt.timedelta(microseconds=1)


@dataclass(slots=True)
class Draft:
    """A checked row, not yet written."""

    unit: Unit
    values: dict[str, Any]
    valid: Any
    references: dict[str, Unit | Person] = field(default_factory=dict)


def may_write(actor: Actor, register: Register, path: str) -> bool:
    """Whether the actor may write entries of the unit of that path, by role and by the register."""
    if actor.everything:
        return True
    wanted = set(register.write_roles)
    return any(
        "registers.write" in held.role.permissions
        and held.reaches(path)
        and (not wanted or held.role.key in wanted)
        for held in actor.holdings
    )


def may_see(actor: Actor, register: Register, path: str | None = None) -> bool:
    """Whether the actor may see the register's entries (of the unit of that path)."""
    personal = not register.is_personal or actor.may("people.view", path)
    return personal and actor.may("registers.view", path)


def _require_write(actor: Actor, register: Register, unit: Unit) -> None:
    if not may_write(actor, register, unit.path):
        raise NotAllowed(_("您的角色不能登记这本台账，请联系建账单位。"))
    if register.is_personal:
        actor.require("people.view", unit.path)
    if register.retired_at is not None:
        raise UserError(_("这本台账已停用。"))
    if not unit.path.startswith(register.unit.path):
        raise UserError(_("这个单位不在建账单位之下。"), "unit")


def draft(
    *,
    actor: Actor,
    register: Register,
    unit: Unit,
    values: Mapping[str, Any],
    since: dt.date,
    until: dt.date | None = None,
) -> Draft:
    """Checks what somebody wants to write. Raises UserError at the column's key, or at `since`,
    `until` or `unit`. A reference may be the record or its id; one out of reach is not there."""
    _require_write(actor, register, unit)
    known = {column.key for column in register.asked}
    if strange := set(values) - known:
        raise UserError(_("这本台账没有列“%(key)s”。") % {"key": sorted(strange)[0][:40]})
    if until is not None and not register.dated:
        raise UserError(_("这本台账的条目没有结束日期。"), "until")
    made = Draft(unit, {}, dating.period(since, until))
    for column in register.asked:
        given = values.get(column.key)
        kept: Any
        if column.kind in REFERENCES:
            kept = _referred(actor, register, column, given)
            if kept is not None:
                made.references[column.key] = kept
        else:
            kept = cleaned(column, given)
            if kept is not None:
                made.values[column.key] = kept
        if kept is None and column.required:
            raise UserError(_("请填写“%(column)s”。") % {"column": column}, column.key)
    return made


def _referred(actor: Actor, register: Register, column: Column, given: Any) -> Unit | Person | None:
    """The record that a column names; what is out of reach and what is not there look alike."""
    if given is None or given == "":
        return None
    pk = given.pk if isinstance(given, Unit | Person) else given
    if isinstance(pk, str) and pk.isascii() and pk.isdigit():
        pk = int(pk)
    problem = UserError(
        _("“%(column)s”：没有这条记录，或不在您的权限内。") % {"column": column}, column.key
    )
    if isinstance(pk, bool) or not isinstance(pk, int) or not 0 < pk < 2**63:
        raise problem
    found: Unit | Person | None
    if column.kind == Kind.PERSON:
        found = Person.objects.select_related("unit").filter(pk=pk, erased_at=None).first()
        if found is not None and not actor.may("people.view", found.unit.path):
            found = None
    else:
        found = Unit.objects.below(register.unit).filter(pk=pk).first()
        if found is not None and not actor.may("registers.view", found.path):
            found = None
    if found is None:
        raise problem
    return found


def write(
    actor: Actor, register: Register, drafts: Sequence[Draft], at: dt.datetime
) -> list[Entry]:
    """Writes new entries. Each is its own origin."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('registers_entry', 'id'))"
            " FROM generate_series(1, %s)",
            [len(drafts)],
        )
        keys = [row[0] for row in cursor.fetchall()]
    made = [
        Entry(id=key, origin_id=key, register=register, unit=one.unit, values=one.values)
        for key, one in zip(keys, drafts, strict=True)
    ]
    for entry, one in zip(made, drafts, strict=True):
        entry.valid, entry.known = one.valid, DateTimeTZRange(at, None)
        entry.account_id = actor.account_id or None
        entry.search = vector(register, one.unit, one.values)
    Entry.objects.bulk_create(made)
    _refer(made, drafts)
    return made


def vector(register: Register, unit: Unit, values: dict[str, Any]) -> str:
    """The words by which an entry is found: its texts and its unit's name; no person's name."""
    texts = words(register.all_columns, values)
    return tsvector_literal([(unit.name, "B"), *((text, "A") for text in texts)])


def rebuild(keys: list[int]) -> None:
    """Writes the vectors of some entries anew."""
    rows = Entry.objects.filter(pk__in=keys).select_related("register", "unit")
    entries = list(rows.prefetch_related("register__columns"))
    for entry in entries:
        entry.search = vector(entry.register, entry.unit, entry.values)
    Entry.objects.bulk_update(entries, ["search"])


def _refer(entries: Iterable[Entry], drafts: Iterable[Draft]) -> None:
    Reference.objects.bulk_create(
        Reference(
            entry=entry,
            column=key,
            unit=target if isinstance(target, Unit) else None,
            person=target if isinstance(target, Person) else None,
        )
        for entry, one in zip(entries, drafts, strict=True)
        for key, target in one.references.items()
    )


@transaction.atomic
def record_entry(
    *,
    actor: Actor,
    register: Register,
    unit: Unit,
    values: Mapping[str, Any],
    since: dt.date,
    until: dt.date | None = None,
    files: Sequence[UploadedFile[bytes]] = (),
    at: dt.datetime | None = None,
) -> Entry:
    """Records an entry of a unit, true from `since` on (until `until`, exclusive)."""
    made = draft(actor=actor, register=register, unit=unit, values=values, since=since, until=until)
    if register.evidence == Evidence.REQUIRED and not files:
        raise UserError(_("这本台账要求上传佐证材料。"), "files")
    (entry,) = write(actor, register, [made], dating.moment(at))
    for upload in files:
        attach(actor=actor, entry=entry, upload=upload, at=at)
    return entry


def current(entry: Entry) -> Entry:
    """The latest row of an entry that is known now. Raises NotFound where it was withdrawn."""
    rows = Entry.objects.known().filter(origin=entry.origin_id).order_by("-valid")
    found: Entry | None = rows.select_related("register__unit", "unit").first()
    if found is None:
        raise NotFound(_("这个条目已撤回。"))
    return found


def _replace(
    row: Entry, by: Sequence[tuple[Entry, Draft | None]], at: dt.datetime | None
) -> list[Entry]:
    """Supersedes a row. One whose Draft is None keeps the references that it had."""
    moment = dating.moment(at)
    fresh_row = dating.locked(row)
    if moment == fresh_row.known.lower:
        moment += JUST_AFTER
    kept = {one.column: one.target for one in fresh_row.references.all()}
    made = dating.replaced(
        fresh_row, [one for one, _draft in by], moment, _("这段时间与本条目已有的内容重叠。")
    )
    for entry, (_same, one) in zip(made, by, strict=True):
        references = one.references if one else {k: v for k, v in kept.items() if v}
        _refer([entry], [Draft(entry.unit, {}, entry.valid, references)])
    return made


def _as(actor: Actor, row: Entry, one: Draft) -> Entry:
    """The row with a draft's content, not yet written."""
    return dating.clone(
        row,
        unit=one.unit,
        values=one.values,
        valid=one.valid,
        account_id=actor.account_id or None,
        search=vector(row.register, one.unit, one.values),
    )


@transaction.atomic
def change_entry(
    *,
    actor: Actor,
    entry: Entry,
    values: Mapping[str, Any],
    on: dt.date,
    unit: Unit | None = None,
    at: dt.datetime | None = None,
) -> Entry:
    """Says that from a day on the entry is different; until then it was as it stands."""
    row = current(entry)
    _require_write(actor, row.register, row.unit)
    if not row.register.dated:
        raise UserError(_("这本台账记的是发生过的事，写错了请用“更正”。"))
    made = draft(
        actor=actor,
        register=row.register,
        unit=unit or row.unit,
        values=values,
        since=on,
        until=row.until,
    )
    before = dating.ended(row, on)
    before.search = vector(row.register, row.unit, row.values)
    _before, after = _replace(row, [(before, None), (_as(actor, row, made), made)], at)
    return after


@transaction.atomic
def correct_entry(
    *,
    actor: Actor,
    entry: Entry,
    values: Mapping[str, Any],
    since: dt.date,
    reason: str,
    until: dt.date | None = None,
    unit: Unit | None = None,
    at: dt.datetime | None = None,
) -> Entry:
    """Says that what stands was entered wrongly; how it stood before is still found at its time."""
    row = current(entry)
    _require_write(actor, row.register, row.unit)
    because(_reasoned(reason))
    made = draft(
        actor=actor,
        register=row.register,
        unit=unit or row.unit,
        values=values,
        since=since,
        until=until,
    )
    return _replace(row, [(_as(actor, row, made), made)], at)[0]


@transaction.atomic
def end_entry(*, actor: Actor, entry: Entry, on: dt.date, at: dt.datetime | None = None) -> Entry:
    """Says that it holds until a day (exclusive): a recognition lapsed, a rule was repealed."""
    row = current(entry)
    _require_write(actor, row.register, row.unit)
    if not row.register.dated:
        raise UserError(_("这本台账的条目没有结束日期。"), "on")
    before = dating.ended(row, on)
    before.search = vector(row.register, row.unit, row.values)
    return _replace(row, [(before, None)], at)[0]


@transaction.atomic
def withdraw_entry(
    *, actor: Actor, entry: Entry, reason: str, at: dt.datetime | None = None
) -> None:
    """Says that it should not be in the register at all. What was known until now stays known."""
    row = current(entry)
    _require_write(actor, row.register, row.unit)
    because(_reasoned(reason))
    moment = dating.moment(at)
    for one in Entry.objects.known().filter(origin=row.origin_id):
        end = max(moment, one.known.lower + JUST_AFTER)
        one.known = DateTimeTZRange(one.known.lower, end)
        one.save(update_fields=["known"])


def attach(
    *, actor: Actor, entry: Entry, upload: UploadedFile[bytes], at: dt.datetime | None = None
) -> evidence.File:
    """Adds a file that proves the entry."""
    row = current(entry)
    _require_write(actor, row.register, row.unit)
    if row.register.evidence == Evidence.NONE:
        raise UserError(_("这本台账不收佐证材料。"), "file")
    return evidence.attach(
        actor=actor, unit=row.unit, upload=upload, subject=TABLE, subject_id=row.origin_id, at=at
    )


def _reasoned(reason: str) -> str:
    plain = reason.strip()
    if not plain:
        raise UserError(_("请写明原因。"), "reason")
    if len(plain) > 300:
        raise UserError(_("原因最多300个字。"), "reason")
    return plain
