"""What a page prints of the exchange: how many introductions had an outcome. Counts only.

No figure adds up quantities or prices: a reading opens to its rows, and a report that holds it goes to
people who are no party. Sums stand on a page of their own, by the rule of `sums.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import CharField, DateField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat, LPad
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Time
from luodi.rooms.exchange.models import Commodity, Introduction, Stage, Step

OUTCOME = _(
    "由本单位经办、在所选期间有了第一次到货的对接。只签约没有到货的不计；到货登记错了又删除的不计。"
)
BROUGHT = _("由本单位经办、在所选期间开始的对接，从告知双方那天算起，不论结果。")


def figures() -> Iterator[Figure]:
    yield Figure(
        key="exchange.brokered",
        name=_("促成的供需对接"),
        unit=_("项"),
        kind=Kind.COUNT,
        rows=lambda question: came_to(question, Stage.DELIVERING),
        definition=OUTCOME,
        **COMMON,
        synonyms=("供需对接", "促成供给", "brokered supplies"),
    )
    yield Figure(
        key="exchange.begun",
        name=_("牵线的供需对接"),
        unit=_("项"),
        kind=Kind.COUNT,
        rows=lambda question: came_to(question, Stage.TALKING),
        definition=BROUGHT,
        **COMMON,
        synonyms=("牵线搭桥", "introductions"),
    )


def came_to(question: Question, stage: str) -> Any:
    """The introductions that first came to a stage in the period, as known then. A step back to an
    earlier one undoes it (a delivery that was none)."""
    path = question.unit.path
    steps = Step.objects.filter(introduction=OuterRef("pk"), on__lte=question.until)
    if question.known_at is not None:
        steps = steps.filter(recorded_at__lte=question.known_at)
    reached = steps.filter(stage=stage).order_by("id")
    back = steps.filter(stage=Stage.CONTRACT, id__gt=OuterRef("last"))
    rows = Introduction.objects.filter(broker__path__gte=path, broker__path__lt=path[:-1] + "/")
    rows = rows.annotate(
        first=Subquery(reached.values("on")[:1], output_field=DateField()),
        last=Subquery(reached.order_by("-id").values("id")[:1]),
    ).filter(first__isnull=False)
    if stage == Stage.DELIVERING:
        rows = rows.filter(~Exists(back))
    if question.since:
        rows = rows.filter(first__gte=question.since)
    if code := question.parameters.get("commodity", ""):
        rows = rows.filter(steps__code__startswith=code).distinct()
    return rows.annotate(
        label=Concat(
            Value("D"), LPad(Cast("pk", CharField()), 5, Value("0")), output_field=CharField()
        )
    )


def _fields() -> dict[str, forms.Field]:
    choices = [("", _("全部")), *Commodity.objects.values_list("code", "name")]
    return {"commodity": forms.ChoiceField(label=_("商品"), required=False, choices=choices)}


COMMON: dict[str, Any] = {
    "time": Time.PERIOD,
    "columns": Columns(
        "label", on="first", url=lambda pk: reverse("exchange:introduction", args=[pk])
    ),
    "permission": "exchange.broker",
    "parameters": ("commodity",),
    "parameter_fields": _fields,
    "units": ("zone", "district"),
}
