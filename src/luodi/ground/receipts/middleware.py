"""Idempotency of every write, at one place for pages and REST.

A form carries a hidden `_once`, a REST client sends `Idempotency-Key`: a UUID made once for what is
meant to happen once. It works inside the request's transaction: the key and what the verb wrote are
committed together, and a second request with the key waits for the first, then gets its answer.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from luodi.ground.receipts.models import Receipt
from luodi.shell.views import refusal

GetResponse = Callable[[HttpRequest], HttpResponseBase]
KEEP = {"POST", "PUT", "PATCH", "DELETE"}


class OnceMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in KEEP or request.path.startswith("/accounts/"):
            return self.get_response(request)
        try:
            key = _key(request)
        except ValueError:
            return refusal(request, 400, _("提交编号（Idempotency-Key）必须是 UUID。"))
        if key is None:
            return self.get_response(request)
        account_id = request.actor.account_id  # type: ignore[attr-defined]
        receipt, mine = _claim(account_id, key, _digest(request))
        if not mine:
            return _replay(request, receipt)
        response = self.get_response(request)
        if response.status_code >= 500 or getattr(request, "must_roll_back", False):
            return response  # the receipt is rolled back with the rest
        if response.status_code < 400 and _is_final(response):
            _keep(receipt, response)
        else:  # a form that came back with its errors: nothing was done, the key stays free
            receipt.delete()
        return response


def _key(request: HttpRequest) -> uuid.UUID | None:
    given = request.headers.get("Idempotency-Key") or (
        "" if request.path.startswith("/api/") else request.POST.get("_once", "")
    )
    return uuid.UUID(given) if given else None


def _digest(request: HttpRequest) -> str:
    body = (
        repr(sorted((k, v) for k, v in request.POST.lists() if k != "csrfmiddlewaretoken")).encode()
        if request.POST
        else (b"" if request.content_type == "multipart/form-data" else request.body)
    )
    whole = hashlib.sha256(f"{request.method} {request.path}\n".encode() + body)
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            whole.update(f"\n{name}\n{file.name}\n{file.size}\n".encode())
            for chunk in file.chunks():
                whole.update(chunk)
            file.seek(0)
    return whole.hexdigest()


def _claim(account_id: int, key: uuid.UUID, digest: str) -> tuple[Receipt, bool]:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO receipts_receipt (account_id, key, request, location, body, content_type, at)"
            " VALUES (%s, %s, %s, '', '', '', now()) ON CONFLICT DO NOTHING RETURNING id",
            [account_id, key, digest],
        )
        claimed = cursor.fetchone()
    if claimed:
        return Receipt(pk=claimed[0], account_id=account_id, key=key, request=digest), True
    return Receipt.objects.get(account_id=account_id, key=key), False


def _is_final(response: HttpResponseBase) -> bool:
    if response.streaming:  # a file is made anew: an answer without it would be an empty one
        return False
    if "no-store" in response.headers.get("Cache-Control", ""):  # not to be kept anywhere
        return False
    redirected = 300 <= response.status_code < 400 or "HX-Redirect" in response.headers
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return redirected or is_json or response.status_code == 204


def _keep(receipt: Receipt, response: HttpResponseBase) -> None:
    location = response.headers.get("HX-Redirect") or response.headers.get("Location", "")
    content_type = response.headers.get("Content-Type", "")
    body: bytes = response.content  # type: ignore[attr-defined]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE receipts_receipt SET status = %s, location = %s, content_type = %s, body = %s"
            " WHERE id = %s",
            [response.status_code, location, content_type, body, receipt.pk],
        )


def _replay(request: HttpRequest, receipt: Receipt) -> HttpResponseBase:
    if receipt.request != _digest(request):
        message = _("这份表单已经提交过，这次的内容和那次不同，没有写入。请打开新的一页再填。")
        if request.path.startswith("/api/"):
            message = _("这个提交编号已用于另一项内容。")
        return refusal(request, 422, message)
    response = HttpResponse(
        bytes(receipt.body), status=receipt.status or 200, content_type=receipt.content_type
    )
    if receipt.location:
        response["Location"] = receipt.location
        if request.headers.get("HX-Request"):
            response["HX-Redirect"] = receipt.location
            response.status_code = 204
    response["Idempotent-Replay"] = "true"
    return response
