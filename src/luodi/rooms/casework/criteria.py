"""What a list is filtered by: one definition for lists, exports, saved filters and statistics.

A statistic's number carries the criteria that open its cases, and is counted with them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields, replace

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.casework.models import Case, Category
from luodi.rooms.casework.procedure import procedures
from luodi.rooms.casework.queries import (
    COUNTED,
    LIGHTS,
    ON_TIME,
    CaseQuerySet,
    light_is,
    open_until,
    overdue_at,
    was_overdue_at,
)

# The figures of the statistics; each counts cases of a period (see `figure_is`).
FIGURES: dict[str, str | Promise] = {
    "received": gettext_lazy("收到"),
    "open": gettext_lazy("在办"),
    "overdue": gettext_lazy("超期在办"),
    "solved": gettext_lazy("办结"),
    "on_time": gettext_lazy("按期办结"),
    "late": gettext_lazy("逾期办结"),
    "by_time": gettext_lazy("逾期未评价视为确认"),
    "reopened": gettext_lazy("曾重办"),
    "extended": gettext_lazy("曾延期"),
}


def outcomes() -> set[str]:
    """How a case can end, in any procedure."""
    return {state.outcome for one in procedures().values() for state in one.states.values()} - {""}


# What a condition may say, where that is one of a few.
KNOWN: dict[str, Callable[[], Collection[str]]] = {
    "procedure": procedures,
    "state": lambda: {key for one in procedures().values() for key in one.states},
    "outcome": outcomes,
    "light": lambda: LIGHTS,
    "channel": lambda: Case.Channel.values,
    "whose": lambda: ("me", "others"),
    "figure": lambda: FIGURES,
}


@dataclass(frozen=True, slots=True)
class Criteria:
    """A filter of the list of cases, as it stands in an address. Empty: no such condition.

    unit: its id; it and all below (with `own`: it alone). category: its id, or `none`. since, until: days; a period of raising, or the one that
    `figure` counts in, `until` included. whose: `me` (it waits for me), `others` (I wait for it).
    person: the id of an account that leads a case, or for which it waits.
    """

    q: str = ""
    unit: str = ""
    own: str = ""
    category: str = ""
    procedure: str = ""
    state: str = ""
    outcome: str = ""
    light: str = ""
    channel: str = ""
    whose: str = ""
    lead: str = ""
    person: str = ""
    supervised: str = ""
    unsupervised: str = ""
    figure: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, params: Mapping[str, str]) -> Criteria:
        """From an address; what it does not know is left out."""
        known = {one.name: params.get(one.name) or "" for one in fields(cls)}
        return cls(**{name: value.strip() for name, value in known.items()})

    def params(self) -> dict[str, str]:
        """For an address."""
        return {name: value for name, value in asdict(self).items() if value}

    def but(self, **changes: object) -> Criteria:
        return replace(self, **{name: str(value) for name, value in changes.items()})

    def apply(self, actor: Actor, at: dt.datetime) -> CaseQuerySet:
        """The cases that meet all conditions. Raises UserError for a value that is none."""
        self._understood()
        cases: CaseQuerySet = Case.objects.all()
        if self.unit:
            unit = _unit(self.unit, "unit")
            cases = cases.filter(unit=unit) if self.own else cases.under(unit)
        for name in ("procedure", "state", "outcome", "channel"):
            if value := getattr(self, name):
                cases = cases.filter(**{name: value})
        if self.category == "none":
            cases = cases.filter(category__isnull=True)
        elif self.category:
            cases = cases.filter(category_id=number(self.category, "category"))
        if self.lead:
            cases = cases.filter(lead_unit_id=number(self.lead, "lead"))
        if self.person:
            person = number(self.person, "person")
            cases = cases.filter(Q(lead_account_id=person) | Q(waiting_account_id=person))
        if self.supervised:
            cases = cases.filter(supervised_at__isnull=False)
        if self.unsupervised:
            cases = cases.filter(supervised_at__isnull=True)
        if self.light:
            cases = cases.filter(light_is(self.light, at))
        if self.whose:
            cases = cases.for_me(actor) if self.whose == "me" else cases.i_wait_for(actor)
        return cases.filter(self._period(at)).search(self.q)

    def _understood(self) -> None:
        """Raises UserError for a value that its condition does not know."""
        for name, known in KNOWN.items():
            value = getattr(self, name)
            if value and value not in known():
                raise UserError(_("没有“%(value)s”这个选项。") % {"value": value}, name)
        if self.lead:
            _unit(self.lead, "lead")
        if self.category not in {"", "none"}:
            pk = number(self.category, "category")
            if not Category.objects.filter(pk=pk).exists():
                raise UserError(_("没有这个类别。"), "category")

    def _period(self, at: dt.datetime) -> Q:
        if not (self.figure or self.since or self.until):
            return Q()
        since = _midnight(self.since, "since") if self.since else None
        until = _midnight(self.until, "until", days=1) if self.until else None
        if not self.figure:
            return _between("raised_at", since, until)
        return figure_is(self.figure, since, until, at)


def figure_is(
    figure: str, since: dt.datetime | None, until: dt.datetime | None, at: dt.datetime
) -> Q:
    """Which cases a figure counts: raised in the half-open period, or closed in it.

    What was open, or late, was so at the end of the period, or is at the moment `at` before it.
    """
    raised = COUNTED & _between("raised_at", since, until)
    closed = COUNTED & _between("closed_at", since, until)
    solved = Q(outcome="solved") & closed
    past = until if until and until <= at else None
    meanings = {
        "received": raised,
        "open": raised & (open_until(past) if past else Q(closed_at__isnull=True)),
        "overdue": raised & (was_overdue_at(past) if past else overdue_at(at)),
        "solved": solved,
        "on_time": solved & ON_TIME,
        "late": solved & ~ON_TIME,
        "by_time": solved & Q(confirmed_how=Case.ConfirmedHow.TIME),
        "reopened": raised & Q(reopened__gt=0),
        "extended": raised & Q(extended__gt=0),
    }
    if figure not in meanings:
        raise UserError(_("没有这个统计项。"), "figure")
    return meanings[figure]


def _between(column: str, since: dt.datetime | None, until: dt.datetime | None) -> Q:
    found = Q()
    if since:
        found &= Q(**{f"{column}__gte": since})
    if until:
        found &= Q(**{f"{column}__lt": until})
    return found


def _midnight(day: str, field: str, days: int = 0) -> dt.datetime:
    try:
        date = dt.date.fromisoformat(day) + dt.timedelta(days=days)
    except (ValueError, OverflowError):
        raise UserError(
            _("“%(day)s”不是一个日期，例如 2026-03-02。") % {"day": day}, field
        ) from None
    return timezone.make_aware(dt.datetime.combine(date, dt.time()))


def number(value: str, field: str) -> int:
    """An id of an address. Raises UserError for what is none."""
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise UserError(_("“%(value)s”不是一个编号。") % {"value": value}, field)
    return int(value)


def _unit(value: str, field: str) -> Unit:
    found = Unit.objects.filter(pk=number(value, field)).first()
    if found is None:
        raise UserError(_("没有这个单位。"), field)
    return found
