"""Files kept on paper until now: all their dated steps at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, today
from luodi.lib.errors import UserError
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Branch, Membership, Person
from luodi.rooms.pathways.models import End, Fact, Helper, Journey
from luodi.rooms.pathways.reading import rank, standing_of
from luodi.rooms.pathways.rules import STEPS, stages


@dataclass(frozen=True)
class Past:
    """A step that was taken before it was entered here."""

    step: str
    on: dt.date
    people: Sequence[Person] = ()
    values: Mapping[str, Any] | None = None


@transaction.atomic
def enter_history(
    *,
    actor: Actor,
    person: Person,
    branch: Branch,
    past: Sequence[Past],
    plan_year: int | None = None,
    at: dt.datetime | None = None,
) -> Journey:
    """Enters the steps of a paper file, or adds those that are not there yet.

    Nothing of the past is refused for its dates: what breaks a rule is shown beside its step. The
    superior enters such files, because they contain the superior's own steps.
    """
    actor.require("pathways.approve", branch.unit.path)
    when = at or timezone.now()
    if not past:
        raise UserError(_("至少填写申请日期。"), "apply")
    if wrong := next((one for one in past if one.on > today()), None):
        raise UserError(_("日期不能晚于今天。"), wrong.step)
    journey = Journey.objects.filter(person=person, ended_on=None).first()
    if journey is None:
        if past[0].step != "apply":
            raise UserError(_("至少填写申请日期。"), "apply")
        journey = Journey.objects.create(person=person, plan_year=plan_year, opened_at=when)
    known = {(one.step, one.on) for one in journey.facts.all()}
    once = {one.step for one in journey.facts.all() if not STEPS[one.step].again}
    fresh = [one for one in past if (one.step, one.on) not in known and one.step not in once]
    account = actor.account_id or None
    facts = Fact.objects.bulk_create(
        Fact(
            journey=journey, step=one.step, on=one.on, recorded_by_id=account, recorded_at=when,
            **(one.values or {}),
        )
        for one in fresh
    )  # fmt: skip
    Helper.objects.bulk_create(
        Helper(fact=fact, person=someone)
        for fact, one in zip(facts, fresh, strict=True)
        for someone in one.people
    )
    _follow(actor, journey, branch, when)
    return journey


def _follow(actor: Actor, journey: Journey, branch: Branch, at: dt.datetime) -> None:
    """The directory's stages, where it does not know later ones already."""
    now = standing_of(journey)
    reached = stages(now.file)
    if rank(now.stage) <= rank(reached[-1][0]):
        held = Membership.objects.known().filter(person=journey.person).exists()
        directory.lay_stages(
            actor=actor,
            person=journey.person,
            stages=reached,
            branch=None if held else branch,
            at=at,
        )
    if (done := now.file.on("archive")) is not None:
        journey.end, journey.ended_on = End.MEMBER, done
        journey.save(update_fields=["end", "ended_on"])
