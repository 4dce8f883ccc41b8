"""Two-way training: two people, a goal, what they agreed to do."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Date, Text, verb
from luodi.ground.scope.api import Actor, today
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import MEMBER_STAGES, Membership, Person, PersonOf
from luodi.rooms.pathways.models import DIRECTIONS, Pairing, PairingStep


@verb(permission="pathways.write", on="person")
@transaction.atomic
def begin_pairing(
    *,
    actor: Actor,
    person: Annotated[Person, object, PersonOf(_("培养对象"))],
    direction: Annotated[str, Choice(_("方向"), choices=list(DIRECTIONS.items()))],
    companion: Annotated[Person, object, PersonOf(_("结对党员或骨干"))],
    since: Annotated[dt.date, Date(_("自"))],
    goal: Annotated[str, Text(_("目标"), most=120)],
) -> Pairing:
    """Names a companion: of who is to become a member, a member; of a member, somebody who can teach."""
    if person.pk == companion.pk:
        raise UserError(gettext("结对的应是另一个人。"), "companion")
    held = Membership.objects.on(since).filter(stage__in=MEMBER_STAGES)
    is_member = held.filter(person=person).exists()
    if direction == "to_member" and is_member:
        raise UserError(gettext("%(name)s已是党员。") % {"name": person}, "person")
    if direction == "to_backbone" and not is_member:
        raise UserError(
            gettext("%(name)s在%(day)s不是党员。") % {"name": person, "day": since}, "person"
        )
    if direction == "to_member" and not held.filter(person=companion).exists():
        raise UserError(
            gettext("%(name)s在%(day)s不是党员。") % {"name": companion, "day": since}, "companion"
        )
    if Pairing.objects.filter(person=person, direction=direction, ended_on=None).exists():
        raise UserError(gettext("%(name)s已有结对。") % {"name": person}, "person")
    return Pairing.objects.create(
        person=person, direction=direction, companion=companion, since=since, goal=goal
    )


@verb(permission="pathways.write", on="pairing")
@transaction.atomic
def agree_on_step(
    *,
    actor: Actor,
    pairing: Pairing,
    text: Annotated[str, Text(_("做什么"), most=120)],
    due_on: Annotated[dt.date, Date(_("期限"))],
) -> Pairing:
    """Adds what the two agreed to do."""
    _open(pairing)
    PairingStep.objects.create(pairing=pairing, text=text, due_on=due_on)
    return pairing


@verb(permission="pathways.write", on="step")
@transaction.atomic
def finish_pairing_step(
    *,
    actor: Actor,
    step: PairingStep,
    sentence: Annotated[str, Text(_("完成情况"), most=200)],
    on: Annotated[dt.date, Date(_("完成日期"))],
) -> Pairing:
    """Says that it was done, in a sentence."""
    _open(step.pairing)
    if step.done_on is not None:
        raise UserError(gettext("已于%(day)s完成。") % {"day": step.done_on})
    if on > today():
        raise UserError(gettext("日期不能晚于今天。"), "on")
    step.done_on, step.sentence = on, sentence
    step.save(update_fields=["done_on", "sentence"])
    return step.pairing


@verb(permission="pathways.write", on="pairing")
@transaction.atomic
def end_pairing(
    *,
    actor: Actor,
    pairing: Pairing,
    on: Annotated[dt.date, Date(_("结束日期"))],
    result: Annotated[str, Text(_("结果"), most=200)],
) -> Pairing:
    """Ends it, with what came of it."""
    _open(pairing)
    if on < pairing.since:
        raise UserError(gettext("结束日期不能早于开始日期。"), "on")
    pairing.ended_on, pairing.result = on, result
    pairing.save(update_fields=["ended_on", "result"])
    return pairing


def _open(pairing: Pairing) -> None:
    if pairing.ended_on is not None:
        raise UserError(gettext("这次结对已于%(day)s结束。") % {"day": pairing.ended_on})
