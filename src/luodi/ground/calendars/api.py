"""Working calendars: what is changed by verbs, and the calendar that follows for a unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luodi.ground.calendars.fields import Spans
from luodi.ground.calendars.models import CalendarDay, OfficeHours
from luodi.ground.calendars.table import calendar_for
from luodi.ground.records.api import Number, UnitOf, field_of, verb
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.calendars import (
    CalendarError,
    Span,
    WorkingCalendar,
    announced_years,
    statutory_exceptions,
)
from luodi.lib.errors import UserError

__all__ = [
    "CalendarDay",
    "OfficeHours",
    "calendar_for",
    "clear_day",
    "fill_announced",
    "fill_year",
    "set_day",
    "set_hours",
    "when_changed",
]

Listener = Callable[[int | None], None]
_listeners: list[Listener] = []


def when_changed(listener: Listener) -> None:
    """Calls `listener(unit_id)` after a change is committed; None: everyone's calendar."""
    _listeners.append(listener)


def _tell(unit: Unit | None) -> None:
    pk = unit.pk if unit else None
    for listener in _listeners:
        transaction.on_commit(lambda told=listener: told(pk))  # type: ignore[misc]


EXAMPLE = gettext_lazy("例如 08:00-12:00 14:30-18:00。")
ForUnit = Annotated[
    Unit | None,
    UnitOf(
        gettext_lazy("适用单位"),
        permission="calendar.write",
        help=gettext_lazy("不填则适用于全部单位。"),
    ),
]
Source = Annotated[str, field_of(CalendarDay, "source")]


@verb(permission="calendar.write", on="unit")
def set_day(
    *,
    actor: Actor,
    unit: ForUnit = None,
    on: Annotated[dt.date, field_of(CalendarDay, "on")],
    kind: Annotated[str, field_of(CalendarDay, "kind")],
    spans: Annotated[
        Iterable[Span],
        Spans(
            gettext_lazy("时段"),
            help=gettext_lazy("只在“另定时段”时填写，例如 08:00-12:00 14:30-18:00。"),
        ),
    ] = (),
    name: Annotated[str, field_of(CalendarDay, "name")] = "",
    source: Source = "",
) -> CalendarDay:
    """Makes a day a day off (`off`), a working day (`work`), or one with hours of its own (`own`)."""
    own = _checked(spans) if kind == CalendarDay.Kind.OWN else []
    day, _made = CalendarDay.objects.update_or_create(
        unit=unit,
        on=on,
        defaults={
            "kind": kind,
            "spans": own,
            "name": name.strip(),
            "source": source.strip(),
            "edited": True,
            "changed_at": timezone.now(),
        },
    )
    _tell(unit)
    return day


@verb(permission="calendar.write", on="unit")
def clear_day(*, actor: Actor, on: dt.date, unit: Unit | None = None) -> None:
    """Makes a day an ordinary one again."""
    if CalendarDay.objects.filter(unit=unit, on=on).delete()[0]:
        _tell(unit)


@verb(permission="calendar.write", on="unit")
def set_hours(
    *,
    actor: Actor,
    unit: ForUnit = None,
    since: Annotated[dt.date, field_of(OfficeHours, "since")],
    spans: Annotated[Iterable[Span], Spans(gettext_lazy("时段"), help=EXAMPLE)],
    source: Source = "",
) -> OfficeHours:
    """Sets the hours of ordinary days from a day on, such as those of summer and of winter."""
    hours, _made = OfficeHours.objects.update_or_create(
        unit=unit,
        since=since,
        defaults={
            "spans": _checked(spans),
            "source": source.strip(),
            "changed_at": timezone.now(),
        },
    )
    _tell(unit)
    return hours


@verb(permission="calendar.write")
def fill_year(
    *, actor: Actor, year: Annotated[int, Number(gettext_lazy("年份"), least=2004, most=2100)]
) -> int:
    """Enters a year's statutory days off and make-up working days for everyone; returns how many.

    Days that somebody edited stay as they are. Raises UserError where the year's notice is not
    published yet.
    """
    rules, published = statutory_exceptions(year)
    if not published:
        raise UserError(
            _("%(year)s 年的放假通知尚未收录，请在通知公布后更新软件，或逐日设置。")
            % {"year": year},
            "year",
        )
    kept = set(
        CalendarDay.objects.filter(unit=None, on__year=year, edited=True).values_list(
            "on", flat=True
        )
    )
    fresh = {day: rule for day, rule in rules.items() if day not in kept}
    source = _("国务院办公厅关于 %(year)s 年部分节假日安排的通知") % {"year": year}
    with transaction.atomic():
        CalendarDay.objects.filter(unit=None, on__year=year, edited=False).delete()
        CalendarDay.objects.bulk_create(
            CalendarDay(
                on=day,
                kind=CalendarDay.Kind.OFF if rule.spans == () else CalendarDay.Kind.WORK,
                name=rule.name,
                source=source,
                edited=False,
            )
            for day, rule in fresh.items()
        )
    _tell(None)
    return len(fresh)


def fill_announced(*, actor: Actor) -> int:
    """Enters every year whose notice is known, as a new site needs it; returns how many days."""
    return sum(fill_year(actor=actor, year=year) for year in announced_years())


def _checked(spans: Iterable[Span]) -> list[list[str]]:
    """The spans as they are stored. Raises UserError with the calendar's own sentence."""
    found = sorted(spans)
    if not found:
        raise UserError(_("请填写至少一个工作时段。"), "spans")
    try:
        WorkingCalendar(spans=tuple(found))
    except CalendarError as problem:
        english = (get_language() or "").startswith("en")
        raise UserError(problem.en if english else problem.zh, "spans") from problem
    return [[f"{start:%H:%M}", f"{end:%H:%M}"] for start, end in found]
