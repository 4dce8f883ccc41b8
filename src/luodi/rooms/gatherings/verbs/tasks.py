"""What a gathering decided is given to somebody with a day, or to the three lists."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.notices.api import tell
from luodi.ground.records.api import Date, Prose, Text, verb
from luodi.ground.scope.api import Actor, Unit, unchanged
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings.inviting import url_of
from luodi.rooms.gatherings.models import Gathering, Task
from luodi.rooms.gatherings.verbs.checks import WRITE, fresh, line, not_cancelled


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def give_task(
    *,
    actor: Actor,
    gathering: Gathering,
    text: Annotated[str, Text(gettext_lazy("做什么"))],
    person: Person | None = None,
    due_on: Annotated[dt.date | None, Date(gettext_lazy("完成期限"))] = None,
    at: dt.datetime | None = None,
) -> Task:
    """Gives a task to a person until a day; who has an account is told. Raises UserError."""
    at, gathering = at or timezone.now(), fresh(gathering)
    not_cancelled(gathering)
    said = line(text, "text", 200)
    if not said:
        raise UserError(_("请写明做什么。"), "text")
    if due_on is not None and due_on < gathering.on:
        raise UserError(_("完成期限不能早于活动日期。"), "due_on")
    task = Task.objects.create(
        gathering=gathering,
        text=said,
        person=person,
        owner_id=person.account_id if person else None,
        due_on=due_on,
        given_at=at,
    )
    if person and person.account and person.account_id != actor.account_id:
        tell(
            accounts=[person.account],
            key=f"gathering-task:{task.pk}",
            text=_("会议交办：%(text)s") % {"text": said},
            url=url_of(gathering),
            at=at,
        )
    task.refresh_from_db()
    return task


def may_finish(actor: Actor, task: Task) -> bool:
    mine = bool(actor.account_id) and task.owner_id == actor.account_id
    return mine or actor.may(WRITE, task.path)


@verb()
@transaction.atomic
def finish_task(
    *,
    actor: Actor,
    task: Task,
    on: Annotated[dt.date, Date(gettext_lazy("完成日期"))],
    result: Annotated[str, Text(gettext_lazy("完成情况"))] = "",
    version: int | None = None,
) -> Task:
    """Says that a task is done: by whose it is, or who may write the gathering."""
    if not may_finish(actor, task):
        raise NotAllowed(_("这项任务由负责人或记录人登记完成。"))
    unchanged(task, version, "result")
    row = Task.objects.select_related("gathering").get(pk=task.pk)
    if row.case_id is not None:
        raise UserError(_("已转入问题清单，在那里办结。"))
    if on < row.gathering.on:
        raise UserError(_("完成日期不能早于活动日期。"), "on")
    row.done_on, row.result = on, line(result, "result", 200)
    row.save(update_fields=["done_on", "result"])
    row.refresh_from_db()
    return row


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def raise_case(
    *,
    actor: Actor,
    gathering: Gathering,
    unit: Unit,
    text: Annotated[str, Prose(gettext_lazy("问题"), most=2000)],
    at: dt.datetime | None = None,
) -> Case:
    """Puts what a gathering decided on the three lists, as a problem of a unit; once for one text.

    Raises as `casework.raise_problem`.
    """
    gathering = fresh(gathering)
    not_cancelled(gathering)
    short = line(text, "text", 2000)[:200]
    found = gathering.tasks.filter(text=short, case__isnull=False).select_related("case").first()
    if found is not None and found.case is not None:
        return found.case
    case = casework.raise_problem(actor=actor, unit=unit, text=text, at=at)
    Task.objects.create(gathering=gathering, text=short, case=case, given_at=at or timezone.now())
    return case
