"""The REST interface: each app's router under one address, one way of signing in, of refusing.

A service account sends `Authorization: Bearer <token>`; the middleware has found who that is and
opened the transaction in which the database shows its rows. Writes may carry `Idempotency-Key`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import (
    ObjectDoesNotExist,
    RequestDataTooBig,
    TooManyFieldsSent,
)
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.docs import Swagger

from luodi import __version__
from luodi.ground.records.api import resources_of, router_of
from luodi.ground.scope.middleware import roll_back
from luodi.lib.errors import Stale, UserError
from luodi.lib.sentences import SentenceError
from luodi.manifest import brought, module_of
from luodi.shell.cells import text_of
from luodi.shell.rest import ADDRESS, PROBLEM, problem, understood
from luodi.shell.views import too_much

View = Callable[..., HttpResponse]


def known(request: HttpRequest) -> int | None:
    """The account that asks; None (401) for nobody. A browser's session counts for reading only."""
    actor = request.actor  # type: ignore[attr-defined]
    by_token = request.headers.get("Authorization", "").startswith("Bearer ")
    if actor.account_id and (by_token or request.method in {"GET", "HEAD"}):
        return int(actor.account_id)
    return None


def described(view: View) -> View:
    """Who is known reads the description: a person signed in, or a program with its token."""

    def guarded(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
        if known(request):
            return view(request, *args, **keys)
        if request.headers.get("Authorization") or request.path.endswith(".json"):
            return unknown(request, AuthenticationError())
        return redirect_to_login(request.get_full_path())

    return guarded


class Api(NinjaAPI):
    def create_response(self, request: HttpRequest, data: Any, **rest: Any) -> HttpResponse:
        """The answer, with the address of what was made (see `shell.rest.created`)."""
        response = super().create_response(request, data, **rest)
        if made_at := getattr(request, "made_at", ""):
            response["Location"] = ADDRESS + made_at
        return response


api = Api(
    title="Luodi 落地",
    version=__version__,
    description=__doc__ or "",
    auth=known,
    docs=Swagger(),
    docs_decorator=described,
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
)
api.add_decorator(understood, mode="operation")
for _config, _manifest in brought():
    if _rest := module_of(_config, "rest"):
        api.add_router("", _rest.router)
    for _declared in resources_of(_manifest):
        api.add_router("", router_of(_declared))


def told(request: HttpRequest, status: int, detail: str, **more: object) -> HttpResponse:
    """A refusal, in the one form."""
    response = api.create_response(request, problem(status, detail, **more), status=status)
    response["Content-Type"] = PROBLEM
    return response


@api.exception_handler(UserError)
def refused(request: HttpRequest, refusal: UserError) -> HttpResponse:
    """What a verb refused: the sentence, the field it concerns, what it is now if it is stale."""
    roll_back(request)
    more: dict[str, object] = {"field": refusal.field} if refusal.field else {}
    if isinstance(refusal, Stale):
        more["theirs"] = {key: str(text_of(value)) for key, value in refusal.theirs.items()}
    return told(request, refusal.status, str(refusal), **more)


@api.exception_handler(SentenceError)
def senseless(request: HttpRequest, refusal: SentenceError) -> HttpResponse:
    """A value that a reader of codes, dates or quantities refused, in its own words."""
    roll_back(request)
    sentence = refusal.en if (get_language() or "").startswith("en") else refusal.zh
    return told(request, 422, sentence)


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
def oversized(request: HttpRequest, fault: Exception) -> HttpResponse:
    """More than anybody writes: it was not read."""
    return told(request, 413, too_much())


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Nobody that may: no token, one that has ended, or a browser's session that would write."""
    return told(request, 401, _("请带上有效的接口令牌（Authorization: Bearer）。"))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, fault: HttpError) -> HttpResponse:
    """A body that is no JSON."""
    return told(request, fault.status_code, _("请求的内容不是正确的 JSON。"))


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    """A body or an address that is not what the operation takes: the first fault, then all."""
    faults = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "message": str(one["msg"])}
        for one in fault.errors
    ]
    field = faults[0]["field"].split(".")[-1]
    detail = _("“%(field)s”的内容不符合要求：%(why)s") % {
        "field": field,
        "why": faults[0]["message"],
    }
    return told(request, 422, detail, field=field, faults=faults)


@api.exception_handler(ObjectDoesNotExist)
def missing(request: HttpRequest, fault: ObjectDoesNotExist) -> HttpResponse:
    """What is not there and what one may not see look alike."""
    roll_back(request)
    return told(request, 404, _("没有这条记录，或您无权查看。"))


@api.exception_handler(DataError)
@api.exception_handler(IntegrityError)
def impossible(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A value the database cannot hold: a number past its range, a character it does not take."""
    roll_back(request)
    return told(request, 422, _("有一个值超出了允许的范围。"))


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
def away(request: HttpRequest, problem: Exception) -> HttpResponse:
    """The database cannot be reached, or not in time: the same request may be sent again soon."""
    roll_back(request)
    logging.getLogger("django.request").error("%s: %s", request.path, type(problem).__name__)
    answer = {"detail": _("数据库暂时连不上。请稍后重新提交，同一次填写不会写入两次。")}
    response = api.create_response(request, answer, status=503)
    response["Retry-After"] = "5"
    return response


@api.exception_handler(Exception)
def failed(request: HttpRequest, fault: Exception) -> HttpResponse:
    """A fault of ours: logged, and told in the interface's own format. Nothing is kept."""
    logging.getLogger("django.request").error("%s", request.path, exc_info=fault)
    return told(request, 500, _("系统出错了，您填写的内容没有写入。请稍后重试。"))
