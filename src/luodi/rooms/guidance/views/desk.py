"""Guides as those who keep them meet them: what stands, the draft, its cases, its publication."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, Unit, today, units_of
from luodi.lib.errors import UserError
from luodi.rooms.guidance import answering, telling, verbs
from luodi.rooms.guidance.checking import edges, faults_of, run_cases
from luodi.rooms.guidance.document import Document, as_json
from luodi.rooms.guidance.evaluating import evaluate
from luodi.rooms.guidance.forms import (
    CasesForm,
    DocumentForm,
    NumbersForm,
    TextsForm,
    cases_of,
    table_of,
)
from luodi.rooms.guidance.models import Edition, Guide
from luodi.rooms.guidance.published import document_in, of_key, shown
from luodi.shell.forms import form_page, posted
from luodi.shell.pages import show

WRITE, VIEW = "guidance.write", "guidance.view"


def find(request: Request, pk: int, permission: str) -> Guide:
    """A guide that the reader sees (404), with a permission on it (403)."""
    found = get_object_or_404(Guide.objects.select_related("unit", "owner"), pk=pk)
    request.actor.require(permission, found.path)
    return found


def home(guide: Guide) -> str:
    return reverse("guidance:guide", args=[guide.pk])


def written(guide: Guide) -> Edition:
    """What an editor works on: the draft, or what is read now."""
    found = verbs.draft_of(guide) or verbs.newest(guide)
    if found is None:
        raise UserError(gettext("这份指引还没有内容。"))
    return found


@login_required
def guide(request: Request, pk: int) -> HttpResponseBase:
    """A guide: how it stands, what it says, its cases and editions."""
    row = find(request, pk, VIEW)
    draft, now = verbs.draft_of(row), verbs.newest(row)
    edition = draft or now
    context: dict[str, Any] = {
        "record": row,
        "draft": draft,
        "now": now,
        "may_write": request.actor.may(WRITE, row.path),
        "editions": row.editions.select_related("published_by"),
        "overdue": row.review_on is not None and row.review_on <= today(),
    }
    if edition:
        document = document_in(edition)
        context |= checked(document) | {"document": document}
        context |= telling.whole(shown(edition), today())
    return show(request, "guidance/guide.html", context)


def checked(document: Document) -> dict[str, Any]:
    """A document's faults, and how its cases come out."""
    faults = faults_of(document, today())
    try:
        ran = run_cases(document, today())
        sides = list(edges(document, document.read_on(today()), today()))
    except (ValueError, StopIteration):
        ran, sides = [], []
    titles = {one.key: one.said("title") for one in document.outcomes}
    return {
        "faults": faults,
        "cases": [(one, titles.get(one.case.outcome), titles.get(one.came)) for one in ran],
        "passed": sum(one.passed for one in ran),
        "sides": sides,
        "met": sum(one for _question, _number, one in sides),
    }


def _form(
    request: Request,
    row: Guide,
    form: forms.Form,
    verb: Any,
    heading: Any,
    template: str = "shell/form_page.html",
    **more: Any,
) -> HttpResponseBase:
    draft = verbs.draft_of(row)
    form.fields["version"] = forms.IntegerField(
        required=False, widget=forms.HiddenInput, initial=draft.version if draft else None
    )
    return form_page(
        request,
        form,
        verb,
        heading=heading,
        back=home(row),
        template=template,
        submit=_("保存草稿"),
        said=_("草稿已保存，还没有发布。"),
        crumbs=[(reverse("guidance:guides"), Guide._meta.verbose_name), (home(row), row)],
        **more,
    )


@login_required
def texts(request: Request, pk: int) -> HttpResponseBase:
    """The texts, all of them, in the order in which people meet them."""
    row = find(request, pk, WRITE)
    form = TextsForm(document_in(written(row)), **posted(request))
    return _form(
        request,
        row,
        form,
        lambda data: verbs.save_texts(
            actor=request.actor, guide=row, texts=form.changed(), version=data["version"]
        ),
        _("改文字"),
        "guidance/texts.html",
    )


@login_required
def numbers(request: Request, pk: int) -> HttpResponseBase:
    """The numbers with their days and sources."""
    row = find(request, pk, WRITE)
    document = document_in(written(row))
    form = NumbersForm(document, **posted(request))
    return _form(
        request,
        row,
        form,
        lambda data: verbs.save_document(
            actor=request.actor,
            guide=row,
            document={**as_json(document), "parameters": form.parameters()},
            version=data["version"],
        ),
        _("改数"),
        "guidance/numbers.html",
    )


@login_required
def cases(request: Request, pk: int) -> HttpResponseBase:
    """The table of cases."""
    row = find(request, pk, WRITE)
    document = document_in(written(row))
    form = CasesForm(initial={"table": table_of(document)}, **posted(request))
    return _form(
        request,
        row,
        form,
        lambda data: verbs.save_document(
            actor=request.actor,
            guide=row,
            document={**as_json(document), "cases": cases_of(document, data["table"])},
            version=data["version"],
        ),
        _("改用例"),
    )


@login_required
def document(request: Request, pk: int) -> HttpResponseBase:
    """The whole document: rules and questions too. Where a guide has none, it begins here."""
    row = find(request, pk, WRITE)
    found = verbs.draft_of(row) or verbs.newest(row)
    start = as_json(document_in(found)) if found else {}
    text = json.dumps(start, ensure_ascii=False, indent=2)
    form = DocumentForm(initial={"document": text}, **posted(request))
    return _form(
        request,
        row,
        form,
        lambda data: verbs.save_document(actor=request.actor, guide=row, **data),
        _("改规则"),
    )


@login_required
def preview(request: Request, pk: int) -> HttpResponseBase:
    """The draft as people will meet it; nothing is kept of what is answered."""
    row = find(request, pk, WRITE)
    edition = written(row)
    document, state = document_in(edition), answering.State(edition.pk, {})
    fault = ""
    if request.method == "POST":
        state = answering.opened(request.POST.get("state", "")) or state
        try:
            state = answering.answered(document, state, request.POST)
        except UserError as refused:
            fault = str(refused)
    if "restart" in request.POST:
        state = answering.State(edition.pk, {})
    found = evaluate(document, answering.answers_in(document, state), today())
    changing = document.question(request.POST.get("change", ""))
    context = telling.step(shown(edition), found, changing or found.asking)
    context |= {
        "state": state.sealed(),
        "fault": fault,
        "begun": bool(state.answers),
        "preview": row,
    }
    template = "guidance/question.html" if context["asking"] else "guidance/outcome.html"
    return show(request, template, context)


def _guide_of(request: Request, pk: int) -> dict[str, Any]:
    return {"guide": find(request, pk, WRITE)}


def _version(row: Guide) -> int | None:
    draft = verbs.draft_of(row)
    return draft.version if draft else None


publish = page_of(
    verbs.publish_draft,
    find=lambda request, pk: _guide_of(request, pk),
    heading=lambda given: gettext("发布：%(guide)s") % {"guide": given["guide"]},
    back=lambda given: home(given["guide"]),
    initial=lambda request, given: {"version": _version(given["guide"])},
    submit=_("发布"),
    note=_("发布前会跑一遍全部用例。发布后，新来的人看到新的一版；正在回答的人仍按旧的一版答完。"),
    said=_("已发布。"),
)
review = page_of(
    verbs.review_guide,
    find=lambda request, pk: _guide_of(request, pk),
    initial=lambda request, given: {"on": today()},
    heading=lambda given: gettext("复核：%(guide)s") % {"guide": given["guide"]},
    back=lambda given: home(given["guide"]),
    note=_("对照依据的原文看一遍：规则、数、日期、文字都还对，就记下复核日期。"),
    said=_("已记下。"),
)


def _edition_of(request: Request, pk: int) -> dict[str, Any]:
    rows = Edition.objects.select_related("guide__unit")
    found = get_object_or_404(rows, pk=pk)
    request.actor.require(WRITE, found.path)
    return {"edition": found}


withdraw = page_of(
    verbs.withdraw_edition,
    find=lambda request, pk: _edition_of(request, pk),
    heading=lambda given: gettext("撤回：%(edition)s") % {"edition": given["edition"]},
    back=lambda given: home(given["edition"].guide),
    submit=_("撤回"),
    note=_("这一版有错时用。撤回后公众看到前一版；没有前一版，就暂时没有这份指引。"),
    said=_("已撤回。"),
)


@login_required
@require_POST
def discard(request: Request, pk: int) -> HttpResponseBase:
    """Throws the draft away."""
    row = find(request, pk, WRITE)
    verbs.discard_draft(actor=request.actor, guide=row)
    messages.success(request, _("草稿已丢弃。"))
    return redirect(home(row))


@login_required
def card(request: Request, pk: int) -> HttpResponseBase:
    """The guide as clean HTML for an article of a public account."""
    row = find(request, pk, VIEW)
    found = of_key(row.key)
    html = render_to_string("guidance/card_html.html", telling.card(found, today()))
    return show(request, "guidance/card.html", {"record": row, "html": html.strip()})


class InstallForm(forms.Form):
    """Which shipped guide, and whose."""

    def __init__(self, units: Any, **options: Any) -> None:
        super().__init__(**options)
        there = set(Guide.objects.values_list("key", flat=True))
        keys = [key for key in verbs.SHIPPED if key not in there]
        choices = [(key, verbs.shipped(key).said("title")) for key in keys]
        self.fields["key"] = forms.ChoiceField(label=_("指引"), choices=choices)
        names = [(one.pk, one.name) for one in units]
        self.fields["unit"] = forms.ChoiceField(label=_("单位"), choices=names)


@login_required
def install(request: Request) -> HttpResponseBase:
    """Takes a shipped guide over."""
    request.actor.require(WRITE)
    units = units_of(request.actor, WRITE).order_by("path")
    form = InstallForm(units, **posted(request))
    return form_page(
        request,
        form,
        lambda data: verbs.install(
            actor=request.actor, unit=Unit.objects.get(pk=data["unit"]), key=data["key"]
        ),
        heading=_("采用现成的指引"),
        back=reverse("guidance:guides"),
        done=home,
        said=_("已作为草稿放入。看过、改过，再发布。"),
    )
