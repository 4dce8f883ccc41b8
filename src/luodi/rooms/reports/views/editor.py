"""Templates, and the editor of a template's or a draft's text: preview, margin, figures from menus."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Actor, Request
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.reports import api
from luodi.rooms.reports.exports.html import page_html
from luodi.rooms.reports.forms import ReportForm, SpanForm, TemplateForm
from luodi.rooms.reports.language import Place, Span
from luodi.rooms.reports.models import Report, State
from luodi.rooms.reports.picking import PickForm
from luodi.rooms.reports.shipped import SHIPPED
from luodi.rooms.reports.verbs.templates import Pattern
from luodi.shell.forms import carry_out
from luodi.shell.pages import show

LOOKING = {"preview", "insert", "find"}  # the buttons that save nothing


def place_of(report: Report) -> Place:
    """For whom and when a report is read."""
    return Place(report.unit, Span(report.since, report.until))


def _place_in(form: Form) -> Place | None:
    """What a template's form says; None while it says nothing that can be read."""
    first = {"unit": form.fields["unit"].initial, **form.initial}
    form.is_valid()
    given: dict[str, Any] = form.cleaned_data if form.is_bound else first
    if not all(given.get(one) for one in ("unit", "since", "until")):
        return None
    return Place(given["unit"], Span(given["since"], given["until"]))


def preview_of(actor: Actor, place: Place | None, title: str, text: str) -> dict[str, Any]:
    """What `reports/preview.html` shows of a text; each remark beside the line that it concerns."""
    if place is None:
        return {"refused": _("请先选单位和起止日期。")}
    unit, since, until = place.unit, place.span.since, place.span.until
    try:
        made = api.preview(actor=actor, unit=unit, title=title, text=text, since=since, until=until)
    except UserError as problem:
        return {"refused": str(problem)}
    addresses, lines = [one.url for one in made.readings], text.splitlines()
    return {
        "document": made,
        "content": page_html(made.parts, addresses.__getitem__),
        "remarks": [
            (one, lines[one.line - 1].strip() if 0 < one.line <= len(lines) else "")
            for one in made.problems
        ],
    }


def _picked(request: Request, place: Place | None) -> dict[str, Any]:
    """The panel of figures: what was searched and chosen, and how it would read now."""
    actor = request.actor
    pick = PickForm(request.POST or None, actor=actor, unit=place.unit if place else None)
    said = pick.tag_text()
    seen = preview_of(actor, place, "", said) if said else {}
    return {"pick": pick, "said": said, "seen": seen}


def _editor(
    request: Request,
    template: str,
    form_of: Callable[[QueryDict | None], Form],
    place_in: Callable[[Form], Place | None],
    save: Callable[[dict[str, Any]], Any] | None,
    done: Callable[[Any], HttpResponseRedirect],
    **context: Any,
) -> HttpResponseBase:
    """The page on which a text is written; saves it unless one only looks or inserts."""
    given: QueryDict | None = request.POST if request.method == "POST" else None
    form = form_of(given)
    place = place_in(form)
    picked = _picked(request, place)
    if given is not None and "insert" in given and picked["said"]:
        with_figure: Any = given.copy()
        with_figure["text"] = picked["pick"].insert_into(given.get("text", ""))
        form = form_of(with_figure)
    elif given is not None and save is not None and not LOOKING & set(given):
        made = carry_out(request, form, save)
        if made is not None:
            return done(made)
    words = [str(form[name].value() or "") for name in ("title", "text")]
    seen = preview_of(request.actor, place, *words)
    wrong = given is not None and not form.is_valid()
    context |= {"form": form, **seen, **picked}
    return show(request, template, context, status=422 if wrong else 200)


def _asked(request: Request) -> Place | None:
    """The place of the text that a fragment is asked about: a draft's (`report`), or the form's."""
    request.actor.require("reports.write")
    number = request.POST.get("report", "")
    if not number.isdecimal():
        return _place_in(SpanForm(request.POST, actor=request.actor))
    report = Report.objects.select_related("unit").filter(pk=number[:18]).first()
    if report is None:
        raise Http404
    return place_of(report)


@login_required
@require_POST
def preview(request: Request) -> HttpResponseBase:
    """The preview alone."""
    title, text = (request.POST.get(name, "") for name in ("title", "text"))
    context = preview_of(request.actor, _asked(request), title, text)
    return show(request, "reports/preview.html", context)


@login_required
@require_POST
def pick(request: Request) -> HttpResponseBase:
    """The panel of figures alone."""
    return show(request, "reports/picked.html", _picked(request, _asked(request)))


# --- templates --------------------------------------------------------------------------------


@login_required
def templates(request: Request) -> HttpResponseBase:
    """The templates that one may draw up a report from."""
    request.actor.require("reports.view")
    may_write, heading = request.actor.may("reports.write"), _("报告模板")
    context = {"patterns": api.patterns(), "may_write": may_write, "heading": heading}
    return show(request, "reports/templates.html", context)


@login_required
def new(request: Request) -> HttpResponseBase:
    """A template of one's own, from another (`?from=`) or from nothing."""
    request.actor.require("reports.write")
    source = request.GET.get("from", "")
    pattern = _pattern(source) if source else Pattern("", 0, "", "", "")
    return _template(request, Pattern("", 0, "", pattern.title, pattern.text))


@login_required
def template(request: Request, key: str) -> HttpResponseBase:
    """One template: to read, and to write its next version where it is one's own."""
    request.actor.require("reports.view")
    return _template(request, _pattern(key))


def _pattern(key: str) -> Pattern:
    try:
        return api.pattern(key)
    except NotFound as problem:
        raise Http404(str(problem)) from problem


def _template(request: Request, pattern: Pattern) -> HttpResponseBase:
    actor, shipped = request.actor, pattern.key in SHIPPED
    initial = {"title": pattern.title, "text": pattern.text, "number": pattern.number}

    def save(data: dict[str, Any]) -> Any:
        words = {one: data[one] for one in ("unit", "title", "text", "number")}
        return api.write_template(actor=actor, key=pattern.key, **words)

    def done(made: Any) -> HttpResponseRedirect:
        messages.success(request, _("模板已保存为第%(number)s版。") % {"number": made.number})
        return redirect("reports:template", made.key)

    return _editor(
        request,
        "reports/template.html",
        lambda given: TemplateForm(given, actor=actor, initial=initial),
        _place_in,
        None if shipped else save,
        done,
        pattern=pattern,
        heading=pattern.name or _("新建模板"),
        shipped=shipped,
        may_write=actor.may("reports.write"),
    )


# --- drafts -----------------------------------------------------------------------------------


@login_required
def edit(request: Request, pk: int) -> HttpResponseBase:
    """A draft's words, with the preview and the margin beside them."""
    row, actor = api.report_of(pk), request.actor
    actor.require("reports.write", row.unit.path)
    if row.state != State.DRAFT:
        return redirect("reports:report", pk)
    initial = {"title": row.title, "text": row.text, "version": row.version, **row.head}

    def save(data: dict[str, Any]) -> Any:
        head = {one: data.pop(one) for one in api.HEAD}
        return api.write_report(actor=actor, report=row, head=head, **data)

    return _editor(
        request,
        "reports/edit.html",
        lambda given: ReportForm(given, initial=initial),
        lambda _form: place_of(row),
        save,
        lambda _made: redirect("reports:report", pk),
        report=row,
        heading=_("修改草稿"),
    )
