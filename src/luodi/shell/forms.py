"""From a filled form to a verb, and back to the form with a sentence where the verb refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Model
from django.forms import BaseForm, BoundField, HiddenInput, IntegerField
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import get_language

from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.shell.cells import text_of
from luodi.shell.pages import show

Data = dict[str, Any]
Text = str | Promise
F = TypeVar("F", bound=BaseForm)


class OneLanguage(BaseForm):
    """A form that asks for names in English only on English pages; what is there stays, unseen.

    First among a form's bases.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not (get_language() or "").startswith("en"):
            for name, field in self.fields.items():
                if name.endswith("_en"):
                    field.widget = HiddenInput()


def posted(request: HttpRequest) -> dict[str, Any]:
    """What a form is bound to: what was sent, or nothing."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def form_page(
    request: HttpRequest,
    form: BaseForm,
    verb: Callable[[Data], object],
    *,
    heading: Text,
    back: str,
    submit: Text = "",
    note: Text = "",
    done: Callable[[Any], str] | None = None,
    said: Text = "",
    template: str = "shell/form_page.html",
    of: Model | None = None,
    **more: Any,
) -> HttpResponseBase:
    """The page of a form: carries out the verb, goes on to `done(result)`, or back to `back`.

    `said` is what the next page says; `of` is the record that the form changes, whose version the
    verb is given; `more` is what the template shows besides (`crumbs`:
    addresses and words).
    """
    if of is not None:
        with_version(form, of)
    if request.method == "POST":
        result = carry_out(request, form, verb)
        if result is not None:
            if said:
                messages.success(request, str(said))
            return redirect(done(result) if done else back)
    context = {"form": form, "heading": heading, "submit": submit, "back": back, "note": note}
    status = 422 if request.method == "POST" else 200
    return show(request, template, {**context, **more}, status=status)


def with_version(form: F, record: Model) -> F:
    """A form that also says which version of the record its page showed."""
    now = record.version  # type: ignore[attr-defined]
    form.fields["version"] = IntegerField(required=False, widget=HiddenInput, initial=now)
    return form


def carry_out(request: HttpRequest, form: BaseForm, verb: Callable[[Data], object]) -> Any:
    """Calls `verb(form.cleaned_data)` and returns its result; True for a verb that returns nothing.

    None means that the form came back: invalid, or refused by a UserError, which then stands at
    its field or on top. What the verb wrote before it refused is undone. The view renders the
    form again with status 422. NotAllowed passes on: it is a page of its own (403).
    """
    if not form.is_valid():
        return None
    try:
        with transaction.atomic():
            result = verb(form.cleaned_data)
    except NotAllowed:
        raise
    except UserError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        if isinstance(error, Stale):
            _show_both(form, error.theirs)
        return None
    return True if result is None else result


def _show_both(form: BaseForm, theirs: Mapping[str, object]) -> None:
    """Keeps what stands now beside what was typed, where they differ, and lets the next submit
    overwrite it knowingly.

    `theirs` maps a field's name (or any label) to its present value; a hidden field that is among
    them, the version, takes the present value.
    """
    form.stale = []  # type: ignore[attr-defined]
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    for key, value in theirs.items():
        if key in form.fields and form[key].is_hidden:
            data[form.add_prefix(key)] = str(value)
        elif key in form.fields:
            mine = shown(form[key])
            if text_of(mine) != text_of(value):
                form.stale.append((form[key].label, mine, value))  # type: ignore[attr-defined]
        else:
            form.stale.append((key, "", value))  # type: ignore[attr-defined]
    form.data = data
    form.typed = any(mine for _label, mine, _theirs in form.stale)  # type: ignore[attr-defined]


def shown(field: BoundField) -> object:
    """What a field holds, in words: a choice by its label."""
    value = field.value()
    for key, label in getattr(field.field, "choices", ()):
        if str(key) == str(value):
            return label
    return value
