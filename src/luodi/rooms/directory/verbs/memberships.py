"""Memberships: how a person comes to a party organisation, advances, moves and leaves."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.directory.models import Branch, Membership, Person, Stage, Standing
from luodi.rooms.directory.verbs.dating import (
    clone,
    ended,
    locked,
    moment,
    opening,
    period,
    replaced,
)

ORDER = list(Stage)


def _taken() -> str:
    return _("这个人在这段时间已属于一个党组织。")


def _standing(branch: Branch, on: dt.date) -> None:
    if not Standing.objects.on(on).filter(branch=branch).exists():
        raise UserError(
            _("%(branch)s在%(day)s还未成立或已撤销。") % {"branch": branch, "day": on}, "branch"
        )


@transaction.atomic
def start_membership(
    *,
    actor: Actor,
    person: Person,
    branch: Branch,
    stage: Stage,
    since: dt.date,
    until: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Membership:
    """Enters a person in a party organisation at a stage, from a day on."""
    actor.require("people.write", branch.unit.path)
    _standing(branch, since)
    row = Membership(person=person, branch=branch, stage=Stage(stage), valid=period(since, until))
    return opening(row, moment(at), _taken())


@transaction.atomic
def advance_membership(
    *, actor: Actor, membership: Membership, on: dt.date, at: dt.datetime | None = None
) -> Membership:
    """Takes a person to the next stage on a day (发展党员工作细则: no stage is left out)."""
    row = locked(membership)
    actor.require("people.write", row.branch.unit.path)
    place = ORDER.index(Stage(row.stage))
    if place + 1 == len(ORDER):
        raise UserError(_("已是正式党员，没有下一阶段。"), "stage")
    following = clone(row, stage=ORDER[place + 1], valid=period(on, row.until))
    return replaced(row, [ended(row, on), following], moment(at), _taken())[-1]


@transaction.atomic
def transfer(
    *,
    actor: Actor,
    membership: Membership,
    branch: Branch,
    on: dt.date,
    at: dt.datetime | None = None,
) -> Membership:
    """Moves a person to another party organisation on a day, at the same stage.

    The person's record goes along where the old organisation's unit kept it.
    """
    row = locked(membership)
    actor.require("people.write", row.branch.unit.path)
    actor.require("people.write", branch.unit.path)
    if branch.pk == row.branch_id:
        raise UserError(_("请选择另一个党组织。"), "branch")
    _standing(branch, on)
    person = row.person
    if person.unit_id == home(row.branch).pk:
        person.unit = home(branch)
        person.save(update_fields=["unit"])
    following = clone(row, branch=branch, valid=period(on, row.until))
    return replaced(row, [ended(row, on), following], moment(at), _taken())[-1]


def home(branch: Branch) -> Unit:
    """The unit that keeps its members' records: its enterprise, or itself where it has none."""
    parent = branch.unit.parent
    return parent if parent is not None and parent.kind == "enterprise" else branch.unit


@transaction.atomic
def end_membership(
    *, actor: Actor, membership: Membership, on: dt.date, at: dt.datetime | None = None
) -> Membership:
    """Ends it on a day (exclusive)."""
    row = locked(membership)
    actor.require("people.write", row.branch.unit.path)
    return replaced(row, [ended(row, on)], moment(at), _taken())[0]


@transaction.atomic
def correct_membership(
    *,
    actor: Actor,
    membership: Membership,
    branch: Branch | None = None,
    stage: Stage | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Membership:
    """Corrects what was entered wrongly; what was known before stays readable as known then."""
    row = locked(membership)
    actor.require("people.write", row.branch.unit.path)
    if branch is not None:
        actor.require("people.write", branch.unit.path)
    right = clone(
        row,
        branch=branch or row.branch,
        stage=Stage(stage or row.stage),
        valid=period(since or row.since, until or row.until),
    )
    _standing(right.branch, right.since)
    return replaced(row, [right], moment(at), _taken())[0]
