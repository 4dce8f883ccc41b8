"""The care plan: a chain of versions; each answers the needs and risks of the assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Prose, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import Stale, UserError
from luodi.rooms.care.models import EVERY, RISKS, SLOTS, Act, Assessment, Plan, Resident, Risk
from luodi.rooms.care.verbs.common import living, locked, own
from luodi.rooms.care.verbs.scheduling import refresh


@dataclass(frozen=True, slots=True)
class Measure:
    """An act of a plan as it is asked for: see `models.Act`."""

    text: str
    slots: Sequence[str] = ()
    clock: dt.time | None = None
    every: str = "day"
    days: Sequence[int] = ()
    routine: bool = False
    protects: Sequence[str] = field(default_factory=tuple)


@verb(permission="care.nurse", on="resident")
def replace_plan(
    *,
    actor: Actor,
    resident: Resident,
    need: Annotated[str, Prose(_("需要"), most=1000)],
    aim: Annotated[str, Prose(_("目标"), most=1000)],
    evaluate_on: dt.date,
    acts: Sequence[Measure],
    number: int | None = None,
    at: dt.datetime | None = None,
) -> Plan:
    """Puts a new version in force; the one before stays as it was, and what was due follows at once.

    number: of the version that it replaces, as the planner read it. Raises Stale where somebody has
    replaced that one meanwhile; UserError where a risk of the last assessment has no protection.
    """
    found, now = living(resident), at or timezone.now()
    before = Plan.objects.select_for_update().filter(resident=found, until=None).first()
    if number is not None and number != (before.number if before else 0):
        raise Stale(gettext("别人刚刚改过护理计划，请重新打开核对。"))
    _check(acts, found)
    if before is not None:
        before.until = max(now, before.at)
        before.save(update_fields=["until"])
    signed = Assessment.objects.filter(resident=found, scale="ability", second_at__isnull=False)
    made = Plan.objects.create(
        resident=found,
        number=before.number + 1 if before else 1,
        need=need,
        aim=aim,
        at=now,
        evaluate_on=evaluate_on,
        assessment=signed.order_by("-at", "-pk").first(),
        by_id=own(actor),
    )
    Act.objects.bulk_create(
        Act(
            resident=found,
            plan=made,
            text=one.text,
            slots=list(one.slots),
            clock=one.clock,
            every=one.every,
            days=list(one.days),
            routine=one.routine,
            protects=list(one.protects),
        )
        for one in acts
    )
    refresh([found], now)
    return made


@verb(permission="care.nurse", on="plan")
def evaluate_plan(
    *, actor: Actor, plan: Plan, evaluation: Annotated[str, Prose(_("评价"), most=1000)]
) -> Plan:
    """Says how far the aim was reached; the plan itself stays."""
    found = locked(plan)
    found.evaluation = evaluation
    found.save(update_fields=["evaluation"])
    return found


def unanswered(resident: Resident, acts: Sequence[Measure]) -> list[str]:
    """The risks of the last assessment that no act protects from."""
    covered = {risk for one in acts for risk in one.protects}
    risks = Risk.objects.filter(resident=resident, until=None).values_list("kind", flat=True)
    return [one for one in risks if one not in covered]


def _check(acts: Sequence[Measure], resident: Resident) -> None:
    if not acts:
        raise UserError(gettext("请至少写一项护理措施。"), "acts")
    for one in acts:
        if not one.text or not (one.slots or one.clock):
            raise UserError(gettext("每项护理措施都要写明做什么、在什么时段或钟点。"), "acts")
        if set(one.slots) - set(SLOTS) or one.every not in EVERY or set(one.protects) - set(RISKS):
            raise UserError(gettext("请从给出的选项中选择。"), "acts")
        if one.every != "day" and not one.days:
            raise UserError(gettext("“%(text)s”还没有选哪几日。") % {"text": one.text}, "acts")
        if one.routine and set(one.protects) & {"choking", "harm", "lost"}:
            raise UserError(
                gettext("防范噎食、自伤伤人、走失的措施须逐项确认，不能标为常规。"), "acts"
            )
    if missing := unanswered(resident, acts):
        words = gettext("、").join(str(RISKS[one]) for one in missing)
        raise UserError(
            gettext("评估发现的风险还没有防护措施：%(risks)s。") % {"risks": words}, "acts"
        )
