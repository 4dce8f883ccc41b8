"""A published report's article for a public account: its pictures chosen, seen, copied, downloaded."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from luodi.ground.scope.api import Request
from luodi.lib.errors import UserError
from luodi.rooms.reports import api
from luodi.rooms.reports.exports.article import CHARACTERS, PICTURE_BYTES, SENT_BYTES
from luodi.rooms.reports.forms import PicturesForm
from luodi.rooms.reports.views.reports import viewed
from luodi.shell.pages import show

# the article has styles in it, as the platform wants them; it has nothing else, and no script
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
)


@login_required
def article(request: Request, pk: int) -> HttpResponseBase:
    """The page on which the article is put together."""
    report = viewed(request, pk, published=True)
    form = PicturesForm(request.GET, actor=request.actor, report=report)
    status, told = 200 if form.is_valid() else 422, ""
    if status == 200 and request.GET.get("format") == "zip":
        try:
            stream = api.article_zip(actor=request.actor, report=report, **form.cleaned_data)
            return FileResponse(stream, as_attachment=True, filename=f"{report.title}.zip")
        except UserError as problem:
            if problem.status != 422:
                raise
            status, told = 422, str(problem)
    query = request.GET.copy()
    query.pop("format", None)
    context = {
        "report": report,
        "heading": _("公众号文章"),
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
    report = viewed(request, pk, published=True)
    form = PicturesForm(request.GET, actor=request.actor, report=report)
    if not form.is_valid():
        raise Http404
    try:
        pictures = api.pictures_of(actor=request.actor, report=report, **form.cleaned_data)
        html = api.article(report.sealed["document"], pictures, lambda one: one.data)
        response = HttpResponse(html)
    except UserError as problem:
        if problem.status != 422:
            raise
        response = HttpResponse(str(problem), status=422, content_type="text/plain; charset=utf-8")
    response["Content-Security-Policy"] = POLICY
    return response
