"""From the first question to the end: enquiry, visit, trial, admission, away, moved, left, died."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import (
    Choice,
    Date,
    Instant,
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
    Absence,
    Agreement,
    Assessment,
    Bed,
    Fact,
    Resident,
    State,
    Stay,
    Step,
)
from luodi.rooms.care.rules import BEFORE_ADMISSION
from luodi.rooms.care.verbs.common import day_of, living, locked, not_ahead, own
from luodi.rooms.care.verbs.scheduling import refresh

STEPS = {
    "enquiry": _("咨询"),
    "visit": _("参观"),
    "trial": _("试住"),
    "admission": _("入住"),
    "leave": _("请假外出"),
    "hospital": _("住院"),
    "return": _("返回"),
    "move": _("调换床位"),
    "departure": _("退住"),
    "death": _("离世"),
    "withdrawal": _("不再考虑"),
}
ENDS = {"departure": State.LEFT, "death": State.DIED, "withdrawal": State.WITHDRAWN}
LEVEL = Choice(_("护理等级"), choices=tuple(LEVELS.items()))
ON = Date(_("日期"))
NOTE = Text(_("说明"), most=300)


def note_step(
    actor: Actor, resident: Resident, kind: str, on: dt.date, note: str = "", before: str = ""
) -> Step:
    """Writes down what happened on the way."""
    return Step.objects.create(
        resident=resident,
        kind=kind,
        on=on,
        at=timezone.now(),
        by_id=own(actor),
        note=note,
        before=before,
    )


@verb(permission="care.admit", on="unit")
def enquire(
    *,
    actor: Actor,
    unit: Annotated[
        Unit, UnitOf(_("养老机构"), permission="care.admit", kinds=(UnitKind.CARE_HOME,))
    ],
    name: Annotated[str, Text(_("老人姓名"), most=40)],
    sex: Annotated[str, Choice(_("性别"), choices=tuple(SEXES.items()))],
    born_on: Annotated[dt.date, Date(_("出生日期"))],
    phone: Annotated[str, Text(_("联系电话"), most=20)] = "",
    wish: Annotated[str, Prose(_("想了解的"), most=300)] = "",
    on: Annotated[dt.date | None, Date(_("咨询日期"))] = None,
) -> Resident:
    """Takes down an enquiry: who asks for a place, and how to reach them."""
    if born_on >= (on or day_of(timezone.now())):
        raise UserError(_now("出生日期应早于今天。"), "born_on")
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
    return _state(found, State.VISITED)


@verb(permission="care.admit", on="resident")
def withdraw_enquiry(
    *, actor: Actor, resident: Resident, reason: Annotated[str, Reason()]
) -> Resident:
    """Notes that they no longer ask for a place."""
    found = _waiting(resident)
    day = day_of(timezone.now())
    note_step(actor, found, "withdrawal", day, reason, found.state)
    return _state(found, State.WITHDRAWN, ended_on=day)


@verb(permission="care.admit", on="resident")
def start_trial(
    *,
    actor: Actor,
    resident: Resident,
    bed: Annotated[Bed, RecordOf(_("床位"), model=Bed)],
    on: Annotated[dt.date, Date(_("试住自"))],
    until: Annotated[dt.date, Date(_("试住至（不含）"))],
    level: Annotated[str, LEVEL],
) -> Resident:
    """Takes somebody in on trial, assessed before, with a bed and a level until a day."""
    found = _waiting(resident)
    _require_assessed(found, on)
    if until <= on:
        raise UserError(_now("试住结束日期应晚于开始日期。"), "until")
    _agree(found, on, until, level)
    _lie(found, bed, on, trial=True)
    note_step(actor, found, "trial", on, bed.name, found.state)
    return _state(found, State.TRIAL, admitted_on=on)


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
        raise UserError(_now("协议结束日期应晚于入住日期。"), "until")
    if trial:
        _end_spans(found, on)
        old = Stay.objects.filter(resident=found).order_by("-during").first()
        bed = bed or (old.bed if old else None)
        _cut_stay(found, on)
    if bed is None:
        raise UserError(_now("请选择床位。"), "bed")
    _agree(found, on, until, level, agent, agent_phone, deposit or Decimal(0))
    _lie(found, bed, on)
    note_step(actor, found, "admission", on, bed.name, found.state)
    made = _state(found, State.RESIDENT, admitted_on=found.admitted_on or on)
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
    _end_spans(found, on)
    return _agree(
        found,
        on,
        until,
        level,
        agent or (before.agent if before else ""),
        agent_phone or (before.agent_phone if before else ""),
        before.deposit if before else Decimal(0),
    )


@verb(permission="care.move", on="resident")
def leave(
    *,
    actor: Actor,
    resident: Resident,
    kind: Annotated[
        str, Choice(_("去向"), choices=(("leave", _("请假外出")), ("hospital", _("住院"))))
    ],
    at: Annotated[dt.datetime, Instant(_("离开时间"))],
    due_at: Annotated[dt.datetime | None, Instant(_("预计返回"))] = None,
    place: Annotated[str, Text(_("地点或医院"), most=120)] = "",
    with_whom: Annotated[str, Text(_("陪同人及电话"), most=120)] = "",
) -> Absence:
    """Notes that a resident goes out or to hospital: from then on nothing is due."""
    found = living(resident)
    not_ahead(at)
    if due_at is not None and due_at <= at:
        raise UserError(_now("预计返回应晚于离开。"), "due_at")
    if absence := Absence.objects.filter(resident=found, during__endswith=None).first():
        since = timezone.localtime(absence.during.lower)
        raise UserError(
            _now("%(name)s自%(at)s起已外出，请先登记返回。")
            % {"name": found.name, "at": f"{since:%m-%d %H:%M}"}
        )
    try:
        with transaction.atomic():
            made = Absence.objects.create(
                resident=found,
                kind=kind,
                during=(at, None),
                due_at=due_at,
                place=place,
                with_whom=with_whom,
                by_id=own(actor),
            )
    except IntegrityError:
        raise UserError(_now("这段时间与另一次外出重叠。"), "at") from None
    note_step(actor, found, kind, day_of(at), place)
    refresh([found], at, timezone.now())
    return made


@verb(permission="care.move", on="resident")
def come_back(
    *, actor: Actor, resident: Resident, at: Annotated[dt.datetime, Instant(_("返回时间"))]
) -> Absence:
    """Notes the return: what is due from then on is due again."""
    found = living(resident)
    not_ahead(at)
    absence = (
        Absence.objects.select_for_update().filter(resident=found, during__endswith=None).first()
    )
    if absence is None:
        raise UserError(_now("没有登记外出，无需登记返回。"))
    if at <= absence.during.lower:
        raise UserError(_now("返回时间应晚于离开时间。"), "at")
    absence.during = (absence.during.lower, at)
    absence.save(update_fields=["during"])
    if absence.kind == "hospital":
        found.assess_by, found.assess_why = day_of(at), _now("出院返回，情况可能有变化")
        found.save(update_fields=["assess_by", "assess_why"])
    note_step(actor, found, "return", day_of(at))
    refresh([found], at, timezone.now())
    return absence


@verb(permission="care.move", on="resident")
def move_bed(
    *,
    actor: Actor,
    resident: Resident,
    bed: Annotated[Bed, RecordOf(_("新床位"), model=Bed)],
    on: Annotated[dt.date, Date(_("自"))],
    note: Annotated[str, Text(_("原因"), most=300)] = "",
) -> Stay:
    """Moves a resident to another bed from a day on."""
    found = living(resident)
    trial = found.state == State.TRIAL
    _cut_stay(found, on)
    made = _lie(found, bed, on, trial=trial)
    note_step(actor, found, "move", on, f"{bed.name} {note}".strip())
    return made


@verb(permission="care.admit", on="resident")
def depart(
    *,
    actor: Actor,
    resident: Resident,
    kind: Annotated[
        str, Choice(_("离开原因"), choices=(("departure", _("退住")), ("death", _("离世"))))
    ],
    on: Annotated[dt.date, Date(_("日期"))],
    note: Annotated[str, NOTE] = "",
) -> Resident:
    """Ends a stay by departure or death, from that day on: no act is due, the bed is free."""
    found = living(resident)
    if found.admitted_on and on < found.admitted_on:
        raise UserError(_now("日期不能早于入住日期。"), "on")
    if on > day_of(timezone.now()):
        raise UserError(_now("时间不能晚于现在。"), "on")
    _cut_stay(found, on)
    _end_spans(found, on)
    for absence in Absence.objects.filter(resident=found, during__endswith=None):
        end = max(timezone.now(), absence.during.lower + dt.timedelta(minutes=1))
        absence.during = (absence.during.lower, end)
        absence.save(update_fields=["during"])
    note_step(actor, found, kind, on, note, found.state)
    made = _state(found, ENDS[kind], ended_on=on)
    refresh([made], timezone.now())
    return made


@verb(permission="care.admit", on="step")
def take_back(*, actor: Actor, step: Step, reason: Annotated[str, Reason()]) -> Resident:
    """Takes back a departure, a death or a withdrawal that was entered by mistake: bed, agreement and
    what is due are as before. Raises UserError where the bed has been given to somebody else."""
    found = locked(step.resident)
    step = locked(step)
    if step.kind not in ENDS or step.undone or found.state != ENDS[step.kind]:
        raise UserError(_now("这一步不能撤销，或已经撤销。"))
    if step.kind != "withdrawal":
        _reopen(found)
    step.undone, step.note = True, f"{step.note}（{_now('撤销')}：{reason}）"[:300]
    step.save(update_fields=["undone", "note"])
    made = _state(found, State(step.before), ended_on=None)
    refresh([made], timezone.now())
    return made


def _reopen(resident: Resident) -> None:
    for row in (
        Stay.objects.filter(resident=resident).order_by("-during").first(),
        Agreement.objects.filter(resident=resident).order_by("-during").first(),
    ):
        if row is None:
            continue
        row.during = (row.during.lower, None)
        try:
            with transaction.atomic():
                row.save(update_fields=["during"])
        except IntegrityError:
            bed = row.bed.name if isinstance(row, Stay) else ""
            raise UserError(
                _now("床位%(bed)s已安排他人，请先为其中一位调换床位。") % {"bed": bed}
            ) from None


def _waiting(resident: Resident) -> Resident:
    found = locked(resident)
    if found.state not in WAITING:
        raise UserError(
            _now("%(name)s现在的状态是“%(state)s”。")
            % {"name": found.name, "state": State(found.state).label}
        )
    return found


def _state(resident: Resident, state: State, **values: Any) -> Resident:
    resident.state = state
    for name, value in values.items():
        setattr(resident, name, value)
    resident.save(update_fields=["state", *values])
    resident.refresh_from_db()
    return resident


def _require_assessed(resident: Resident, on: dt.date) -> None:
    """GB 38600-2019: nobody is taken in who was not assessed before."""
    done = Assessment.objects.filter(resident=resident, scale="ability", second_at__isnull=False)
    if not any(day_of(one.at) <= on for one in done):
        raise UserError(
            _now("入住前须完成能力评估并由两人签名（%(rule)s）。") % {"rule": BEFORE_ADMISSION}
        )


def _lie(resident: Resident, bed: Bed, since: dt.date, *, trial: bool = False) -> Stay:
    """Gives a bed from a day on. Raises UserError for one that is taken, closed, or elsewhere."""
    bed = locked(bed)
    if bed.unit_id != resident.unit_id or (bed.closed_on is not None and bed.closed_on <= since):
        raise UserError(_now("这张床位不在本机构，或已停用。"), "bed")
    try:
        with transaction.atomic():
            return Stay.objects.create(
                resident=resident, bed=bed, during=(since, None), trial=trial
            )
    except IntegrityError:
        raise UserError(_now("床位%(bed)s在这段时间已有人。") % {"bed": bed.name}, "bed") from None


def _cut_stay(resident: Resident, on: dt.date) -> None:
    """Ends the stay in force on a day; one that began that day or later makes way."""
    for stay in Stay.objects.select_for_update().filter(resident=resident, during__endswith=None):
        if stay.during.lower >= on:
            stay.delete()
            continue
        stay.during = (stay.during.lower, on)
        stay.save(update_fields=["during"])


def _agree(
    resident: Resident,
    since: dt.date,
    until: dt.date | None,
    level: str,
    agent: str = "",
    agent_phone: str = "",
    deposit: Decimal = Decimal(0),
) -> Agreement:
    try:
        with transaction.atomic():
            return Agreement.objects.create(
                resident=resident,
                signed_on=since,
                during=(since, until),
                level=level,
                agent=agent,
                agent_phone=agent_phone,
                deposit=deposit,
            )
    except IntegrityError:
        raise UserError(_now("这段时间已有协议。"), "on") from None


def _end_spans(resident: Resident, on: dt.date) -> None:
    """Ends what was agreed beyond a day."""
    for row in Agreement.objects.select_for_update().filter(resident=resident):
        if row.during.upper is not None and row.during.upper <= on:
            continue
        if row.during.lower >= on:
            row.delete()
            continue
        row.during = (row.during.lower, on)
        row.save(update_fields=["during"])


def consents(resident: Resident, kind: str, on: dt.date) -> bool:
    """Whether a consent is in force on a day."""
    rows = Fact.objects.filter(resident=resident, kind=kind, since__lte=on)
    return any(one.holds_on(on) for one in rows)
