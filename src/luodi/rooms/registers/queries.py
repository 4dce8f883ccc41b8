"""Reading entries, in words of the domain. Whose rows these are is the database's to decide."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.expressions import RawSQL

from luodi.ground.scope.api import Unit, below
from luodi.lib.chinese import tsquery
from luodi.rooms.directory.api import DatedQuerySet

if TYPE_CHECKING:
    from luodi.rooms.registers.models import Entry, Register  # noqa: F401

MOST_FOUND = 1000


class EntryQuerySet(DatedQuerySet["Entry"]):
    """Entries; `known` and `on` are the directory's: believed at an instant, true on a day."""

    def under(self, unit: Unit) -> EntryQuerySet:
        """Those of a unit and of all below it."""
        start, end = below(unit.path)
        return self.filter(path__gte=start, path__lt=end)

    def begun(
        self, since: dt.date | None, until: dt.date, at: dt.datetime | None = None
    ) -> EntryQuerySet:
        """Those that began to hold in a period, both days included, as known at an instant (now).

        A change begins a row, but not the entry: each stands here once, as it was when it began.
        """
        first = Q(since_on__gte=since) if since else Q()
        before = self.model.objects.known(at).filter(
            origin=OuterRef("origin"), since_on__lt=OuterRef("since_on")
        )
        changed = Q(register__dated=True) & Exists(before.order_by().values("pk"))
        return self.filter(first, since_on__lte=until).exclude(changed)

    def search(self, register: Register, text: str) -> EntryQuerySet:
        """Those of a register that have all the words, at most the newest `MOST_FOUND`.

        A function of the database looks the words up and applies the signed scope itself: an index
        on words cannot be used ahead of a row-level policy. A person is found by name, through the
        person's own record, because no name is kept among an entry's words.
        """
        if not text.strip():
            return self
        words = tsquery(text)
        if not words:
            return self.none()
        found = Q(
            id__in=RawSQL("SELECT registers_find(%s, %s, %s)", [register.pk, words, MOST_FOUND])
        )
        if register.is_personal:
            found |= Q(references__person__name__contains=text.strip())
        return self.filter(found).distinct() if register.is_personal else self.filter(found)


class EntryManager(models.Manager.from_queryset(EntryQuerySet)):  # type: ignore[misc]
    """Entries without their search vector, which only the database reads."""

    def get_queryset(self) -> EntryQuerySet:
        rows: EntryQuerySet = super().get_queryset()
        return rows.defer("search")
