"""What casework puts on a unit's and a person's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, Unit, UnitKind, today, units_of
from luodi.manifest import Deadline, Moment
from luodi.rooms.casework.desk import Desk, desk
from luodi.rooms.casework.lines import lines
from luodi.rooms.casework.models import Case, Event, Measure
from luodi.rooms.casework.notify import url_of
from luodi.rooms.casework.verbs.public import WITH_FORM

SHOWN = 8
MOST = 500


def desk_of(request: Request, _about: None) -> Mapping[str, Any] | None:
    """What lies on the actor's desk; asked once for all parts of the workbench."""
    actor = request.actor
    if not actor.may("cases.view"):
        return None
    found: Desk | None = getattr(request, "casework_desk", None)
    if found is None:
        found = request.casework_desk = desk(actor, timezone.now())  # type: ignore[attr-defined]
    return {"desk": found}


def raising(request: Request, _about: None) -> Mapping[str, Any] | None:
    """The buttons by which a problem is raised."""
    return {} if request.actor.may("cases.view") else None


def shortcuts(request: Request, _about: None) -> Mapping[str, Any] | None:
    """What is often wanted: the poster of one's enterprise, the board."""
    actor = request.actor
    if not actor.may("cases.view"):
        return None
    units = units_of(actor, "cases.raise").filter(
        pk__in=[held.unit_id for held in actor.holdings], kind=UnitKind.ENTERPRISE
    )
    return {"poster": units.order_by("path").first()}


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """The deadlines of what waits for the actor or is led by them, and of their measures."""
    mine = Case.objects.waiting_for(actor) | Case.objects.open().filter(
        lead_account_id=actor.account_id
    )
    latest = Event.objects.filter(case_id=OuterRef("pk")).order_by("-version")
    dated = mine.filter(next_due_at__isnull=False).annotate(changed_at=latest.values("at")[:1])
    for case in dated.order_by("next_due_at", "id")[:MOST]:
        yield Deadline(
            f"case-{case.code}",
            _("期限：%(case)s") % {"case": case},
            url_of(case),
            case.next_due_at,
            case.changed_at,
            case.version,
        )
    rows = Measure.objects.waiting_for(actor).select_related("case")
    measures = list(rows.order_by("due_on", "id")[:MOST])
    changes = _changes(measures)
    for measure in measures:
        what = _("措施到期：%(text)s") % {"text": measure.text[:80]}
        yield Deadline(
            f"measure-{measure.pk}",
            what,
            url_of(measure.case),
            measure.due_on,
            *changes[measure.pk],
        )


def _changes(measures: Iterable[Measure]) -> dict[int, tuple[dt.datetime, int]]:
    """When each measure was made or last changed, and in which version of its case; one query."""
    found = {one.pk: (one.created_at, 0) for one in measures}
    events = Event.objects.filter(
        case_id__in={one.case_id for one in measures},
        transition__in=["add_measure", "change_measure"],
    )
    for at, version, payload in events.order_by("version").values_list("at", "version", "payload"):
        if payload.get("measure") in found:
            found[payload["measure"]] = (at, version)
    return found


def problems_of(request: Request, unit: Unit) -> Mapping[str, Any] | None:
    """The open problems of a unit and of all below it, the most urgent first, and how many were solved."""
    if not request.actor.may("cases.view", unit.path):
        return None
    cases = Case.objects.under(unit)
    soonest = cases.open().order_by(F("next_due_at").asc(nulls_last=True), "id")
    keys = list(soonest.values_list("pk", flat=True)[: SHOWN + 1])
    return {
        "unit": unit,
        "rows": list(lines(keys[:SHOWN]).values()),
        "more": len(keys) > SHOWN,
        "solved": cases.solved(unit, timezone.now()).count(),
        "day": today(),
        "may_raise": request.actor.may("cases.raise", unit.path),
        "has_form": unit.kind in WITH_FORM,
    }


def carried_by(request: Request, person: Any) -> Mapping[str, Any] | None:
    """The open problems that a person leads, and the measures that are theirs."""
    account = person.account_id
    if account is None or not request.actor.may("cases.view"):
        return None
    led = Case.objects.open().filter(lead_account_id=account).order_by("next_due_at", "id")
    keys = list(led.values_list("pk", flat=True)[:SHOWN])
    measures = Measure.objects.open().filter(owner_id=account, case__closed_at__isnull=True)
    found = {
        "rows": list(lines(keys).values()),
        "measures": list(measures.select_related("case__unit").order_by("due_on", "id")[:SHOWN]),
    }
    return found if any(found.values()) else None


def moments_of(actor: Actor, unit: Unit, limit: int) -> Iterator[Moment]:
    """That problems were raised and came to their end."""
    cases = Case.objects.under(unit).filter(~Q(outcome="merged"))
    if not actor.may("cases.view", unit.path):
        return
    for case in cases.order_by("-raised_at")[:limit]:
        yield Moment(
            timezone.localdate(case.raised_at),
            _("反映问题：%(title)s") % {"title": case.title},
            url_of(case),
        )
    for case in cases.filter(closed_at__isnull=False).order_by("-closed_at")[:limit]:
        words = _("办结：%(title)s") if case.outcome == "solved" else _("终止：%(title)s")
        yield Moment(
            timezone.localdate(case.closed_at), words % {"title": case.title}, url_of(case)
        )
