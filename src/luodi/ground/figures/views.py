"""Pages of the figures: the board of all, and what one says."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import groupby
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from luodi.ground.figures.chart import drawn, months_until
from luodi.ground.figures.definition import Figure, Kind, Question, Row
from luodi.ground.figures.engine import Wanted
from luodi.ground.figures.forms import BoardForm, QuestionForm
from luodi.ground.figures.proof import files_behind
from luodi.ground.figures.reading import (
    PAGE,
    Reading,
    address,
    answer,
    may_read,
    period_of,
    read_values,
)
from luodi.ground.figures.registry import figure as figure_of
from luodi.ground.figures.registry import figures, room_of
from luodi.ground.figures.search import found_by
from luodi.ground.figures.sheet import sheet_of, side_of
from luodi.ground.figures.snapshot import moved_since
from luodi.ground.figures.values import plain, text_of
from luodi.ground.scope.api import ROLE_KINDS, Request
from luodi.lib.errors import UserError
from luodi.shell.listing import exported
from luodi.shell.pages import show

# --- the board ------------------------------------------------------------------------------


@login_required
def catalogue(request: Request) -> HttpResponse:
    """Every figure that the actor may read, with its value for a unit and a period."""
    form = BoardForm(request.GET, actor=request.actor)
    may = [one for one in figures() if may_read(request.actor, one)]
    valid = form.is_valid()
    if valid:
        kind = form.cleaned_data["unit"].kind
        may = [one for one in may if not one.units or kind in one.units]
    wanted = found_by(may, form.cleaned_data.get("q", ""))
    values: dict[str, Reading] = {}
    problem = None
    if valid and wanted:
        try:
            values = _board(request, wanted, form.cleaned_data)
        except UserError as refused:
            problem = refused
    rows = sorted(
        ((room_of(one), one, values.get(one.key)) for one in wanted), key=lambda row: row[0]
    )
    rooms = [(room, list(group)) for room, group in groupby(rows, key=lambda row: row[0])]
    context = {"form": form, "rooms": rooms, "problem": problem, "count": len(wanted)}
    return show(request, "figures/catalogue.html", context, fragment="board")


def _board(request: Request, wanted: list[Figure], asked: dict[str, Any]) -> dict[str, Reading]:
    unit = asked["unit"]
    question = Question(unit, asked["until"], asked["since"], asked["known_at"])
    covered = [
        one.key
        for one in wanted
        if not one.permission or request.actor.covers(one.permission, unit.path)
    ]
    found = read_values(actor=request.actor, questions=[(key, question) for key in covered])
    return {one.figure.key: one for one in found}


# --- one reading ----------------------------------------------------------------------------


@login_required
def reading(request: Request, key: str) -> HttpResponseBase:
    """One reading: its value, its definition, its rows with their evidence; over time if asked."""
    figure = figure_of(key)
    if figure.permission:
        request.actor.require(figure.permission)
    form = QuestionForm(request.GET, actor=request.actor, figure=figure)
    context: dict[str, Any] = {
        "form": form,
        "figure": figure,
        "room": room_of(figure),
        "readers": _readers(figure),
    }
    if not form.is_valid():
        status = 422 if request.GET.get("unit") else 200
        return show(request, "figures/reading.html", context, status=status)
    question = form.question()
    if request.GET.get("trend"):
        context["chart"] = _chart(request, figure, question)
        context["trend_asked"] = True
        if request.headers.get("HX-Target") == "trend":
            return show(request, "figures/reading.html", context, fragment="trend")
    if request.GET.get("format") == "xlsx":
        return _sheet(request, figure, question)
    number = request.GET.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() and len(number) < 7 else 1
    try:
        one = _read(request, figure, question, page)
    except UserError as problem:
        if problem.status != 422:
            raise
        form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        return show(request, "figures/reading.html", context, status=422)
    if request.GET.get("before"):
        context |= _moved(request, figure, question)
    pages = max(1, -(-one.count // PAGE))
    files = files_behind(one.rows)
    context |= {
        "reading": one,
        "chosen": form.chosen(),
        "rows": [
            (row, side_of(figure.kind, row.side), _amount(row), files.get(row.key, []))
            for row in one.rows
        ],
        "with_amount": figure.kind not in {Kind.COUNT, Kind.YES_NO, Kind.DATE, Kind.WORD},
        "with_side": figure.kind in {Kind.SHARE, Kind.GROWTH},
        "with_day": any(row.on for row in one.rows),
        "with_files": any(files.values()),
        "listed": figure.listed(question) if figure.listed else "",
        "kept": [(k, v) for k, v in request.GET.items() if k not in {"before", "page"}],
        "page": page,
        "pages": pages,
        "previous": f"{one.url}&page={page - 1}" if page > 1 else "",
        "next": f"{one.url}&page={page + 1}" if page < pages else "",
    }
    return show(request, "figures/reading.html", context)


def _moved(request: Request, figure: Figure, question: Question) -> dict[str, Any]:
    """What moved since an earlier day, and which rows moved it; a sentence where it cannot be told."""
    try:
        before = dt.date.fromisoformat(request.GET["before"])
    except ValueError:
        return {"before_problem": _("请写成 2022-12-22 这样的日期。")}
    try:
        movement = moved_since(
            actor=request.actor, key=figure.key, question=question, before=before
        )
    except UserError as problem:
        return {"before": before, "before_problem": str(problem)}
    return {"before": before, "movement": movement}


def _read(
    request: Request, figure: Figure, question: Question, page: int, size: int = PAGE
) -> Reading:
    return answer(request.actor, figure, question, Wanted(page=page, per_page=size))


def _readers(figure: Figure) -> dict[str, list[str]]:
    """Who may see the value, and who its rows: the roles that have the permission."""
    return {
        what: [
            str(role.label)
            for role in ROLE_KINDS.values()
            if not permission or permission in role.permissions
        ]
        for what, permission in (
            ("value", figure.permission),
            ("rows", figure.rows_permission or figure.permission),
        )
    }


def _amount(row: Row) -> str:
    if row.word:
        return row.word
    return "—" if row.amount is None else plain(round(row.amount, 4))


def _chart(request: Request, figure: Figure, question: Question) -> object:
    """The figure at the ends of twelve months; in each of these months, if it is read for a period."""
    questions = [
        replace(question, until=day, since=question.since and period_of(figure, day))
        for day in months_until(question.until)
    ]
    found = read_values(actor=request.actor, questions=[(figure.key, one) for one in questions])
    return drawn(
        [
            (asked.until, one.value, text_of(figure, one.value), address(figure, asked))
            for asked, one in zip(questions, found, strict=True)
        ]
    )


def _sheet(request: Request, figure: Figure, question: Question) -> HttpResponseBase:
    """All rows as an Excel file, where they are for the actor; told to the trail."""
    one = _read(request, figure, question, 1, size=0)
    filters = {"key": figure.key, **{k: v for k, v in request.GET.items() if v and k != "format"}}
    about = {"name": figure.key, "title": str(figure.name), "kind": "xlsx", "rows": len(one.rows)}
    exported.send(Reading, request=request, filters=filters, **about)
    return sheet_of(one)
