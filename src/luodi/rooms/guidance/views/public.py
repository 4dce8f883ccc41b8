"""Guides as the public meets them: no account, no cookie, no script needed, nothing remembered."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from luodi.ground.scope.api import today
from luodi.lib.errors import UserError
from luodi.rooms.guidance import answering, published, telling
from luodi.rooms.guidance.answering import State
from luodi.rooms.guidance.document import Question
from luodi.rooms.guidance.evaluating import evaluate
from luodi.rooms.guidance.published import Published

Page = Callable[..., HttpResponse]
KEPT_SECONDS = 300  # a page that is the same for everybody
LANGUAGES = {"zh": "zh-hans", "en": "en"}


def spoken(view: Page) -> Page:
    """The page in the language that its address asks for, so that no cookie has to say it; kept by
    browsers and proxies where it is the same for everybody."""

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
        asked = request.GET.get("lang", "")
        with translation.override(LANGUAGES.get(asked, translation.get_language())):
            response = view(request, *args, **keys)
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            if settings.SESSION_COOKIE_NAME not in request.COOKIES:
                response["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
        else:
            response["Cache-Control"] = "private, no-store"
        return response

    return page


def without_cookies(view: Page) -> Page:
    """Spares the token of a form, which needs a cookie, for who has no session that could be misused:
    what is answered here is written nowhere. Who is signed in sends it as everywhere."""
    guarded = csrf_protect(view)

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **keys: Any) -> HttpResponse:
        known = settings.SESSION_COOKIE_NAME in request.COOKIES
        return (guarded if known else view)(request, *args, **keys)

    return csrf_exempt(page)


@require_safe
@spoken
def offered(request: HttpRequest) -> HttpResponse:
    """The guides there are; those of former rules below, and called so."""
    guides = published.current()
    context = {
        "guides": [one for one in guides if one.standing != "ended"],
        "historic": [one for one in guides if one.standing == "ended"],
    }
    return render(request, "guidance/offered.html", context)


@require_safe
@spoken
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The whole guide on paper: every rule with its source, for who has no phone at hand."""
    found = published.of_key(key)
    return render(request, "guidance/paper.html", telling.whole(found, today()))


@without_cookies
@sensitive_post_parameters()
@spoken
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """One question, or what comes out. A page that is asked for begins; a form that is sent goes on."""
    now = published.of_key(key)
    if request.method != "POST":
        return _step(request, now, State(now.edition, {}))
    try:
        answering.admit(request)
    except answering.TooOften as refused:
        return _step(request, now, State(now.edition, {}), fault=str(refused), status=429)
    state = answering.opened(request.POST.get("state", ""))
    if state is None:
        words = _("这一页放得太久，请从头再答一次。")
        return _step(request, now, State(now.edition, {}), fault=words, status=422)
    if "restart" in request.POST:
        return _step(request, now, State(now.edition, {}))
    pinned = published.of_edition(key, state.edition)
    if pinned is None:
        words = _("您开始时的那一版指引已经撤回，请按新的一版再答一次。")
        return _step(request, now, State(now.edition, {}), fault=words)
    document = pinned.document
    question = document.question(request.POST.get("q", ""))
    try:
        state = answering.answered(document, state, request.POST)
    except UserError as refused:
        typed = request.POST.get("a", "")
        return _step(
            request, pinned, state, question, fault=str(refused), typed=typed, status=422, newer=now
        )
    changing = document.question(request.POST.get("change", ""))
    return _step(request, pinned, state, changing, newer=now)


def _step(
    request: HttpRequest,
    guide: Published,
    state: State,
    asking: Question | None = None,
    *,
    fault: str = "",
    typed: str = "",
    status: int = 200,
    newer: Published | None = None,
) -> HttpResponse:
    """The page of a question (the next, or the one that is answered anew), or of the outcome."""
    answers = answering.answers_in(guide.document, state)
    found = evaluate(guide.document, answers, today())
    context = telling.step(guide, found, asking or found.asking)
    context |= {
        "state": state.sealed(),
        "fault": fault,
        "typed": typed,
        "newer": newer if newer and newer.edition != guide.edition else None,
        "begun": bool(state.answers),
        "known": settings.SESSION_COOKIE_NAME in request.COOKIES,
    }
    template = "guidance/question.html" if context["asking"] else "guidance/outcome.html"
    return render(request, template, context, status=status)
