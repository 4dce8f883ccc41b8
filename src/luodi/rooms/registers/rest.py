"""Registers over REST: the same verbs as the pages; here the entries."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import File, Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from luodi.ground.audit.api import changed_since
from luodi.ground.scope.api import Unit, actor_of, today
from luodi.lib.errors import NotAllowed, NotFound
from luodi.lib.wire import Day, Id, Line, Prose
from luodi.rooms.registers import api
from luodi.rooms.registers.forms.entries import end_of
from luodi.rooms.registers.models import Entry, Register
from luodi.rooms.registers.reading import value_of, with_columns
from luodi.rooms.registers.rest_awards import router as awards_router
from luodi.rooms.registers.rest_definitions import Key, register_of
from luodi.rooms.registers.rest_definitions import router as definitions_router
from luodi.rooms.registers.verbs.recording import may_see
from luodi.shell.cells import plain
from luodi.shell.rest import Following, Listed, created, listed

router = Router(tags=["registers"])
router.add_router("", awards_router)
router.add_router("", definitions_router)
Scalar = bool | int | float | Prose | None
Values = dict[Key, Scalar | list[Line]]


class EntryOut(Schema):
    """`id` stays through changes and corrections; `until` is the first day it no longer holds.

    `values`: what was entered, by column; `looked_up`: what other records say on the day asked.
    """

    id: int
    register_id: int
    unit_id: int
    since: dt.date
    until: dt.date | None
    values: dict[str, Any]
    references: dict[str, int]
    looked_up: dict[str, Any]


class Asked(Following):
    """Which entries: true on a day (today), as known at the end of a day (now), with these words."""

    on: Day | None = None
    known: Day | None = None
    unit: Id | None = None
    q: str = Field("", max_length=200)


class EntryNew(Schema):
    unit_id: Id
    values: Values
    since: Day
    until: Day | None = None


class EntryCorrection(EntryNew):
    reason: Line


class EntryChange(Schema):
    unit_id: Id | None = None
    values: Values
    on: Day


class On(Schema):
    on: Day


class Reason(Schema):
    reason: Line


class FileOut(Schema):
    id: int
    name: str
    sha256: str


def _entry(request: HttpRequest, pk: int) -> Entry:
    actor_of(request).require("registers.view")
    rows = Entry.objects.filter(origin=pk).select_related("register__unit", "unit")
    row = rows.first()
    if row is None:
        raise NotFound(_("没有这个条目，或您无权查看。"))
    if not may_see(actor_of(request), row.register, row.path):
        raise NotAllowed(_("您的角色不能查看这本台账里的人员。"))
    return api.current(row)


def _shown(rows: Any, register: Register, on: dt.date, at: dt.datetime | None) -> list[EntryOut]:
    columns = [c for c in register.living if c.lookup]
    found = with_columns(rows.prefetch_related("references"), columns, on, at)
    return [
        EntryOut(
            id=row.origin_id,
            register_id=row.register_id,
            unit_id=row.unit_id,
            since=row.since,
            until=row.until,
            values=row.values,
            references={
                one.column: one.unit_id or one.person_id or 0 for one in row.references.all()
            },
            looked_up={c.key: plain(value_of(row, c)) for c in columns},
        )
        for row in found
    ]


def _out(entry: Entry) -> EntryOut:
    register = entry.register
    return _shown(Entry.objects.filter(pk=entry.pk), register, today(), None)[0]


@router.get("/registers/{pk}/entries", response=Listed[EntryOut])
def list_entries(request: HttpRequest, pk: Path[Id], asked: Query[Asked]) -> Any:
    """A register's entries at any date, as known at any date; the newest first."""
    register = register_of(request, pk)
    if not may_see(actor_of(request), register):
        raise NotAllowed(_("您的角色不能查看这本台账里的人员。"))
    on, at = asked.on or today(), end_of(asked.known)
    rows: Any = Entry.objects.on(on, at).filter(register=register)
    if asked.unit:
        rows = rows.under(Unit.objects.get(pk=asked.unit))
    rows = changed_since(rows.search(register, asked.q), asked.changed_since)
    part = listed(rows, asked, "-since_on", "-pk")
    found = [one.pk for one in part["items"]]
    page = Entry.objects.on(on, at).filter(pk__in=found).order_by("-since_on", "-pk")
    return part | {"items": _shown(page, register, on, at)}


@router.post("/registers/{pk}/entries", response={201: EntryOut})
def record_entry(request: HttpRequest, pk: Path[Id], data: EntryNew) -> Any:
    """Records an entry. A reference is sent as the id of its unit or person."""
    register = register_of(request, pk)
    made = api.record_entry(
        actor=actor_of(request),
        register=register,
        unit=Unit.objects.get(pk=data.unit_id),
        values=data.values,
        since=data.since,
        until=data.until,
    )
    return created(request, _out(made), f"/registers/entries/{made.origin_id}")


@router.get("/registers/entries/{pk}", response=EntryOut)
def get_entry(request: HttpRequest, pk: Path[Id]) -> Any:
    return _out(_entry(request, pk))


@router.post("/registers/entries/{pk}/change", response=EntryOut)
def change_entry(request: HttpRequest, pk: Path[Id], data: EntryChange) -> Any:
    """Says that from a day on it is different."""
    unit = Unit.objects.get(pk=data.unit_id) if data.unit_id else None
    entry = _entry(request, pk)
    return _out(
        api.change_entry(
            actor=actor_of(request), entry=entry, values=data.values, on=data.on, unit=unit
        )
    )


@router.post("/registers/entries/{pk}/correct", response=EntryOut)
def correct_entry(request: HttpRequest, pk: Path[Id], data: EntryCorrection) -> Any:
    """Says that it was entered wrongly."""
    entry = _entry(request, pk)
    return _out(
        api.correct_entry(
            actor=actor_of(request),
            entry=entry,
            unit=Unit.objects.get(pk=data.unit_id),
            values=data.values,
            since=data.since,
            until=data.until,
            reason=data.reason,
        )
    )


@router.post("/registers/entries/{pk}/end", response=EntryOut)
def end_entry(request: HttpRequest, pk: Path[Id], data: On) -> Any:
    """Says that it no longer holds from a day on."""
    return _out(api.end_entry(actor=actor_of(request), entry=_entry(request, pk), on=data.on))


@router.post("/registers/entries/{pk}/withdraw", response={204: None})
def withdraw_entry(request: HttpRequest, pk: Path[Id], data: Reason) -> Any:
    """Says that it should not be in the register."""
    entry = _entry(request, pk)
    api.withdraw_entry(actor=actor_of(request), entry=entry, reason=data.reason)
    return Status(204, None)


@router.post("/registers/entries/{pk}/files", response={201: FileOut})
def attach(request: HttpRequest, pk: Path[Id], file: File[UploadedFile]) -> Any:
    """Adds a file that proves it."""
    made = api.attach(actor=actor_of(request), entry=_entry(request, pk), upload=file)
    return created(request, made, f"/files/{made.pk}")
