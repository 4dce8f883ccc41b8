"""Whom a verb tells, in one place."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import (
    SYSTEM,
    Account,
    RoleHolding,
    Unit,
    acting,
    deputies_of,
    people_of,
)
from luodi.rooms.casework.lines import Line
from luodi.rooms.casework.models import Case, Measure
from luodi.rooms.casework.standing import nearest, superiors

if TYPE_CHECKING:
    from luodi.rooms.casework.engine import Work

# By which permission the people of a unit answer for a step, where nobody is named.
ANSWERS_BY = {"lead": "cases.receive", "offered": "cases.receive", "reporter": "cases.verify"}


def url_of(case: Case | Line) -> str:
    return f"/cases/{case.code}/"


def carried(work: Work, before: dict[str, Any]) -> None:
    """Tells those whose turn it has become, and the reporter when the state has changed.

    The end of a case is told to the reporters of the cases merged into it as well, each in words
    of their own case: the other may be another enterprise's.
    """
    case = work.case
    turn = (case.waiting_account_id, case.waiting_unit_id)
    moved = before["state"] != case.state
    targets: set[int] = set()
    if case.waits_on and (
        moved or turn != (before["waiting_account_id"], before["waiting_unit_id"])
    ):
        targets |= whose_turn(case, work.at)
    if moved and case.reporter_id:
        targets.add(case.reporter_id)
    what = str(work.transition.label)
    send(work, targets, what)
    if moved and not case.is_open:
        with acting(SYSTEM):  # who ends a case need not see those that follow it
            followers = list(Case.objects.filter(merged_into=case, reporter__isnull=False))
        for one in followers:
            send(work, {one.reporter_id} - targets, what, about=one)


def whose_turn(case: Case, at: dt.datetime) -> set[int]:
    """The ids of the accounts that the next step waits for, and of their deputies.

    Who is named and is not there any more cannot be reached: then the people of the unit, and
    where it has none, of the nearest unit above it.
    """
    if case.waiting_unit_id is None:
        return set()
    day = timezone.localdate(at)
    named = case.waiting_account_id
    if named is not None and serving({named}, day):
        return {named, *(one.pk for one in deputies_of([named], day).values())}
    permission = ANSWERS_BY[case.waits_on]
    people = people_of([case.waiting_unit_id], permission, day)
    if not people and case.waits_on != "reporter":
        above = superiors(Unit.objects.get(pk=case.waiting_unit_id))
        people = people_of(above, permission, day)
        first = nearest(above, people)
        people = {first: people[first]} if first else {}
    return {one.pk for found in people.values() for one in found}


def serving(accounts: Iterable[int], day: dt.date) -> set[int]:
    """Those of the accounts that are there: active, with a role on a unit that is open."""
    held = RoleHolding.objects.on(day).filter(account_id__in=accounts, account__is_active=True)
    return set(held.filter(unit__closed_on=None).values_list("account_id", flat=True))


def not_there(case: Case, at: dt.datetime) -> str:
    """A sentence where who should take the next step is not there: gone, or away with a deputy."""
    if case.waiting_account_id is None:
        return ""
    named, day = case.waiting_account_id, timezone.localdate(at)
    name = Account.objects.get(pk=named).name
    if not serving({named}, day):
        return _("%(name)s 已不在岗，已转告%(unit)s") % {"name": name, "unit": case.waiting_unit}
    if deputy := deputies_of([named], day).get(named):
        return _("%(name)s 外出，同时转告代理人%(deputy)s") % {"name": name, "deputy": deputy}
    return ""


def in_turn(turns: Iterable[tuple[int | None, int | None, str, int]], day: dt.date) -> Counter[int]:
    """For many cases at once what `whose_turn` says of one: how many wait for each account.

    turns: (waiting account, waiting unit, what it waits on, how many cases).
    """
    turns = list(turns)
    named = {account for account, *_rest in turns if account is not None}
    there, deputies = serving(named, day), deputies_of(named, day)
    found: Counter[int] = Counter()
    units: dict[str, Counter[int]] = {}
    for account, unit, waits_on, count in turns:
        if account in there:
            found[account] += count
            if account in deputies:
                found[deputies[account].pk] += count
        elif unit is not None:
            units.setdefault(ANSWERS_BY[waits_on], Counter())[unit] += count
    for permission, counts in units.items():
        for unit, people in people_of(counts, permission, day).items():
            for one in people:
                found[one.pk] += counts[unit]
    return found


def give_measure(work: Work, measure: Measure) -> None:
    """Tells the owner of a measure that it is theirs, and until when; not who gave it to himself."""
    if measure.owner_id is None or measure.owner_id == work.actor.account_id:
        return
    tell(
        accounts=[Account(pk=measure.owner_id)],
        key=f"measure:{measure.pk}:{work.events[-1].version}",
        text=_("%(code)s 有一项整改措施由您负责，%(day)s 前完成：%(text)s")
        % {"code": work.case.code, "day": measure.due_on, "text": measure.text},
        url=url_of(work.case),
        at=work.at,
    )


def send(work: Work, accounts: Set[int | None], what: str, about: Case | None = None) -> None:
    """One message an account for what just happened, except to the one who did it.

    `about`: the case in whose words it is told, if not the one that it happened to.
    """
    accounts = accounts - {work.actor.account_id}
    if not accounts:
        return
    case = about or work.case
    tell(
        accounts=[Account(pk=pk) for pk in accounts],
        key=f"case:{work.case.pk}:{work.events[-1].version}",
        text=_("%(code)s %(title)s：%(what)s，现为“%(state)s”")
        % {
            "code": case.code,
            "title": case.title,
            "what": what,
            "state": work.case.state_now.label,
        },
        url=url_of(case),
        at=work.at,
    )
