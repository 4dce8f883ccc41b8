"""What must be refused before anything is read, and what every answer must say."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from luodi.shell.views import refusal

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ContentPolicy:
    """Tells browsers to run and show only what this site itself serves."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", settings.CONTENT_POLICY)
        return response


class NotKept:
    """Tells browsers and proxies to keep no answer that was made for somebody.

    On an office's shared computer, Back after signing out must not show a colleague's page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES or "Authorization" in request.headers:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class ClientAddress:
    """Behind `PROXIES` proxies of the site's own, the client's address is what they say it is.

    Each adds the address that it was called from to the right of X-Forwarded-For; what stands
    further to the left is the client's own claim. Without proxies the header is not believed.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chain = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",")]
        if 0 < settings.PROXIES <= len(chain):
            with suppress(ValueError):
                address = ipaddress.ip_address(chain[-settings.PROXIES])
                request.META["REMOTE_ADDR"] = str(address)
        return self.get_response(request)


class NoNul:
    """An address with a NUL in it leads nowhere: the database has no text that holds one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "\0" in request.path:
            return refusal(request, 404, _("没有这一页，或者您没有查看它的权限。"))
        return self.get_response(request)


class UploadLimit:
    """Refuses a body larger than `UPLOAD_LIMIT_BYTES` by its announced length, unread.

    A body that does not announce its length is refused too: it could only be measured by reading.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method in {"GET", "HEAD"}:
            return self.get_response(request)
        if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
            return _unread(request, 411, _("请求没有说明内容的长度，没有接收。"))
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.UPLOAD_LIMIT_BYTES:
            limit = settings.UPLOAD_LIMIT_BYTES // (1024 * 1024)
            message = _("上传内容超过 %(limit)s MB，没有接收。请压缩或拆分后再传。")
            return _unread(request, 413, message % {"limit": limit})
        return self.get_response(request)


def _unread(request: HttpRequest, status: int, message: str) -> HttpResponse:
    response = refusal(request, status, message)
    response["Connection"] = "close"  # what was sent is never read
    return response
