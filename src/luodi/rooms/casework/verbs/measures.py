"""The rectification list: what will be done, done, or dropped."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Account, Actor
from luodi.lib.errors import NotFound, UserError
from luodi.lib.periods import in_reason
from luodi.lib.text import one_line
from luodi.rooms.casework.engine import Work, lay_down, record, take
from luodi.rooms.casework.models import Case, Measure
from luodi.rooms.casework.notify import give_measure
from luodi.rooms.casework.standing import carriers


@transaction.atomic
def add_measure(
    *,
    actor: Actor,
    case: Case,
    text: str,
    due_on: dt.date,
    owner: Account | None = None,
    owner_name: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Measure:
    """Adds a step with a named person and a date; the person need not have an account."""
    work = take(actor, case, "add_measure", at=at, version=version)
    measure = Measure(case=work.case, created_at=work.at)
    _fill(work, measure, text, due_on, owner, owner_name)
    measure.save()
    record(work, measure.text, measure=measure.pk, due_on=str(due_on))
    lay_down(work)
    give_measure(work, measure)
    return measure


@transaction.atomic
def change_measure(
    *,
    actor: Actor,
    measure: Measure,
    text: str,
    due_on: dt.date,
    owner: Account | None = None,
    owner_name: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Measure:
    """Changes an open step."""
    work = take(actor, Case(pk=measure.case_id), "change_measure", at=at, version=version)
    measure = _open_one(work, measure)
    before = (measure.owner_id, measure.due_on)
    _fill(work, measure, text, due_on, owner, owner_name)
    measure.save(update_fields=["text", "due_on", "owner", "owner_name"])
    record(work, measure.text, measure=measure.pk, due_on=str(due_on))
    lay_down(work)
    if before != (measure.owner_id, measure.due_on):
        give_measure(work, measure)
    return measure


def _check_owner(work: Work, owner: Account) -> None:
    """Only who carries the case can be made to: of anybody else it would be unseen, and untold."""
    if owner not in carriers(work.standing, timezone.localdate(work.at)):
        raise UserError(_("%(name)s 不是办理这个问题的人员。") % {"name": owner}, "owner")


def _fill(
    work: Work,
    measure: Measure,
    text: str,
    due_on: dt.date,
    owner: Account | None,
    owner_name: str,
) -> None:
    if not one_line(text):
        raise UserError(_("请写明措施内容。"), "text")
    if owner is not None and owner.pk != measure.owner_id:
        _check_owner(work, owner)
    written = one_line(owner_name)
    if owner is not None and written not in ("", owner.name):
        both = {"owner": owner, "name": written}
        raise UserError(
            _("责任人选了“%(owner)s”，又写了“%(name)s”，请只留一个。") % both, "owner_name"
        )
    name = owner.name if owner else written
    if not name:
        raise UserError(_("请写明由谁负责。"), "owner_name")
    if due_on < timezone.localdate(work.at):
        raise UserError(_("完成期限不能早于今天。"), "due_on")
    if not in_reason(due_on):
        raise UserError(_("日期应在1900年至2199年之间。"), "due_on")
    measure.text, measure.due_on = text.strip(), due_on
    measure.owner, measure.owner_name = owner, name[:60]


@transaction.atomic
def finish_measure(
    *,
    actor: Actor,
    measure: Measure,
    result: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Measure:
    """Marks a step as done, and how. Its owner may do this, as may the lead and the helpers."""
    mine = f"owner:{measure.owner_id}" if measure.owner_id in actor.accounts else ""
    work = take(
        actor, Case(pk=measure.case_id), "finish_measure", at=at, version=version, relation=mine
    )
    measure = _open_one(work, measure)
    measure.done_at, measure.result = work.at, result.strip()
    measure.save(update_fields=["done_at", "result"])
    record(work, result or measure.text, measure=measure.pk)
    lay_down(work)
    return measure


@transaction.atomic
def drop_measure(
    *,
    actor: Actor,
    measure: Measure,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Measure:
    """Gives a step up, for a reason that stays on record."""
    work = take(actor, Case(pk=measure.case_id), "drop_measure", at=at, version=version)
    measure = _open_one(work, measure)
    record(work, reason, measure=measure.pk)
    measure.dropped_at, measure.dropped_why = work.at, reason.strip()
    measure.save(update_fields=["dropped_at", "dropped_why"])
    lay_down(work)
    return measure


def _open_one(work: Work, measure: Measure) -> Measure:
    found = Measure.objects.filter(pk=measure.pk, case=work.case).first()
    if found is None:
        raise NotFound(_("没有这项措施。"))
    if not found.is_open:
        raise UserError(_("这项措施已经完成或取消了。"))
    return found
