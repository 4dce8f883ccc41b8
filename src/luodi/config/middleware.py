"""What must be refused before anything is read."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class UploadLimit:
    """Refuses a body larger than `UPLOAD_LIMIT_BYTES` by its announced length, unread."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"}:
            return self.get_response(request)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.UPLOAD_LIMIT_BYTES:
            limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
            message = _("上传内容超过 %(limit)s MB，没有接收。请压缩或拆分后再传。") % {
                "limit": limit
            }
            response = render(request, "error.html", {"title": message}, status=413)
            response["Connection"] = "close"
            return response
        return self.get_response(request)
