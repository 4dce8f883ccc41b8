"""One page for every form that carries out a verb."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpResponse
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
    submit: Text = "",
    note: Text = "",
    done: Callable[[Any], str] | None = None,
    said: Text = "",
) -> HttpResponseBase:
    """Shows the form, carries out the verb, goes on to `done(result)`, or back to `back`."""
    if request.method == "POST":
        result = carry_out(request, form, verb)
        if result is not None:
            if said:
                messages.success(request, str(said))
            return redirect(done(result) if done else back)
    context = {"form": form, "heading": heading, "submit": submit, "back": back, "note": note}
    status = 422 if request.method == "POST" else 200
    page: HttpResponse = show(request, "directory/form.html", context, status=status)
    return page


def posted(request: Request) -> Any:
    """What a form is bound to."""
    return request.POST if request.method == "POST" else None
