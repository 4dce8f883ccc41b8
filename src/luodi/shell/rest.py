"""The one REST contract: lists by cursor, what was made with its address, problems as RFC 9457 says.

Every router answers lists as `Listed`, takes `Paging`, and answers 201 through `created`.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Schema, Status
from pydantic import Field

from luodi.lib.errors import UserError
from luodi.lib.wire import MOST_ROWS, Line, Moment
from luodi.shell.conditions import no_such, unknown

T = TypeVar("T")
ADDRESS = "/api/v1"
PROBLEM = "application/problem+json"
COUNTED = 10_000  # a list counts so far; nobody needs to know how many more there are


class Listed(Schema, Generic[T]):
    """A part of a list. `next` is the cursor of the part after it, null at the end."""

    items: list[T]
    next: str | None = None
    count: int | None = Field(None, description="how many there are, if asked for; 10001 for more")


class Paging(Schema):
    """Which part of a list is wanted."""

    limit: int = Field(50, ge=1, le=MOST_ROWS, description="how many rows at most")
    cursor: Line = Field("", description="`next` of the part before")
    count: bool = Field(False, description="whether to count them all")


class Following(Paging):
    """Which part of a list is wanted, and of which changes."""

    changed_since: Moment | None = Field(None, description="only what changed at or after this")


def understood(operation: Callable[..., T]) -> Callable[..., T]:
    """Makes an operation refuse a parameter of the address that it would not read.

    A type of parameters with a `prefix` takes every name that begins so, and answers for it.
    """

    @wraps(operation)
    def carry(request: HttpRequest, *args: Any, **given: Any) -> T:
        kinds = [type(value) for value in given.values()]
        names = {*given, *(name for kind in kinds for name in getattr(kind, "model_fields", ()))}
        free = tuple(prefix for kind in kinds if (prefix := getattr(kind, "prefix", "")))
        strange = [
            one for one in unknown(request.GET, names) if not (free and one.startswith(free))
        ]
        if strange:
            raise UserError(no_such(strange), strange[0])
        return operation(request, *args, **given)

    return carry


def listed(rows: QuerySet[Any], paging: Paging, *order: str) -> dict[str, Any]:
    """The part of the rows that is asked for, in the order of some fields, the key at the end.

    The cursor holds the last row's values, so that what comes or goes meanwhile moves no page.
    Raises UserError for a cursor that is none of ours.
    """
    keys = [*order] if {"pk", "-pk", "id", "-id"} & set(order) else [*order, "pk"]
    found = rows.order_by(*keys)
    part = found.filter(_after(keys, paging.cursor)) if paging.cursor else found
    items = list(part[: paging.limit + 1])
    more = len(items) > paging.limit
    items = items[: paging.limit]
    return {
        "items": items,
        "next": _cursor(rows, keys, items[-1].pk) if more else None,
        "count": rows.order_by()[: COUNTED + 1].count() if paging.count else None,
    }


def listed_whole(items: Sequence[Any]) -> dict[str, Any]:
    """A short list in the same envelope: there is no part after it."""
    return {"items": items, "next": None, "count": len(items)}


def _cursor(rows: QuerySet[Any], keys: list[str], pk: object) -> str:
    fields = [key.removeprefix("-") for key in keys]
    values = rows.order_by().filter(pk=pk).values_list(*fields).first()
    text = json.dumps(values, default=str, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _after(keys: list[str], cursor: str) -> Q:
    """The condition of what stands after the cursor's row: nulls are last, or first backwards."""
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        assert isinstance(values, list) and len(values) == len(keys)
    except (ValueError, binascii.Error, AssertionError):
        raise UserError(_("这个 cursor 不是由本清单给出的。"), "cursor") from None
    found, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, values, strict=True):
        backwards, name = key.startswith("-"), key.removeprefix("-")
        if value is None:
            beyond = Q(**{f"{name}__isnull": False}) if backwards else Q(pk__in=[])
            equal = Q(**{f"{name}__isnull": True})
        else:
            beyond = Q(**{f"{name}__{'lt' if backwards else 'gt'}": value})
            beyond |= Q() if backwards else Q(**{f"{name}__isnull": True})
            equal = Q(**{name: value})
        found |= same & beyond
        same &= equal
    return found


def problem(status: int, detail: str, **more: object) -> dict[str, object]:
    """A refusal as RFC 9457 has it: `type` is blank, so that `title` is the status in words."""
    title = HTTPStatus(status).phrase
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}


def created(request: HttpRequest, made: T, path: str) -> Status[T]:
    """201 with the address of what was made, below the interface's own (`/cases/WT2026-000001`)."""
    request.made_at = path  # type: ignore[attr-defined]
    return Status(201, made)


def version_of(request: HttpRequest, said: int | None) -> int | None:
    """The version that was read: the body's, or that of `If-Match`. Raises UserError."""
    header = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if said is not None or not header or header == "*":
        return said
    if not header.isdecimal() or len(header) > 18:
        raise UserError(_("If-Match 里写读到的版本号。"), "version")
    return int(header)
