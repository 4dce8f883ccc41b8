"""From the first question to the end: enquiry, visit, trial, admission, away, moved, left, died."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import (
    Choice,
    Date,
    Money,
    Prose,
    Reason,
    RecordOf,
    Text,
    UnitOf,
    verb,
)
from luodi.ground.scope.api import Actor, Unit, UnitKind
from luodi.lib.errors import UserError
from luodi.rooms.care.models import (
    LEVELS,
    SEXES,
    WAITING,
    Agreement,
    Assessment,
    Bed,
    Resident,
    State,
    Stay,
)
from luodi.rooms.care.rules import BEFORE_ADMISSION
from luodi.rooms.care.verbs.common import day_of, living, locked
from luodi.rooms.care.verbs.scheduling import refresh
from luodi.rooms.care.verbs.way import (
    agree,
    cut_stay,
    end_agreements,
    give_bed,
    in_state,
    note_step,
)

LEVEL = Choice(_("护理等级"), choices=tuple(LEVELS.items()))
ON = Date(_("日期"))
NOTE = Text(_("说明"), most=300)
BED = RecordOf(_("床位"), model=Bed)
HOME = UnitOf(_("养老机构"), permission="care.admit", kinds=(UnitKind.CARE_HOME,))


@verb(permission="care.admit", on="unit")
def enquire(
    *,
    actor: Actor,
    unit: Annotated[Unit | None, HOME],
    name: Annotated[str, Text(_("老人姓名"), most=40)],
    sex: Annotated[str, Choice(_("性别"), choices=tuple(SEXES.items()))],
    born_on: Annotated[dt.date, Date(_("出生日期"))],
    phone: Annotated[str, Text(_("联系电话"), most=20)] = "",
    wish: Annotated[str, Prose(_("想了解的"), most=300)] = "",
    on: Annotated[dt.date | None, Date(_("咨询日期"))] = None,
) -> Resident:
    """Takes down an enquiry: who asks for a place, and how to reach them."""
    assert unit is not None  # asked for
    if born_on >= (on or day_of(timezone.now())):
        raise UserError(gettext("出生日期应早于今天。"), "born_on")
    day = on or day_of(timezone.now())
    made = Resident.objects.create(
        unit=unit, name=name, sex=sex, born_on=born_on, phone=phone, wish=wish, enquired_on=day
    )
    made.refresh_from_db()
    note_step(actor, made, "enquiry", day, wish)
    return made


@verb(permission="care.admit", on="resident")
def record_visit(
    *,
    actor: Actor,
    resident: Resident,
    on: Annotated[dt.date, ON],
    note: Annotated[str, NOTE] = "",
) -> Resident:
    """Notes that they came and looked at the home."""
    found = _waiting(resident)
    note_step(actor, found, "visit", on, note, found.state)
    return in_state(found, State.VISITED)


@verb(permission="care.admit", on="resident")
def withdraw_enquiry(
    *, actor: Actor, resident: Resident, reason: Annotated[str, Reason()]
) -> Resident:
    """Notes that they no longer ask for a place."""
    found = _waiting(resident)
    day = day_of(timezone.now())
    note_step(actor, found, "withdrawal", day, reason, found.state)
    return in_state(found, State.WITHDRAWN, ended_on=day)


@verb(permission="care.admit", on="resident")
def start_trial(
    *,
    actor: Actor,
    resident: Resident,
    bed: Annotated[Bed | None, BED],
    on: Annotated[dt.date, Date(_("试住自"))],
    until: Annotated[dt.date, Date(_("试住至（不含）"))],
    level: Annotated[str, LEVEL],
) -> Resident:
    """Takes somebody in on trial, assessed before, with a bed and a level until a day."""
    found = _waiting(resident)
    _require_assessed(found, on)
    if until <= on:
        raise UserError(gettext("试住结束日期应晚于开始日期。"), "until")
    agree(found, on, until, level)
    assert bed is not None  # asked for
    give_bed(found, bed, on, trial=True)
    note_step(actor, found, "trial", on, bed.name, found.state)
    return in_state(found, State.TRIAL, admitted_on=on)


@verb(permission="care.admit", on="resident")
def admit(
    *,
    actor: Actor,
    resident: Resident,
    bed: Annotated[
        Bed | None, RecordOf(_("床位"), model=Bed, help=_("试住转入住时不填即不换床。"))
    ] = None,
    on: Annotated[dt.date, Date(_("入住日期"))],
    level: Annotated[str, LEVEL],
    agent: Annotated[str, Text(_("代理人或付费人"), most=60)] = "",
    agent_phone: Annotated[str, Text(_("代理人电话"), most=20)] = "",
    deposit: Annotated[Decimal | None, Money(_("约定押金（元）"), least=0)] = None,
    until: Annotated[dt.date | None, Date(_("协议至（不含）"))] = None,
) -> Resident:
    """Admits somebody by an agreement: assessed before, with a bed, from a day on."""
    found = locked(resident)
    trial = found.state == State.TRIAL
    if not trial:
        found = _waiting(resident)
    _require_assessed(found, on)
    if until is not None and until <= on:
        raise UserError(gettext("协议结束日期应晚于入住日期。"), "until")
    if trial:
        end_agreements(found, on)
        old = Stay.objects.filter(resident=found).order_by("-during").first()
        bed = bed or (old.bed if old else None)
        cut_stay(found, on)
    if bed is None:
        raise UserError(gettext("请选择床位。"), "bed")
    agree(found, on, until, level, agent, agent_phone, deposit or Decimal(0))
    give_bed(found, bed, on)
    note_step(actor, found, "admission", on, bed.name, found.state)
    made = in_state(found, State.RESIDENT, admitted_on=found.admitted_on or on)
    refresh([made], timezone.now())
    return made


@verb(permission="care.admit", on="resident")
def renew_agreement(
    *,
    actor: Actor,
    resident: Resident,
    on: Annotated[dt.date, Date(_("自"))],
    level: Annotated[str, LEVEL],
    until: Annotated[dt.date | None, Date(_("协议至（不含）"))] = None,
    agent: Annotated[str, Text(_("代理人或付费人"), most=60)] = "",
    agent_phone: Annotated[str, Text(_("代理人电话"), most=20)] = "",
) -> Agreement:
    """Agrees anew from a day on: after an assessment another level, or another term."""
    found = living(resident)
    before = Agreement.objects.filter(resident=found, during__contains=on).first()
    end_agreements(found, on)
    return agree(
        found,
        on,
        until,
        level,
        agent or (before.agent if before else ""),
        agent_phone or (before.agent_phone if before else ""),
        before.deposit if before else Decimal(0),
    )


def _waiting(resident: Resident) -> Resident:
    found = locked(resident)
    if found.state not in WAITING:
        raise UserError(
            gettext("%(name)s现在的状态是“%(state)s”。")
            % {"name": found.name, "state": State(found.state).label}
        )
    return found


def _require_assessed(resident: Resident, on: dt.date) -> None:
    """GB 38600-2019: nobody is taken in who was not assessed before."""
    done = Assessment.objects.filter(resident=resident, scale="ability", second_at__isnull=False)
    if not any(day_of(one.at) <= on for one in done):
        raise UserError(
            gettext("入住前须完成能力评估并由两人签名（%(rule)s）。") % {"rule": BEFORE_ADMISSION}
        )
