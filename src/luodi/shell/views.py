"""The pages for what went wrong."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def _error(request: HttpRequest, status: int, title: str) -> HttpResponse:
    return render(request, "error.html", {"title": title}, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, _("这个请求看不懂，请返回上一页重试。"))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, str(exception) or _("您没有查看这一页的权限。"))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, _("没有这一页，或者您没有查看它的权限。"))


def closed(request: HttpRequest) -> HttpResponse:
    """An address of a library that this product does not offer."""
    raise Http404


def server_error(request: HttpRequest) -> HttpResponse:
    # nothing here may ask the database: it may be what failed
    title = _("系统出错了，您填写的内容没有写入。请稍后重试。")
    return HttpResponse(render_to_string("500.html", {"title": title}), status=500)
