"""The pages for what went wrong."""

from __future__ import annotations

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from luodi.shell.rest import PROBLEM, problem


def refusal(request: HttpRequest, status: int, title: str) -> HttpResponse:
    """A sentence that says what is wrong: as a page, or over REST as JSON."""
    if request.path.startswith("/api/"):
        return JsonResponse(problem(status, title), status=status, content_type=PROBLEM)
    return render(request, "error.html", {"title": title}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return refusal(request, 413, too_much())
    return refusal(request, 400, _("这个请求看不懂，请返回上一页重试。"))


def too_much() -> str:
    """What to say of a form or a body that holds more than anybody writes."""
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // (1024 * 1024)
    return _("填写的内容太多（文字最多 %(most)s MB），没有写入。长的材料请作为附件上传。") % {
        "most": most
    }


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, 403, str(exception) or _("您没有查看这一页的权限。"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return refusal(request, 404, _("没有这一页，或者您没有查看它的权限。"))


def closed(request: HttpRequest) -> HttpResponse:
    """An address of a library that this product does not offer."""
    raise Http404


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while the database cannot be reached: a replica may be taking over."""
    # nothing here may ask the database: it may be what failed
    away = isinstance(sys.exc_info()[1], InterfaceError | OperationalError)
    title = (
        _("数据库暂时连不上。请稍后重新提交，同一次填写不会写入两次。")
        if away
        else _("系统出错了，您填写的内容没有写入。请稍后重试。")
    )
    response: HttpResponse
    if request.path.startswith("/api/"):
        response = JsonResponse(problem(503 if away else 500, title), content_type=PROBLEM)
    else:
        response = HttpResponse(render_to_string("500.html", {"title": title}))
    response.status_code = 503 if away else 500
    if away:
        response["Retry-After"] = "5"
    return response
