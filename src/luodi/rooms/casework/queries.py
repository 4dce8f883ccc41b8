"""Reading cases, in words of the domain. Whose rows these are is the database's to decide."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, models
from django.db.models import F, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, Unit, below
from luodi.lib.chinese import terms

if TYPE_CHECKING:
    from luodi.rooms.casework.models import Case, Measure, Responsibility  # noqa: F401

MOST_FOUND = 1000
CODE = re.compile(r"[A-Za-z]{2}\d{4}-\d{6,}")


def overdue_at(at: dt.datetime) -> Q:
    """An outstanding deadline (of the first response or of the solution) has passed."""
    return Q(closed_at__isnull=True, next_due_at__lt=at)


def open_until(at: dt.datetime) -> Q:
    """Not closed before a past moment."""
    return Q(closed_at__isnull=True) | Q(closed_at__gte=at)


def was_overdue_at(at: dt.datetime) -> Q:
    """Open at a past moment, with a deadline that had passed unmet; deadlines as known today, but
    one that was extended too late had passed until it was."""
    unanswered = Q(first_due_at__lt=at) & (Q(responded_at__isnull=True) | Q(responded_at__gte=at))
    unsolved = Q(due_at__lt=at) & (Q(met_at__isnull=True) | Q(met_at__gte=at))
    extended = Q(missed_at__lt=at, missed_until__gte=at)
    return open_until(at) & (unanswered | unsolved | extended)


def amber_at(at: dt.datetime) -> Q:
    """About to be late."""
    return Q(closed_at__isnull=True, amber_at__lte=at) & (
        Q(next_due_at__gte=at) | Q(next_due_at__isnull=True)
    )


# A deadline that was extended after it had passed stays a deadline that was missed.
ON_TIME = Q(missed_at__isnull=True) & (Q(due_at__isnull=True) | Q(met_at__lte=F("due_at")))

# Always shown with their words, whatever the colours are.
LIGHTS: dict[str, str | Promise] = {
    "red": _("红灯：已超期"),
    "amber": _("黄灯：临近期限"),
    "green": _("绿灯：正常"),
    "paused": _("已挂起"),
    "none": _("未办结而终止"),
}


def _was_late() -> Q:
    late = Q(met_at__gt=F("due_at")) | Q(missed_at__isnull=False)
    return Q(met_at__isnull=False) & late


def light_rules(at: dt.datetime) -> list[tuple[str, Q]]:
    """The light of a case is the first whose condition it meets; green if none.

    `Case.light_at` says the same of one case.
    """
    return [
        ("none", ~Q(outcome__in=["", "solved"])),
        ("red", _was_late() | overdue_at(at)),
        ("amber", amber_at(at)),
        ("paused", Q(paused=True)),
    ]


def light_is(light: str, at: dt.datetime) -> Q:
    """The cases that show this light at a moment."""
    found = Q()
    for name, condition in light_rules(at):
        if name == light:
            return found & condition
        found &= ~condition
    return found


# What a line of a list says of a case, and of the units and people in it: no more is fetched.
LISTED = (
    *("code", "title", "procedure", "state", "outcome", "raised_at", "closed_at", "next_due_at"),
    *(
        "met_at",
        "due_at",
        "amber_at",
        "missed_at",
        "paused",
        "unit__name",
        "unit__short_name",
        "category__name",
        "category__name_en",
    ),
    *("waiting_unit__name", "waiting_unit__short_name", "waiting_account__name"),
)


def _turn_of(actor: Actor) -> Q:
    units = {held.unit_id for held in actor.holdings}
    return Q(**mine(actor, "waiting_account_id")) | Q(
        waiting_account__isnull=True, waiting_unit_id__in=units
    )


# What is counted: all but the history that somebody brought in only to be looked up.
COUNTED = ~Q(channel="archive")


def mine(actor: Actor, column: str) -> dict[str, Any]:
    """The condition that a column names the actor, or somebody for whom they stand in today."""
    if not actor.stands_for:
        return {column: actor.account_id}
    return {f"{column}__in": sorted(actor.accounts)}


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(closed_at__isnull=True)

    def under(self, unit: Unit) -> CaseQuerySet:
        """The cases of a unit and of all below it."""
        start, end = below(unit.path)
        return self.filter(path__gte=start, path__lt=end)

    def waiting_for(self, actor: Actor) -> CaseQuerySet:
        """Whose next step is the actor's: by name, or by unit where nobody is named."""
        return self.open().filter(_turn_of(actor))

    def for_me(self, actor: Actor) -> CaseQuerySet:
        """What waits for the actor: the next step, or an answer whether they help."""
        asked = apps.get_model("casework", "Responsibility").objects.asks(actor)
        return self.open().filter(_turn_of(actor) | Q(id__in=asked.values("case_id")))

    def i_wait_for(self, actor: Actor) -> CaseQuerySet:
        """What the actor raised or leads, while the next step is somebody else's."""
        mine = Q(reporter_id=actor.account_id) | Q(lead_account_id=actor.account_id)
        return self.open().filter(mine).exclude(_turn_of(actor))

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
        return self.under(unit).filter(COUNTED, outcome="solved", closed_at__lt=until)

    def with_progress(self) -> CaseQuerySet:
        """Adds `progress`, the latest answer's words, and `progress_at`."""
        answers = apps.get_model("casework", "Event").objects.filter(
            case_id=OuterRef("pk"), transition__in=["answer", "submit"]
        )
        latest = answers.exclude(note="").order_by("-version")
        return self.annotate(
            progress=Subquery(latest.values("note")[:1]),
            progress_at=Subquery(latest.values("at")[:1]),
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
        # once, however often the cases are counted and read
        return self.filter(id__any=_found(terms(text)))

    def nearest(self, text: str) -> CaseQuerySet:
        """For what nothing has all of: the cases that have the one half of it, or the other."""
        words = terms(text.strip())
        half = (len(words) + 1) // 2
        if half == len(words):
            return self.none()
        return self.filter(id__any=[*_found(words[:half]), *_found(words[half:])])


def _found(words: list[str]) -> list[int]:
    if not words:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT casework_find(%s, %s)", [words, MOST_FOUND])
        return [row[0] for row in cursor.fetchall()]


class CaseManager(models.Manager.from_queryset(CaseQuerySet)):  # type: ignore[misc]
    """Cases without their search vector, which only the database reads."""

    def get_queryset(self) -> CaseQuerySet:
        queryset: CaseQuerySet = super().get_queryset()
        return queryset.defer("search")


class MeasureQuerySet(models.QuerySet["Measure"]):
    def open(self) -> MeasureQuerySet:
        return self.filter(done_at__isnull=True, dropped_at__isnull=True)

    def waiting_for(self, actor: Actor) -> MeasureQuerySet:
        """The open steps that the actor is named for, in cases that go on."""
        return self.open().filter(**mine(actor, "owner_id"), case__closed_at__isnull=True)

    def late(self, on: dt.date) -> MeasureQuerySet:
        """Not done by its day."""
        return self.open().filter(due_on__lt=on)


class ResponsibilityQuerySet(models.QuerySet["Responsibility"]):
    def asks(self, actor: Actor) -> ResponsibilityQuerySet:
        """The requests to help, in open cases, that wait for the actor's answer."""
        units = {held.unit_id for held in actor.holdings}
        named = Q(**mine(actor, "account_id")) | Q(account__isnull=True, unit_id__in=units)
        return self.filter(named, role="co", status="offered", case__closed_at__isnull=True)

    def living(self) -> ResponsibilityQuerySet:
        """Who has a case, or was offered it, now."""
        return self.filter(status__in=["offered", "accepted"])
