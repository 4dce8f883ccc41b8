"""The handover of a shift: gathered by itself, a sentence added, and who has read it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Date, Prose, verb
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.care.due import CHINA
from luodi.rooms.care.models import (
    FACTS,
    HARM,
    INCIDENTS,
    SHIFTS,
    Dose,
    Due,
    Fact,
    Gave,
    Handover,
    HandoverRead,
    Incident,
    Outcome,
    Plan,
    Step,
)
from luodi.rooms.care.verbs.common import own
from luodi.rooms.care.verbs.way import STEPS

# When a shift begins and how long it lasts, of the home's day.
HOURS: dict[str, tuple[int, int]] = {"day": (8, 8), "late": (16, 8), "night": (0, 8)}


def span_of(on: dt.date, shift: str) -> tuple[dt.datetime, dt.datetime]:
    """The shift's beginning and end."""
    hour, hours = HOURS[shift]
    begin = dt.datetime.combine(on, dt.time(hour), CHINA)
    return begin, begin + dt.timedelta(hours=hours)


@verb(permission="care.round", on="unit")
def hand_over_shift(
    *,
    actor: Actor,
    unit: Unit,
    on: Annotated[dt.date, Date(_("日期"))],
    shift: Annotated[str, Choice(_("班次"), choices=tuple(SHIFTS.items()))],
    sentence: Annotated[str, Prose(_("交班说明"), most=2000)] = "",
) -> Handover:
    """Hands a shift over, once: what changed in it is gathered; the sentence is one's own."""
    begin, _end = span_of(on, shift)
    if begin > timezone.now():
        raise UserError(gettext("这个班次还没有开始。"), "shift")
    try:
        with transaction.atomic():
            return Handover.objects.create(
                unit=unit,
                on=on,
                shift=shift,
                gathered=gathered(unit, on, shift),
                sentence=sentence,
                at=timezone.now(),
                by_id=own(actor),
            )
    except IntegrityError:
        first = Handover.objects.select_related("by").get(unit=unit, on=on, shift=shift)
        raise UserError(
            gettext("这个班次已由%(who)s交班，请阅读后在交接班中补充说明。")
            % {"who": first.by.name if first.by else "—"}
        ) from None


@verb(permission="care.round", on="handover")
def take_handover(*, actor: Actor, handover: Handover) -> HandoverRead:
    """Notes that one has read a handover: twice is once."""
    made, _new = HandoverRead.objects.get_or_create(
        handover=handover, account_id=actor.account_id, defaults={"at": timezone.now()}
    )
    return made


def gathered(unit: Unit, on: dt.date, shift: str) -> list[dict[str, Any]]:
    """What changed in a shift, by resident: {resident, kind, words}."""
    begin, end = span_of(on, shift)
    here = {"resident__unit": unit}
    found: list[tuple[int, str, str]] = []
    for incident in Incident.objects.filter(**here, at__gte=begin, at__lt=end):
        words = f"{INCIDENTS[incident.kind]} · {HARM[incident.harm]}：{incident.text[:120]}"
        found.append((incident.resident_id, "incident", words))
    for step in Step.objects.filter(**here, at__gte=begin, at__lt=end, undone=False):
        words = f"{STEPS[step.kind]} {step.on:%m-%d} {step.note}".strip()
        found.append((step.resident_id, "step", words))
    found += [
        (one.resident_id, "fact", f"{FACTS[one.kind]} {one.text}".strip())
        for one in Fact.objects.filter(**here, since=on)
    ]
    for plan in Plan.objects.filter(**here, at__gte=begin, at__lt=end):
        words = gettext("护理计划改为第%(number)s版") % {"number": plan.number}
        found.append((plan.resident_id, "plan", words))
    left = (Outcome.REFUSED, Outcome.OMITTED)
    for due in Due.objects.filter(
        **here, due_at__gte=begin, due_at__lt=end, outcome__in=left
    ).select_related("act"):
        words = f"{due.act.text} · {Outcome(due.outcome).label}：{due.why}"
        found.append((due.resident_id, "act", words))
    still_open = Due.objects.filter(
        **here, due_at__gte=begin, due_at__lt=end, outcome=Outcome.OPEN
    ).select_related("act")
    found += [
        (one.resident_id, "open", f"{one.act.text} · {Outcome.OPEN.label}") for one in still_open
    ]
    not_given = (Gave.HELD, Gave.REFUSED, Gave.MISSED)
    for dose in Dose.objects.filter(
        **here, due_at__gte=begin, due_at__lt=end, state__in=not_given
    ).select_related("prescription"):
        words = f"{dose.prescription.medicine} · {Gave(dose.state).label}：{dose.why}"
        found.append((dose.resident_id, "dose", words))
    return [
        {"resident": pk, "kind": kind, "words": words}
        for pk, kind, words in sorted(found, key=lambda one: (one[0], one[1]))
    ]
