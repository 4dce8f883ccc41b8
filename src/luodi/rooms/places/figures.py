"""Figures of places: what was put into them, what was built of them, how they are used."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import DecimalField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Extract
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Time
from luodi.rooms.places.models import HOLDING, Occurrence, Room, Venue
from luodi.rooms.places.models.places import KINDS
from luodi.rooms.places.shipped import GROUNDS, SOURCE

FOOTBALL = ("football_11", "football_7", "football_5", "football_5_indoor")
TRAILS = ("trail", "bicycle_trail", "hiking_trail")


def _kind() -> Mapping[str, forms.Field]:
    choices = [("", _("全部")), *KINDS.items()]
    return {"kind": forms.ChoiceField(label=_("场所类型"), required=False, choices=choices)}


def _ground() -> Mapping[str, forms.Field]:
    choices = [("", _("全部")), *((key, one.label) for key, one in GROUNDS.items())]
    return {"ground": forms.ChoiceField(label=_("体育场地类型"), required=False, choices=choices)}


def _below(question: Question, path: str = "path") -> Q:
    start = question.unit.path
    return Q(**{f"{path}__gte": start, f"{path}__lt": start[:-1] + "/"})


def _open(day: dt.date, prefix: str = "") -> Q:
    opened, closed = f"{prefix}opened_on", f"{prefix}closed_on"
    return (Q(**{f"{opened}__isnull": True}) | Q(**{f"{opened}__lte": day})) & (
        Q(**{f"{closed}__isnull": True}) | Q(**{f"{closed}__gt": day})
    )


def investment(question: Question) -> QuerySet[Venue]:
    """The venues in use on a day whose investment is known."""
    rows = Venue.objects.filter(_below(question), _open(question.until), investment__isnull=False)
    kind = question.parameters.get("kind")
    return rows.filter(kind=kind) if kind else rows


def rooms_of_kind(question: Question) -> QuerySet[Room]:
    """The rooms in use on a day, of venues of a kind; halves of a hall are not counted again."""
    rows = Room.objects.filter(
        _below(question), _open(question.until), _open(question.until, "venue__")
    ).filter(part_of=None)
    kind = question.parameters.get("kind")
    return rows.filter(venue__kind=kind) if kind else rows


def _opened(question: Question) -> QuerySet[Room]:
    rows = Room.objects.filter(_below(question), opened_on__lte=question.until)
    return rows.filter(opened_on__gte=question.since) if question.since else rows


def grounds_built(question: Question) -> QuerySet[Room]:
    """The sports grounds that were opened in a period."""
    ground = question.parameters.get("ground")
    return (
        _opened(question).filter(ground=ground) if ground else _opened(question).exclude(ground="")
    )


def pitches_built(question: Question) -> QuerySet[Room]:
    return _opened(question).filter(ground__in=FOOTBALL)


def trails_built(question: Question) -> QuerySet[Room]:
    return _opened(question).filter(ground__in=TRAILS, length__isnull=False)


def dates_used(question: Question) -> QuerySet[Occurrence]:
    """The dates in a period on which rooms of the unit's own venues and below were taken.

    `minutes`: how long, without setting up and clearing.
    """
    zone = timezone.get_current_timezone()
    end = dt.datetime.combine(question.until + dt.timedelta(days=1), dt.time(), zone)
    rows = Occurrence.objects.filter(
        _below(question, "venue__path"), state__in=HOLDING, starts_at__lt=end
    )
    if question.since:
        start = dt.datetime.combine(question.since, dt.time(), zone)
        rows = rows.filter(starts_at__gte=start)
    seconds = Extract(F("ends_at") - F("starts_at"), "epoch")
    hours = ExpressionWrapper(
        seconds / Decimal(3600), output_field=DecimalField(max_digits=12, decimal_places=4)
    )
    return rows.annotate(hours=hours)


def _url(name: str) -> Any:
    return lambda pk: reverse(f"places:{name}", args=[pk])


def figures() -> Iterator[Figure]:
    yield Figure(
        key="places.investment",
        name=_("场所投资"),
        unit=_("万元"),
        kind=Kind.SUM,
        rows=investment,
        definition=_("当日在用的场所已登记的投资之和；没有登记投资的不计。"),
        synonyms=("场所投资", "活动服务中心投资", "investment in venues"),
        columns=Columns("name", amount="investment", on="opened_on", url=_url("venue")),
        permission="places.view",
        parameters=("kind",),
        parameter_fields=_kind,
    )
    yield Figure(
        key="places.function_rooms",
        name=_("功能室"),
        unit=_("个"),
        kind=Kind.COUNT,
        rows=rooms_of_kind,
        definition=_("当日在用的房间；可以隔开的大厅算一间，隔出的各半间不另算。"),
        synonyms=("功能室", "功能室数", "function rooms"),
        columns=Columns("name", on="opened_on", url=_url("room")),
        permission="places.view",
        parameters=("kind",),
        parameter_fields=_kind,
    )
    yield Figure(
        key="places.grounds_built",
        name=_("新建体育场地"),
        unit=_("处"),
        kind=Kind.COUNT,
        rows=grounds_built,
        definition=_("期间启用的体育场地，按统计调查的类型。"),
        time=Time.PERIOD,
        synonyms=("新建体育场地", "sports grounds built"),
        columns=Columns("name", on="opened_on", url=_url("room")),
        permission="places.view",
        parameters=("ground",),
        parameter_fields=_ground,
        source=SOURCE,
    )
    yield Figure(
        key="places.pitches_built",
        name=_("新建足球场"),
        unit=_("块"),
        kind=Kind.COUNT,
        rows=pitches_built,
        definition=_("期间启用的各种足球场（十一人制、七人制、五人制）。"),
        time=Time.PERIOD,
        synonyms=("新建社会足球场", "新建足球场", "football pitches built"),
        columns=Columns("name", on="opened_on", url=_url("room")),
        permission="places.view",
        source=SOURCE,
    )
    yield Figure(
        key="places.trails_built",
        name=_("新建健身步道"),
        unit=_("公里"),
        kind=Kind.SUM,
        rows=trails_built,
        definition=_("期间启用的健身步道、骑行道、登山步道的长度之和。"),
        time=Time.PERIOD,
        synonyms=("新建健身步道", "健身步道", "fitness trail built"),
        columns=Columns("name", amount="length", on="opened_on", url=_url("room")),
        places=1,
        permission="places.view",
        source=SOURCE,
    )
    yield Figure(
        key="places.hours_used",
        name=_("房间使用时间"),
        unit=_("小时"),
        kind=Kind.SUM,
        rows=dates_used,
        definition=_("期间各次预订的时长之和，不含准备和整理；取消、跳过的不计。"),
        time=Time.PERIOD,
        synonyms=("房间使用时间", "场所使用小时数", "hours of use"),
        columns=Columns("booking__title", amount="hours", on="starts_at__date"),
        places=1,
        permission="places.view",
        rows_permission="places.write",
    )
    yield Figure(
        key="places.dates_used",
        name=_("房间使用次数"),
        unit=_("次"),
        kind=Kind.COUNT,
        rows=dates_used,
        definition=_("期间房间被预订使用的次数；取消、跳过的不计。"),
        time=Time.PERIOD,
        synonyms=("房间使用次数", "场所使用次数", "times used"),
        columns=Columns("booking__title", on="starts_at__date"),
        permission="places.view",
        rows_permission="places.write",
    )
