"""Where one can go: the places that the manifests bring, in groups by what one comes for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from luodi.manifest import JOB_LABELS, Job, Place, Text, manifests

PINS = "pins"  # of the session: the names of the places that the account wants first
# So many links stand open at once, but for those of administration; of more, the first group's and
# those where one is.
FEW, SOME = 12, 24


@dataclass(frozen=True, slots=True)
class Group:
    """Some places under one heading. `is_open`: whether they are shown without opening it."""

    label: Text
    places: tuple[Place, ...]
    pinned: bool = False
    is_open: bool = True


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

    @property
    def short(self) -> Text:
        return self.place.phone or self.place.label


Shown = list[tuple[Group, list[Link]]]


def navigation(request: HttpRequest) -> Shown:
    """The groups with the links that the request's actor may follow; empty before signing in."""
    actor = getattr(request, "actor", None)
    if actor is None or not actor.account_id:
        return []
    shown = [
        (group, [link for place in group.places if (link := _link(request, place))])
        for group in groups()
    ]
    here = max(
        (one.href for _group, some in shown for one in some if _is_under(request.path, one.href)),
        key=len,
        default="",
    )
    marked = [
        (group, [replace(one, here=one.href == here) for one in some])
        for group, some in shown
        if some
    ]
    return _pinned(request, marked) + _folded(marked)


def _pinned(request: HttpRequest, shown: Shown) -> Shown:
    """A group of what the account has pinned, in its order; none where it has pinned nothing."""
    links = {one.place.url: one for _group, some in shown for one in some}
    wanted = request.session.get(PINS, []) if hasattr(request, "session") else []
    pinned = [replace(links[url], here=False) for url in wanted if url in links]
    return [(Group(_("常用"), (), pinned=True), pinned)] if pinned else []


def _folded(shown: Shown) -> Shown:
    """The groups, those of many links folded."""
    count = sum(len(some) for _group, some in shown)

    def is_open(place: int, group: Group, some: list[Link]) -> bool:
        if count <= FEW or place == 0 or any(one.here for one in some):
            return True
        return count <= SOME and group.label != JOB_LABELS[Job.ADMINISTRATION]

    return [
        (replace(group, is_open=is_open(place, group, some)), some)
        for place, (group, some) in enumerate(shown)
    ]


def phone_links(shown: Shown) -> list[Link]:
    """The four links of a phone's bottom bar: the pinned ones, then those that have a short name."""
    every = [one for _group, some in shown for one in some]
    pinned = [one for group, some in shown if group.pinned for one in some]
    wanted = {one.href: one for one in (*pinned, *(one for one in every if one.place.phone))}
    here = {one.href for one in every if one.here}
    return [replace(one, here=one.href in here) for one in list(wanted.values())[:4]]


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
