"""Reports: the list, one of them, and what is done with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.figures import api as figures
from luodi.ground.scope.api import Request
from luodi.lib.errors import UserError
from luodi.rooms.reports import api
from luodi.rooms.reports.exports.html import page_html
from luodi.rooms.reports.forms import DraftForm, ReasonForm, ReportFilter, SigningForm, StepForm
from luodi.rooms.reports.language import Part
from luodi.rooms.reports.models import Report, SigningRule, State
from luodi.rooms.reports.sealing import frozen_of
from luodi.rooms.reports.templatetags.reports import in_language
from luodi.rooms.reports.verbs.publishing import progress_of
from luodi.rooms.reports.views.editor import place_of, preview_of
from luodi.shell.forms import carry_out, form_page, posted
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

USUAL = dt.timedelta(seconds=90)  # until the worker has taken up what it was left
ROWS = 200  # of a frozen reading on its page; the rest is in the pack


def viewed(request: Request, pk: int, *, published: bool = False) -> Report:
    """A report that the actor may see; where it has to be `published`, a draft is not found."""
    row = api.report_of(pk)
    request.actor.require("reports.view", row.unit.path)
    if published and row.is_draft:
        raise Http404
    return row


@login_required
def reports(request: Request) -> HttpResponseBase:
    """Every report that one may see, the latest first."""
    request.actor.require("reports.view")
    listing = Listing(
        request,
        Report.objects.select_related("unit", "drafted_by").defer("packed", "text"),
        columns=[
            Column(
                "title",
                _("标题"),
                sort="title",
                link=lambda row: reverse("reports:report", args=[row.pk]),
                phone="title",
            ),
            Column("unit", _("单位")),
            Column("until", _("截至日期"), sort="until"),
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
    actor = request.actor
    may = {"may_write": actor.may("reports.write"), "may_rule": actor.may("reports.signing")}
    return listing.export() or show(request, "reports/reports.html", {"listing": listing, **may})


@login_required
def draft(request: Request) -> HttpResponseBase:
    """Begins a report from a template."""
    actor = request.actor
    actor.require("reports.write")
    initial = {"template": request.GET.get("template", "annual")}
    return form_page(
        request,
        DraftForm(**posted(request), actor=actor, initial=initial),
        lambda data: api.draft_report(actor=actor, **data),
        heading=_("起草报告"),
        submit=_("起草"),
        back=reverse("reports:reports"),
        done=lambda made: reverse("reports:report", args=[made.pk]),
        crumbs=[(reverse("reports:reports"), _("报告"))],
    )


@login_required
def signing(request: Request) -> HttpResponseBase:
    """The rule of who may sign, by unit."""
    actor = request.actor
    actor.require("reports.signing")
    held = SigningRule.objects.filter(another_approves=True).select_related("unit")
    names = "、".join(one.unit.name for one in held.order_by("unit__path"))
    return form_page(
        request,
        SigningForm(**posted(request), actor=actor),
        lambda data: api.set_signing_rule(actor=actor, **data),
        heading=_("签发规则"),
        note=_now("现在要求先经别人审核的单位（含下级）：%(names)s。")
        % {"names": names or _now("没有")},
        back=reverse("reports:signing"),
        said=_("签发规则已改。"),
        crumbs=[(reverse("reports:reports"), _("报告"))],
    )


@login_required
def report(request: Request, pk: int) -> HttpResponseBase:
    """One report: a draft as it reads now, or what was published, each number with its reading."""
    return _page(request, viewed(request, pk), StepForm())


def _page(request: Request, row: Report, form: StepForm, status: int = 200) -> HttpResponseBase:
    actor, path = request.actor, row.unit.path
    context: dict[str, Any] = {
        "report": row,
        "heading": row.title,
        "may_write": actor.may("reports.write", path) and row.state == State.DRAFT,
        "may_publish": actor.may("reports.publish", path),
        "stand_ins": api.stand_ins(),
        "form": form,
        "acts": api.next_acts(actor, row),
        "steps": row.steps.select_related("by"),
    }
    if row.state == State.PUBLISHING:
        waited = timezone.now() - (row.asked_at or timezone.now())
        context |= {"progress": progress_of(row.pk), "is_late": waited > USUAL}
        page = show(request, "reports/publishing.html", context)
        page["Refresh"] = "2"  # seconds; without any script
        return page
    if row.is_draft:
        context |= preview_of(actor, place_of(row), row.title, row.text) | {"head": row.head}
    else:
        document = row.sealed["document"]
        parts = map(Part.from_json, document["parts"])
        content = page_html(parts, lambda at: reverse("reports:reading", args=[row.pk, at + 1]))
        readings = len(row.sealed["readings"])
        context |= {"content": content, "document": document, "readings": readings}
        context["head"] = document["head"]
    return show(request, "reports/report.html", context, status=status)


# --- what is done with one --------------------------------------------------------------------


def _done(
    request: Request, pk: int, verb: Callable[[Report], object], said: str = "", to: str = ""
) -> HttpResponseBase:
    """Carries out a verb and goes on `to` another page; where it is refused, back to the report."""
    row = api.report_of(pk)
    try:
        verb(row)
    except UserError as problem:
        if problem.status == 403:
            raise
        messages.error(request, str(problem))
    else:
        if said:
            messages.success(request, said)
        if to:
            return redirect(to)
    return redirect("reports:report", pk)


@login_required
@require_POST
def publish(request: Request, pk: int) -> HttpResponseBase:
    def asked(row: Report) -> None:
        if not api.ask_to_publish(actor=request.actor, report=row).is_draft:
            messages.success(request, _now("报告已签发并签名，此后内容不再改变。"))

    return _done(request, pk, asked)


@login_required
@require_POST
def call_off(request: Request, pk: int) -> HttpResponseBase:
    """Stops waiting for a report to be published."""
    return _done(request, pk, lambda row: api.call_off(actor=request.actor, report=row))


@login_required
@require_POST
def drop(request: Request, pk: int) -> HttpResponseBase:
    def dropped(row: Report) -> None:
        api.drop_draft(actor=request.actor, report=row)

    return _done(request, pk, dropped, _now("草稿已删除。"), "reports:reports")


@login_required
@require_POST
def step(request: Request, pk: int) -> HttpResponseBase:
    """Submits, approves, returns a draft, or says something of it."""
    row, form = viewed(request, pk), StepForm(request.POST)
    verb = api.STEPS.get(request.POST.get("act", ""))  # type: ignore[call-overload]
    if verb is None:
        raise Http404
    made = carry_out(request, form, lambda data: verb(actor=request.actor, report=row, **data))
    return redirect("reports:report", pk) if made else _page(request, row, form, status=422)


@login_required
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Takes a published report back, with a reason."""
    row, actor = api.report_of(pk), request.actor
    actor.require("reports.publish", row.unit.path)
    return form_page(
        request,
        ReasonForm(**posted(request)),
        lambda data: api.withdraw_report(actor=actor, report=row, **data),
        heading=_("撤回报告"),
        submit=_("撤回"),
        note=_("撤回后报告仍可查看，并注明已撤回；已经发出去的文件收不回来。"),
        back=reverse("reports:report", args=[pk]),
        crumbs=[(reverse("reports:report", args=[pk]), row.title)],
        tone="btn-danger",
    )


@login_required
def download(request: Request, pk: int, form: str) -> HttpResponseBase:
    """One of a report's files, made now; always a download."""
    row = viewed(request, pk)
    if form not in api.FORMS:
        raise Http404
    try:
        stream = api.file_of(actor=request.actor, report=row, form=form)
    except UserError as problem:
        if problem.status != 422:
            raise
        messages.error(request, str(problem))
        return redirect("reports:report", pk)
    name = f"{row.pk if row.is_draft else row.title}.{api.FORMS[form]}"
    response = FileResponse(stream, as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- today ------------------------------------------------------------------------------------


@login_required
def compare(request: Request, pk: int) -> HttpResponseBase:
    """What moved since the report was published, and because of which rows."""
    row = viewed(request, pk)
    if row.is_draft:
        return redirect("reports:report", pk)
    movements = list(enumerate(api.compare_report(actor=request.actor, report=row), start=1))
    context = {
        "report": row,
        "heading": _now("与今天比较"),
        "moved": [pair for pair in movements if pair[1].moved],
        "still": [pair for pair in movements if not pair[1].moved],
        "count": len(movements),
    }
    return show(request, "reports/compare.html", context)


@login_required
def reading(request: Request, pk: int, number: int) -> HttpResponseBase:
    """One number of a published report as it was frozen: its rows, and the way to each today."""
    row = viewed(request, pk, published=True)
    if not 1 <= number <= len(row.sealed["readings"]):
        raise Http404
    one = row.sealed["readings"][number - 1]
    movement = figures.compare(actor=request.actor, frozen=frozen_of(one))
    may_open = movement.now is not None and movement.now.may_open
    addresses = {row.key: row.url for row in movement.now.rows} if movement.now else {}
    kind = one["facts"]["kind"]
    context = {
        "report": row,
        "heading": in_language(one["facts"]["names"]),
        "facts": one["facts"],
        "rows": [
            (row, addresses.get(row["key"], ""), figures.side_of(kind, row["side"]))
            for row in (one["rows"][:ROWS] if may_open else [])
        ],
        "more": max(len(one["rows"]) - ROWS, 0),
        "with_side": bool(figures.side_of(kind, None)),
        "movement": movement,
        "may_open": may_open,
    }
    return show(request, "reports/reading.html", context)
