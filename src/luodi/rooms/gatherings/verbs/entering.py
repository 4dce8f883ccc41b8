"""Gatherings as plain records: over REST, from Excel, put right, taken away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.gatherings.models import Gathering, State
from luodi.rooms.gatherings.verbs.checks import WRITE, fresh, held_by, unsigned
from luodi.rooms.gatherings.verbs.planning import change_gathering, plan_gathering


@transaction.atomic
def enter_gathering(
    *,
    actor: Actor,
    unit: Unit,
    kind: str,
    starts_at: dt.datetime,
    told_expected: int | None = None,
    told_came: int | None = None,
    at: dt.datetime | None = None,
    **values: Any,
) -> Gathering:
    """Enters a gathering; one of the past of which a book says how many came was held.

    Raises as `plan_gathering`; UserError where more came than were expected.
    """
    at = at or timezone.now()
    _fewer(told_came, told_expected)
    past = starts_at <= at
    row = plan_gathering(
        actor=actor, unit=unit, kind=kind, starts_at=starts_at, at=at, tell=not past, **values
    )
    if told_came is not None or told_expected is not None:
        row.told_expected, row.told_came = told_expected, told_came
        if past and told_came is not None:
            row.state, row.recorded_at = State.HELD, at
        row.save(update_fields=["told_expected", "told_came", "state", "recorded_at"])
    row.refresh_from_db()
    return row


@transaction.atomic
def amend_gathering(*, actor: Actor, record: Gathering, **values: Any) -> Gathering:
    """Changes what is given of a gathering; its unit and kind stay while people or minutes are there.

    Raises as `change_gathering`.
    """
    actor.require(WRITE, record.path)
    row = fresh(record)
    unit, kind = values.pop("unit", row.unit), values.pop("kind", row.kind)
    if (unit, kind) != (row.unit, row.kind):
        if row.people.exists() or row.minutes.exists() or row.votes.exists():
            raise UserError(_("已登记出席或记录，不能改单位和类型；请取消后另行登记。"), "kind")
        row.unit, row.kind, row.also = unit, kind, []
        held_by(row.of_kind, unit)
        row.save(update_fields=["unit", "kind", "also"])
    numbers = {name: values.pop(name) for name in ("told_expected", "told_came") if name in values}
    if numbers:
        unsigned(row)
        for name, value in numbers.items():
            setattr(row, name, value)
        _fewer(row.told_came, row.told_expected)
        row.save(update_fields=list(numbers))
    usual = {
        name: getattr(row, name)
        for name in ("title", "starts_at", "ends_at", "place", "agenda", "lecturer")
    }
    if values.get("ends_at", "") is None:
        del values["ends_at"]
    if "starts_at" in values and "ends_at" not in values:
        usual["ends_at"] = values["starts_at"] + (row.ends_at - row.starts_at)
    return change_gathering(actor=actor, gathering=row, **{**usual, **values})


@transaction.atomic
def remove_gathering(*, actor: Actor, record: Gathering) -> None:
    """Takes away what was entered by mistake; not once there are people, minutes, tasks or votes."""
    actor.require(WRITE, record.path)
    for rows in (record.people, record.minutes, record.tasks, record.votes):
        if rows.exists():
            raise UserError(_("已登记出席或记录，不能删除；没有开展的，请取消。"))
    record.delete()


def _fewer(came: int | None, expected: int | None) -> None:
    if came is not None and expected is not None and came > expected:
        raise UserError(_("实到人数不能多于应到人数。"), "told_came")
