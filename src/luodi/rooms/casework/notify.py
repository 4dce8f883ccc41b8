"""Whom a verb tells, in one place."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Set
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import SYSTEM, Account, acting, people_of
from luodi.rooms.casework.lines import Line
from luodi.rooms.casework.models import Case, Measure

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
    """The ids of the accounts that the next step waits for."""
    if case.waiting_account_id is not None:
        return {case.waiting_account_id}
    if case.waiting_unit_id is None:
        return set()
    day = timezone.localdate(at)
    people = people_of([case.waiting_unit_id], ANSWERS_BY[case.waits_on], day)
    return {one.pk for one in people.get(case.waiting_unit_id, [])}


def in_turn(turns: Iterable[tuple[int | None, int | None, str, int]], day: dt.date) -> Counter[int]:
    """For many cases at once what `whose_turn` says of one: how many wait for each account.

    turns: (waiting account, waiting unit, what it waits on, how many cases).
    """
    found: Counter[int] = Counter()
    units: dict[str, Counter[int]] = {}
    for account, unit, waits_on, count in turns:
        if account is not None:
            found[account] += count
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
