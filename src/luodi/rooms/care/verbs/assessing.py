"""Assessments: filled in, half done if need be, signed by two; what follows from them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Text, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.care.models import FACTS, PURPOSES, Assessment, Incident, Resident, Risk
from luodi.rooms.care.scales import (
    ABILITY,
    SCALES,
    Adjustments,
    Missing,
    Result,
    Scale,
    level_of,
    risks_of,
)
from luodi.rooms.care.verbs.common import day_of, locked, own, terms_of
from luodi.rooms.care.verbs.file import facts_on
from luodi.rooms.care.verbs.way import consents

# Risk events that count towards a worse level (GB/T 42195-2022): fall, choking, self-harm, lost.
EVENTS = ("fall", "bed_fall", "choking", "harm", "lost")
EVENT_DAYS = 30


@verb(permission="care.nurse", on="resident")
def begin_assessment(
    *,
    actor: Actor,
    resident: Resident,
    scale: Annotated[
        str,
        Choice(_("量表"), choices=tuple((k, s.name) for k, s in SCALES.items() if s.current)),
    ] = "ability",
    purpose: Annotated[str, Choice(_("评估原因"), choices=tuple(PURPOSES.items()))],
    at: dt.datetime | None = None,
) -> Assessment:
    """Begins an assessment by one of the scales in force; with the resident's consent only."""
    now = at or timezone.now()
    if not consents(resident, "consent_health", day_of(now)):
        raise UserError(gettext("请先在档案中登记“同意处理健康信息”（单独同意）。"))
    return Assessment.objects.create(
        resident=resident,
        scale=scale,
        edition=SCALES[scale].edition,
        purpose=purpose,
        at=now,
        first_id=own(actor),
    )


@verb(permission="care.nurse", on="assessment")
def score(
    *,
    actor: Actor,
    assessment: Assessment,
    answers: Mapping[str, int],
    coma: bool = False,
    conclusion: Annotated[str, Text(_("说明"), most=500)] = "",
    sign: bool = False,
) -> Assessment:
    """Keeps the answers so far; with `sign`, the first assessor signs: all items must be there.

    Answers that the scale has not are refused; a signed assessment is not changed.
    """
    found = locked(assessment)
    scale = SCALES[found.scale]
    _require_open(found)
    known = {one.key: one for one in scale.items}
    for key, value in answers.items():
        if key not in known or value not in {o.score for o in known[key].options}:
            raise UserError(
                gettext("“%(item)s”没有这个分值。")
                % {"item": known[key].label if key in known else key},
                key,
            )
    found.answers = {key: answers[key] for key in known if key in answers}
    found.conclusion = conclusion
    if sign:
        result = _result(found, scale, coma=coma)
        found.score, found.level = result.score, result.band if scale is ABILITY else ""
        found.found = _kept(result, coma=coma)
        found.first_id = own(actor)
    found.save()
    return found


@verb(permission="care.nurse", on="assessment")
def countersign(
    *, actor: Actor, assessment: Assessment, at: dt.datetime | None = None
) -> Assessment:
    """The second assessor agrees: the result stands, its risks are the resident's, and the next
    assessment is due after the home's months. The two are two people."""
    found = locked(assessment)
    _require_open(found)
    if found.score is None:
        raise UserError(gettext("第一评估人还没有签名。"))
    if found.first_id is not None and found.first_id == own(actor):
        raise UserError(gettext("两位评估人应是不同的人。"))
    found.second_id, found.second_at = own(actor), at or timezone.now()
    found.save(update_fields=["second", "second_at"])
    if found.scale == ABILITY.key:
        _follow(found)
    return found


@verb(permission="care.nurse", on="assessment")
def reject_assessment(*, actor: Actor, assessment: Assessment) -> None:
    """Throws an assessment away that nobody has countersigned."""
    found = locked(assessment)
    _require_open(found)
    found.delete()


def adjustments_of(resident: Resident, at: dt.datetime, *, coma: bool = False) -> Adjustments:
    """What is known beside the answers: diagnoses from the facts, events from the incidents."""
    kinds = {one.kind for one in facts_on(resident, day_of(at))}
    since = at - dt.timedelta(days=EVENT_DAYS)
    events = Incident.objects.filter(resident=resident, kind__in=EVENTS, at__gt=since, at__lte=at)
    return Adjustments("dementia" in kinds, "mental" in kinds, events.count(), coma)


def _result(found: Assessment, scale: Scale, *, coma: bool) -> Result:
    try:
        if scale is ABILITY:
            given = adjustments_of(found.resident, found.at, coma=coma)
            return level_of(found.answers, given)
        return scale.result(found.answers)
    except Missing as problem:
        labels = {one.key: str(one.label) for one in scale.items}
        words = gettext("、").join(labels[key] for key in problem.items)
        raise UserError(
            gettext("还有%(count)s项没有评：%(items)s。")
            % {"count": len(problem.items), "items": words},
            problem.items[0],
        ) from None


def _kept(result: Result, *, coma: bool) -> dict[str, Any]:
    return {
        "parts": dict(result.parts),
        "before": result.before,
        "band": result.band,
        "words": str(result.words),
        "adjusted": list(result.adjusted),
        "coma": coma,
    }


def _follow(found: Assessment) -> None:
    """The risks of the last assessment stand; the next one is due in so many months."""
    day = day_of(found.at)
    Risk.objects.filter(resident=found.resident, until=None).update(until=day)
    words = {one.kind: FACTS[one.kind] for one in facts_on(found.resident, day)}
    Risk.objects.bulk_create(
        Risk(resident=found.resident, assessment=found, kind=kind, why=why[:200])
        for kind, why in risks_of(found.answers, words).items()
    )
    person = locked(found.resident)
    person.assess_by = months_after(day, terms_of(person.unit).reassess_months)
    person.assess_why = str(PURPOSES["regular"])
    person.save(update_fields=["assess_by", "assess_why"])


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months on; the last of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return dt.date(day.year + year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError


def _require_open(found: Assessment) -> None:
    if found.done:
        raise UserError(gettext("评估已由两人签名，不能再改；有异议请重新评估。"))


def last_two(resident: Resident, scale: str = "ability") -> list[Assessment]:
    """The last two signed assessments, the latest first: what is compared."""
    rows = Assessment.objects.filter(resident=resident, scale=scale, second_at__isnull=False)
    return list(rows.select_related("first", "second").order_by("-at", "-pk")[:2])
