"""Units: the districts, those directly below, and who instructs them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Row
from luodi.ground.scope.api import UNIT_KIND_LABELS, Account, Unit, UnitKind
from luodi.rooms.directory import counts

UNITS = Columns("name", on="opened_on", url=lambda pk: reverse("scope:unit", args=[pk]))


def figures() -> Iterator[Figure]:
    yield from _places()
    yield from _instruction()


def _places() -> Iterator[Figure]:
    yield Figure(
        key="directory.founded",
        name=gettext_lazy("成立时间"),
        unit="",
        kind=Kind.DATE,
        rows=lambda q: Unit.objects.filter(pk=q.unit.pk, opened_on__lte=q.until),
        definition=gettext_lazy("本单位登记的成立日期。"),
        synonyms=("成立于", "挂牌成立", "founded"),
        columns=UNITS,
    )
    yield Figure(
        key="directory.subordinates",
        name=gettext_lazy("直接下级单位数"),
        unit=gettext_lazy("个"),
        kind=Kind.COUNT,
        rows=_subordinates,
        definition=gettext_lazy("当日直接隶属本单位的单位，可按类型分。"),
        synonyms=("下级单位", "units directly below"),
        columns=UNITS,
        permission="",
        parameters=("kind",),
        parameter_fields=_kinds,
    )
    yield Figure(
        key="directory.districts",
        name=gettext_lazy("产业链党建区数"),
        unit=gettext_lazy("个"),
        kind=Kind.COUNT,
        rows=lambda q: counts.districts(q.unit, q.until),
        definition=gettext_lazy("当日在本单位及下级的产业链党建区。"),
        synonyms=("党建区", "产业链党建区", "districts"),
        columns=UNITS,
    )


def _instruction() -> Iterator[Figure]:
    yield Figure(
        key="directory.instructors",
        name=gettext_lazy("党建指导员人数"),
        unit=gettext_lazy("名"),
        kind=Kind.COUNT,
        rows=_instructors,
        definition=gettext_lazy("当日任本单位及下级党建区党建指导员的账号，每人计一次。"),
        synonyms=("党建指导员", "专职党建指导员", "instructors"),
        columns=Columns("name"),
    )
    yield Figure(
        key="directory.instructors_per_district",
        name=gettext_lazy("每区党建指导员（最少）"),
        unit=gettext_lazy("名"),
        kind=Kind.LEAST,
        rows=_instructors_by_district,
        definition=gettext_lazy("当日各产业链党建区的党建指导员人数中最少的。"),
        synonyms=("每个党建区专职党建指导员", "每区指导员", "instructors per district"),
        columns=Columns("name", amount="instructors"),
    )
    yield Figure(
        key="directory.levels",
        name=gettext_lazy("管理架构层级"),
        unit=gettext_lazy("级"),
        kind=Kind.COUNT,
        rows=_levels,
        definition=gettext_lazy(
            "当日实际有人、有组织的管理层级：有班子的党工委，党建区的党建指导员，企业的党组织。"
        ),
        synonyms=("三级管理架构", "层级", "levels of management"),
    )


def _subordinates(question: Question) -> QuerySet[Unit]:
    rows = Unit.objects.filter(
        Q(opened_on__isnull=True) | Q(opened_on__lte=question.until),
        Q(closed_on__isnull=True) | Q(closed_on__gt=question.until),
        parent=question.unit,
    )
    kind = question.parameters.get("kind")
    return rows.filter(kind=kind) if kind else rows


def _kinds() -> dict[str, forms.Field]:
    choices = [("", _("不限")), *((one.value, UNIT_KIND_LABELS[one]) for one in UnitKind)]
    return {"kind": forms.ChoiceField(label=_("类型"), required=False, choices=choices)}


def _instructors(question: Question) -> QuerySet[Account]:
    return counts.instructors(question.unit, question.until)


def _instructors_by_district(question: Question) -> QuerySet[Any, Any]:
    held = Q(roles__role="instructor", roles__valid__contains=question.until)
    return counts.districts(question.unit, question.until).annotate(
        instructors=Count("roles", filter=held)
    )


def _levels(question: Question) -> list[Row]:
    names = {
        "committee": _("党工委"),
        "instructor": _("党建指导员"),
        "branch": _("企业党组织"),
    }
    found = counts.levels(question.unit, question.until, question.known_at)
    return [Row(f"level:{one.key}", names[one.key]) for one in found]
