"""What the public reads: the newest edition of each guide, read once and kept in the process.

An edition never changes once it is published, so what was made of one holds as long as the process.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.lib.errors import NotFound
from luodi.rooms.guidance.document import Document, document_of
from luodi.rooms.guidance.models import Edition, Guide

MOST = 300
_documents: dict[tuple[int, int], Document] = {}


@dataclass(frozen=True, slots=True)
class Published:
    """An edition with its guide, as the public may know them."""

    pk: int
    key: str
    unit: str
    edition: int
    number: int
    published_at: dt.datetime
    reviewed_on: dt.date | None
    closed_on: dt.date | None
    document: Document

    @property
    def standing(self) -> str:
        """`coming`, `in_force`, or `ended` today."""
        return self.document.standing(today())


def document_in(edition: Edition) -> Document:
    """An edition's document, checked once for each version of the row."""
    mark = edition.pk, edition.version
    if mark not in _documents:
        if len(_documents) >= MOST:
            _documents.clear()
        _documents[mark] = document_of(edition.document)
    return _documents[mark]


def current() -> list[Published]:
    """The guides that are offered today, by their unit and name."""
    rows = Edition.objects.filter(published_at__isnull=False, withdrawn_at=None)
    rows = rows.order_by("guide", "-number").distinct("guide").select_related("guide__unit")
    with acting(SYSTEM):
        found = [shown(one) for one in rows.defer("note")]
    open_ones = [one for one in found if not one.closed_on or one.closed_on > today()]
    return sorted(open_ones, key=lambda one: (one.standing == "ended", one.key))


def of_key(key: str) -> Published:
    """The newest published edition of a guide. Raises NotFound."""
    return _newest(guide__key=key)


def of_pk(pk: int) -> Published:
    """The same, by the guide's id."""
    return _newest(guide_id=pk)


def _newest(**wanted: str | int) -> Published:
    rows = Edition.objects.filter(published_at__isnull=False, withdrawn_at=None, **wanted)
    with acting(SYSTEM):
        found = rows.order_by("-number").select_related("guide__unit").first()
        if found is None:
            raise NotFound(_("没有这份指引，它可能已经停用。"))
        return shown(found)


def of_edition(key: str, pk: int) -> Published | None:
    """The edition that somebody began with; None where it was withdrawn since."""
    rows = Edition.objects.filter(
        pk=pk, guide__key=key, published_at__isnull=False, withdrawn_at=None
    )
    with acting(SYSTEM):
        found = rows.select_related("guide__unit").first()
        return shown(found) if found else None


def shown(edition: Edition) -> Published:
    """An edition as its readers know it; a draft as of now."""
    guide: Guide = edition.guide
    return Published(
        guide.pk,
        guide.key,
        guide.unit.name,
        edition.pk,
        edition.number,
        edition.published_at or timezone.now(),
        guide.reviewed_on,
        guide.closed_on,
        document_in(edition),
    )
