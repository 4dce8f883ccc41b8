"""Away and back, moved, left, died; and what was entered by mistake taken back."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Date, Instant, Reason, RecordOf, Text, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.care.models import Absence, Agreement, Bed, Resident, State, Stay, Step
from luodi.rooms.care.verbs.common import day_of, living, locked, not_ahead, own
from luodi.rooms.care.verbs.scheduling import refresh
from luodi.rooms.care.verbs.way import ENDS, cut_stay, end_agreements, give_bed, in_state, note_step

NOTE = Text(_("说明"), most=300)
BED = RecordOf(_("新床位"), model=Bed)


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
        raise UserError(gettext("预计返回应晚于离开。"), "due_at")
    if absence := Absence.objects.filter(resident=found, during__endswith=None).first():
        since = timezone.localtime(absence.during.lower)
        raise UserError(
            gettext("%(name)s自%(at)s起已外出，请先登记返回。")
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
        raise UserError(gettext("这段时间与另一次外出重叠。"), "at") from None
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
        raise UserError(gettext("没有登记外出，无需登记返回。"))
    if at <= absence.during.lower:
        raise UserError(gettext("返回时间应晚于离开时间。"), "at")
    absence.during = (absence.during.lower, at)
    absence.save(update_fields=["during"])
    if absence.kind == "hospital":
        found.assess_by, found.assess_why = day_of(at), gettext("出院返回，情况可能有变化")
        found.save(update_fields=["assess_by", "assess_why"])
    note_step(actor, found, "return", day_of(at))
    refresh([found], at, timezone.now())
    return absence


@verb(permission="care.move", on="resident")
def move_bed(
    *,
    actor: Actor,
    resident: Resident,
    bed: Annotated[Bed | None, BED],
    on: Annotated[dt.date, Date(_("自"))],
    note: Annotated[str, Text(_("原因"), most=300)] = "",
) -> Stay:
    """Moves a resident to another bed from a day on."""
    assert bed is not None  # asked for
    found = living(resident)
    trial = found.state == State.TRIAL
    cut_stay(found, on)
    made = give_bed(found, bed, on, trial=trial)
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
        raise UserError(gettext("日期不能早于入住日期。"), "on")
    if on > day_of(timezone.now()):
        raise UserError(gettext("时间不能晚于现在。"), "on")
    cut_stay(found, on)
    end_agreements(found, on)
    for absence in Absence.objects.filter(resident=found, during__endswith=None):
        end = max(timezone.now(), absence.during.lower + dt.timedelta(minutes=1))
        absence.during = (absence.during.lower, end)
        absence.save(update_fields=["during"])
    note_step(actor, found, kind, on, note, found.state)
    made = in_state(found, ENDS[kind], ended_on=on)
    refresh([made], timezone.now())
    return made


@verb(permission="care.admit", on="step")
def take_back(*, actor: Actor, step: Step, reason: Annotated[str, Reason()]) -> Resident:
    """Takes back a departure, a death or a withdrawal that was entered by mistake: bed, agreement and
    what is due are as before. Raises UserError where the bed has been given to somebody else."""
    found = locked(step.resident)
    step = locked(step)
    if step.kind not in ENDS or step.undone or found.state != ENDS[step.kind]:
        raise UserError(gettext("这一步不能撤销，或已经撤销。"))
    if step.kind != "withdrawal":
        _reopen(found)
    step.undone, step.note = True, f"{step.note}（{gettext('撤销')}：{reason}）"[:300]
    step.save(update_fields=["undone", "note"])
    made = in_state(found, State(step.before), ended_on=None)
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
                gettext("床位%(bed)s已安排他人，请先为其中一位调换床位。") % {"bed": bed}
            ) from None
