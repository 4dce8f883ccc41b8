"""How dated rows change: nothing known is overwritten, and nothing is true twice."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.lib.errors import Stale, UserError
from luodi.lib.periods import in_reason
from luodi.rooms.directory.models.dated import Dated

Row = TypeVar("Row", bound=Dated)


def moment(at: dt.datetime | None) -> dt.datetime:
    """The instant a verb counts as done: given where history is entered, else now."""
    return at or timezone.now()


def period(since: dt.date, until: dt.date | None = None) -> DateRange:
    """A half-open range of days. Raises UserError where it is empty or out of any calendar."""
    if not in_reason(since):
        raise UserError(_("日期应在1900年至2199年之间。"), "since")
    if until is not None and not (since < until and in_reason(until)):
        raise UserError(_("结束日期必须晚于开始日期。"), "until")
    return DateRange(since, until)


def opening(row: Row, at: dt.datetime, taken: str) -> Row:
    """Writes a new dated row, known from `at` on. `taken` is the sentence where it overlaps."""
    row.known = DateTimeTZRange(at, None)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise UserError(taken, "since") from None
    return row


def locked(row: Row) -> Row:
    """The row, held until the transaction ends. Raises Stale where it was replaced meanwhile."""
    model = type(row)
    found = model._default_manager.select_for_update(of=("self",)).filter(
        pk=row.pk, known__upper_inf=True
    )
    fresh: Row | None = found.first()
    if fresh is None:
        raise Stale(_("这条记录刚被别人更改，请刷新后再试。"))
    return fresh


def replaced(row: Row, by: Sequence[Row], at: dt.datetime, taken: str) -> list[Row]:
    """Closes what was known of `row` at `at` and opens `by` in its place.

    A row replaced at the instant it was entered leaves nothing that anybody ever knew.
    """
    known_since = row.known.lower
    if at < known_since:
        raise UserError(_("登记时间不能早于原记录的登记时间。"))
    if at == known_since:
        row.delete()
    else:
        row.known = DateTimeTZRange(known_since, at)
        row.save(update_fields=["known"])
    return [opening(one, at, taken) for one in by]


def clone(row: Row, **changes: object) -> Row:
    """A copy of the row, not yet written, with other values."""
    fresh = copy.copy(row)
    fresh._state = copy.copy(row._state)
    fresh._state.fields_cache = dict(row._state.fields_cache)  # a copy's unit is not the row's
    fresh._state.adding = True
    fresh.pk = None
    for name, value in changes.items():
        setattr(fresh, name, value)
    return fresh


def ended(row: Row, on: dt.date) -> Row:
    """A copy that is true until the day `on` (exclusive)."""
    if on <= row.since:
        raise UserError(_("结束日期必须晚于开始日期%(day)s。") % {"day": row.since}, "on")
    if row.until is not None and row.until <= on:
        raise UserError(_("它已于%(day)s结束。") % {"day": row.until}, "on")
    return clone(row, valid=period(row.since, on))
