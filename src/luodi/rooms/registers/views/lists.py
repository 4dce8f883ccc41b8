"""The registers, and a register's entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Question, address
from luodi.ground.imports.api import as_file
from luodi.ground.scope.api import Actor, Request, Unit, today
from luodi.lib.errors import NotAllowed
from luodi.rooms.registers.conditions import holds
from luodi.rooms.registers.forms.entries import EntryFilter, end_of
from luodi.rooms.registers.models import NUMBERS, Column, Entry, Kind, Register
from luodi.rooms.registers.queries import EntryQuerySet
from luodi.rooms.registers.reading import name_of, value_of
from luodi.rooms.registers.sheets import KIND, export_entries
from luodi.rooms.registers.verbs.recording import may_see, may_write
from luodi.rooms.registers.views.common import register_of, seen
from luodi.shell import listing
from luodi.shell.pages import show


@login_required
def registers(request: Request) -> HttpResponseBase:
    """The registers in use, with how many entries of each the reader sees today."""
    actor = request.actor
    if not actor.may("registers.view"):
        raise NotAllowed(_("您的角色不能查看台账。"))
    rows = Register.objects.filter(retired_at=None).select_related("unit")
    rows = rows.prefetch_related("columns")
    counted = (
        Entry.objects.on(today()).values_list("register").annotate(count=Count("id")).order_by()
    )
    counts = dict(counted)
    shown = [
        {"register": one, "count": counts.get(one.pk, 0) if may_see(actor, one) else None}
        for one in rows
    ]
    return show(
        request,
        "registers/registers.html",
        {
            "registers": shown,
            "retired": Register.objects.exclude(retired_at=None).select_related("unit"),
            "may_define": actor.may("registers.define"),
        },
    )


def _cell(column: Column) -> Callable[[Any], object]:
    return lambda row: value_of(row, column)


def columns_of(register: Register) -> list[listing.Column]:
    """The list's columns: what names an entry first, as the link to its page."""
    entries = reverse("registers:entry", args=[0]).removesuffix("0/")
    titled = next((c for c in register.living if c.key == register.title_column), None)
    found = [
        listing.Column(
            "label",
            str(titled) if titled else register.unit_title,
            sort="label",
            value=lambda row: row.label,
            link=lambda row: f"{entries}{row.origin_id}/",
            phone="title",
        )
    ]
    if titled:
        found.append(
            listing.Column(
                "unit_name", register.unit_title, sort="unit__sort_key", value=lambda row: row.unit
            )
        )
    for column in register.living:
        if column is titled or not column.listed:
            continue
        found.append(
            listing.Column(
                column.key,
                column.title,
                sort="" if holds(column) == "list" else name_of(column.key),
                value=_cell(column),
                align="end" if column.kind in NUMBERS else "",
                phone="hide" if column.kind == Kind.LOOKUP else "line",
            )
        )
    found.append(
        listing.Column("since", register.date_title, sort="since_on", value=lambda r: r.since_on)
    )
    if register.dated:
        found.append(
            listing.Column("until", _("结束日期"), value=lambda row: row.until, phone="hide")
        )
    return found


@login_required
def entries(request: Request, pk: int) -> HttpResponseBase:
    """A register's entries: filtered by its columns, at any date, as known at any date."""
    register = seen(request, register_of(request, pk))
    actor = request.actor
    listed = [c for c in register.living if c.listed or c.key == register.title_column]
    found = listing.Listing(
        request,
        Entry.objects.filter(register=register).select_related("unit"),
        columns=columns_of(register),
        default_sort="-since",
        name=f"register-{register.pk}",
        filters=lambda query: EntryFilter(query, register, listed),
        search=lambda rows, text: cast(EntryQuerySet, rows).search(register, text),
        title=str(register),
        empty=_("还没有条目。可以逐条登记，也可以用Excel导入。"),
    )
    if file := found.export():
        return file
    return show(
        request,
        "registers/entries.html",
        {
            "register": register,
            "import_kind": f"{KIND}-{register.pk}",
            "listing": found,
            "figures": figures_of(actor, register, found.form),
            "may_record": register.retired_at is None and _writes(actor, register),
            "may_define": actor.may("registers.define", register.unit.path),
            "rounds": register.rounds.count() if register.procedure else 0,
        },
    )


@login_required
def export(request: Request, pk: int) -> HttpResponseBase:
    """All entries as a sheet that can be imported again; the trail notes that it left."""
    register = seen(request, register_of(request, pk))
    if request.method != "POST":
        return redirect("registers:entries", pk)
    return as_file(
        f"{register}-{today().isoformat()}",
        lambda out: export_entries(actor=request.actor, register=register, stream=out),
    )


def _writes(actor: Actor, register: Register) -> bool:
    return any(may_write(actor, register, held.path) for held in actor.holdings)


def figures_of(actor: Actor, register: Register, form: Any) -> list[tuple[Any, str]]:
    """The register's figures with the addresses of their readings, for the reader's own unit."""
    unit = seat(actor, register)
    day: dt.date = form.day() if form is not None else today()
    known = end_of(getattr(form, "cleaned_data", {}).get("known")) if form is not None else None
    question = Question(unit, day, dt.date(day.year, 1, 1), known)
    rows = register.figures.filter(retired_at=None).select_related("register")
    return [(one, address(one.full_key, question)) for one in rows]


def seat(actor: Actor, register: Register) -> Unit:
    """The unit that the reader reads figures of: the register's, or the highest own one below."""
    paths = [held.path for held in actor.holdings if "registers.view" in held.role.permissions]
    if actor.everything or any(register.unit.path.startswith(path) for path in paths):
        return register.unit
    below = sorted((p for p in paths if p.startswith(register.unit.path)), key=len)
    found = Unit.objects.filter(Q(path=below[0])).first() if below else None
    return found or register.unit
