"""How many gatherings were held in a period, of which kinds, and how many people came to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Time
from luodi.rooms.directory.api import inside
from luodi.rooms.gatherings.kinds import kinds
from luodi.rooms.gatherings.models import Gathering, State

EVER = dt.date(2000, 1, 1)
KIND = "kind"


def figures() -> Iterator[Figure]:
    yield Figure(
        "gatherings.held",
        _("开展活动次数"),
        _("次"),
        Kind.COUNT,
        held,
        _("时段内本单位及下级已开展的活动；同时开展的，按其中任何一种查询都计一次。"),
        time=Time.PERIOD,
        synonyms=("活动次数", "会议次数", "gatherings held", "meetings held"),
        columns=Columns("title", on="starts_at__date", model=Gathering, url=url),
        permission="gatherings.view",
        parameters=(KIND,),
        parameter_fields=kind_fields,
    )
    yield Figure(
        "gatherings.came",
        _("参加活动人次"),
        _("人次"),
        Kind.SUM,
        came,
        _("时段内本单位及下级已开展活动的实到人数之和，按出席名单或会议记录本。"),
        time=Time.PERIOD,
        synonyms=("参加人次", "attendances"),
        columns=Columns(
            "title", amount="attending", on="starts_at__date", model=Gathering, url=url
        ),
        permission="gatherings.view",
        parameters=(KIND,),
        parameter_fields=kind_fields,
    )


def held(question: Question) -> QuerySet[Any]:
    rows = Gathering.objects.filter(inside(question.unit), state=State.HELD)
    rows = rows.between(question.since or EVER, question.until)
    kind = question.parameters.get(KIND, "")
    return rows.of_kinds([kind]) if kind else rows


def came(question: Question) -> QuerySet[Any]:
    rows: Any = held(question)
    counted: QuerySet[Any] = rows.counted()
    return counted


def url(pk: Any) -> str:
    return reverse("gatherings:gathering", args=[pk])


def kind_fields() -> Mapping[str, forms.Field]:
    choices = [("", _now("全部")), *((one.key, str(one)) for one in kinds().values())]
    return {KIND: forms.ChoiceField(label=_now("类型"), choices=choices, required=False)}
