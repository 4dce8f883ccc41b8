"""Party organisations and enterprises."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Rows
from luodi.rooms.directory import counts
from luodi.rooms.directory.models import (
    Branch,
    BranchType,
    Enterprise,
)

# Where the definition of party organisations comes from.
BRANCH_RULES = "《中国共产党支部工作条例（试行）》（2018年）第四条、第八条"

BRANCHES = Columns(
    "unit__name",
    on="valid__startswith",
    key="branch_id",
    model=Branch,
    url=lambda pk: reverse("directory:branch", args=[pk]),
)
ENTERPRISES = Columns(
    "unit__name",
    on="unit__opened_on",
    url=lambda pk: reverse("directory:enterprise", args=[pk]),
)

Words = str | Promise
ORGANISATIONS: dict[BranchType, tuple[str, Words, tuple[str, ...]]] = {
    BranchType.COMMITTEE: ("party_committees", gettext_lazy("党委数"), ("party committees",)),
    BranchType.GENERAL: (
        "general_branches",
        gettext_lazy("党总支数"),
        ("企业党总支", "党总支", "general branches"),
    ),
    BranchType.BRANCH: (
        "branches",
        gettext_lazy("党支部数"),
        ("企业党支部", "党支部", "支部", "branches"),
    ),
    BranchType.JOINT: ("joint_branches", gettext_lazy("联合党支部数"), ("joint branches",)),
    BranchType.TEMPORARY: (
        "temporary_branches",
        gettext_lazy("临时党支部数"),
        ("temporary branches",),
    ),
}


def figures() -> Iterator[Figure]:
    yield from _organisations()
    yield from _enterprises()


def _organisations() -> Iterator[Figure]:
    shared: dict[str, Any] = {
        "unit": gettext_lazy("个"),
        "kind": Kind.COUNT,
        "columns": BRANCHES,
        "source": BRANCH_RULES,
    }
    yield Figure(
        key="directory.organisations",
        name=gettext_lazy("党组织数"),
        rows=lambda q: counts.standings(q.unit, q.until, (), q.known_at),
        definition=gettext_lazy("当日在本单位及下级的党组织：党委、党总支和各类党支部。"),
        synonyms=("党组织", "基层党组织", "party organisations"),
        **shared,
    )
    for kind, (key, name, synonyms) in ORGANISATIONS.items():
        yield Figure(
            key=f"directory.{key}",
            name=name,
            rows=_of_type(kind),
            definition=gettext_lazy("当日在本单位及下级、属于这一类型的党组织。"),
            synonyms=synonyms,
            **shared,
        )


def _of_type(kind: BranchType) -> Callable[[Question], Rows]:
    return lambda q: counts.standings(q.unit, q.until, [kind], q.known_at)


def _enterprises() -> Iterator[Figure]:
    shared: dict[str, Any] = {
        "unit": gettext_lazy("户"),
        "kind": Kind.COUNT,
        "columns": ENTERPRISES,
    }
    yield Figure(
        key="directory.enterprises",
        name=gettext_lazy("企业数"),
        rows=lambda q: counts.enterprises(q.unit, q.until),
        definition=gettext_lazy("当日在本单位及下级的企业；成立日期不详的也计入，已撤销的不计。"),
        synonyms=("企业", "入区企业", "enterprises"),
        **shared,
    )
    for key, name, synonyms, condition in (
        (
            "enterprises_above_size",
            gettext_lazy("规模以上企业数"),
            ("规上企业", "规模以上企业", "enterprises above designated size"),
            Q(above_size=True),
        ),
        (
            "enterprises_non_public",
            gettext_lazy("非公企业数"),
            ("非公企业", "non-public enterprises"),
            Q(non_public=True),
        ),
    ):
        yield Figure(
            key=f"directory.{key}",
            name=name,
            rows=_enterprises_that(condition),
            definition=gettext_lazy("当日在本单位及下级、登记为这一类的企业。"),
            synonyms=synonyms,
            **shared,
        )
    yield Figure(
        key="directory.guided_enterprises",
        name=gettext_lazy("成立临时或联合党支部的企业数"),
        rows=lambda q: counts.guided_enterprises(q.unit, q.until, q.known_at),
        definition=gettext_lazy(
            "当日有临时党支部或联合党支部的企业，包括联合党支部覆盖的企业；按企业计，不按支部计。"
        ),
        synonyms=("指导成立临时党支部", "指导成立联合党支部", "临时、联合党支部企业"),
        source=BRANCH_RULES,
        **shared,
    )


def _enterprises_that(condition: Q) -> Callable[[Question], QuerySet[Enterprise]]:
    return lambda q: counts.enterprises(q.unit, q.until).filter(condition)
