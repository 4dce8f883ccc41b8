"""A unit's year; all units below another in a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.ground.audit.api import note
from luodi.ground.scope.api import Request, Unit, today, within
from luodi.lib.errors import NotFound, UserError
from luodi.lib.periods import EARLIEST, LATEST
from luodi.rooms.duties.markup import board_rows, slot_writer
from luodi.rooms.duties.models import STATES
from luodi.rooms.duties.people import hours_of
from luodi.rooms.duties.reading import Board, Line, Slot, board_of, year_of
from luodi.rooms.duties.sheets import board_sheet, hours_sheet, year_sheet
from luodi.rooms.duties.windows import State
from luodi.shell.cells import sheet_response
from luodi.shell.pages import show

VIEW = "duties.view"


@dataclass(frozen=True, slots=True)
class Cell:
    """Some months of a line: with a window, or empty."""

    months: int
    slots: Sequence[Slot]
    texts: Sequence[SafeString] = ()

    @property
    def told(self) -> list[tuple[str, SafeString]]:
        """Each window with what stands in it, as a list tells it."""
        return [(one.period, text) for one, text in zip(self.slots, self.texts, strict=True)]


def cells_of(line: Line, write: Callable[[Slot], SafeString]) -> list[Cell]:
    """The twelve months of a line, each window over as many as it has, as `write` writes it."""
    cells: list[Cell] = []
    month = 1
    by_month: dict[int, list[Slot]] = {}
    for one in line.slots:
        by_month.setdefault(one.window.start.month, []).append(one)
    while month <= 12:
        found = by_month.get(month, [])
        ends = [one.last.month for one in found]
        months = max(ends, default=month) - month + 1
        cells.append(Cell(months, found, [write(one) for one in found]))
        month += months
    return cells


def asked_year(request: Request) -> int:
    text = request.GET.get("year", "")
    if not text:
        return today().year
    if not text.isdecimal() or not EARLIEST <= int(text) <= LATEST:
        raise UserError(_("年份应写成 2022 的样子。"), "year")
    return int(text)


def asked_month(request: Request) -> dt.date:
    """The day of the page: in the address's month its last one before today, or today."""
    text = request.GET.get("month", "")
    if not text:
        return today()
    try:
        day = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        day = dt.date.min
    if not EARLIEST <= day.year <= LATEST:
        raise UserError(_("月份应写成 2022-12 的样子。"), "month")
    return day


@login_required
def year(request: Request, pk: int) -> HttpResponseBase:
    """A unit's year: duties by months; also as Excel."""
    unit = get_object_or_404(Unit, pk=pk)
    request.actor.require(VIEW, unit.path)
    wanted = asked_year(request)
    lines = year_of(unit, wanted, today())
    if request.GET.get("format") == "xlsx":
        title = _("%(unit)s %(year)s年应办事项") % {"unit": unit, "year": wanted}
        response, rows = sheet_response(title, *year_sheet(lines))
        note("export", "listing", "duties_year", None, kind="xlsx", rows=rows, filters=str(pk))
        return response
    slots = [one for line in lines for one in line.slots]
    write = slot_writer()
    context = {
        "unit": unit,
        "year": wanted,
        "lines": [(line, cells_of(line, write)) for line in lines],
        "months": range(1, 13),
        "counts": counts_of(slots),
        "open": [one for one in slots if one.state in {State.RISK, State.DUE}],
        "missed": [one for one in slots if one.state is State.MISSED],
        "may_excuse": request.actor.may("duties.excuse", unit.path),
        "may_see_people": request.actor.may("people.view", unit.path),
        "may_plan": request.actor.may("gatherings.write", unit.path),
    }
    return show(request, "duties/year.html", context)


@login_required
def people(request: Request, pk: int) -> HttpResponseBase:
    """The hours of a unit's people in a year, by pinyin; also as Excel."""
    unit = get_object_or_404(Unit, pk=pk)
    request.actor.require(VIEW, unit.path)
    request.actor.require("people.view", unit.path)
    wanted = asked_year(request)
    lines = hours_of(unit, wanted, today())
    if request.GET.get("format") == "xlsx":
        title = _("%(unit)s %(year)s年学时") % {"unit": unit, "year": wanted}
        response, rows = sheet_response(title, *hours_sheet(lines))
        note("export", "listing", "duties_people", None, kind="xlsx", rows=rows, filters=str(pk))
        return response
    return show(request, "duties/people.html", {"unit": unit, "year": wanted, "lines": lines})


def counts_of(slots: Sequence[Slot]) -> list[tuple[str, str, int]]:
    """How many windows are in which state: label, tone, number."""
    found = [one.state for one in slots]
    return [(str(STATES[s][0]), STATES[s][1], found.count(s)) for s in State if s in found]


@login_required
def board(request: Request) -> HttpResponseBase:
    """Units by duties, in the windows of a month; also as Excel."""
    request.actor.require(VIEW)
    units = tops_of(request)
    if not units:
        raise NotFound(_("没有您可以查看的单位。"))
    wanted = request.GET.get("unit", "")
    unit = next((one for one in units if str(one.pk) == wanted), None)
    if wanted and unit is None:
        unit = Unit.objects.filter(pk=wanted).first() if wanted.isdecimal() else None
        if unit is None:
            raise NotFound(_("没有这个单位，或您无权查看。"))
        request.actor.require(VIEW, unit.path)
    unit = unit or units[0]
    on = asked_month(request)
    found = board_of(unit, on, today())
    if request.GET.get("format") == "xlsx":
        title = _("%(unit)s应办事项 %(month)s") % {"unit": unit, "month": f"{on:%Y-%m}"}
        response, rows = sheet_response(title, *board_sheet(found))
        note("export", "listing", "duties", None, kind="xlsx", rows=rows, filters=str(unit.pk))
        return response
    only = request.GET.get("state", "")
    context = {
        "unit": unit,
        "units": units,
        "month": on,
        "previous": on.replace(day=1) - dt.timedelta(days=1),
        "next": on.replace(day=1) + dt.timedelta(days=31),
        "board": found,
        "rows": board_rows(found.duties, rows_of(found, only), on.year),
        "only": only,
        "counts": [
            (state.value, *map(str, STATES[state]), found.counts[state])
            for state in State
            if state in found.counts
        ],
        "may_write": request.actor.may("duties.write"),
    }
    return show(request, "duties/board.html", context)


def tops_of(request: Request) -> list[Unit]:
    """The units that the actor looks after, the highest first, with the parts of each zone."""
    ranges = request.actor.ranges_of(VIEW)
    kinds = ["zone", "district", "enterprise", "branch"]
    rows = Unit.objects.open().filter(within(ranges)).filter(kind__in=kinds).order_by("path")
    return list(rows.filter(kind__in=kinds[:2])) or list(rows[:1])


def rows_of(found: Board, only: str) -> list[tuple[Unit, Sequence[Slot | None]]]:
    """The rows of the board; only those with a window in a state, where one is named."""
    if only not in set(State):
        return list(found.rows)
    return [(unit, row) for unit, row in found.rows if any(s and s.state == only for s in row)]
