"""Programmes and their measures: what is set out, what is finished, which cases belong to it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import Account, Actor, Unit, unchanged
from luodi.lib.errors import UserError
from luodi.rooms.casework.api import Case
from luodi.rooms.programmes.models import Measure, MeasureCase, Programme
from luodi.rooms.programmes.verbs.checks import (
    in_order,
    inside,
    owner_of,
    require_unit,
    stored,
    written,
)

# What is asked of each, and shown where two change it at once.
PROGRAMME = ("name", "name_en", "aim", "since", "until", "position")
MEASURE = ("text", "owner_unit", "owner", "since", "due_on", "position")


@transaction.atomic
def save_programme(
    *,
    actor: Actor,
    unit: Unit,
    name: str,
    since: dt.date,
    until: dt.date,
    name_en: str = "",
    aim: str = "",
    position: int = 0,
    programme: Programme | None = None,
    version: int | None = None,
) -> Programme:
    """Sets a programme up, or changes one; `until` is its last day. Its unit never changes.

    Raises Stale where the programme is no longer at `version`.
    """
    require_unit(actor, programme.unit if programme else unit)
    if programme:
        unchanged(programme, version, *PROGRAMME)
    in_order(since, until)
    row = programme or Programme(unit=unit)
    row.name, row.name_en = written(name, "name", 60), name_en.strip()[:80]
    row.aim, row.since, row.until, row.position = aim.strip(), since, until, position
    if until == since:
        raise UserError(_("结束日期必须晚于开始日期。"), "until")
    stored(row, _("这个单位已有“%(name)s”。") % {"name": row.name}, "name")
    return row


@transaction.atomic
def save_measure(
    *,
    actor: Actor,
    programme: Programme,
    text: str,
    owner_unit: Unit,
    since: dt.date,
    due_on: dt.date,
    owner: Account | None = None,
    position: int = 0,
    measure: Measure | None = None,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Measure:
    """Adds a measure to a programme, or changes one. Who newly answers for it is told.

    Raises Stale where the measure is no longer at `version`.
    """
    require_unit(actor, programme.unit)
    if measure:
        unchanged(measure, version, *MEASURE)
    in_order(since, due_on, "due_on")
    inside(owner_unit, programme.unit, "owner_unit")
    before = measure.owner_id if measure else None
    row = measure or Measure(programme=programme)
    row.text, row.owner_unit = written(text, "text"), owner_unit
    row.owner = owner_of(owner, owner_unit)
    row.since, row.due_on, row.position = since, due_on, position
    row.save()
    if row.owner is not None and row.owner_id not in {before, actor.account_id}:
        tell(
            accounts=[row.owner],
            key=f"measure:{row.pk}:{row.owner_id}",
            text=_("由您负责的举措：%(measure)s（%(day)s前）") % {"measure": row, "day": due_on},
            url=f"/programmes/{programme.pk}/",
            at=at,
        )
    return row


@transaction.atomic
def finish_measure(*, actor: Actor, measure: Measure, on: dt.date, result: str = "") -> Measure:
    """Records that a measure is done. Its named person may, and who may write the programme."""
    if measure.owner_id is None or measure.owner_id != actor.account_id:
        require_unit(actor, measure.programme.unit)
    if on < measure.since:
        raise UserError(_("完成日期不能早于开始日期。"), "on")
    measure.done_on, measure.result = on, result.strip()
    measure.save(update_fields=["done_on", "result"])
    return measure


@transaction.atomic
def reopen_measure(*, actor: Actor, measure: Measure) -> Measure:
    """Takes back that a measure is done."""
    require_unit(actor, measure.programme.unit)
    measure.done_on, measure.result = None, ""
    measure.save(update_fields=["done_on", "result"])
    return measure


@transaction.atomic
def link_case(
    *, actor: Actor, measure: Measure, case: Case, at: dt.datetime | None = None
) -> MeasureCase:
    """Says that a case belongs to a measure; once, however often it is said."""
    require_unit(actor, measure.programme.unit)
    row, _new = MeasureCase.objects.get_or_create(
        measure=measure, case=case, defaults={"linked_at": at or timezone.now()}
    )
    return row


@transaction.atomic
def unlink_case(*, actor: Actor, link: MeasureCase) -> None:
    """Takes a case off a measure. One that was opened for a gap stays."""
    require_unit(actor, link.measure.programme.unit)
    if link.target_id is not None:
        raise UserError(_("这是为目标差距提出的事项，不能取消关联。"))
    link.delete()
