"""Every address of the product, found by walking, with arguments from a world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

from luodi.rooms.directory.rules import RULES
from tests.expect import Ids
from tests.matrix import KEYS, MEANINGS

CONSTANTS: dict[str, str] = {
    "way": "up",
    "rule": next(iter(RULES)),
    "field": "identity",
    "kind": "people",
    "digest": "a" * 64,
    "subject": "directory_person",
    "key": "none",
    "done": "forged",
    "opened": "forged",
    "token": "forged",
    "form": "docx",
    "number": "1",
    "uidb36": "1",
}


def _walk(
    resolver: URLResolver, space: str = "", outer: tuple[str, ...] = ()
) -> Iterator[tuple[str, list[str]]]:
    for one in resolver.url_patterns:
        arguments = (*outer, *one.pattern.regex.groupindex)
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one, inner, arguments)
        else:
            yield f"{space}{one.name or '/' + str(one.pattern)}", list(arguments)


def patterns() -> dict[str, list[list[str]]]:
    """The names of all pages (without one: its path), each with its lists of arguments."""
    found: dict[str, list[list[str]]] = {}
    for name, arguments in _walk(get_resolver()):
        if not name.startswith("api-"):  # REST has its own table
            found.setdefault(name, []).append(arguments)
    return found


def address(name: str, arguments: list[str], ids: Ids) -> str:
    """The address of a page, about the objects of `ids`."""
    if "/" in name:
        return name[name.index("/") :]  # a page without a name, and without arguments
    return reverse(name, kwargs={one: _value(name, one, ids) for one in arguments})


def _value(name: str, argument: str, ids: Ids) -> Any:
    fitting = [
        kind
        for (start, meant), kind in MEANINGS.items()
        if argument == meant and name.startswith(start)
    ]
    if argument == "key" and name in KEYS:
        return KEYS[name]
    return ids[fitting[0]] if fitting else CONSTANTS[argument]
