"""Who stands how to a case: relations, and what each may do now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from luodi.ground.scope.api import (
    Account,
    Actor,
    Unit,
    UnitKind,
    below,
    people_of,
    within,
)
from luodi.rooms.casework.models import Case, Responsibility
from luodi.rooms.casework.procedure import Transition

Role, Status = Responsibility.Role, Responsibility.Status


@dataclass
class Standing:
    """The living responsibilities of a case: the lead, an offered lead, helpers and those asked."""

    rows: list[Responsibility] = field(default_factory=list)

    @property
    def lead(self) -> Responsibility:
        """Who is responsible: there is always one."""
        return next(self._of(Role.LEAD, Status.ACCEPTED))

    @property
    def offer(self) -> Responsibility | None:
        return next(self._of(Role.LEAD, Status.OFFERED), None)

    @property
    def helpers(self) -> list[Responsibility]:
        return list(self._of(Role.CO, Status.ACCEPTED))

    @property
    def asked(self) -> list[Responsibility]:
        return list(self._of(Role.CO, Status.OFFERED))

    def _of(self, role: str, status: str) -> Iterator[Responsibility]:
        yield from (row for row in self.rows if (row.role, row.status) == (role, status))


def standing_of(case_id: int) -> Standing:
    rows = Responsibility.objects.filter(
        case_id=case_id, status__in=[Status.OFFERED, Status.ACCEPTED]
    ).select_related("unit", "account")
    return Standing(list(rows))


def is_of(actor: Actor, row: Responsibility, permission: str) -> bool:
    """Whether a responsibility is the actor's, by name or as one of the unit's own people."""
    return any(
        held.unit_id == row.unit_id and permission in held.role.permissions
        for held in actor.holdings
    )


def seat(actor: Actor, permission: str, path: str) -> int | None:
    """The unit for which the actor uses a permission on a path: of the nearest role that reaches."""
    held = [
        one for one in actor.holdings if permission in one.role.permissions and one.reaches(path)
    ]
    return max(held, key=lambda one: len(one.path)).unit_id if held else None


def relations(actor: Actor, case: Case, standing: Standing) -> dict[str, str | None]:
    """The actor's relations to the case, each with the path on which its permission is asked for.

    None: it is enough to have the permission somewhere.
    """
    path = case.unit.path
    found: dict[str, str | None] = {"viewer": path}
    if case.reporter_id == actor.account_id != 0 or any(
        held.unit_id == case.reporter_unit_id and "cases.verify" in held.role.permissions
        for held in actor.holdings
    ):
        found["reporter"] = path
    if actor.may("cases.supervise", path):
        found["superior"] = path
    for relation, rows, permission in (
        ("lead", [standing.lead], "cases.receive"),
        ("offered", [standing.offer] if standing.offer else [], "cases.receive"),
        ("co", standing.helpers, "cases.carry"),
        ("asked", standing.asked, "cases.receive"),
    ):
        for row in rows:
            if is_of(actor, row, permission):
                found[relation] = row.unit.path
    return found


def allows(transition: Transition, actor: Actor, related: dict[str, str | None]) -> bool:
    """Whether the actor may take a transition of the case's state, needs aside."""
    if actor.everything:
        return True
    return any(
        actor.may(transition.permission, related[relation])
        for relation in transition.who & related.keys()
    )


def available(actor: Actor, case: Case, standing: Standing | None = None) -> list[Transition]:
    """What the actor may do with a case now, what most likely comes next first."""
    standing = standing or standing_of(case.pk)
    related = relations(actor, case, standing)
    return [
        one
        for one in case.plan.transitions
        if case.state in one.sources
        and one.who != {"system"}
        and allows(one, actor, related)
        and not (one.verb == "urge" and _waits_for(actor, case))
    ]


def _waits_for(actor: Actor, case: Case) -> bool:
    if case.waiting_account_id is not None:
        return case.waiting_account_id == actor.account_id
    return any(held.unit_id == case.waiting_unit_id for held in actor.holdings)


# --- units around a case ----------------------------------------------------------------------


def carriers(standing: Standing, on: dt.date) -> list[Account]:
    """The people of the lead and of the helpers, who may carry the case."""
    units = {one.unit_id for one in (standing.lead, *standing.helpers)}
    found = people_of(units, "cases.carry", on)
    return list(dict.fromkeys(one for people in found.values() for one in people))


def takers(unit: Unit) -> QuerySet[Unit]:
    """The open units that a case of `unit` may be given to: its own, its zone's, its county's."""
    ids = [int(part) for part in unit.path.strip(".").split(".")]
    start, end = below(f"{ids[0]}.")
    kinds = (UnitKind.COUNTY, UnitKind.DEPARTMENT, UnitKind.ZONE, UnitKind.DISTRICT)
    near = Q(pk__in=ids) | Q(kind__in=kinds, path__gte=start, path__lt=end)
    return Unit.objects.open().filter(near)


def known_to(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The vocabulary (categories, templates) of everyone and of the actor's units and those above."""
    ids = {int(part) for held in actor.holdings for part in held.path.strip(".").split(".")}
    return rows.filter(Q(unit__isnull=True) | Q(unit_id__in=ids), is_active=True)


def told_to(actor: Actor, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The same, what is switched off and what units below have for themselves too: to set it up."""
    if actor.everything:
        return rows
    ids = {int(part) for held in actor.holdings for part in held.path.strip(".").split(".")}
    ranges = tuple(one for held in actor.holdings for one in held.ranges)
    below = Unit.objects.filter(within(ranges)).values("pk")
    return rows.filter(Q(unit__isnull=True) | Q(unit_id__in=ids) | Q(unit_id__in=below))


def superiors(unit: Unit, *, itself: bool = False) -> list[int]:
    """The ids of the units above a unit, the nearest first."""
    above = [int(part) for part in unit.path.strip(".").split(".")]
    return above[::-1] if itself else above[-2::-1]


def nearest(unit_ids: list[int], people: dict[int, list[Account]]) -> int | None:
    """The first of the units that has people."""
    return next((pk for pk in unit_ids if people.get(pk)), None)
