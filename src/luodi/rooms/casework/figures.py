"""Casework's figures: what was received and solved in a period, what was open at its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import urlencode

from django import forms
from django.db.models import (
    BooleanField,
    CharField,
    DurationField,
    ExpressionWrapper,
    F,
    Value,
)
from django.db.models.functions import Concat, Extract, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Phrase, Question, Time
from luodi.rooms.casework.criteria import FIGURES, Criteria, figure_is, number
from luodi.rooms.casework.filters import category_choices, procedure_choices
from luodi.rooms.casework.models import Case
from luodi.rooms.casework.queries import ON_TIME, CaseQuerySet
from luodi.rooms.casework.statistics import PARAMETERS

Words = str | Promise
MEANINGS: dict[str, tuple[Words, tuple[str, ...], str]] = {
    "received": (
        _("期间内反映的问题，按反映时间计。"),
        ("收到问题", "收集问题", "受理问题", "problems received"),
        "raised_at",
    ),
    "open": (
        _("期间内反映、到期末（或此刻）尚未办结的问题。"),
        ("在办问题", "未办结", "open cases"),
        "raised_at",
    ),
    "overdue": (
        _(
            "期间内反映、到期末（或此刻）尚未办结且已超过响应期限或办理期限的问题；"
            "期限按工作日历、扣除挂起时间计。"
        ),
        ("超期未办结", "超期问题", "overdue cases"),
        "raised_at",
    ),
    "solved": (
        _("期间内办结并经反映人确认（或逾期未评价视为确认）为已解决的问题，按办结时间计。"),
        ("解决问题", "解决企业问题", "累计解决", "帮助企业解决问题", "problems solved"),
        "closed_at",
    ),
    "on_time": (
        _("期间内办结为已解决、且在办理期限内提交的问题。"),
        ("按期办结", "solved in time"),
        "closed_at",
    ),
    "late": (
        _("期间内办结为已解决、但超过办理期限才提交的问题。"),
        ("逾期办结", "solved late"),
        "closed_at",
    ),
    "by_time": (
        _("期间内办结、反映人逾期未评价而视为确认的问题。"),
        ("视为确认", "confirmed by time"),
        "closed_at",
    ),
    "reopened": (
        _("期间内反映、曾因不满意等原因重新办理的问题。"),
        ("重办问题", "reopened cases"),
        "raised_at",
    ),
    "extended": (
        _("期间内反映、办理期限曾被延长的问题；期限过后才延长的，仍算逾期。"),
        ("延期问题", "extended cases"),
        "raised_at",
    ),
}
NAMES: dict[str, Words] = {
    "received": _("收到问题数"),
    "open": _("在办问题数"),
    "overdue": _("超期在办问题数"),
    "solved": _("解决问题数"),
    "on_time": _("按期办结数"),
    "late": _("逾期办结数"),
    "by_time": _("视为确认数"),
    "reopened": _("曾重办问题数"),
    "extended": _("曾延期问题数"),
}
# From raising to which moment, of which cases; and the names of the median and of the 90 % value.
SPANS: dict[str, tuple[str, str, Words, Words, Words]] = {
    "response": (
        "responded_at",
        "received",
        _("首次响应用时（中位数）"),
        _("首次响应用时（90%分位）"),
        _("期间内反映、已得到首次响应的问题，从反映到首次响应的自然时间，按小时计。"),
    ),
    "solution": (
        "closed_at",
        "solved",
        _("办结用时（中位数）"),
        _("办结用时（90%分位）"),
        _("期间内办结为已解决的问题，从反映到确认办结的自然时间，按小时计。"),
    ),
}
SHOWN = Columns(
    Concat("code", Value(" "), "title", output_field=CharField()),
    on="day",
    url=lambda code: reverse("cases:case", args=[code]),
    url_of="code",
)


def figures() -> Iterator[Figure]:
    for key in FIGURES:
        definition, synonyms, on = MEANINGS[key]
        yield _figure(
            key, NAMES[key], _("个"), Kind.COUNT, _counted(key, on), definition, synonyms, key
        )
    yield _figure(
        "on_time_share",
        _("按期办结率"),
        "%",
        Kind.SHARE,
        _on_time,
        _("期间内办结为已解决的问题中，在办理期限内提交的所占比例。"),
        ("按期办结率", "按时办结率", "share solved in time"),
        "solved",
        places=1,
        columns=replace(SHOWN, side="in_time"),
    )
    for span, (end, which, median, most, definition) in SPANS.items():
        for kind, percent, name in ((Kind.MEDIAN, 50, median), (Kind.P90, 90, most)):
            yield _figure(
                f"{span}_{percent}",
                name,
                _("小时"),
                kind,
                _timed(which, end),
                definition,
                (),
                which,
                places=1,
                columns=replace(SHOWN, amount="hours"),
            )


def _figure(
    key: str,
    name: Words,
    unit: Words,
    kind: Kind,
    rows: Callable[[Question], CaseQuerySet],
    definition: Words,
    synonyms: tuple[str, ...],
    listed_as: str,
    places: int = 0,
    columns: Columns = SHOWN,
) -> Figure:
    return Figure(
        f"casework.{key}",
        name,
        unit,
        kind,
        rows,
        definition,
        time=Time.PERIOD,
        synonyms=synonyms,
        columns=columns,
        places=places,
        parameters=PARAMETERS,
        parameter_fields=_fields,
        listed=lambda question: _listed(listed_as, question),
    )


def _fields() -> dict[str, forms.Field]:
    none = ("none", gettext("未分类"))
    return {
        "procedure": forms.ChoiceField(
            label=gettext("办理程序"), required=False, choices=procedure_choices()
        ),
        "category": forms.ChoiceField(
            label=gettext("类别"), required=False, choices=[*category_choices(), none]
        ),
        "own": forms.BooleanField(label=gettext("只看本级"), required=False),
    }


def _listed(key: str, question: Question) -> str:
    """The list of cases with the same filter."""
    asked = Criteria(
        unit=str(question.unit.pk),
        figure=key,
        since=str(question.since or ""),
        until=str(question.until),
        **question.parameters,
    )
    return f"{reverse('cases:problems')}?{urlencode(asked.params())}"


def _counted(key: str, on: str) -> Callable[[Question], CaseQuerySet]:
    return lambda question: _cases(key, on, question)


def _timed(which: str, end: str) -> Callable[[Question], CaseQuerySet]:
    span = ExpressionWrapper(F(end) - F("raised_at"), DurationField())

    def rows(question: Question) -> CaseQuerySet:
        cases = _cases(which, end, question).filter(**{f"{end}__isnull": False})
        return cases.annotate(hours=Extract(span, "epoch") / 3600)

    return rows


def _on_time(question: Question) -> CaseQuerySet:
    return _cases("solved", "closed_at", question).annotate(
        in_time=ExpressionWrapper(ON_TIME, BooleanField())
    )


def _cases(key: str, on: str, question: Question) -> CaseQuerySet:
    """The cases that a figure counts, each with the day it counts for."""
    asked = question.parameters
    cases: CaseQuerySet = Case.objects.under(question.unit)
    if asked.get("own"):
        cases = cases.filter(unit=question.unit)
    if procedure := asked.get("procedure"):
        cases = cases.filter(procedure=procedure)
    if category := asked.get("category"):
        chosen = None if category == "none" else number(category, "category")
        cases = cases.filter(category=chosen)
    since = _midnight(question.since) if question.since else None
    until = _midnight(question.until + dt.timedelta(days=1))
    found = cases.filter(figure_is(key, since, until, question.known_at or timezone.now()))
    return found.annotate(day=TruncDate(on))


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


def phrases() -> Iterator[Phrase]:
    """How reports write of the problems solved, by procedure."""
    for procedure, words, near in (
        ("enterprise_problem", ("解决问题", "解决企业问题", "解决各类问题"), ("企业", "园区")),
        ("practical_matter", ("办理实事", "办实事", "办理实事好事"), ()),
        ("special_rectification", ("解决问题", "整治问题", "整改问题"), ("专项整治", "整治")),
    ):
        yield Phrase("casework.solved", words, {"procedure": procedure}, near)
