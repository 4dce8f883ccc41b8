"""Memberships: how a person comes to a party organisation, advances, moves and leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence

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


Segment = tuple[int, str, dt.date, dt.date | None]


@transaction.atomic
def lay_stages(
    *,
    actor: Actor,
    person: Person,
    stages: Sequence[tuple[Stage, dt.date]],
    branch: Branch | None = None,
    until: dt.date | None = None,
    at: dt.datetime | None = None,
) -> list[Membership]:
    """Writes a person's stages as another record says them: each with its first day, in their order.

    To which organisation the person belongs and when stays as it is; `branch` is for who belongs to
    none. What was before the first day stays; `until` ends the last stage (exclusive). Days that
    are corrected move; what was known before stays readable as known then.
    """
    when, first = moment(at), stages[0][1]
    rows = Membership.objects.known().filter(person=person).select_related("branch__unit")
    held = [row for row in rows.order_by("valid") if row.until is None or row.until > first]
    if not held and branch is None:
        raise UserError(_("这个人不属于任何党组织。"), "branch")
    if not held and branch is not None:
        _standing(branch, first)
    for row in held:
        actor.require("people.write", row.branch.unit.path)
    if branch is not None:
        actor.require("people.write", branch.unit.path)
    wanted = set(_segments(held, branch, stages, until))
    stay = {_segment(row): row for row in held if _segment(row) in wanted}
    for row in held:
        if _segment(row) not in wanted:
            replaced(locked(row), [], when, _taken())
    made = list(stay.values())
    for one in sorted(wanted - set(stay), key=lambda one: one[2]):
        fresh = Membership(
            person=person, branch_id=one[0], stage=one[1], valid=period(one[2], one[3])
        )
        made.append(opening(fresh, when, _taken()))
    return sorted(made, key=lambda row: row.since)


def _segment(row: Membership) -> Segment:
    return row.branch_id, row.stage, row.since, row.until


def _segments(
    held: Sequence[Membership],
    branch: Branch | None,
    stages: Sequence[tuple[Stage, dt.date]],
    until: dt.date | None,
) -> Iterator[Segment]:
    """Where each organisation's time and each stage's time overlap."""
    first = stages[0][1]
    places: list[tuple[int, dt.date, dt.date | None]] = [
        (row.branch_id, row.since, row.until) for row in held
    ]
    if not places and branch is not None:
        places = [(branch.pk, first, None)]
    pk, since, end = places[0]
    if since < first:
        yield pk, held[0].stage, since, first
    places[0] = (pk, first, end)
    ends = [*(since for _stage, since in stages[1:]), until]
    for pk, since, end in _joined(places):
        for (stage, begin), finish in zip(stages, ends, strict=True):
            left = max(since, begin)
            right = min((day for day in (end, finish, until) if day), default=None)
            if right is None or left < right:
                yield pk, stage, left, right


def _joined(
    places: Iterable[tuple[int, dt.date, dt.date | None]],
) -> Iterator[tuple[int, dt.date, dt.date | None]]:
    """Times in one organisation that follow upon each other, as one."""
    last: tuple[int, dt.date, dt.date | None] | None = None
    for pk, since, end in places:
        if last is not None and last[0] == pk and last[2] == since:
            last = (pk, last[1], end)
            continue
        if last is not None:
            yield last
        last = (pk, since, end)
    if last is not None:
        yield last
