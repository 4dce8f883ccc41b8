"""Signing in by a chat platform, binding, the vendor's callback, and the operator's pages."""

from __future__ import annotations

import contextlib
import secrets
import time
from typing import Any

from allauth.account.models import Login
from allauth.account.utils import perform_login
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from luodi.ground.chat import api
from luodi.ground.chat.callback import NotTheirs, cipher_in, pressed_in, verified
from luodi.ground.chat.checking import checks
from luodi.ground.chat.models import Binding, ChatApp, Told
from luodi.ground.chat.talking import identity_of, mark_pressed
from luodi.ground.chat.telling import press
from luodi.ground.chat.vendors import VENDORS
from luodi.ground.scope.api import Request
from luodi.lib.errors import UserError
from luodi.shell.forms import carry_out
from luodi.shell.pages import show

STATE, KNOWN = "chat-state", "chat-known"
LASTS, WAITS = 300, 600  # seconds: of a state, and of an identity that is to be bound


def _app(pk: int) -> ChatApp:
    found = ChatApp.objects.filter(pk=pk, is_active=True).first()
    if found is None:
        raise Http404
    return found


def _back(app: ChatApp) -> str:
    return settings.SITE_URL.rstrip("/") + reverse("chat:back", args=[app.pk])


def _next(request: HttpRequest, asked: str) -> str:
    """Where to go afterwards: within this site only."""
    fine = asked.startswith("/") and url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}
    )
    return asked if fine else reverse("home")


# --- signing in -------------------------------------------------------------------------------


@require_safe
@never_cache
def go_in(request: Request, pk: int) -> HttpResponse:
    """To the vendor, with a state that is this session's, once, for five minutes; who is signed in goes
    straight on."""
    app, after = _app(pk), _next(request, request.GET.get("next", ""))
    if request.user.is_authenticated and not request.GET.get("bind"):
        return redirect(after)
    state = secrets.token_urlsafe(24)
    request.session[STATE] = {"state": state, "app": pk, "at": int(time.time()), "next": after}
    vendor = VENDORS[app.vendor]
    inside = vendor.inside_mark in request.headers.get("User-Agent", "")
    return redirect(vendor.sign_in(app.keys, _back(app), state, inside))


@require_safe
@never_cache
def back(request: Request, pk: int) -> HttpResponse:
    """From the vendor: a known userid is signed in, and still shows its second factor where it has one;
    an unknown one is kept until its holder has signed in by password."""
    app, kept = _app(pk), request.session.pop(STATE, None) or {}
    given = request.GET.get("state", "")
    fresh = time.time() - kept.get("at", 0) < LASTS and kept.get("app") == pk
    if not fresh or not secrets.compare_digest(str(kept.get("state", "")).encode(), given.encode()):
        return _not_in(request, _("这次登录已经失效，请重新点一次。"))
    try:
        corp, userid = identity_of(app, request.GET.get("code", "")[:512], _back(app))
    except UserError as problem:
        return _not_in(request, str(problem))
    if request.user.is_authenticated:
        return _to_bind(request, pk, corp, userid)
    account = api.account_at(app, corp, userid)
    if account is None:
        messages.info(
            request,
            _("这个%(app)s账号还没有绑定。请用登录名和密码登录一次，登录后即可绑定。")
            % {"app": app},
        )
        return _to_bind(request, pk, corp, userid)
    login = Login(user=account, redirect_url=kept["next"])
    response: HttpResponse = perform_login(
        request, account, redirect_url=login.redirect_url, email_verification="none"
    )
    return response


def _not_in(request: Request, why: str) -> HttpResponse:
    messages.error(request, f"{why} {_('也可以用登录名和密码登录。')}")
    return redirect("home" if request.user.is_authenticated else "account_login")


def _to_bind(request: Request, pk: int, corp: str, userid: str) -> HttpResponse:
    request.session[KNOWN] = {"app": pk, "corp": corp, "userid": userid, "at": int(time.time())}
    if request.user.is_authenticated:
        return redirect("chat:mine")
    return redirect(f"{reverse('account_login')}?next={reverse('chat:mine')}")


@login_required
def mine(request: Request) -> HttpResponse:
    """Which chat accounts are mine; POST binds what was just shown to be, or ends one."""
    known = request.session.get(KNOWN) or {}
    if time.time() - known.get("at", 0) > WAITS:
        known = {}
    if request.method == "POST":
        pk = request.POST.get("app", "")
        app = _app(int(pk) if pk.isdecimal() and len(pk) < 19 else 0)
        try:
            if "end" in request.POST:
                api.unbind(actor=request.actor, app=app)
                messages.success(request, _("已解除绑定。"))
            elif known.get("app") == app.pk:
                api.bind(actor=request.actor, app=app, corp=known["corp"], userid=known["userid"])
                messages.success(request, _("已绑定。以后可以从%(app)s直接登录。") % {"app": app})
            else:
                messages.error(request, _("绑定已经失效，请从聊天平台重新进来一次。"))
        except UserError as problem:
            messages.error(request, str(problem))
        request.session.pop(KNOWN, None)
        return redirect("chat:mine")
    bound = {one.app_id: one for one in Binding.objects.filter(account_id=request.actor.account_id)}
    rows = [(app, bound.get(app.pk)) for app in api.living_apps()]
    return show(request, "chat/mine.html", {"rows": rows, "known": known})


# --- the vendor ------------------------------------------------------------------------------


@csrf_exempt
@never_cache
def called(request: HttpRequest, pk: int) -> HttpResponse:
    """The vendor's callback: proves the address (GET), or tells of a pressed button (POST)."""
    app, asked = _app(pk), request.GET
    signature, stamp, nonce = (
        asked.get(name, "") for name in ("msg_signature", "timestamp", "nonce")
    )
    try:
        if request.method == "GET":
            return HttpResponse(
                verified(app, signature, stamp, nonce, asked.get("echostr", "")),
                content_type="text/plain; charset=utf-8",
            )
        event = pressed_in(verified(app, signature, stamp, nonce, cipher_in(request.body)))
    except (NotTheirs, RawPostDataException):  # read as a form already: no XML of the vendor's
        return HttpResponse(status=403)
    if event is not None and event.task.startswith("luodi-"):
        number = event.task.removeprefix("luodi-")
        try:
            says = press(
                told=int(number) if number.isdecimal() and len(number) < 19 else 0,
                userid=event.userid,
                key=event.key,
            )
        except UserError as problem:
            says = str(problem)
        # what was done is done: a card that keeps its buttons says so when it is pressed again
        with contextlib.suppress(UserError):
            mark_pressed(app, event.userid, event.response, says)
    return HttpResponse("")


def proof(request: HttpRequest, name: str) -> HttpResponse:
    """The file by which a vendor knows that the domain is ours."""
    found = ChatApp.objects.filter(proof_name=name, is_active=True).exclude(proof_name="").first()
    if found is None:
        raise Http404
    return HttpResponse(found.proof_text, content_type="text/plain; charset=utf-8")


# --- the operator ----------------------------------------------------------------------------


class AppForm(forms.Form):
    """An app's keys; secrets are written, never shown."""

    vendor = forms.ChoiceField(
        label=gettext_lazy("平台"), choices=[(one.key, one.label) for one in VENDORS.values()]
    )
    corp = forms.CharField(label=gettext_lazy("企业 ID / AppKey / App ID"), max_length=80)
    agent = forms.RegexField(
        r"^\d{0,20}$", label="AgentId", required=False, help_text=gettext_lazy("飞书不填。")
    )
    secret = forms.CharField(
        label="Secret",
        required=False,
        max_length=200,
        widget=forms.PasswordInput,
        help_text=gettext_lazy("不填则保持不变。"),
    )
    token = forms.CharField(
        label=gettext_lazy("回调 Token"),
        required=False,
        max_length=64,
        widget=forms.PasswordInput,
        help_text=gettext_lazy("只有企业微信的按钮需要；不填则保持不变。"),
    )
    aes_key = forms.RegexField(
        r"^[A-Za-z0-9]{43}$",
        label=gettext_lazy("回调 EncodingAESKey"),
        required=False,
        widget=forms.PasswordInput,
        help_text=gettext_lazy("43位；不填则保持不变。"),
    )
    proof_name = forms.CharField(
        label=gettext_lazy("域名验证文件名"), required=False, max_length=80
    )
    proof_text = forms.CharField(
        label=gettext_lazy("域名验证文件内容"), required=False, max_length=200
    )
    is_active = forms.BooleanField(label=gettext_lazy("启用"), required=False, initial=True)


@login_required
def apps(request: Request) -> HttpResponse:
    """The site's apps, what was sent through them, and with what answer."""
    request.actor.require("chat.configure")
    rows = ChatApp.objects.order_by("vendor", "pk")
    told = Told.objects.select_related("binding__app", "account")[:50]
    return show(request, "chat/apps.html", {"rows": rows, "told": told})


@login_required
def app(request: Request, pk: int = 0) -> HttpResponseBase:
    """An app's keys, and whether it works: each check says what to do."""
    request.actor.require("chat.configure")
    found = ChatApp.objects.filter(pk=pk).first() if pk else None
    if pk and found is None:
        raise Http404
    initial = {
        name: getattr(found, name)
        for name in ("vendor", "corp", "agent", "proof_name", "proof_text", "is_active")
        if found
    }
    form = AppForm(request.POST or None, initial=initial)
    number = request.POST.get("version", "")
    version = int(number) if number.isdecimal() and len(number) < 10 else 0
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda data: api.keep_app(actor=request.actor, app=found, version=version, **data),
    ):
        messages.success(request, _("已保存。请接着检查一遍。"))
        return redirect("chat:apps")
    context: dict[str, Any] = {"form": form, "app": found}
    if found:
        context |= {
            "back": _back(found),
            "callback": settings.SITE_URL.rstrip("/") + reverse("chat:called", args=[found.pk]),
        }
    return show(request, "chat/app.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def check(request: Request, pk: int) -> HttpResponse:
    """The self-test: domain, file, address, token, one message to oneself."""
    request.actor.require("chat.configure")
    found = ChatApp.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    results = checks(found, request.actor)
    bad = sum(not one.good for one in results)
    return show(request, "chat/check.html", {"app": found, "results": results, "bad": bad})
