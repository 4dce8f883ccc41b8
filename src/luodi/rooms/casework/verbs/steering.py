"""From the side and from above: urging, supervising, deadlines, ending and reopening."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.audit.api import note as note_in_trail
from luodi.ground.scope.api import SYSTEM, Actor, people_of
from luodi.lib.calendars import LAST_YEAR
from luodi.lib.errors import UserError
from luodi.rooms.casework import notify
from luodi.rooms.casework.clocks import stored_targets
from luodi.rooms.casework.engine import Work, lay_down, record, take
from luodi.rooms.casework.models import Case
from luodi.rooms.casework.procedure import procedures
from luodi.rooms.casework.standing import nearest, superiors
from luodi.rooms.casework.verbs.leaving import settle_lead


@transaction.atomic
def urge(*, actor: Actor, case: Case, text: str = "", at: dt.datetime | None = None) -> Case:
    """Asks whoever's turn it is to hurry; the same person at most once in `urge_hours`."""
    work = take(actor, case, "urge", at=at)
    hours = work.procedure.urge_hours
    since = work.at - dt.timedelta(hours=hours)
    if any(
        event.transition == "urge" and event.account_id == actor.account_id and event.at > since
        for event in work.events
    ):
        raise UserError(_("您在 %(hours)s 小时内已经催办过，对方已收到提醒。") % {"hours": hours})
    holders = notify.whose_turn(work.case, work.at)
    if actor.account_id in holders:
        raise UserError(_("这一步正等您办理。"))
    gone = notify.not_there(work.case, work.at)
    record(work, text, **({"gone": gone} if gone else {}))
    lay_down(work)
    notify.send(work, holders, str(work.transition.label))
    return work.case


@transaction.atomic
def supervise(
    *,
    actor: Actor,
    case: Case,
    text: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """A superior's demand; the case is marked as supervised from now on."""
    work = take(actor, case, "supervise", at=at, version=version)
    record(work, text)
    lay_down(work)
    notify.send(work, notify.whose_turn(work.case, work.at), str(work.transition.label))
    return work.case


@transaction.atomic
def set_deadline(
    *,
    actor: Actor,
    case: Case,
    due_at: dt.datetime | None,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Sets the deadline of the solution by hand; None: back to the one that the procedure gives.

    What was used and what was paused stays known, so lifting it again loses nothing.
    """
    work = take(actor, case, "set_deadline", at=at, version=version)
    if due_at is not None and due_at <= work.at:
        raise UserError(_("新的期限必须晚于现在。"), "due_at")
    if due_at is not None and due_at.year >= LAST_YEAR - 1:
        raise UserError(_("新的期限须在 %(year)s 年以前。") % {"year": LAST_YEAR - 1}, "due_at")
    record(
        work,
        reason,
        clock=["due"],
        due_at=due_at.isoformat() if due_at else None,
        was=work.case.due_at.isoformat() if work.case.due_at else None,
    )
    return lay_down(work)


@transaction.atomic
def change_procedure(
    *,
    actor: Actor,
    case: Case,
    procedure: str,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Carries a case on under another procedure; its clocks keep what they have counted."""
    work = take(actor, case, "change_procedure", at=at, version=version)
    new = procedures().get(procedure)
    if new is None or new.key == work.case.procedure or work.case.state not in new.states:
        raise UserError(_("请选择另一个适用的流程。"), "procedure")
    record(
        work,
        reason,
        clock=["retarget"],
        targets=stored_targets(new),
        was=work.case.procedure,
        procedure=new.key,
    )
    work.case.procedure = new.key
    work.also |= {"procedure": new.key, "procedure_version": new.version}
    return lay_down(work)


@transaction.atomic
def escalate_overdue(*, case: Case, at: dt.datetime | None = None) -> Case:
    """Brings an overdue case before the next level above, once for each deadline that passed.

    The lead stays responsible; the superior is told, and may supervise or hand it over.
    """
    work = take(SYSTEM, case, "escalate_overdue", at=at)
    due = work.case.next_due_at
    if due is None or due >= work.at or work.case.escalated_due_at == due:
        raise UserError(_("没有新的超期。"))
    chain = _superior_chain(work)
    people = people_of(chain, "cases.supervise", timezone.localdate(work.at))
    unit_id = nearest(chain, people) or chain[-1]
    record(work, due_at=due.isoformat(), unit=unit_id)
    lay_down(work)
    told = {one.pk for one in people.get(unit_id, [])} | notify.whose_turn(work.case, work.at)
    notify.send(work, told, str(work.transition.label))
    return work.case


def _superior_chain(work: Work) -> list[int]:
    """The units to bring an overdue case before, the nearest first; the top stays at the top.

    From the unit that has heard of it last, or that leads it; from a department, which stands
    beside the zone, up the chain of the unit whose case it is.
    """
    start = work.case.escalated_unit or work.standing.lead.unit
    beside = not work.case.unit.path.startswith(start.path)
    return superiors(work.case.unit if beside else start) or [start.pk]


# --- ending otherwise, and beginning again --------------------------------------------------


@transaction.atomic
def withdraw(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """The reporter no longer needs it."""
    return _end(actor, case, "withdraw", reason, at, version)


@transaction.atomic
def reject(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Declines a case at its door, for a reason that the reporter is told."""
    return _end(actor, case, "reject", reason, at, version)


@transaction.atomic
def close(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Ends a case that cannot be solved; it never counts as solved."""
    return _end(actor, case, "close", reason, at, version)


def _end(
    actor: Actor, case: Case, verb: str, reason: str, at: dt.datetime | None, version: int | None
) -> Case:
    work = take(actor, case, verb, at=at, version=version)
    record(work, reason)
    return lay_down(work)


@transaction.atomic
def reopen(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Takes an ended case up again, with its history; whoever led it leads it again."""
    work = take(actor, case, "reopen", at=at, version=version)
    record(work, reason, reopened=True)
    settle_lead(work)
    return lay_down(work)


def reveal_phone(*, actor: Actor, case: Case, why: str) -> str:
    """The reporter's whole telephone number; who asked, and why, goes into the trail."""
    actor.require("cases.receive", case.unit.path)
    if not why.strip():
        raise UserError(_("请写明为什么需要查看。"), "why")
    note_in_trail(
        "reveal", "casework_case", case.pk, case.unit.path, field="reporter_phone", why=why
    )
    return case.reporter_phone
