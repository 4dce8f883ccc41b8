"""Reading cases, in words of the domain. Whose rows these are is the database's to decide."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Case as When_
from django.db.models import F, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from luodi.apps.scope.api import Actor, Unit, below
from luodi.lib.chinese import tsquery

if TYPE_CHECKING:
    from luodi.apps.casework.models import Case  # noqa: F401

MOST_FOUND = 1000
CODE = re.compile(r"[A-Za-z]{2}\d{4}-\d{6,}")


def overdue_at(at: dt.datetime) -> Q:
    """An outstanding deadline (of the first response or of the solution) has passed."""
    return Q(closed_at__isnull=True, next_due_at__lt=at)


def amber_at(at: dt.datetime) -> Q:
    """About to be late."""
    return Q(closed_at__isnull=True, amber_at__lte=at) & (
        Q(next_due_at__gte=at) | Q(next_due_at__isnull=True)
    )


WAS_LATE = Q(met_at__gt=F("due_at"))
ON_TIME = Q(outcome="solved") & (Q(due_at__isnull=True) | Q(met_at__lte=F("due_at")))


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(closed_at__isnull=True)

    def under(self, unit: Unit) -> CaseQuerySet:
        """The cases of a unit and of all below it."""
        start, end = below(unit.path)
        return self.filter(path__gte=start, path__lt=end)

    def waiting_for(self, actor: Actor) -> CaseQuerySet:
        """Whose next step is the actor's: by name, or by unit where nobody is named."""
        units = {held.unit_id for held in actor.holdings}
        return self.open().filter(
            Q(waiting_account_id=actor.account_id)
            | Q(waiting_account__isnull=True, waiting_unit_id__in=units)
        )

    def i_wait_for(self, actor: Actor) -> CaseQuerySet:
        """What the actor raised or leads, while the next step is somebody else's."""
        me = actor.account_id
        return (
            self.open()
            .filter(Q(reporter_id=me) | Q(lead_account_id=me))
            .exclude(waiting_account_id=me, waiting_account__isnull=False)
        )

    def overdue(self, at: dt.datetime) -> CaseQuerySet:
        return self.filter(overdue_at(at))

    def amber(self, at: dt.datetime) -> CaseQuerySet:
        return self.filter(amber_at(at))

    def to_escalate(self) -> CaseQuerySet:
        """Those whose outstanding deadline has not been brought before a superior yet."""
        told = Q(escalated_due_at__isnull=False, escalated_due_at=F("next_due_at"))
        return self.exclude(told)

    def solved(self, unit: Unit, until: dt.datetime) -> CaseQuerySet:
        """The cases of a unit and of all below it that were solved, and confirmed, before a moment."""
        return self.under(unit).filter(outcome="solved", closed_at__lt=until)

    def with_light(self, at: dt.datetime) -> CaseQuerySet:
        """Adds `light`: green, amber, red, paused, or none for what ended unsolved."""
        return self.annotate(
            light=When_(
                When(~Q(outcome__in=["", "solved"]), then=Value("none")),
                When(Q(due_at__lt=Coalesce("met_at", Value(at))), then=Value("red")),
                When(overdue_at(at), then=Value("red")),
                When(amber_at(at), then=Value("amber")),
                When(paused=True, then=Value("paused")),
                default=Value("green"),
                output_field=models.CharField(),
            )
        )

    def search(self, text: str) -> CaseQuerySet:
        """The cases with that number, or whose text, answers or file names have all the words.

        At most the newest `MOST_FOUND` matches that the actor may see. The words are looked up by
        a function of the database that applies the signed scope itself, because an index on words
        cannot be used ahead of a row-level policy.
        """
        text = text.strip()
        if not text:
            return self
        if CODE.fullmatch(text):
            return self.filter(code=text.upper())
        words = tsquery(text)
        if not words:
            return self.none()
        return self.filter(id__in=RawSQL("SELECT casework_find(%s, %s)", [words, MOST_FOUND]))


class CaseManager(models.Manager.from_queryset(CaseQuerySet)):  # type: ignore[misc]
    """Cases without their search vector, which only the database reads."""

    def get_queryset(self) -> CaseQuerySet:
        queryset: CaseQuerySet = super().get_queryset()
        return queryset.defer("search")
