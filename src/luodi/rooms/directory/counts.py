"""Reading functions: what there was on a day, as known now or as known at an instant.

Each counts rows. All see what the transaction's scope shows; figures are read with a scope that
covers the unit asked about.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from luodi.ground.scope.api import Account, RoleHolding, Unit, UnitKind, below
from luodi.rooms.directory.models import (
    LEADING_GROUP,
    MEMBER_STAGES,
    Branch,
    BranchSpan,
    BranchType,
    Enterprise,
    Lead,
    Membership,
    Person,
    Post,
    PostKind,
    Stage,
    Standing,
)
from luodi.rooms.directory.rules import Facts, Remark, judge

Instant = dt.datetime | None


def inside(unit: Unit, prefix: str = "") -> Q:
    """Rows whose path is the unit's, or below it."""
    start, end = below(unit.path)
    return Q(**{f"{prefix}path__gte": start, f"{prefix}path__lt": end})


def memberships(unit: Unit, on: dt.date, known_at: Instant = None) -> QuerySet[Membership]:
    """Memberships in organisations at or below the unit, at any stage."""
    return Membership.objects.on(on, known_at).filter(inside(unit))


def members(unit: Unit, on: dt.date, known_at: Instant = None) -> QuerySet[Person]:
    """The persons who are members (formal or probationary) at or below the unit, each once."""
    held = memberships(unit, on, known_at).filter(stage__in=MEMBER_STAGES)
    return Person.objects.filter(pk__in=held.values("person"))


def standings(
    unit: Unit, on: dt.date, types: Iterable[BranchType] = (), known_at: Instant = None
) -> QuerySet[Standing]:
    rows = Standing.objects.on(on, known_at).filter(inside(unit))
    wanted = list(types)
    return rows.filter(type__in=wanted) if wanted else rows


def branches(
    unit: Unit, on: dt.date, types: Iterable[BranchType] = (), known_at: Instant = None
) -> QuerySet[Branch]:
    """The party organisations at or below the unit; of these types where some are given."""
    return Branch.objects.filter(pk__in=standings(unit, on, types, known_at).values("branch"))


def holders(
    unit: Unit, kinds: Sequence[PostKind], on: dt.date, known_at: Instant = None
) -> QuerySet[Person]:
    """The persons who hold one of the posts at exactly this unit, each once."""
    held = Post.objects.on(on, known_at).filter(unit=unit, kind__in=kinds)
    return Person.objects.filter(pk__in=held.values("person"))


def leading_group(unit: Unit, on: dt.date, known_at: Instant = None) -> QuerySet[Person]:
    """Secretary, deputies and members of the committee; part-time members are counted apart."""
    return holders(unit, LEADING_GROUP, on, known_at)


def part_time_members(unit: Unit, on: dt.date, known_at: Instant = None) -> QuerySet[Person]:
    """The part-time committee members (兼职委员)."""
    return holders(unit, [PostKind.PART_TIME_MEMBER], on, known_at)


def completed_months(born_on: dt.date, on: dt.date) -> int:
    """Whole months lived on a day; who was born on the 31st completes a shorter month on the 1st
    of the next."""
    months = (on.year - born_on.year) * 12 + on.month - born_on.month
    return months - (on.day < born_on.day)


def mean_age(persons: Iterable[Person], on: dt.date) -> Decimal | None:
    """The mean age in years: each age is the completed months on the day, divided by 12; the mean
    is rounded half up to two places. Persons without a day of birth are left out; None for none.
    """
    months = [completed_months(one.born_on, on) for one in persons if one.born_on is not None]
    if not months:
        return None
    return (Decimal(sum(months)) / (12 * len(months))).quantize(
        Decimal("0.01"), rounding=ROUND_HALF_UP
    )


def minimum_age(persons: Iterable[Person], on: dt.date) -> int | None:
    """The age of the youngest in completed years (周岁); None where no day of birth is known."""
    return min(
        (completed_months(one.born_on, on) // 12 for one in persons if one.born_on is not None),
        default=None,
    )


def enterprises(unit: Unit, on: dt.date) -> QuerySet[Enterprise]:
    """The enterprises at or below the unit that were open on a day (or whose opening is unknown)."""
    return Enterprise.objects.filter(
        inside(unit),
        Q(unit__opened_on__isnull=True) | Q(unit__opened_on__lte=on),
        Q(unit__closed_on__isnull=True) | Q(unit__closed_on__gt=on),
    )


def guided_enterprises(unit: Unit, on: dt.date, known_at: Instant = None) -> QuerySet[Enterprise]:
    """The enterprises at or below the unit with a temporary or a joint branch: those that such a
    branch stands under, and those that it spans. Enterprises are counted, not branches."""
    guided = Standing.objects.on(on, known_at).filter(
        type__in=[BranchType.TEMPORARY, BranchType.JOINT]
    )
    spans = BranchSpan.objects.on(on, known_at).filter(branch__in=guided.values("branch"))
    return Enterprise.objects.filter(inside(unit)).filter(
        Q(unit__in=guided.values("branch__unit__parent")) | Q(pk__in=spans.values("enterprise"))
    )


def districts(unit: Unit, on: dt.date) -> QuerySet[Unit]:
    """The districts at or below the unit on a day."""
    rows = Unit.objects.filter(inside(unit), kind=UnitKind.DISTRICT)
    return rows.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=on),
        Q(closed_on__isnull=True) | Q(closed_on__gt=on),
    )


def instructors(unit: Unit, on: dt.date) -> QuerySet[Account]:
    """The accounts that hold the role of instructor of a district at or below the unit."""
    held = RoleHolding.objects.on(on).filter(inside(unit, "unit__"), role="instructor")
    return Account.objects.filter(pk__in=held.values("account"))


def leading_enterprise(district: Unit, on: dt.date, known_at: Instant = None) -> Enterprise | None:
    """The district's leading enterprise (龙头企业) on a day."""
    row = Lead.objects.on(on, known_at).filter(unit=district)
    found = row.select_related("enterprise__unit").first()
    return found.enterprise if found else None


@dataclass(frozen=True, slots=True)
class Level:
    """A level of management, and how many there are of it."""

    key: str
    count: int


def levels(unit: Unit, on: dt.date, known_at: Instant = None) -> list[Level]:
    """The levels of management that are in fact there: working committees with a leading group,
    instructors of districts, party organisations of enterprises."""
    committees = Post.objects.on(on, known_at).filter(
        inside(unit), kind__in=LEADING_GROUP, unit__kind=UnitKind.ZONE
    )
    at_enterprises = standings(unit, on, (), known_at).filter(
        Q(branch__unit__parent__kind=UnitKind.ENTERPRISE)
        | Exists(BranchSpan.objects.on(on, known_at).filter(branch=OuterRef("branch")))
    )
    found = [
        Level("committee", committees.values("unit").distinct().count()),
        Level("instructor", instructors(unit, on).count()),
        Level("branch", at_enterprises.values("branch").distinct().count()),
    ]
    return [level for level in found if level.count]


def rule_facts(rows: Iterable[Standing], on: dt.date) -> dict[int, Facts]:
    """What the rules look at, by branch: two queries for any number of standings.

    An organisation's members are its own and those of the organisations directly under it.
    """
    found = list(rows)
    ids = [row.branch_id for row in found]
    counts = (
        Membership.objects.on(on)
        .filter(Q(branch__in=ids) | Q(branch__superior__in=ids))
        .values("branch", "branch__superior", "stage")
        .annotate(count=Count("id"))
    )
    by: Counter[tuple[int | None, str]] = Counter()
    for row in counts:
        for branch in {row["branch"], row["branch__superior"]}:
            by[branch, row["stage"]] += row["count"]
    spans = dict(
        BranchSpan.objects.on(on)
        .filter(branch__in=ids)
        .values_list("branch")
        .annotate(count=Count("id"))
    )
    return {
        row.branch_id: Facts(
            type=row.type,
            formal=by[row.branch_id, Stage.FORMAL],
            probationary=by[row.branch_id, Stage.PROBATIONARY],
            candidates=by[row.branch_id, Stage.CANDIDATE],
            spans=spans.get(row.branch_id, 0),
            community=row.branch.community,
            term_started_on=row.branch.term_started_on,
        )
        for row in found
    }


def assess(branch: Branch, on: dt.date) -> list[Remark]:
    """The remarks on one organisation on a day; none where it did not exist."""
    rows = Standing.objects.on(on).filter(branch=branch).select_related("branch")
    return [remark for facts in rule_facts(rows, on).values() for remark in judge(facts, on)]
