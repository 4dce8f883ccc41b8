"""Who is expected at a gathering by the rule of its kind, on its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from django.db.models import Q, QuerySet

from luodi.ground.scope.api import Unit
from luodi.rooms.directory.api import (
    MEMBER_STAGES,
    Membership,
    Person,
    PostKind,
    Stage,
    holders,
    leading_group,
)
from luodi.rooms.gatherings.kinds import Kind
from luodi.rooms.gatherings.models import Gathering

COMMITTEE = (PostKind.BRANCH_SECRETARY, PostKind.BRANCH_DEPUTY, PostKind.BRANCH_MEMBER)
LEADERS = (PostKind.BRANCH_SECRETARY, PostKind.SECRETARY)


def _of_stages(unit: Unit, on: dt.date, stages: tuple[Stage, ...]) -> QuerySet[Person]:
    """The people of those stages in an organisation and in those directly under it."""
    held = Membership.objects.on(on).filter(
        Q(branch__unit=unit) | Q(branch__superior__unit=unit), stage__in=stages
    )
    return Person.objects.filter(pk__in=held.values("person"))


EXPECTED: Mapping[str, Callable[[Unit, dt.date], QuerySet[Person]]] = {
    # all formal and probationary members of the branch
    "members": lambda unit, on: _of_stages(unit, on, MEMBER_STAGES),
    # those with the right to vote
    "formal": lambda unit, on: _of_stages(unit, on, (Stage.FORMAL,)),
    "committee": lambda unit, on: holders(unit, COMMITTEE, on),
    "leading_group": leading_group,
    "": lambda unit, on: Person.objects.none(),
}


def expected(kind: Kind, unit: Unit, on: dt.date) -> QuerySet[Person]:
    """Who is expected at such a gathering of a unit on a day; nobody where all are invited by name."""
    return EXPECTED[kind.holders.get(unit.kind, "")](unit, on).order_by("sort_key", "pk")


def expected_at(gathering: Gathering) -> QuerySet[Person]:
    """Who is expected at a gathering, by its kind or by one that is held with it, on its day."""
    rules = {one.holders.get(gathering.unit.kind, "") for one in gathering.kinds} - {""}
    found = Person.objects.none()
    for rule in sorted(rules):
        found = found | EXPECTED[rule](gathering.unit, gathering.on)
    return found.order_by("sort_key", "pk") if rules else found


def usual_leader(kind: Kind, unit: Unit, on: dt.date) -> Person | None:
    """Who leads by post: the secretary of the unit on that day."""
    kinds = [PostKind(one) for one in kind.leaders] or list(LEADERS)
    held = holders(unit, kinds[:1], on) if kind.leaders else holders(unit, LEADERS, on)
    return held.order_by("pk").first()
