"""What is looked up: tasks by where they stand, who sits in both, what came of a studio."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Unit, today
from luodi.rooms.directory.api import (
    MEMBER_STAGES,
    Branch,
    Membership,
    Person,
    Post,
    PostKind,
    inside,
)
from luodi.rooms.pioneer.models import Studio, Task
from luodi.rooms.registers.api import Entry

OFFICES = (PostKind.BRANCH_SECRETARY, PostKind.BRANCH_DEPUTY, PostKind.BRANCH_MEMBER)
MANAGING = (PostKind.MANAGER,)
RESULTS = ("patents", "hightech", "honours")  # the registers in which results of a studio stand
STATES = {
    "open": _("待认领"),
    "taken": _("进行中"),
    "done": _("已完成"),
    "late": _("已过期"),
    "withdrawn": _("已撤回"),
}


def with_hands(rows: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with how many took them on and how many of these are done."""
    there = Q(claims__dropped_on=None)
    return rows.annotate(
        taken=Count("claims", filter=there),
        done=Count("claims", filter=there & Q(claims__done_on__isnull=False)),
    )


def in_state(rows: QuerySet[Any], state: str, day: dt.date) -> QuerySet[Any]:
    """The tasks of `with_hands` that stand so on a day."""
    there, done = Q(withdrawn_on=None), Q(done__gte=F("hands"))
    match state:
        case "withdrawn":
            return rows.exclude(there)
        case "done":
            return rows.filter(there & done)
        case "late":
            return rows.filter(there & ~done, due_on__lt=day)
        case "taken":
            return rows.filter(there & ~done, taken__gte=F("hands"), due_on__gte=day)
        case "open":
            return rows.filter(there, taken__lt=F("hands"), due_on__gte=day)
    return rows


def state_of(task: Any, day: dt.date | None = None) -> str:
    """Where a task of `with_hands` stands: a key of `STATES`."""
    if task.withdrawn_on is not None:
        return "withdrawn"
    if task.done >= task.hands:
        return "done"
    if task.due_on < (day or today()):
        return "late"
    return "taken" if task.taken >= task.hands else "open"


@dataclass(frozen=True)
class Crossing:
    """Of an enterprise: who sits in both, and who could but does not."""

    branch: Branch
    enterprise: Unit
    both: Sequence[Person]
    only_branch: Sequence[Person]
    only_managing: Sequence[Person]

    @property
    def is_missing(self) -> bool:
        return not self.both


def crossings(unit: Unit | None, day: dt.date) -> Iterator[Crossing]:
    """双向进入: for each organisation under an enterprise, its officers beside the managers. Managers who are
    members but hold no office, and officers who do not manage, are where it could be."""
    branches = Branch.objects.filter(unit__parent__kind="enterprise", unit__closed_on=None)
    branches = branches.select_related("unit__parent")
    if unit is not None:
        branches = branches.filter(inside(unit))
    posts: dict[tuple[int, bool], dict[int, Person]] = defaultdict(dict)
    rows = Post.objects.on(day).filter(kind__in=[*OFFICES, *MANAGING]).select_related("person")
    for post in rows.order_by("person__sort_key", "person_id"):
        posts[post.unit_id, post.kind in MANAGING][post.person_id] = post.person
    people = {pk for found in posts.values() for pk in found}
    members = set(
        Membership.objects.on(day)
        .filter(person__in=people, stage__in=MEMBER_STAGES)
        .values_list("person_id", flat=True)
    )
    for branch in branches.order_by("unit__path"):
        office = posts[branch.unit_id, False]
        managing = posts[branch.unit.parent_id or 0, True]
        both = [one for pk, one in office.items() if pk in managing]
        yield Crossing(
            branch,
            branch.unit.parent,  # type: ignore[arg-type]
            both,
            [one for pk, one in office.items() if pk not in managing],
            [one for pk, one in managing.items() if pk not in office and pk in members],
        )


@dataclass(frozen=True)
class Share:
    """Of an enterprise: how many of its backbone are members."""

    unit: Unit
    members: int
    backbone: int


def shares(unit: Unit | None, day: dt.date) -> list[Share]:
    """The backbone by enterprise: numerator and denominator, in the order of the tree."""
    posts = Post.objects.on(day).filter(kind=PostKind.BACKBONE).select_related("unit")
    if unit is not None:
        posts = posts.filter(inside(unit))
    held = Membership.objects.on(day).filter(stage__in=MEMBER_STAGES)
    members = set(
        held.filter(person__in=posts.values("person")).values_list("person_id", flat=True)
    )
    by: dict[Unit, set[int]] = defaultdict(set)
    for post in posts.order_by("unit__path"):
        by[post.unit].add(post.person_id)
    return [Share(one, len(people & members), len(people)) for one, people in by.items()]


def results_of(studio: Studio) -> QuerySet[Entry]:
    """What the registers say of the studio's enterprise since the studio opened: patents, recognitions,
    honours. Nobody enters a result a second time."""
    rows = (
        Entry.objects.on(today())
        .under(studio.unit)
        .filter(register__key__in=RESULTS, register__retired_at=None)
    )
    if studio.opened_on:
        rows = rows.filter(since_on__gte=studio.opened_on)
    rows = rows.select_related("register", "unit").prefetch_related("register__columns")
    found: QuerySet[Entry] = rows.order_by("register__name", "-since_on", "pk")
    return found
