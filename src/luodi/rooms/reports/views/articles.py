"""A published report's article for a public account: its pictures chosen, seen, copied, downloaded."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from luodi.ground.scope.api import Actor
from luodi.ground.scope.middleware import Request
from luodi.lib.errors import UserError
from luodi.rooms.reports import api
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.outputs.article import CHARACTERS, PICTURE_BYTES, SENT_BYTES, Picture
from luodi.rooms.reports.outputs.illustrated import known_at
from luodi.rooms.reports.views.reports import found
from luodi.shell.pages import show

# the article has styles in it, as the platform wants them; it has nothing else, and no script
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)


class PicturesForm(forms.Form):
    """Which charts and which evidence pictures go into the article."""

    charts = forms.TypedMultipleChoiceField(
        label=_("变化图（近十二个月，签发时的记录）"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    evidence = forms.TypedMultipleChoiceField(
        label=_("佐证照片"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("文章是给所有人看的：请确认照片可以公开。放进文章会记入审计。"),
    )

    def __init__(self, data: Any, *, actor: Actor, report: Report) -> None:
        super().__init__(data)
        charts = [(one.place, one.label) for one in api.charts_of(report)]
        self.fields["charts"].choices = charts  # type: ignore[attr-defined]
        if report.published_at and known_at(report) is None:
            self.fields["charts"].label = _("变化图（近十二个月，按现在的记录：签发早于系统启用）")
        evidence = [
            (one.place, f"{one.label}（{filesizeformat(one.size)}）")
            for one in api.evidence_of(report)
        ]
        if evidence and actor.may("reports.publish", report.unit.path):
            self.fields["evidence"].choices = evidence  # type: ignore[attr-defined]
        else:
            del self.fields["evidence"]


def _published(request: Request, pk: int) -> Report:
    report = found(pk)
    request.actor.require("reports.view", report.unit.path)
    if report.is_draft:
        raise Http404
    return report


@login_required
def article(request: Request, pk: int) -> HttpResponseBase:
    """The page on which the article is put together."""
    report = _published(request, pk)
    form = PicturesForm(request.GET, actor=request.actor, report=report)
    status, told = 200, ""
    if not form.is_valid():
        status = 422
    elif request.GET.get("format") == "zip":
        try:
            stream = api.article_zip(actor=request.actor, report=report, **form.cleaned_data)
        except UserError as problem:
            if problem.status != 422:
                raise
            status, told = 422, str(problem)
        else:
            return FileResponse(stream, as_attachment=True, filename=f"{report.title}.zip")
    query = request.GET.copy()
    query.pop("format", None)
    context = {
        "report": report,
        "form": form,
        "told": told,
        "query": query.urlencode(),
        "characters": CHARACTERS,
        "by_hand": PICTURE_BYTES.most // 2**20,
        "by_program": SENT_BYTES.most // 2**20,
    }
    return show(request, "reports/article.html", context, status=status)


@login_required
@xframe_options_sameorigin
def shown(request: Request, pk: int) -> HttpResponse:
    """The article itself, its pictures in it as data: what is seen, and what is copied."""
    report = _published(request, pk)
    form = PicturesForm(request.GET, actor=request.actor, report=report)
    if not form.is_valid():
        raise Http404
    try:
        pictures = api.pictures_of(actor=request.actor, report=report, **form.cleaned_data)
        html, status = api.article(report.sealed["document"], pictures, _data), 200
    except UserError as problem:
        if problem.status != 422:
            raise
        html, status = str(problem), 422
    kind = "text/html" if status == 200 else "text/plain"
    response = HttpResponse(html, status=status, content_type=f"{kind}; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    return response


def _data(picture: Picture) -> str:
    return picture.data
