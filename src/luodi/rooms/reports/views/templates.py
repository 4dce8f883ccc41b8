"""Templates: which there are, the editor with its preview and its margin."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from luodi.ground.figures import api as figures
from luodi.ground.scope.api import Actor, Unit
from luodi.ground.scope.middleware import Request
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.reports import api
from luodi.rooms.reports.forms import TemplateForm
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.shipped import SHIPPED
from luodi.rooms.reports.verbs.templates import Pattern
from luodi.rooms.reports.views.shown import document_html, remarks
from luodi.shell.forms import carry_out
from luodi.shell.pages import show


def page_context(actor: Actor, unit: Unit, data: dict[str, Any]) -> dict[str, Any]:
    """What `reports/preview.html` shows of a text for a unit and a period."""
    try:
        made = api.preview(
            actor=actor,
            unit=unit,
            title=data["title"],
            text=data["text"],
            since=data["since"],
            until=data["until"],
        ).document
    except UserError as problem:
        return {"refused": str(problem)}
    addresses = [one.url for one in made.readings]
    return {
        "document": made,
        "content": document_html(made.parts, addresses.__getitem__),
        "remarks": remarks(made.problems, data["text"]),
    }


@login_required
def templates(request: Request) -> HttpResponseBase:
    """The templates that one may draw up a report from."""
    request.actor.require("reports.view")
    context = {"patterns": api.patterns(), "may_write": request.actor.may("reports.write")}
    return show(request, "reports/templates.html", context)


@login_required
def new(request: Request) -> HttpResponseBase:
    """A template of one's own, from another (`?from=`) or from nothing."""
    request.actor.require("reports.write")
    source = request.GET.get("from", "")
    pattern = _pattern(source) if source else Pattern("", 0, "", "", "")
    return _editor(request, Pattern("", 0, "", pattern.title, pattern.text))


@login_required
def template(request: Request, key: str) -> HttpResponseBase:
    """One template: to read, and to write its next version where it is one's own."""
    request.actor.require("reports.view")
    return _editor(request, _pattern(key))


def _pattern(key: str) -> Pattern:
    try:
        return api.pattern(key)
    except NotFound as problem:
        raise Http404(str(problem)) from problem


def _editor(request: Request, pattern: Pattern) -> HttpResponseBase:
    actor, shipped = request.actor, pattern.key in SHIPPED
    initial = {"title": pattern.title, "text": pattern.text, "number": pattern.number}
    given = request.POST if request.method == "POST" else None
    form = TemplateForm(given, actor=actor, initial=initial)
    form.fields["unit"].initial = form.fields["unit"].queryset.first()  # type: ignore[attr-defined]
    if given is not None and "preview" not in given and not shipped:
        made = carry_out(
            request,
            form,
            lambda data: api.write_template(
                actor=actor,
                key=pattern.key,
                **{one: data[one] for one in ("unit", "title", "text", "number")},
            ),
        )
        if made is not None:
            messages.success(request, _("模板已保存为第%(number)s版。") % {"number": made.number})
            return redirect("reports:template", made.key)
    context = {
        "pattern": pattern,
        "form": form,
        "shipped": shipped,
        "may_write": actor.may("reports.write"),
        "figures": figures.figures(),
        **_first(actor, form, initial),
    }
    wrong = given is not None and not form.is_valid()
    return show(request, "reports/template.html", context, status=422 if wrong else 200)


def _first(actor: Actor, form: TemplateForm, initial: dict[str, Any]) -> dict[str, Any]:
    """The preview of what the form holds, or at first of the template as it is."""
    if form.is_bound:
        return (
            page_context(actor, form.cleaned_data["unit"], form.cleaned_data)
            if form.is_valid()
            else {}
        )
    unit = form.fields["unit"].initial
    return page_context(actor, unit, {**form.initial, **initial}) if unit else {}


@login_required
@require_POST
def preview(request: Request) -> HttpResponseBase:
    """The preview alone, of a template's text or (`report`) of a draft's."""
    actor = request.actor
    actor.require("reports.write")
    given = request.POST
    if given.get("report", "").isdecimal():
        report = Report.objects.select_related("unit").filter(pk=given["report"][:18]).first()
        if report is None:
            raise Http404
        data: dict[str, Any] = {"title": given.get("title", ""), "text": given.get("text", "")}
        data |= {"since": report.since, "until": report.until}
        context = page_context(actor, report.unit, data)
    else:
        form = TemplateForm(given, actor=actor)
        valid = form.is_valid()
        context = (
            page_context(actor, form.cleaned_data["unit"], form.cleaned_data)
            if valid
            else {"refused": " ".join(str(one) for some in form.errors.values() for one in some)}
        )
    return show(request, "reports/preview.html", context)
