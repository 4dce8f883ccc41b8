"""The REST interface: each app's router under one address, one way of signing in, of refusing.

A service account sends `Authorization: Bearer <token>`; the middleware has found who that is and
opened the transaction in which the database shows its rows. Writes may carry `Idempotency-Key`.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib.auth.decorators import login_required
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
from luodi.ground.records.operations import router_of
from luodi.ground.records.resource import resources_of
from luodi.ground.scope.middleware import roll_back
from luodi.lib.errors import Stale, UserError
from luodi.lib.sentences import SentenceError
from luodi.manifest import brought, module_of
from luodi.shell.cells import text_of
from luodi.shell.views import too_much


def known(request: HttpRequest) -> int | None:
    """The account that asks; None (401) for nobody. A browser's session counts for reading only."""
    actor = request.actor  # type: ignore[attr-defined]
    by_token = request.headers.get("Authorization", "").startswith("Bearer ")
    if actor.account_id and (by_token or request.method in {"GET", "HEAD"}):
        return int(actor.account_id)
    return None


BASE = "/api"


class Api(NinjaAPI):
    def create_response(self, request: HttpRequest, data: Any, **rest: Any) -> HttpResponse:
        """The answer, with the address of what was made (see `shell.rest.created`)."""
        response = super().create_response(request, data, **rest)
        if made_at := getattr(request, "made_at", ""):
            response["Location"] = BASE + made_at
        return response


api = Api(
    title="Luodi 落地",
    version=__version__,
    description=__doc__ or "",
    auth=known,
    docs=Swagger(),
    docs_decorator=login_required,
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
)
for _config, _manifest in brought():
    if _rest := module_of(_config, "rest"):
        api.add_router("", _rest.router)
    for _declared in resources_of(_manifest):
        api.add_router("", router_of(_declared))


@api.exception_handler(UserError)
def refused(request: HttpRequest, problem: UserError) -> HttpResponse:
    """What a verb refused: the sentence, the field it concerns, what it is now if it is stale."""
    roll_back(request)
    answer: dict[str, object] = {"detail": str(problem)}
    if problem.field:
        answer["field"] = problem.field
    if isinstance(problem, Stale):
        answer["theirs"] = {key: str(text_of(value)) for key, value in problem.theirs.items()}
    return api.create_response(request, answer, status=problem.status)


@api.exception_handler(SentenceError)
def senseless(request: HttpRequest, problem: SentenceError) -> HttpResponse:
    """A value that a reader of codes, dates or quantities refused, in its own words."""
    roll_back(request)
    sentence = problem.en if (get_language() or "").startswith("en") else problem.zh
    return api.create_response(request, {"detail": sentence}, status=422)


@api.exception_handler(RequestDataTooBig)
@api.exception_handler(TooManyFieldsSent)
def oversized(request: HttpRequest, problem: Exception) -> HttpResponse:
    """More than anybody writes: it was not read."""
    return api.create_response(request, {"detail": too_much()}, status=413)


@api.exception_handler(AuthenticationError)
def unknown(request: HttpRequest, problem: Exception) -> HttpResponse:
    """Nobody that may: no token, one that has ended, or a browser's session that would write."""
    return api.create_response(
        request, {"detail": _("请带上有效的接口令牌（Authorization: Bearer）。")}, status=401
    )


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, problem: HttpError) -> HttpResponse:
    """A body that is no JSON."""
    return api.create_response(
        request, {"detail": _("请求的内容不是正确的 JSON。")}, status=problem.status_code
    )


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, problem: ValidationError) -> HttpResponse:
    """A body or an address that is not what the operation takes: the first fault, then all."""
    faults = [
        {"field": ".".join(str(part) for part in one["loc"][1:]), "message": str(one["msg"])}
        for one in problem.errors
    ]
    field = faults[0]["field"].split(".")[-1]
    detail = _("“%(field)s”的内容不符合要求：%(why)s") % {
        "field": field,
        "why": faults[0]["message"],
    }
    answer = {"detail": detail, "field": field, "faults": faults}
    return api.create_response(request, answer, status=422)


@api.exception_handler(ObjectDoesNotExist)
def missing(request: HttpRequest, problem: ObjectDoesNotExist) -> HttpResponse:
    """What is not there and what one may not see look alike."""
    roll_back(request)
    return api.create_response(request, {"detail": _("没有这条记录，或您无权查看。")}, status=404)


@api.exception_handler(DataError)
@api.exception_handler(IntegrityError)
def impossible(request: HttpRequest, problem: Exception) -> HttpResponse:
    """A value the database cannot hold: a number past its range, a character it does not take."""
    roll_back(request)
    return api.create_response(request, {"detail": _("有一个值超出了允许的范围。")}, status=422)


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
def failed(request: HttpRequest, problem: Exception) -> HttpResponse:
    """A fault of ours: logged, and told in the interface's own format. Nothing is kept."""
    logging.getLogger("django.request").error("%s", request.path, exc_info=problem)
    answer = {"detail": _("系统出错了，您填写的内容没有写入。请稍后重试。")}
    return api.create_response(request, answer, status=500)
