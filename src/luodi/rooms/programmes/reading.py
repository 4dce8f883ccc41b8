"""How the programmes of a unit stand on a day: targets read, judged, and put in their places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from luodi.ground.figures.api import (
    Figure,
    Question,
    Reading,
    Time,
    Value,
    figures,
    read_values,
    text_of,
)
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.rooms.casework.api import Case
from luodi.rooms.programmes.lights import NUMERIC, Course, Light, wanted_of
from luodi.rooms.programmes.models import Measure, MeasureCase, Pledge, Programme, Target

Asked = tuple[str, Question]


@dataclass(frozen=True)
class Standing:
    """A target on a day: what is promised, what its figure says, and the light.

    `why` is the sentence where nothing could be read; `case` the open case for its gap.
    """

    target: Target
    pledge: Pledge
    at: dt.date
    figure: Figure | None = None
    reading: Reading | None = None
    start: Value = None
    why: str = ""
    trend: Sequence[tuple[dt.date, Value]] = ()
    case: Case | None = None

    @property
    def measure(self) -> Measure:
        return self.target.measure

    @property
    def read_on(self) -> dt.date:
        """The day that is judged: the due day once it has come."""
        return min(self.at, self.pledge.due_on)

    @property
    def wanted(self) -> Value:
        return wanted_of(self.figure.kind, self.pledge.value) if self.figure else None

    @cached_property
    def course(self) -> Course:
        pledge, counts = self.pledge, _counts_up(self.figure)
        first = pledge.first_day(self.measure.programme.since)
        return Course(
            value=self.reading.value if self.reading else None,
            comparison=pledge.comparison,
            wanted=self.wanted,
            since=first if counts else pledge.since,
            due_on=pledge.due_on,
            at=self.at,
            start=self.start,
            counts_up=counts,
        )

    @cached_property
    def light(self) -> Light:
        return self.course.light

    @property
    def figure_name(self) -> str:
        return self.target.name or str(self.figure.name if self.figure else self.pledge.figure)

    @property
    def text(self) -> str:
        return self.reading.text if self.reading else "—"

    @property
    def wanted_text(self) -> str:
        """What is promised with the figure's unit, as exactly as it was promised."""
        if self.figure is None or self.wanted is None:
            return self.pledge.value
        if isinstance(self.wanted, Decimal):
            exponent = int(self.wanted.as_tuple().exponent)
            return text_of(replace(self.figure, places=max(-exponent, 0)), self.wanted)
        return text_of(self.figure, self.wanted)

    @property
    def promise(self) -> str:
        return _("%(name)s%(comparison)s%(value)s") % {
            "name": self.figure_name,
            "comparison": self.pledge.get_comparison_display(),
            "value": self.wanted_text,
        }

    @property
    def gap_text(self) -> str:
        """The gap in words; empty where there is none or it is no number."""
        gap = self.course.gap
        if not gap or self.figure is None or not self.light.is_gap:
            return ""
        words = _("还差%(gap)s") if gap > 0 else _("超出%(gap)s")
        return words % {"gap": text_of(self.figure, abs(gap))}


@dataclass(frozen=True)
class Line:
    """A measure with its targets' standings and the cases that belong to it."""

    measure: Measure
    standings: list[Standing] = field(default_factory=list)
    links: list[MeasureCase] = field(default_factory=list)
    at: dt.date = dt.date.max

    @property
    def is_late(self) -> bool:
        return self.measure.done_on is None and self.measure.due_on < self.at

    @property
    def tone(self) -> str:
        if self.measure.done_on:
            return "light-green"
        return "light-red" if self.is_late else "light-blue" if self.begun else ""

    @property
    def begun(self) -> bool:
        return self.measure.since <= self.at

    @property
    def state(self) -> str:
        if self.measure.done_on:
            return _("已完成")
        if self.is_late:
            return _("已超期")
        return _("进行中") if self.begun else _("未开始")


@dataclass(frozen=True)
class Chapter:
    """A programme with its measures."""

    programme: Programme
    lines: list[Line]

    @property
    def standings(self) -> list[Standing]:
        return [one for line in self.lines for one in line.standings]

    @property
    def lights(self) -> list[tuple[Light, int]]:
        """How many targets have which light."""
        found = [one.light for one in self.standings]
        return [(light, found.count(light)) for light in Light if light in found]


# --- what there is ------------------------------------------------------------------------------


def units_with_programmes() -> list[Unit]:
    """The units whose programmes the transaction's scope shows, the highest first."""
    return list(Unit.objects.filter(pk__in=Programme.objects.values("unit")).order_by("path"))


def chapters_of(
    *,
    actor: Actor,
    at: dt.date,
    unit: Unit | None = None,
    programme: Programme | None = None,
    points: int = 0,
) -> list[Chapter]:
    """The programmes of a unit (or one of them) as they stand on a day; those begun by then.

    points: how many days of a trend to read for each target.
    """
    actor.require("programmes.view")
    chosen = Q(pk=programme.pk) if programme else Q(unit=unit, since__lte=at)
    programmes = list(Programme.objects.filter(chosen).select_related("unit"))
    shown = MeasureCase.objects.select_related("case")  # joined: only those that the actor sees
    measures = list(
        Measure.objects.filter(programme__in=programmes)
        .select_related("owner_unit", "owner", "programme__unit")
        .prefetch_related(Prefetch("case_links", shown, to_attr="links"))
    )
    standings = standings_of(actor=actor, pledges=pledges_of(measures, at), at=at, points=points)
    by_measure: dict[int, list[Standing]] = {}
    for one in standings:
        by_measure.setdefault(one.measure.pk, []).append(one)
    lines = [Line(one, by_measure.get(one.pk, []), one.links, at) for one in measures]
    return [
        Chapter(one, [line for line in lines if line.measure.programme_id == one.pk])
        for one in programmes
    ]


def pledges_of(measures: Iterable[Measure], at: dt.date) -> list[Pledge]:
    """What is promised on a day for these measures, of targets not dropped by then."""
    standing = Q(target__dropped_on=None) | Q(target__dropped_on__gt=at)
    rows = (
        Pledge.objects.on(at)
        .filter(standing, target__measure__in=list(measures))
        .select_related("owner", "target__measure__owner_unit", "target__measure__owner")
        .select_related("target__measure__programme__unit")
        .order_by("target__measure__position", "target__measure_id", "due_on", "target_id")
    )
    return list(rows)


def standing_of(*, actor: Actor, target: Target, at: dt.date) -> Standing:
    """One target on a day. Raises NotFound where nothing is promised on it."""
    pledges = [one for one in pledges_of([target.measure], at) if one.target_id == target.pk]
    if not pledges:
        raise NotFound(_("这一天还没有这个目标。"))
    [found] = standings_of(actor=actor, pledges=pledges, at=at)
    return found


# --- reading ------------------------------------------------------------------------------------


def standings_of(
    *, actor: Actor, pledges: Sequence[Pledge], at: dt.date, points: int = 0
) -> list[Standing]:
    """Reads the figures of what is promised: their values in one go, beginnings where a pace is
    to be told, and trends where asked for."""
    known = _figures({one.figure for one in pledges})
    cases = open_cases([one.target_id for one in pledges])
    asked = [_question(one, known.get(one.figure), min(at, one.due_on)) for one in pledges]
    found = _read_each(actor, asked)
    rows = []
    for pledge, got in zip(pledges, found, strict=True):
        rows.append(
            Standing(
                target=pledge.target,
                pledge=pledge,
                at=at,
                figure=known.get(pledge.figure),
                reading=None if isinstance(got, UserError) else got,
                why=_why(got),
                case=cases.get(pledge.target_id),
            )
        )
    return _with_trends(actor, rows, points) if points else _with_starts(actor, rows)


def _why(got: Reading | UserError) -> str:
    """The sentence where nothing could be read."""
    if isinstance(got, NotAllowed):
        return _("不在您的查看范围内。")
    return str(got) if isinstance(got, UserError) else ""


def _figures(keys: set[str]) -> dict[str, Figure]:
    """The figures that are still there: a register's may have been retired since."""
    return {one.key: one for one in figures() if one.key in keys}


def open_cases(targets: list[int]) -> dict[int, Case]:
    """The open case for the gap of each target that has one, by target; one query."""
    links = MeasureCase.objects.filter(target__in=targets, case__closed_at=None)
    return {
        one.target_id: one.case for one in links.select_related("case") if one.target_id is not None
    }


def _counts_up(figure: Figure | None) -> bool:
    """Whether the figure adds up what happens from a day on, so that it begins at nothing."""
    additive = {"count", "sum"}
    return figure is not None and figure.time is Time.PERIOD and figure.kind.value in additive


def _question(pledge: Pledge, figure: Figure | None, day: dt.date) -> Asked | None:
    if figure is None:
        return None
    programme = pledge.target.measure.programme
    first = pledge.first_day(programme.since)
    since = min(first, day) if figure.time is Time.PERIOD else None
    return pledge.figure, Question(programme.unit, day, since, None, pledge.parameters)


def _read_each(actor: Actor, asked: Sequence[Asked | None]) -> list[Reading | UserError]:
    """All in one go; where one of them is refused, each by itself, with the sentence."""
    gone = NotFound(_("这项数据指标已不存在。"))
    wanted = [one for one in asked if one is not None]
    try:
        found = iter(read_values(actor=actor, questions=wanted))
        return [gone if one is None else next(found) for one in asked]
    except UserError:
        return [gone if one is None else _read_one(actor, one) for one in asked]


def _read_one(actor: Actor, asked: Asked) -> Reading | UserError:
    try:
        return read_values(actor=actor, questions=[asked])[0]
    except UserError as problem:
        return problem


def _with_starts(actor: Actor, rows: list[Standing]) -> list[Standing]:
    """With the value on the day of the promise, where the light depends on the pace."""
    needs = [one for one in rows if _needs_start(one)]
    asked = [_question(one.pledge, one.figure, one.pledge.since) for one in needs]
    starts = {
        one.target.pk: got.value
        for one, got in zip(needs, _read_each(actor, asked), strict=True)
        if isinstance(got, Reading)
    }
    return [replace(one, start=starts.get(one.target.pk)) for one in rows]


def _needs_start(one: Standing) -> bool:
    course = one.course
    return (
        isinstance(course.value, Decimal)
        and not course.counts_up
        and one.at < one.pledge.due_on
        and one.figure is not None
        and one.figure.kind in NUMERIC
    )


def _with_trends(actor: Actor, rows: list[Standing], points: int) -> list[Standing]:
    """With the values on days from the promise until now; the first is where it began."""
    readable = [one for one in rows if one.reading is not None]
    days = {one.target.pk: days_of(one.course.since, one.read_on, points) for one in readable}
    asked = [
        _question(one.pledge, one.figure, day) for one in readable for day in days[one.target.pk]
    ]
    found = iter(_read_each(actor, asked))
    trends: dict[int, list[tuple[dt.date, Value]]] = {}
    for one in readable:
        got = [(day, next(found)) for day in days[one.target.pk]]
        trends[one.target.pk] = [
            (day, value.value if isinstance(value, Reading) else None) for day, value in got
        ]
    return [
        replace(one, start=trend[0][1], trend=trend)
        if (trend := trends.get(one.target.pk))
        else one
        for one in rows
    ]


def days_of(since: dt.date, until: dt.date, points: int) -> list[dt.date]:
    """At most `points` days from `since` to `until`, both among them, evenly apart."""
    whole = (until - since).days
    if whole <= 0 or points < 2:
        return [until]
    steps = min(points - 1, whole)
    return [since + dt.timedelta(days=whole * step // steps) for step in range(steps + 1)]
