"""Every address of the product, found by walking, with arguments from a world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from luodi.rooms.directory.rules import RULES
from tests.world import Ids

# What an argument of an address stands for, by the address's name (or its beginning) and argument.
MEANINGS: dict[tuple[str, str], str] = {
    ("scope:unit", "pk"): "unit",
    ("scope:grant", "unit_pk"): "unit",
    ("scope:revoke", "pk"): "api_token",
    ("scope:role_end", "pk"): "role",
    ("scope:", "pk"): "service",
    ("directory:change_enterprise", "pk"): "enterprise",
    ("directory:enterprise", "pk"): "enterprise",
    ("directory:close_enterprise", "pk"): "enterprise",
    ("directory:lead", "pk"): "enterprise",
    ("directory:branch", "pk"): "branch",
    ("directory:reorganise_branch", "pk"): "branch",
    ("directory:dissolve_branch", "pk"): "branch",
    ("directory:term", "pk"): "branch",
    ("directory:span", "pk"): "branch",
    ("directory:override", "pk"): "branch",
    ("directory:end_override", "pk"): "override",
    ("directory:end_span", "pk"): "span",
    ("directory:advance", "pk"): "membership",
    ("directory:transfer", "pk"): "membership",
    ("directory:end_membership", "pk"): "membership",
    ("directory:correct_membership", "pk"): "membership",
    ("directory:end_post", "pk"): "post",
    ("directory:correct_post", "pk"): "post",
    ("directory:", "pk"): "person",
    ("registers:change_column", "pk"): "register_column",
    ("registers:move_column", "pk"): "register_column",
    ("registers:retire_column", "pk"): "register_column",
    ("registers:change_figure", "pk"): "register_figure",
    ("registers:retire_figure", "pk"): "register_figure",
    ("registers:entry", "pk"): "register_entry",
    ("registers:change_entry", "pk"): "register_entry",
    ("registers:correct_entry", "pk"): "register_entry",
    ("registers:end_entry", "pk"): "register_entry",
    ("registers:withdraw_entry", "pk"): "register_entry",
    ("registers:attach", "pk"): "register_entry",
    ("registers:rounds", "pk"): "award",
    ("registers:open_round", "pk"): "award",
    ("registers:round", "pk"): "round",
    ("registers:nominate", "pk"): "round",
    ("registers:ballot", "pk"): "round",
    ("registers:advance", "pk"): "round",
    ("registers:review", "pk"): "candidacy",
    ("registers:object", "pk"): "candidacy",
    ("registers:resolve", "pk"): "objection",
    ("registers:", "pk"): "register",
    ("evidence:file", "pk"): "file",
    ("reports:edit", "pk"): "draft",
    ("reports:", "pk"): "report",
    ("notices:follow", "pk"): "notice",
    ("notices:delivery", "pk"): "delivery",
    ("notices:retry", "pk"): "delivery",
    ("notices:remove_robot", "pk"): "robot",
    ("audit:history", "pk"): "person",
    ("cases:drop_filter", "pk"): "filter",
    ("cases:category", "pk"): "category",
    ("cases:template", "pk"): "template",
    ("programmes:change_measure", "pk"): "duty",
    ("programmes:finish_measure", "pk"): "duty",
    ("programmes:reopen_measure", "pk"): "duty",
    ("programmes:link_case", "pk"): "duty",
    ("programmes:new_target", "pk"): "duty",
    ("programmes:unlink_case", "pk"): "case_link",
    ("programmes:target", "pk"): "target",
    ("programmes:change_target", "pk"): "target",
    ("programmes:trend", "pk"): "target",
    ("programmes:drop_target", "pk"): "target",
    ("programmes:open_case", "pk"): "target",
    ("programmes:indicator", "pk"): "indicator",
    ("programmes:change_indicator", "pk"): "indicator",
    ("programmes:observe", "pk"): "indicator",
    ("programmes:observation", "pk"): "observation",
    ("programmes:correct", "pk"): "observation",
    ("programmes:withdraw", "pk"): "observation",
    ("programmes:", "pk"): "programme",
    ("calendars:clear", "pk"): "unit",
    ("calendar_feed", "token"): "feed",
    ("cases:", "unit_id"): "unit",
    ("cases:", "token"): "token",
    ("cases:", "code"): "case",
    ("cases:", "measure_id"): "measure",
}
KEYS = {
    "figures:reading": "directory.enterprises",
    "reports:template": "annual",
    "cases:act": "attach",
    "cases:act_measure": "finish_measure",
}
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


def _walk(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name or '/' + str(one.pattern)}", one


def patterns() -> dict[str, list[list[str]]]:
    """The names of all pages (without one: its path), each with its lists of arguments."""
    found: dict[str, list[list[str]]] = {}
    for name, pattern in _walk(get_resolver()):
        if not name.startswith("api-"):  # REST has its own table
            found.setdefault(name, []).append(list(pattern.pattern.regex.groupindex))
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
