"""Where one can go: the places that the manifests bring, in groups by what one comes for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from luodi.manifest import JOB_LABELS, Job, Place, Text, manifests


@dataclass(frozen=True, slots=True)
class Group:
    label: Text
    places: tuple[Place, ...]


@cache
def groups() -> tuple[Group, ...]:
    """The places by job; within one in the order of the settings."""
    places = [place for manifest in manifests() for place in manifest.places]
    return tuple(
        Group(JOB_LABELS[job], tuple(one for one in places if one.job is job)) for job in Job
    )


@dataclass(frozen=True, slots=True)
class Link:
    """A place as this request shows it."""

    place: Place
    href: str
    here: bool
    badge: int


def navigation(request: HttpRequest) -> list[tuple[Group, list[Link]]]:
    """The groups with the links that the request's actor may follow; empty before signing in."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.account_id:
        return []
    shown = [
        (group, [link for p in group.places if (link := _link(request, p))]) for group in groups()
    ]
    here = max(
        (
            link.href
            for _group, links in shown
            for link in links
            if _is_under(request.path, link.href)
        ),
        key=len,
        default="",
    )
    return [
        (group, [replace(link, here=link.href == here) for link in links])
        for group, links in shown
        if links
    ]


def _is_under(path: str, href: str) -> bool:
    return path == href or (href != "/" and path.startswith(href))


def _link(request: HttpRequest, place: Place) -> Link | None:
    actor = request.actor  # type: ignore[attr-defined]
    if (place.permissions or place.powers) and not (
        any(actor.may(one) for one in place.permissions)
        or any(one in actor.powers for one in place.powers)
    ):
        return None
    href = _href(place.url)
    if not href:
        return None
    badge = place.badge(request) if place.badge else 0
    return Link(place, href, here=False, badge=badge)


@cache
def _href(url: str) -> str:
    """The address of a place; "" where no app serves it."""
    try:
        return reverse(url)
    except NoReverseMatch:
        return ""
