"""My own account."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext, override

from luodi.ground.scope.api import Account, choose_language
from luodi.ground.scope.forms import LanguageForm
from luodi.ground.scope.middleware import Request
from luodi.ground.scope.sessions import end, kept, sessions_of
from luodi.shell.forms import carry_out
from luodi.shell.pages import show
from luodi.shell.parts import filled_parts


@login_required
def me(request: Request) -> HttpResponse:
    """Who I am here, my roles, how I sign in; POST keeps the language."""
    account = Account.objects.get(pk=request.actor.account_id)
    form = LanguageForm(request.POST or None, initial={"language": account.language})
    if request.method == "POST" and carry_out(
        request, form, lambda data: choose_language(actor=request.actor, **data)
    ):
        with override(form.cleaned_data["language"]):
            messages.success(request, gettext("语言已保存。"))
        return redirect("scope:me")
    context = {
        "account": account,
        "form": form,
        "roles": account.roles.select_related("unit").order_by("-valid"),
        "second_factor": is_mfa_enabled(account),
        "sessions": sessions_of(account.pk).count(),
        "parts": filled_parts(request, "account_page"),
    }
    return show(request, "scope/me.html", context, status=422 if form.errors else 200)


@login_required
def sessions(request: Request) -> HttpResponse:
    """Where I am signed in; POST ends `which`, or all but this one."""
    found, current = sessions_of(request.actor.account_id), kept(request.session.session_key)
    if request.method == "POST":
        which = request.POST.get("which", "")
        chosen = found.filter(pk=int(which)) if which.isdigit() and len(which) < 19 else found
        ended = end(chosen.exclude(session_key=current))
        messages.success(
            request, ngettext("已退出%(n)s处登录。", "已退出%(n)s处登录。", ended) % {"n": ended}
        )
        return redirect("scope:sessions")
    context = {"sessions": found, "current": current}
    return show(request, "scope/sessions.html", context)
