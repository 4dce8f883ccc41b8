"""Dues: a base is set, months are ticked as paid, waived or put right; who hears of arrears."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.notices.api import tell
from luodi.ground.records.api import Choice, Date, Money, Reason, verb
from luodi.ground.scope.api import Actor, because, today
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import (
    MEMBER_STAGES,
    Branch,
    BranchType,
    Membership,
    Person,
    PersonOf,
    Standing,
)
from luodi.rooms.pathways.models import BASE, CATEGORIES, DuesBase, DuesMonth
from luodi.rooms.pathways.rules.dues import (
    EARLY_WORD,
    amount_of,
    first_of,
    months,
    unpaid_run,
)
from luodi.rooms.pathways.verbs.telling import handlers

KEEP = "dues.keep"


@verb(permission=KEEP, on="branch")
@transaction.atomic
def set_base(
    *,
    actor: Actor,
    branch: Branch,
    person: Annotated[Person, object, PersonOf(_("党员"))],
    category: Annotated[str, Choice(_("类别"), choices=CATEGORIES)],
    since: Annotated[dt.date, Date(_("起始月份"), help=_("从这一天所在的月份起。"))],
    base: Annotated[
        Decimal | None,
        Money(
            _("每月计算基数（元）"),
            required=False,
            least=0,
            most=9_999_999,
            help=_("税后固定收入；农民党员填商定的金额；学生、失业党员不填。"),
        ),
    ] = None,
) -> DuesBase:
    """Sets what a member's dues are computed from, from a month on; paid months stay as they were."""
    _of(branch, person, since)
    row = DuesBase.objects.filter(person=person, since=first_of(since)).first()
    row = row or DuesBase(person=person, since=first_of(since))
    row.branch, row.category = branch, category
    row.base_cipher = BASE.sealed("" if base is None else str(base))
    row.save()
    return row


@transaction.atomic
def collect(
    *,
    actor: Actor,
    branch: Branch,
    month: dt.date,
    people: Sequence[Person],
    on: dt.date | None = None,
    at: dt.datetime | None = None,
) -> list[DuesMonth]:
    """Ticks that members paid for a month: each its own amount, by the rule and base of that month.

    Who is ticked already stays as he is: twice is once.
    """
    actor.require(KEEP, branch.unit.path)
    day, first = on or today(), first_of(month)
    if first > first_of(today()):
        raise UserError(gettext("这个月还没有到。"), "month")
    paid = set(
        DuesMonth.objects.filter(branch=branch, month=first).values_list("person_id", flat=True)
    )
    bases = bases_of([one.pk for one in people], first)
    made = []
    for one in people:
        if one.pk in paid:
            continue
        _of(branch, one, _end_of(first))
        base = bases.get(one.pk)
        if base is None:
            raise UserError(gettext("%(name)s还没有登记基数。") % {"name": one}, "people")
        made.append(
            DuesMonth(
                branch=branch, person=one, month=first, paid_on=day,
                amount=amount_of(base.category, base.base, first),
                recorded_by_id=actor.account_id or None, recorded_at=at or timezone.now(),
            )
        )  # fmt: skip
    return DuesMonth.objects.bulk_create(made)


@verb(permission=KEEP, on="branch")
@transaction.atomic
def waive(
    *,
    actor: Actor,
    branch: Branch,
    person: Annotated[Person, object, PersonOf(_("党员"))],
    month: Annotated[dt.date, Date(_("月份"), help=_("这一天所在的月份。"))],
    reason: Annotated[str, Reason(_("免交的理由"), most=200)],
) -> DuesMonth:
    """Notes that a member needs not pay for a month, as the branch meeting decided."""
    _of(branch, person, _end_of(first_of(month)))
    if DuesMonth.objects.filter(person=person, month=first_of(month)).exists():
        raise UserError(gettext("这个月已经登记过。"), "month")
    return DuesMonth.objects.create(
        branch=branch, person=person, month=first_of(month), paid_on=today(), waiver=reason,
        amount=0, recorded_by_id=actor.account_id or None,
    )  # fmt: skip


@verb(permission=KEEP, on="row")
@transaction.atomic
def take_back_dues(*, actor: Actor, row: DuesMonth, reason: Annotated[str, Reason()]) -> Branch:
    """Takes a tick back that was wrong; the trail keeps that it was there."""
    because(reason)
    branch = row.branch
    row.delete()
    return branch


def bases_of(people: Sequence[int], month: dt.date) -> dict[int, DuesBase]:
    """The base that holds in a month, by person."""
    rows = DuesBase.objects.filter(person__in=people, since__lte=month).order_by("since")
    return {row.person_id: row for row in rows}


def _end_of(month: dt.date) -> dt.date:
    return min((month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1), today())


def _of(branch: Branch, person: Person, day: dt.date) -> None:
    held = Membership.objects.on(day).filter(person=person, branch=branch, stage__in=MEMBER_STAGES)
    if not held.exists():
        raise UserError(
            gettext("%(name)s在%(day)s不是这个党组织的党员。") % {"name": person, "day": day},
            "person",
        )


@dataclass
class Line:
    """A member in a branch's year: who, from which month on due, what was paid by month."""

    person: Person
    due: list[dt.date]
    paid: dict[dt.date, DuesMonth] = field(default_factory=dict)
    base: DuesBase | None = None

    def unpaid(self, until: dt.date) -> int:
        return unpaid_run([one for one in self.due if one <= until], set(self.paid))

    @property
    def total(self) -> Decimal:
        return sum((one.amount for one in self.paid.values()), Decimal(0))


def lines_of(branch: Branch, year: int) -> list[Line]:
    """The members of a branch with the months of a year, by name; dues begin in the month after the
    vote (the month of the vote counts where it is the first)."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    rows = Membership.objects.known().filter(
        branch=branch, stage__in=MEMBER_STAGES, valid__startswith__lte=last
    )
    spans: dict[int, list[Membership]] = {}
    for row in rows.select_related("person"):
        if row.until is None or row.until > first:
            spans.setdefault(row.person_id, []).append(row)
    paid: dict[int, dict[dt.date, DuesMonth]] = {}
    found = DuesMonth.objects.filter(branch=branch, month__gte=first, month__lte=last)
    for one in found:
        paid.setdefault(one.person_id, {})[one.month] = one
    bases = bases_of(list(spans), last)
    lines = []
    for pk, held in spans.items():
        since = max(min(row.since for row in held), first)
        ends = [row.until for row in held]
        until = last if None in ends else max(end for end in ends if end) - dt.timedelta(days=1)
        lines.append(
            Line(held[0].person, months(since, min(until, last)), paid.get(pk, {}), bases.get(pk))
        )
    return sorted(lines, key=lambda one: (one.person.sort_key, one.person.pk))


def remind_arrears(day: dt.date) -> int:
    """Says a quiet word to the secretary of who has not paid for some months, long before six; once
    for each first month. Nobody else is told, and no page lists it. Returns how many words."""
    told = 0
    standings = Standing.objects.on(day).exclude(type=BranchType.TEMPORARY)
    for standing in standings.select_related("branch__unit"):
        branch = standing.branch
        if not DuesMonth.objects.filter(branch=branch).exists():
            continue  # dues are not kept here
        last = first_of(first_of(day) - dt.timedelta(days=1))
        for line in lines_of(branch, last.year):
            count = line.unpaid(last)
            if count < EARLY_WORD or line.base is None:
                continue
            text = gettext("%(name)s已有%(count)s个月没有登记交纳党费，请您先了解情况。") % {
                "name": line.person,
                "count": count,
            }
            key = f"dues:{branch.pk}:{line.person.pk}:{last.year}:{count // EARLY_WORD}"
            url = f"/pathways/dues/{branch.pk}/{last.year}/"
            tell(accounts=handlers(KEEP, branch.path), key=key, text=text, url=url)
            told += 1
    return told
