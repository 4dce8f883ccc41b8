"""One page for every form that carries out a verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.forms import BaseForm
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise

from luodi.apps.scope.middleware import Request
from luodi.shell.forms import carry_out
from luodi.shell.pages import show

Text = str | Promise


def form_page(
    request: Request,
    form: BaseForm,
    verb: Callable[[dict[str, Any]], Any],
    *,
    heading: Text,
    back: str,
    note: Text = "",
    submit: Text = "",
    done: Callable[[Any], str] | None = None,
) -> HttpResponseBase:
    """Shows the form; carries out the verb, then goes to `done(result)` or back."""
    status = 200
    if request.method == "POST":
        result = carry_out(request, form, verb)
        if result is not None:
            return redirect(done(result) if done else back)
        status = 422
    context = {"form": form, "heading": heading, "back": back, "note": note, "submit": submit}
    return show(request, "programmes/form.html", context, status=status)


def bound(request: Request) -> dict[str, Any]:
    """What a form is bound to: what was posted, or nothing."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}
