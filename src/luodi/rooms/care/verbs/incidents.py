"""Incidents: what happened, what was done at once, who was told, what is done about it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.notices.api import tell
from luodi.ground.records.api import Choice, Instant, Prose, Text, verb
from luodi.ground.scope.api import Account, Actor, RoleHolding, today
from luodi.lib.errors import UserError
from luodi.rooms.care.models import HARM, INCIDENTS, Incident, Resident
from luodi.rooms.care.verbs.common import day_of, locked, not_ahead, own

REASSESS = {"fall", "bed_fall", "choking", "harm", "lost", "sore"}


@verb(permission="care.round", on="resident")
def report_incident(
    *,
    actor: Actor,
    resident: Resident,
    kind: Annotated[str, Choice(_("类型"), choices=tuple(INCIDENTS.items()))],
    at: Annotated[dt.datetime, Instant(_("发生时间"))],
    harm: Annotated[str, Choice(_("伤害"), choices=tuple(HARM.items()))],
    text: Annotated[str, Prose(_("经过"), most=2000)],
    measures: Annotated[str, Prose(_("当时采取的措施"), most=2000)],
) -> Incident:
    """Reports an incident; the head and the nurses are told at once, an assessment becomes due."""
    found = locked(resident)
    not_ahead(at)
    twin = Incident.objects.filter(resident=found, kind=kind, at=at).first()
    if twin is not None:
        raise UserError(
            gettext("同一时间的这件事已由%(who)s登记。") % {"who": twin.by.name if twin.by else "—"}
        )
    made = Incident.objects.create(
        resident=found,
        kind=kind,
        at=at,
        recorded_at=timezone.now(),
        harm=harm,
        text=text,
        measures=measures,
        by_id=own(actor),
    )
    if kind in REASSESS and found.lives_here:
        found.assess_by, found.assess_why = day_of(at), str(INCIDENTS[kind])
        found.save(update_fields=["assess_by", "assess_why"])
    _tell(actor, made)
    return made


@verb(permission="care.round", on="incident")
def tell_about(
    *,
    actor: Actor,
    incident: Incident,
    whom: Annotated[str, Text(_("告知了谁"), most=60)],
    at: Annotated[dt.datetime, Instant(_("告知时间"))],
) -> Incident:
    """Notes who was told (relatives, doctor, 120, authority), and when."""
    found = locked(incident)
    not_ahead(at)
    found.told = [*found.told, {"whom": whom, "at": at.isoformat(), "by": actor.name}]
    found.save(update_fields=["told"])
    return found


@verb(permission="care.nurse", on="incident")
def follow_up(
    *,
    actor: Actor,
    incident: Incident,
    text: Annotated[str, Prose(_("原因和改进措施"), most=2000)],
) -> Incident:
    """Closes an incident with what caused it and what is changed; it needs somebody told before."""
    found = locked(incident)
    if found.closed_at is not None:
        raise UserError(gettext("它已经办结。"))
    if found.harm in {"treated", "severe"} and not found.told:
        raise UserError(gettext("有伤害的事件办结前，须登记告知了家属或代理人。"))
    found.follow_up, found.closed_at = text, timezone.now()
    found.save(update_fields=["follow_up", "closed_at"])
    return found


def _tell(actor: Actor, made: Incident) -> None:
    """The head and nurses of the home; the message names no health matter."""
    roles = RoleHolding.objects.on(today()).filter(
        unit=made.resident.unit_id, role__in=("home_manager", "nurse")
    )
    people = Account.objects.filter(pk__in=roles.values("account"), is_active=True)
    tell(
        accounts=people.exclude(pk=actor.account_id),
        key=f"care-incident-{made.pk}",
        text=gettext("有一件意外事件待处理。"),
        url=reverse("care:incident", args=[made.pk]),
    )
