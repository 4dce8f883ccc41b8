"""Asks every room's finders for the best of what an actor may see."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.lib.chinese import initials
from luodi.manifest import Finder, Hit, Text, manifests
from luodi.shell.navigation import navigation

LONGEST = 100  # characters of what is searched for


@dataclass(frozen=True, slots=True)
class Found:
    """What one finder found; `more`: the address of the whole list, "" where it has none."""

    label: Text
    hits: list[Hit]
    more: str


def find_everywhere(request: HttpRequest, text: str, limit: int) -> list[Found]:
    """The hits of every finder that the request's actor may use, at most `limit` of each.

    Kinds stand by their best hit: an exact name or number comes before parts of words.
    """
    actor = request.actor  # type: ignore[attr-defined]
    text = " ".join(text.replace("\0", "").split())[:LONGEST]
    if not text:
        return []
    found = [
        Found(one.label, hits, one.more and f"{reverse(one.more)}?q={quote(text)}")
        for one in finders()
        if not one.permissions or any(actor.may(permission) for permission in one.permissions)
        if (hits := sorted(one.find(actor, text, limit), key=lambda hit: hit.rank))
    ]
    if pages := _pages(request, text):
        found.append(Found(_("页面"), pages[:limit], ""))
    return sorted(found, key=lambda kind: min(hit.rank for hit in kind.hits))


def finders() -> list[Finder]:
    """What can be searched, in the order of the settings."""
    return [finder for manifest in manifests() for finder in manifest.search]


def _pages(request: HttpRequest, text: str) -> list[Hit]:
    """The places of the navigation whose name has the text, or whose initials it is."""
    folded = text.lower()
    return [
        Hit(str(link.place.label), link.href, str(group.label), rank=8)
        for group, links in navigation(request)
        for link in links
        if folded in str(link.place.label).lower() or initials(str(link.place.label)) == folded
    ]
