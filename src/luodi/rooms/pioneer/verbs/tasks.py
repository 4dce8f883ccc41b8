"""Tasks: raised, claimed, handed on, dropped, done; nobody claims: back to who raised it, in time."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.notices.api import Message, tell_each
from luodi.ground.records.api import Date, Number, Prose, Reason, RecordOf, Text, UnitOf, verb
from luodi.ground.scope.api import Actor, Unit, because, today
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.casework.api import Case
from luodi.rooms.directory.api import (
    MEMBER_STAGES,
    Branch,
    BranchOf,
    Membership,
    Person,
    PersonOf,
)
from luodi.rooms.pioneer.models import Claim, Task

RETURNED = dt.timedelta(days=3)  # before it is due, a task that lacks hands goes back; ours
DayOf = Annotated[dt.date, Date(_("日期"))]
MemberOf = Annotated[
    Person | None, PersonOf(_("党员"), required=False, help=_("由支部集体认领时不填。"))
]


@verb(permission="pioneer.raise", on="unit")
@transaction.atomic
def raise_task(
    *,
    actor: Actor,
    unit: Annotated[Unit, object, UnitOf(_("提出单位"), permission="pioneer.raise")],
    title: Annotated[str, Text(_("任务"), most=80)],
    due_on: Annotated[dt.date, Date(_("完成期限"))],
    what: Annotated[str, Prose(_("要做什么"), required=False, default="", most=1000)] = "",
    place: Annotated[str, Text(_("地点"), required=False, default="", most=120)] = "",
    hands: Annotated[int, Number(_("需要人数"), default=1, least=1, most=99)] = 1,
    skill: Annotated[str, Text(_("需要的技能"), required=False, default="", most=120)] = "",
    source: Annotated[str, Text(_("来自决定或目标"), required=False, default="", most=120)] = "",
    case: Annotated[
        Case | None, RecordOf(_("来自事项"), required=False, model=Case, by=("code", "title"))
    ] = None,
    at: dt.datetime | None = None,
) -> Task:
    """Raises a task that needs hands, out of a case, a decision or by itself."""
    when = at or timezone.now()
    if due_on < timezone.localdate(when):
        raise UserError(gettext("完成期限不能早于提出的日期。"), "due_on")
    return Task.objects.create(
        unit=unit, title=title, what=what, place=place, due_on=due_on, hands=hands, skill=skill,
        source=source, case=case, raised_by_id=actor.account_id or None, raised_at=when,
    )  # fmt: skip


@verb(permission="pioneer.claim", on="branch")
@transaction.atomic
def claim_task(
    *,
    actor: Actor,
    task: Task,
    branch: Annotated[Branch, object, BranchOf()],
    person: MemberOf = None,
    on: dt.date | None = None,
) -> Claim:
    """Takes a task on, for a branch or for one of its members."""
    row, day = _one_at_a_time(task), on or today()
    _open(row)
    if missing_hands(row) <= 0:
        raise UserError(gettext("需要的人数已经够了，谢谢。"))
    _member(person, branch, day)
    mine = row.claims.filter(branch=branch, person=person, dropped_on=None)
    if mine.exists():
        raise UserError(gettext("已经认领了这个任务。"), "person")
    return Claim.objects.create(task=row, branch=branch, person=person, claimed_on=day)


@verb(permission="pioneer.claim", on="claim")
@transaction.atomic
def hand_claim_on(
    *,
    actor: Actor,
    claim: Claim,
    person: MemberOf = None,
    reason: Annotated[str, Reason(_("说明"), required=False, default="", most=200)] = "",
    on: dt.date | None = None,
) -> Claim:
    """Hands a claim on to another of the branch, who stands in its place; the task is never without."""
    held, day = _claim(claim), on or today()
    if (person.pk if person else None) == held.person_id:
        raise UserError(gettext("请选择另一个人。"), "person")
    _member(person, held.branch, day)
    fresh = Claim.objects.create(
        task_id=held.task_id, branch=held.branch, person=person, claimed_on=day
    )
    held.dropped_on, held.reason, held.handed_to = day, reason, fresh
    held.save(update_fields=["dropped_on", "reason", "handed_to"])
    return fresh


@verb(permission="pioneer.claim", on="claim")
@transaction.atomic
def drop_claim(
    *,
    actor: Actor,
    claim: Claim,
    reason: Annotated[str, Reason(_("理由"), most=200)],
    on: dt.date | None = None,
) -> Claim:
    """Gives a task back; who raised it is told, because it needs a hand again."""
    held = _claim(claim)
    held.dropped_on, held.reason = on or today(), reason
    held.save(update_fields=["dropped_on", "reason"])
    task = held.task
    _tell(task, f"pioneer-drop:{held.pk}", gettext("任务“%(task)s”有人退出，还需要人手。"))
    return held


@verb(permission="pioneer.claim", on="claim")
@transaction.atomic
def finish_claim(
    *,
    actor: Actor,
    claim: Claim,
    sentence: Annotated[str, Text(_("完成情况"), most=200, help=_("一句话说明做了什么。"))],
    on: Annotated[dt.date | None, Date(_("完成日期"), required=False)] = None,
) -> Claim:
    """Says that it is done, in a sentence."""
    held, day = _claim(claim), on or today()
    if day > today() or day < held.claimed_on:
        raise UserError(gettext("完成日期应在认领之后，不晚于今天。"), "on")
    held.done_on, held.sentence = day, sentence
    held.save(update_fields=["done_on", "sentence"])
    _tell(held.task, f"pioneer-done:{held.pk}", gettext("任务“%(task)s”已完成。"))
    return held


@verb(permission="pioneer.raise", on="task")
@transaction.atomic
def withdraw_task(
    *, actor: Actor, task: Task, reason: Annotated[str, Reason(_("理由"), most=200)]
) -> Task:
    """Takes a task back that is not needed any more."""
    row = _held(task)
    _open(row)
    because(reason)
    row.withdrawn_on, row.reason = today(), reason
    row.save(update_fields=["withdrawn_on", "reason"])
    return row


def return_unclaimed(day: dt.date) -> int:
    """Tells who raised a task that it still lacks hands, before it is late; once. Returns how many."""
    rows = Task.objects.filter(
        withdrawn_on=None, returned_at=None, due_on__lte=day + RETURNED, due_on__gte=day
    )
    lacking = [one for one in rows.prefetch_related("claims") if missing_hands(one) > 0]
    for one in lacking:
        one.returned_at = timezone.now()
        one.save(update_fields=["returned_at"])
        _tell(
            one,
            f"pioneer-return:{one.pk}",
            gettext("任务“%(task)s”还没有足够的人认领，请另行安排。"),
        )
    return len(lacking)


def missing_hands(task: Task) -> int:
    """How many hands a task still lacks."""
    return task.hands - sum(one.dropped_on is None for one in task.claims.all())


def _held(task: Task) -> Task:
    row = Task.objects.select_for_update(of=("self",)).filter(pk=task.pk).first()
    if row is None:
        raise NotFound(gettext("没有这个任务。"))
    return row


def _one_at_a_time(task: Task) -> Task:
    """The task for who takes it on, who may not write it: they wait for each other by its number."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('pioneer_task'), %s)", [task.pk % 2**31]
        )
    row = Task.objects.filter(pk=task.pk).first()
    if row is None:
        raise NotFound(gettext("没有这个任务。"))
    return row


def _open(task: Task) -> None:
    if task.withdrawn_on is not None:
        raise UserError(gettext("这个任务已于%(day)s撤回。") % {"day": task.withdrawn_on})


def _claim(claim: Claim) -> Claim:
    rows = Claim.objects.select_for_update(of=("self",)).select_related("task", "branch__unit")
    row = rows.filter(pk=claim.pk).first()
    if row is None:
        raise NotFound(gettext("没有这条认领。"))
    _open(row.task)
    if row.dropped_on is not None:
        raise UserError(gettext("这条认领已于%(day)s退出或转交。") % {"day": row.dropped_on})
    if row.done_on is not None:
        raise UserError(gettext("已于%(day)s完成。") % {"day": row.done_on})
    return row


def _member(person: Person | None, branch: Branch, day: dt.date) -> None:
    if person is None:
        return
    held = Membership.objects.on(day).filter(person=person, branch=branch, stage__in=MEMBER_STAGES)
    if not held.exists():
        raise UserError(gettext("%(name)s不是这个党组织的党员。") % {"name": person}, "person")


def _tell(task: Task, key: str, words: str) -> None:
    if task.raised_by_id:
        text = words % {"task": task.title}
        tell_each([Message(task.raised_by_id, key, text, task.get_absolute_url())])
