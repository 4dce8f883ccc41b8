"""The directory's figures: people, party organisations, enterprises, districts, on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.apps.directory import counts
from luodi.apps.directory.models import (
    LEADING_GROUP,
    MEMBER_STAGES,
    Branch,
    BranchType,
    Enterprise,
    Membership,
    Person,
    Post,
    PostKind,
    Stage,
)
from luodi.apps.figures.api import Columns, Figure, Kind, Question, Row, Rows
from luodi.apps.scope.api import UNIT_KIND_LABELS, Account, Unit, UnitKind

# Where the definitions of party organisations and members come from.
BRANCH_RULES = "《中国共产党支部工作条例（试行）》（2018年）第四条、第八条"
DEVELOPMENT = "《中国共产党发展党员工作细则》（2014年）"

# Rows of dated facts, under the keys of the people and organisations that they are about: whoever
# may not see a person still counts them.
PEOPLE = Columns(
    "name",
    on="valid__startswith",
    key="person_id",
    model=Person,
    url=lambda pk: reverse("directory:person", args=[pk]),
)
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
UNITS = Columns("name", on="opened_on", url=lambda pk: reverse("scope:unit", args=[pk]))
Words = str | Promise
PERSONS = gettext_lazy("人")


def figures() -> Iterator[Figure]:
    yield from _people()
    yield from _leading_group()
    yield from _organisations()
    yield from _enterprises()
    yield from _units()


# --- people -----------------------------------------------------------------------------------


def _people() -> Iterator[Figure]:
    yield _persons(
        "members",
        gettext_lazy("党员人数"),
        gettext_lazy("当日在本单位及下级党组织中的正式党员和预备党员，每人计一次。"),
        ("党员", "党员总数", "党员数", "名党员", "party members"),
        _at_stages(*MEMBER_STAGES),
        source=DEVELOPMENT,
    )
    for stage, key, name, synonyms in (
        (Stage.FORMAL, "formal_members", gettext_lazy("正式党员人数"), ("full members",)),
        (
            Stage.PROBATIONARY,
            "probationary_members",
            gettext_lazy("预备党员人数"),
            ("probationary members",),
        ),
        (
            Stage.CANDIDATE,
            "candidates",
            gettext_lazy("发展对象人数"),
            ("candidates for membership",),
        ),
        (
            Stage.ACTIVIST,
            "activists",
            gettext_lazy("入党积极分子人数"),
            ("积极分子", "activists"),
        ),
        (Stage.APPLICANT, "applicants", gettext_lazy("入党申请人人数"), ("applicants",)),
    ):
        yield _persons(
            key,
            name,
            gettext_lazy("当日在本单位及下级党组织中处于这一阶段的人，每人计一次。"),
            synonyms,
            _at_stages(stage),
            source=DEVELOPMENT,
        )
    yield _persons(
        "organisation_members",
        gettext_lazy("党组织党员人数"),
        gettext_lazy("当日在这个党组织和直接隶属它的党组织中的正式党员和预备党员，每人计一次。"),
        ("本支部党员", "members of the organisation"),
        _of_organisation,
        source=DEVELOPMENT,
        units=(UnitKind.BRANCH,),
    )
    yield _persons(
        "leading_group",
        gettext_lazy("班子人数"),
        gettext_lazy("当日任本单位书记、副书记、委员的人；兼职委员另计。"),
        ("领导班子人数", "班子成员", "leading group"),
        _holding(*LEADING_GROUP),
        units=(UnitKind.ZONE,),
    )
    yield _persons(
        "part_time_members",
        gettext_lazy("兼职委员人数"),
        gettext_lazy("当日任本单位兼职委员的人。"),
        ("兼职委员", "党工委兼职委员", "part-time committee members"),
        _holding(PostKind.PART_TIME_MEMBER),
        units=(UnitKind.ZONE,),
        unit=gettext_lazy("名"),
    )


def _persons(
    key: str,
    name: Words,
    definition: Words,
    synonyms: tuple[str, ...],
    rows: Callable[[Question], Rows],
    unit: Words = PERSONS,
    source: str = "",
    units: Sequence[UnitKind] = (),
) -> Figure:
    """A count of people: anyone who works here may know how many, not who."""
    return Figure(
        f"directory.{key}",
        name,
        unit,
        Kind.COUNT,
        rows,
        definition,
        synonyms=synonyms,
        columns=PEOPLE,
        rows_permission="people.view",
        source=source,
        units=units,
    )


def _at_stages(*stages: Stage) -> Callable[[Question], QuerySet[Membership]]:
    def rows(question: Question) -> QuerySet[Membership]:
        held = counts.memberships(question.unit, question.until, question.known_at)
        return held.filter(stage__in=stages)

    return rows


def _of_organisation(question: Question) -> QuerySet[Membership]:
    held = Membership.objects.on(question.until, question.known_at).filter(stage__in=MEMBER_STAGES)
    own, below = Q(unit=question.unit), Q(superior__unit=question.unit)
    return held.filter(branch__in=Branch.objects.filter(own | below))


def _holding(*kinds: PostKind) -> Callable[[Question], QuerySet[Post]]:
    """Who holds one of the posts at exactly the unit, each once."""

    def rows(question: Question) -> QuerySet[Post]:
        held = Post.objects.on(question.until, question.known_at).filter(unit=question.unit)
        return held.filter(kind__in=kinds).order_by("person_id", "id").distinct("person_id")

    return rows


def _leading_group() -> Iterator[Figure]:
    shared: dict[str, Any] = {
        "unit": gettext_lazy("岁"),
        "rows_permission": "people.view",
        "units": (UnitKind.ZONE,),
    }
    yield Figure(
        key="directory.leading_group_mean_age",
        name=gettext_lazy("班子平均年龄"),
        kind=Kind.MEAN,
        rows=_ages(lambda months: Decimal(months) / 12),
        definition=gettext_lazy(
            "当日书记、副书记、委员年龄的平均数：每人按已满的月数除以12计，四舍五入到两位小数；"
            "出生日期不详的不计。"
        ),
        synonyms=("领导班子平均年龄", "平均年龄", "mean age of the leading group", "average age"),
        places=2,
        **shared,
    )
    for key, kind, name, synonyms in (
        ("youngest", Kind.LEAST, gettext_lazy("班子最小年龄"), ("最小年龄", "最年轻", "youngest")),
        ("oldest", Kind.GREATEST, gettext_lazy("班子最大年龄"), ("最大年龄", "oldest")),
    ):
        yield Figure(
            key=f"directory.leading_group_{key}",
            name=name,
            kind=kind,
            rows=_ages(lambda months: Decimal(months // 12)),
            definition=gettext_lazy("当日书记、副书记、委员的周岁；出生日期不详的不计。"),
            synonyms=synonyms,
            **shared,
        )


def _ages(age: Callable[[int], Decimal]) -> Callable[[Question], Rows]:
    """The leading group's people with their ages; `age` makes one of completed months."""

    def rows(question: Question) -> list[Row]:
        person = Person.objects.filter(pk=OuterRef("person_id"))
        group = _holding(*LEADING_GROUP)(question).annotate(
            name=Subquery(person.values("name")), born_on=Subquery(person.values("born_on"))
        )
        return [
            Row(
                key=f"directory_person:{one.person_id}",
                label=one.name or "",
                amount=age(counts.completed_months(one.born_on, question.until))
                if one.born_on
                else None,
                url=reverse("directory:person", args=[one.person_id]),
            )
            for one in group
        ]

    return rows


# --- party organisations ------------------------------------------------------------------------

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


# --- enterprises ----------------------------------------------------------------------------------


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


# --- units ----------------------------------------------------------------------------------------


def _units() -> Iterator[Figure]:
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
