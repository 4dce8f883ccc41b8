"""Medicines: prescribed, given once, held with a reason, counted. Never without network, never twice."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Date, Instant, Number, Reason, Text, YesNo, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.care.due import away
from luodi.rooms.care.models import (
    MOVES,
    ROUTES,
    Absence,
    Batch,
    Dose,
    Fact,
    Gave,
    Prescription,
    Resident,
    StockMove,
)
from luodi.rooms.care.verbs.common import day_of, living, locked, not_ahead, own
from luodi.rooms.care.verbs.scheduling import refresh

EARLY = dt.timedelta(hours=1)
LEFT = (Gave.HELD, Gave.REFUSED, Gave.MISSED)


@verb(permission="care.nurse", on="resident")
def prescribe(
    *,
    actor: Actor,
    resident: Resident,
    medicine: Annotated[str, Text(_("药品和规格"), most=80)],
    quantity: Annotated[Decimal, Number(_("每次用量"), places=2, least=Decimal("0.01"), most=9999)],
    unit_name: Annotated[str, Text(_("单位"), most=10)],
    route: Annotated[str, Choice(_("途径"), choices=tuple(ROUTES.items()))] = "oral",
    doctor: Annotated[str, Text(_("开方医生"), most=60)],
    since: Annotated[dt.date, Date(_("自"))],
    until: Annotated[dt.date | None, Date(_("至（不含）"))] = None,
    when_needed: Annotated[bool, YesNo(_("必要时使用"))] = False,
    times: Annotated[
        str, Text(_("钟点"), most=80, help=_("如：08:00、18:00；必要时用药不填。"))
    ] = "",
    most_a_day: Annotated[int | None, Number(_("每日最多（次）"), least=1, most=24)] = None,
    gap_minutes: Annotated[int | None, Number(_("最小间隔（分钟）"), least=1, most=1440)] = None,
    check_minutes: Annotated[
        int | None, Number(_("多久后看效果（分钟）"), least=1, most=1440)
    ] = None,
    reason: Annotated[str, Text(_("用于"), most=120)] = "",
) -> Prescription:
    """Enters a doctor's prescription: at clock times, or when needed within a maximum and a gap.

    Raises UserError for one that a known allergy speaks against.
    """
    found = living(resident)
    clocks = _clocks(times)
    if when_needed and not (most_a_day and gap_minutes):
        raise UserError(gettext("必要时用药须写明每日最多次数和最小间隔。"), "most_a_day")
    if when_needed == bool(clocks):
        raise UserError(gettext("按时用药写明钟点；必要时用药不写钟点。"), "times")
    if until is not None and until <= since:
        raise UserError(gettext("停止日期应晚于开始日期。"), "until")
    for fact in Fact.objects.filter(resident=found, kind="drug_allergy", until=None):
        if fact.text and (fact.text in medicine or medicine in fact.text):
            raise UserError(gettext("档案登记对“%(drug)s”过敏。") % {"drug": fact.text}, "medicine")
    made = Prescription.objects.create(
        resident=found,
        medicine=medicine,
        quantity=quantity,
        unit_name=unit_name,
        route=route,
        doctor=doctor,
        since=since,
        until=until,
        when_needed=when_needed,
        clocks=clocks,
        most_a_day=most_a_day,
        gap_minutes=gap_minutes,
        check_minutes=check_minutes,
        reason=reason,
        by_id=own(actor),
    )
    refresh([found], timezone.now())
    return made


@verb(permission="care.nurse", on="prescription")
def stop_prescription(
    *, actor: Actor, prescription: Prescription, reason: Annotated[str, Reason()]
) -> Prescription:
    """Stops a prescription now: no dose of it is due any more."""
    found = locked(prescription)
    if found.stopped_at is not None:
        raise UserError(gettext("它已经停止。"))
    found.stopped_at, found.stop_why = timezone.now(), reason[:200]
    found.save(update_fields=["stopped_at", "stop_why"])
    refresh([found.resident], found.stopped_at)
    return found


@verb(permission="care.dose", on="dose")
def give(
    *,
    actor: Actor,
    dose: Dose,
    client: uuid.UUID | None = None,
    at: Annotated[dt.datetime | None, Instant(_("实际时间"))] = None,
) -> Dose:
    """Gives a dose that is due: once, by one, from stock.

    Of two who give it at once, the second is told who was first and when.
    """
    found = locked(dose)
    if client is not None and found.client == client:
        return found
    _require_open(found)
    now = timezone.now()
    if found.due_at is not None and found.due_at > now + EARLY:
        raise UserError(gettext("还没有到时间。"))
    return _given(actor, found, not_ahead(at or now), client)


@verb(permission="care.dose", on="dose")
def leave_out(
    *,
    actor: Actor,
    dose: Dose,
    state: Annotated[str, Choice(_("结果"), choices=tuple((o, o.label) for o in LEFT))],
    why: Annotated[str, Text(_("原因"), most=200)],
) -> Dose:
    """Says that a dose was held, refused or missed, and why."""
    found = locked(dose)
    _require_open(found)
    now = timezone.now()
    found.state, found.why, found.by_id = Gave(state), why, own(actor)
    found.given_at = found.recorded_at = now
    found.save(update_fields=["state", "why", "by", "given_at", "recorded_at"])
    return found


@verb(permission="care.dose", on="prescription")
def give_needed(
    *,
    actor: Actor,
    prescription: Prescription,
    why: Annotated[str, Text(_("为什么需要"), most=200)],
    client: uuid.UUID | None = None,
) -> Dose:
    """Gives a when-needed dose: never more than the maximum in 24 hours, nor within the least gap."""
    found = locked(prescription)
    if client is not None and (sent := Dose.objects.filter(client=client).first()):
        return sent
    now = timezone.now()
    person = living(found.resident)
    spans = Absence.objects.filter(resident=person).values_list("during", flat=True)
    if found.stopped_at is not None or not found.when_needed:
        raise UserError(gettext("这条医嘱不能按需给药。"))
    if away(now, [(one.lower, one.upper) for one in spans]):
        raise UserError(gettext("%(name)s现在外出。") % {"name": person.name})
    _within_limits(found, now)
    made = Dose(resident=person, prescription=found, why=why)
    if found.check_minutes:
        made.check_at = now + dt.timedelta(minutes=found.check_minutes)
    return _given(actor, made, now, client)


def _within_limits(found: Prescription, now: dt.datetime) -> None:
    last_day = now - dt.timedelta(hours=24)
    given = Dose.objects.filter(prescription=found, state=Gave.GIVEN, given_at__gt=last_day)
    times = sorted(one for one in given.values_list("given_at", flat=True) if one)
    if found.most_a_day and len(times) >= found.most_a_day:
        raise UserError(gettext("24小时内已给%(count)s次，达到上限。") % {"count": len(times)})
    if times and found.gap_minutes:
        next_at = times[-1] + dt.timedelta(minutes=found.gap_minutes)
        if now < next_at:
            raise UserError(
                gettext("上次在%(last)s，最早%(next)s才能再给。")
                % {
                    "last": f"{timezone.localtime(times[-1]):%H:%M}",
                    "next": f"{timezone.localtime(next_at):%H:%M}",
                }
            )


@verb(permission="care.dose", on="dose")
def check_effect(
    *, actor: Actor, dose: Dose, effect: Annotated[str, Text(_("效果"), most=200)]
) -> Dose:
    """Notes what a when-needed dose has done."""
    found = locked(dose)
    if found.state != Gave.GIVEN or found.effect_at is not None:
        raise UserError(gettext("这一次不需要再看效果。"))
    found.effect, found.effect_at, found.effect_by_id = effect, timezone.now(), own(actor)
    found.save(update_fields=["effect", "effect_at", "effect_by"])
    return found


@verb(permission="care.dose", on="resident")
def stock_in(
    *,
    actor: Actor,
    resident: Resident,
    medicine: Annotated[str, Text(_("药品和规格"), most=80)],
    quantity: Annotated[Decimal, Number(_("数量"), places=2, least=Decimal("0.01"), most=99999)],
    unit_name: Annotated[str, Text(_("单位"), most=10)],
    expires_on: Annotated[dt.date, Date(_("有效期至"))],
    lot: Annotated[str, Text(_("批号"), most=40)] = "",
) -> Batch:
    """Takes a package into the resident's stock; an expired one is not taken."""
    if expires_on < day_of(timezone.now()):
        raise UserError(gettext("药品已过有效期，不能入库。"), "expires_on")
    made = Batch.objects.create(
        resident=resident, medicine=medicine, unit_name=unit_name, lot=lot, expires_on=expires_on
    )
    _move(actor, made, quantity, "in")
    return made


@verb(permission="care.dose", on="batch")
def count_stock(
    *,
    actor: Actor,
    batch: Batch,
    counted: Annotated[Decimal, Number(_("清点数量"), places=2, least=0, most=99999)],
    why: Annotated[str, Text(_("差异原因"), most=200)] = "",
) -> Batch:
    """Counts a package at handover: a difference is written down with its reason."""
    found = locked(batch)
    difference = counted - stock_of(found)
    if difference and not why:
        raise UserError(
            gettext("清点数与账面相差%(difference)s，请写明原因。") % {"difference": difference},
            "why",
        )
    if difference:
        _move(actor, found, difference, "count", why=why)
    return found


@verb(permission="care.dose", on="batch")
def take_out(
    *,
    actor: Actor,
    batch: Batch,
    kind: Annotated[
        str, Choice(_("去向"), choices=(("back", MOVES["back"]), ("destroyed", MOVES["destroyed"])))
    ],
    quantity: Annotated[Decimal, Number(_("数量"), places=2, least=Decimal("0.01"), most=99999)],
    why: Annotated[str, Text(_("说明"), most=200)],
) -> Batch:
    """Gives medicine back to the relatives, or has it destroyed."""
    found = locked(batch)
    if quantity > stock_of(found):
        raise UserError(gettext("库存不足。"), "quantity")
    _move(actor, found, -quantity, kind, why=why)
    return found


def stock_of(batch: Batch) -> Decimal:
    """What is left of a package."""
    total: Decimal | None = batch.moves.aggregate(sum=Sum("quantity"))["sum"]
    return total or Decimal(0)


def stocked(resident: Resident) -> list[Batch]:
    """The packages of a resident that are not empty, the one that expires first first: `left`."""
    rows = Batch.objects.filter(resident=resident).annotate(left=Sum("moves__quantity"))
    return list(rows.filter(left__gt=0).order_by("expires_on", "pk"))


def _given(actor: Actor, dose: Dose, at: dt.datetime, client: uuid.UUID | None) -> Dose:
    dose.state, dose.given_at, dose.recorded_at = Gave.GIVEN, at, timezone.now()
    dose.by_id, dose.client = own(actor), client
    dose.save()
    _from_stock(actor, dose)
    return dose


def _from_stock(actor: Actor, dose: Dose) -> None:
    """Takes a dose out of the packages that expire first. Raises UserError where stock is kept of this
    medicine and does not suffice: it is counted first."""
    wanted, today = dose.prescription.quantity, day_of(timezone.now())
    held = Batch.objects.select_for_update().filter(
        resident=dose.resident_id, medicine=dose.prescription.medicine
    )
    batches = list(held.order_by("expires_on", "pk"))
    if not batches:
        return
    for batch in batches:
        here = stock_of(batch) if batch.expires_on >= today else Decimal(0)
        part = min(here, wanted)
        if part > 0:
            _move(actor, batch, -part, "dose", dose=dose)
            wanted -= part
    if wanted > 0:
        raise UserError(gettext("有效库存不足，请先入库或清点。"))


def _move(
    actor: Actor,
    batch: Batch,
    quantity: Decimal,
    kind: str,
    *,
    dose: Dose | None = None,
    why: str = "",
) -> None:
    StockMove.objects.create(
        resident_id=batch.resident_id,
        batch=batch,
        quantity=quantity,
        kind=kind,
        dose=dose,
        at=timezone.now(),
        by_id=own(actor),
        why=why,
    )


def _require_open(found: Dose) -> None:
    if found.state == Gave.WITHDRAWN:
        raise UserError(gettext("这一次给药已撤回（停药、外出或离院）。"))
    if found.state != Gave.OPEN:
        when = timezone.localtime(found.given_at or timezone.now())
        raise UserError(
            gettext("%(who)s已在%(at)s登记为“%(outcome)s”，请不要重复给药。")
            % {
                "who": found.by.name if found.by else "—",
                "at": f"{when:%m-%d %H:%M}",
                "outcome": Gave(found.state).label,
            }
        )


def _clocks(times: str) -> Sequence[dt.time]:
    words = times.replace("：", ":").replace("，", "、").replace(",", "、").replace(" ", "、")
    try:
        return sorted({dt.time.fromisoformat(one.zfill(5)) for one in words.split("、") if one})
    except ValueError:
        raise UserError(gettext("钟点请写成08:00、18:00。"), "times") from None
