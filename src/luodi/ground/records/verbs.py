"""A verb's signature is its schema: form, REST body, options and page follow from its arguments."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any, Generic, ParamSpec, TypeVar, get_type_hints

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from ninja import Path, Router, Schema, Status
from pydantic import create_model

from luodi.ground.records.fields import Field
from luodi.ground.scope.api import Actor, Request, actor_of
from luodi.lib.wire import Id
from luodi.shell.forms import Text, form_page, posted

P = ParamSpec("P")
R = TypeVar("R")
Given = Mapping[str, Any]
NOTHING: Given = MappingProxyType({})


@dataclass(frozen=True)
class Version(Field):
    """The version that was read: hidden in a form, `version` or `If-Match` over REST."""

    required: bool = False

    def asked(self, actor: Actor) -> forms.Field:
        return forms.IntegerField(required=False, widget=forms.HiddenInput)

    @property
    def wired(self) -> Any:
        return Id


class Verb(Generic[P, R]):
    """A function that asks for its permission, and whose arguments say how they are asked for."""

    def __init__(self, function: Callable[P, R], permission: str, on: str) -> None:
        functools.update_wrapper(self, function)
        self.function, self.permission, self.on = function, permission, on
        self.name = function.__name__
        arguments = inspect.signature(function).parameters
        if any(one.kind is not one.KEYWORD_ONLY for one in arguments.values()):
            raise TypeError(f"{self.name}: the arguments of a verb are keyword-only")
        if "actor" not in arguments or (on and on not in arguments):
            raise TypeError(f"{self.name} takes `actor` and `{on}`")

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        self.require(kwargs["actor"], kwargs)
        for field in self.fields:
            if field.name in kwargs:
                field.check(kwargs[field.name])
        return self.function(*args, **kwargs)

    def require(self, actor: Any, given: Given) -> None:
        """Raises NotAllowed where the actor may not, on what the verb is about."""
        if self.permission:
            actor.require(self.permission, path_of(given.get(self.on)))

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """What may be asked for: the arguments whose annotation has a field type."""
        hints = get_type_hints(self.function, include_extras=True)
        found = []
        for name, argument in inspect.signature(self.function).parameters.items():
            for one in getattr(hints.get(name), "__metadata__", ()):
                if isinstance(one, Field):
                    must = argument.default is argument.empty
                    default = None if must else argument.default
                    found.append(replace(one, name=name, required=must, default=default))
        return tuple(found)

    def asking(self, given: Collection[str] = ()) -> tuple[Field, ...]:
        """The fields that remain to be asked for."""
        return tuple(one for one in self.fields if one.name not in given)


def verb(permission: str = "", on: str = "") -> Callable[[Callable[P, R]], Verb[P, R]]:
    """Makes a verb of a keyword-only function: who calls it needs `permission` on the path of `on`.

    Without `on`, or where it is None, the permission is needed on any unit. Arguments annotated
    with a field type are checked.
    """
    return lambda function: Verb(function, permission, on)


def path_of(thing: Any) -> str | None:
    """The path of a unit, of a unit's record, of what belongs to one; None for what is everyone's."""
    if thing is None:
        return None
    path = getattr(thing, "path", "") or getattr(getattr(thing, "unit", None), "path", "")
    return str(path) if path else None


# --- forms -----------------------------------------------------------------------------------


class FieldsForm(forms.Form):
    """The form of some fields for an actor; what it gives is as the verb takes it."""

    def __init__(self, asked: Iterable[Field], actor: Actor, **options: Any) -> None:
        super().__init__(**options)
        self.asked = tuple(asked)
        for one in self.asked:
            self.fields[one.name] = one.asked(actor)
            if one.default is not None:
                self.initial.setdefault(one.name, one.default)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for one in self.asked:
            if one.name in data:
                value = one.kept(data[one.name])
                data[one.name] = one.nothing if value is None else value
        return data


def form_of(
    verb: Verb[..., Any], actor: Actor, given: Given = NOTHING, **options: Any
) -> FieldsForm:
    """The form of what a verb needs besides `given`. `options`: data, files, initial, prefix."""
    return FieldsForm(verb.asking(given), actor, **options)


def page_of(
    verb: Verb[..., Any],
    *,
    heading: Callable[[Given], Text] | Text,
    back: Callable[[Given], str],
    find: Callable[..., Given] = lambda request: NOTHING,
    initial: Callable[[Request, Given], Given] = lambda request, given: NOTHING,
    done: Callable[[Any], str] | None = None,
    **words: Any,
) -> Callable[..., HttpResponseBase]:
    """The page of a verb's form. `find(request, **of the address)` gives the arguments that are known
    before; `words` are what `form_page` takes besides (`submit`, `note`, `said`)."""

    @login_required
    def page(request: Request, **keys: Any) -> HttpResponseBase:
        given = find(request, **keys)
        verb.require(request.actor, given)
        start = dict(initial(request, given))
        form = form_of(verb, request.actor, given, initial=start, **posted(request))
        return form_page(
            request,
            form,
            lambda data: verb(actor=request.actor, **given, **data),
            heading=heading(given) if callable(heading) else heading,
            back=back(given),
            done=done,
            **words,
        )

    return page


# --- REST ------------------------------------------------------------------------------------


def schema_of(name: str, asked: Iterable[Field], *, partly: bool = False) -> type[Schema]:
    """The body that carries some fields; `partly`: each may be left out (a change)."""
    wires: dict[str, Any] = {}
    for one in asked:
        if one.required and not partly:
            wires[one.name] = (one.wired, ...)
        else:
            wires[one.name] = (one.wired | None, None if partly else one.default)
    return create_model(name, __base__=Schema, **wires)


def read_body(asked: Iterable[Field], body: Schema, actor: Actor) -> dict[str, Any]:
    """What a body says, as a verb takes it; what it leaves out stays out."""
    said = body.dict(exclude_unset=True)
    values = {}
    for one in asked:
        if one.name in said:
            value = said[one.name]
            values[one.name] = one.blank if value is None else one.read(value, actor)
    return values


def operation_of(
    router: Router,
    method: str,
    path: str,
    verb: Verb[..., Any],
    *,
    response: Any,
    find: Callable[..., Given] = lambda request: NOTHING,
    status: int = 200,
    **options: Any,
) -> None:
    """Adds the REST operation of a verb. `find(request, pk)`, or `find(request)` where the path names
    nothing, gives what is known before the body is read."""
    given_names = options.pop("given", ())
    asked = verb.asking(given_names)
    body = schema_of(f"{_camel(verb.name)}In", asked)

    def act(request: HttpRequest, given: Given, data: Schema) -> Any:
        actor = actor_of(request)
        verb.require(actor, given)  # who may not learns nothing of what the body would meet
        made = verb(actor=actor, **{**given, **read_body(asked, data, actor)})
        return Status(status, made)

    if "{pk}" in path:

        def about(request: HttpRequest, pk: int, data: Schema) -> Any:
            return act(request, find(request, pk), data)

        operation: Callable[..., Any] = about
        operation.__annotations__ = {"request": HttpRequest, "pk": Path[Id], "data": body}
    else:

        def new(request: HttpRequest, data: Schema) -> Any:
            return act(request, find(request), data)

        operation = new
        operation.__annotations__ = {"request": HttpRequest, "data": body}
    operation.__name__, operation.__doc__ = verb.name, verb.__doc__
    router.api_operation([method], path, response={status: response}, **options)(operation)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
