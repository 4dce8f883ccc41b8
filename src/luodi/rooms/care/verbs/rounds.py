"""The round: acts confirmed, refused or left; observations and notes, once, even from a phone that
was without network."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Instant, Number, Prose, Text, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.care.measures import KINDS, checked
from luodi.rooms.care.models import Due, Note, Observation, Outcome, Resident
from luodi.rooms.care.verbs.common import locked, not_ahead, own

EARLY = dt.timedelta(hours=2)
OUTCOMES = (
    (Outcome.DONE, Outcome.DONE.label),
    (Outcome.REFUSED, Outcome.REFUSED.label),
    (Outcome.OMITTED, Outcome.OMITTED.label),
)


@verb(permission="care.round", on="due")
def confirm(
    *,
    actor: Actor,
    due: Due,
    outcome: Annotated[str, Choice(_("结果"), choices=OUTCOMES)],
    why: Annotated[str, Text(_("说明"), most=200)] = "",
    at: Annotated[dt.datetime | None, Instant(_("实际时间"))] = None,
) -> Due:
    """Says what came of an act: done, refused or left out (with a reason), at its real time.

    Said again by the same person it changes nothing; by another, it says who was first and when.
    """
    now = timezone.now()
    found = locked(due)
    if found.outcome == outcome and found.by_id == own(actor):
        return found
    _require_open(found, now)
    if outcome != Outcome.DONE and not why:
        raise UserError(gettext("请写明原因。"), "why")
    found.outcome, found.why, found.by_id = Outcome(outcome), why, own(actor)
    found.done_at, found.recorded_at = not_ahead(at or now), now
    found.save(update_fields=["outcome", "why", "by", "done_at", "recorded_at"])
    return found


@verb(permission="care.round", on="resident")
def confirm_routine(
    *, actor: Actor, resident: Resident, dues: Sequence[int], at: dt.datetime | None = None
) -> int:
    """Confirms several routine acts of one resident together; returns how many.

    Only those that the plan marks as routine: each other one is confirmed by itself.
    """
    now = timezone.now()
    rows = list(
        Due.objects.select_for_update()
        .filter(resident=resident, pk__in=dues, outcome=Outcome.OPEN)
        .order_by("pk")
    )
    marked = set(
        Due.objects.filter(pk__in=[one.pk for one in rows], act__routine=True).values_list(
            "pk", flat=True
        )
    )
    if any(one.pk not in marked for one in rows):
        raise UserError(gettext("计划没有标为常规的措施要逐项确认。"))
    for one in rows:
        _require_open(one, now)
    return Due.objects.filter(pk__in=marked, outcome=Outcome.OPEN).update(
        outcome=Outcome.DONE,
        done_at=not_ahead(at or now),
        recorded_at=now,
        by_id=own(actor),
        together=True,
    )


@verb(permission="care.round", on="due")
def correct_outcome(*, actor: Actor, due: Due) -> Due:
    """Takes back what one has just said of an act oneself: it is open again."""
    found = locked(due)
    mine = found.by_id == own(actor) and found.outcome not in {Outcome.OPEN, Outcome.WITHDRAWN}
    if not mine or found.recorded_at is None or timezone.now() - found.recorded_at > EARLY:
        raise UserError(gettext("只能由本人在两小时内撤回；之后请写护理记录说明。"))
    found.outcome, found.why, found.by_id, found.together = Outcome.OPEN, "", None, False
    found.done_at = found.recorded_at = None
    found.save()
    return found


def _require_open(found: Due, now: dt.datetime) -> None:
    if found.outcome == Outcome.WITHDRAWN:
        raise UserError(gettext("这一项已撤回（外出、离院或计划已改）。"))
    if found.outcome != Outcome.OPEN:
        raise UserError(
            gettext("%(who)s已在%(at)s登记为“%(outcome)s”。")
            % {
                "who": found.by.name if found.by else "—",
                "at": f"{timezone.localtime(found.done_at or now):%m-%d %H:%M}",
                "outcome": Outcome(found.outcome).label,
            }
        )
    if found.due_at > now + EARLY:
        raise UserError(gettext("还没有到时间。"))


@verb(permission="care.round", on="resident")
def observe(
    *,
    actor: Actor,
    resident: Resident,
    kind: Annotated[str, Choice(_("项目"), choices=tuple((k, m.label) for k, m in KINDS.items()))],
    one: Annotated[Decimal, Number(_("数值（血压为收缩压）"), places=2, least=0, most=99999)],
    two: Annotated[Decimal | None, Number(_("舒张压"), places=2, least=0, most=99999)] = None,
    three: Annotated[Decimal | None, Number(_("脉搏"), places=2, least=0, most=99999)] = None,
    text: Annotated[str, Text(_("说明"), most=200)] = "",
    at: Annotated[dt.datetime | None, Instant(_("测量时间"))] = None,
    replaces: Observation | None = None,
    client: uuid.UUID | None = None,
    phone_at: dt.datetime | None = None,
) -> Observation:
    """Notes what was measured; outside what can be, it is asked for again (39.1, not 391)."""
    sent: Observation | None = _arrived(Observation, client)
    if sent:
        return sent
    checked(kind, one, two, three)
    made: Observation = _written(
        Observation,
        actor,
        resident,
        at,
        client,
        phone_at,
        replaces,
        kind=kind,
        one=one,
        two=two,
        three=three,
        text=text,
    )
    return made


@verb(permission="care.round", on="resident")
def write_note(
    *,
    actor: Actor,
    resident: Resident,
    text: Annotated[str, Prose(_("记录"), most=2000)],
    at: Annotated[dt.datetime | None, Instant(_("时间"))] = None,
    replaces: Note | None = None,
    client: uuid.UUID | None = None,
    phone_at: dt.datetime | None = None,
) -> Note:
    """Writes a note, or a new one in place of another, which stays readable."""
    sent: Note | None = _arrived(Note, client)
    if sent:
        return sent
    made: Note = _written(Note, actor, resident, at, client, phone_at, replaces, text=text)
    return made


def _arrived(model: Any, client: uuid.UUID | None) -> Any:
    """What has arrived before under the phone's identifier."""
    return model.objects.filter(client=client).first() if client else None


def _written(
    model: Any,
    actor: Actor,
    resident: Resident,
    at: dt.datetime | None,
    client: uuid.UUID | None,
    phone_at: dt.datetime | None,
    replaces: Any,
    **values: Any,
) -> Any:
    now = timezone.now()
    if replaces is not None:
        if replaces.resident_id != resident.pk:
            raise NotFound(gettext("没有这条记录，或您无权查看。"))
        if model.objects.filter(replaces=replaces).exists():
            raise UserError(gettext("这条记录已被替换，请打开最新的一条。"))
    try:
        with transaction.atomic():
            return model.objects.create(
                resident=resident,
                at=not_ahead(at or now),
                phone_at=phone_at,
                recorded_at=now,
                by_id=own(actor),
                client=client,
                replaces=replaces,
                **values,
            )
    except IntegrityError:
        if found := _arrived(model, client):
            return found
        raise UserError(gettext("这条记录已被替换，请打开最新的一条。")) from None
