"""Reports: the list, one of them, and what is done with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.figures import api as figures
from luodi.ground.scope.middleware import Request
from luodi.lib.errors import UserError
from luodi.rooms.reports import api, progress
from luodi.rooms.reports.forms import DraftForm, ReasonForm, ReportFilter, ReportForm
from luodi.rooms.reports.language import Part
from luodi.rooms.reports.models import Report, State
from luodi.rooms.reports.sealing import frozen_of
from luodi.rooms.reports.views.shown import document_html
from luodi.rooms.reports.views.templates import page_context
from luodi.shell.forms import carry_out
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

USUAL = dt.timedelta(seconds=90)  # until the worker has taken up what it was left
ROWS = 200  # of a frozen reading on its page; the rest is in the pack


def found(pk: int) -> Report:
    return get_object_or_404(_rows(), pk=pk)


def _rows() -> QuerySet[Report]:
    return Report.objects.select_related("unit", "published_by", "drafted_by")


@login_required
def reports(request: Request) -> HttpResponseBase:
    """Every report that one may see, the latest first."""
    request.actor.require("reports.view")
    listing = Listing(
        request,
        _rows().defer("packed", "text"),
        columns=[
            Column(
                "title",
                _("标题"),
                sort="title",
                link=lambda row: reverse("reports:report", args=[row.pk]),
                phone="title",
            ),
            Column("unit", _("单位")),
            Column("until", _("截止日期"), sort="until"),
            Column("state", _("状态"), sort="state"),
            Column("published_at", _("签发时间"), sort="published_at"),
            Column("drafted_by", _("起草人"), phone="hide"),
        ],
        default_sort="-drafted_at",
        name="reports",
        filters=ReportFilter,
        search=lambda rows, text: rows.filter(title__icontains=text),
        title=_("报告"),
        empty=_("还没有报告。点“起草报告”，选一个模板开始。"),
    )
    context = {"listing": listing, "may_write": request.actor.may("reports.write")}
    return listing.export() or show(request, "reports/reports.html", context)


@login_required
def draft(request: Request) -> HttpResponseBase:
    """Begins a report from a template."""
    actor = request.actor
    actor.require("reports.write")
    given = request.POST if request.method == "POST" else None
    form = DraftForm(
        given, actor=actor, initial={"template": request.GET.get("template", "annual")}
    )
    if given is not None:
        made = carry_out(request, form, lambda data: api.draft_report(actor=actor, **data))
        if made is not None:
            return redirect("reports:report", made.pk)
    status = 422 if given is not None else 200
    return show(request, "reports/draft.html", {"form": form}, status=status)


@login_required
def report(request: Request, pk: int) -> HttpResponseBase:
    """One report: a draft as it reads now, or what was published, each number with its reading."""
    row, actor = found(pk), request.actor
    actor.require("reports.view", row.unit.path)
    context: dict[str, Any] = {
        "report": row,
        "may_write": actor.may("reports.write", row.unit.path),
        "may_publish": actor.may("reports.publish", row.unit.path),
        "stand_ins": api.stand_ins(),
    }
    if row.is_publishing:
        waited = timezone.now() - (row.asked_at or timezone.now())
        context |= {"progress": progress.heard(pk), "is_late": waited > USUAL}
        page = show(request, "reports/publishing.html", context)
        page["Refresh"] = "2"  # seconds; without any script
        return page
    if row.is_draft:
        data = {one: getattr(row, one) for one in ("title", "text", "since", "until")}
        context |= page_context(actor, row.unit, data) | {"head": row.head}
    else:
        document = row.sealed["document"]
        parts = [Part.from_json(one) for one in document["parts"]]
        context |= {
            "content": document_html(
                parts, lambda at: reverse("reports:reading", args=[pk, at + 1])
            ),
            "document": document,
            "head": document["head"],
            "readings": len(row.sealed["readings"]),
        }
    return show(request, "reports/report.html", context)


@login_required
def edit(request: Request, pk: int) -> HttpResponseBase:
    """A draft's words, with the preview and the margin beside them."""
    row, actor = found(pk), request.actor
    actor.require("reports.write", row.unit.path)
    if row.state != State.DRAFT:
        return redirect("reports:report", pk)
    given = request.POST if request.method == "POST" else None
    initial = {"title": row.title, "text": row.text, "version": row.version, **row.head}
    form = ReportForm(given, initial=initial)
    if given is not None and "preview" not in given:
        saved = carry_out(
            request,
            form,
            lambda data: api.write_report(
                actor=actor,
                report=row,
                title=data["title"],
                text=data["text"],
                version=data["version"],
                head={one: data[one] for one in api.HEAD},
            ),
        )
        if saved is not None:
            return redirect("reports:report", pk)
    words = form.cleaned_data if form.is_bound and form.is_valid() else initial
    data = {**words, "since": row.since, "until": row.until}
    context = {
        "report": row,
        "form": form,
        "figures": figures.figures(),
        **page_context(actor, row.unit, data),
    }
    wrong = given is not None and not form.is_valid()
    return show(request, "reports/edit.html", context, status=422 if wrong else 200)


@login_required
@require_POST
def publish(request: Request, pk: int) -> HttpResponseBase:
    row = found(pk)
    try:
        row = api.ask_to_publish(actor=request.actor, report=row)
    except UserError as problem:
        if problem.status == 403:
            raise
        messages.error(request, str(problem))
    else:
        if not row.is_draft:
            messages.success(request, _now("报告已签发并签名，此后内容不再改变。"))
    return redirect("reports:report", pk)


@login_required
@require_POST
def call_off(request: Request, pk: int) -> HttpResponseBase:
    """Stops waiting for a report to be published."""
    row = found(pk)
    try:
        api.call_off(actor=request.actor, report=row)
    except UserError as problem:
        if problem.status == 403:
            raise
        messages.error(request, str(problem))
    return redirect("reports:report", pk)


@login_required
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Takes a published report back, with a reason."""
    row, actor = found(pk), request.actor
    actor.require("reports.publish", row.unit.path)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and carry_out(
        request, form, lambda data: api.withdraw_report(actor=actor, report=row, **data)
    ):
        return redirect("reports:report", pk)
    status = 422 if form.is_bound else 200
    return show(request, "reports/withdraw.html", {"form": form, "report": row}, status=status)


@login_required
@require_POST
def drop(request: Request, pk: int) -> HttpResponseBase:
    row = found(pk)
    try:
        api.drop_draft(actor=request.actor, report=row)
    except UserError as problem:
        if problem.status == 403:
            raise
        messages.error(request, str(problem))
        return redirect("reports:report", pk)
    messages.success(request, _now("草稿已删除。"))
    return redirect("reports:reports")


@login_required
def compare(request: Request, pk: int) -> HttpResponseBase:
    """What moved since the report was published, and because of which rows."""
    row = found(pk)
    request.actor.require("reports.view", row.unit.path)
    if row.is_draft:
        return redirect("reports:report", pk)
    movements = api.compare_report(actor=request.actor, report=row)
    numbered = list(enumerate(movements, start=1))
    context = {
        "report": row,
        "moved": [(number, one) for number, one in numbered if one.moved],
        "still": [(number, one) for number, one in numbered if not one.moved],
        "count": len(movements),
    }
    return show(request, "reports/compare.html", context)


@login_required
def reading(request: Request, pk: int, number: int) -> HttpResponseBase:
    """One number of a published report as it was frozen: its rows, and the way to each today."""
    row = found(pk)
    request.actor.require("reports.view", row.unit.path)
    if row.is_draft or not 1 <= number <= len(row.sealed["readings"]):
        raise Http404
    one = row.sealed["readings"][number - 1]
    movement = figures.compare(actor=request.actor, frozen=frozen_of(one))
    may_open = movement.now is not None and movement.now.may_open
    addresses = {row.key: row.url for row in movement.now.rows} if movement.now else {}
    context = {
        "report": row,
        "facts": one["facts"],
        "rows": [
            (row, addresses.get(row["key"], ""), figures.side_of(one["facts"]["kind"], row["side"]))
            for row in (one["rows"][:ROWS] if may_open else [])
        ],
        "more": max(len(one["rows"]) - ROWS, 0),
        "with_side": bool(figures.side_of(one["facts"]["kind"], None)),
        "movement": movement,
        "may_open": may_open,
    }
    return show(request, "reports/reading.html", context)
