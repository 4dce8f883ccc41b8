"""People: members by stage, posts, the leading group and its ages."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Row, Rows
from luodi.ground.scope.api import UnitKind
from luodi.rooms.directory import counts
from luodi.rooms.directory.models import (
    LEADING_GROUP,
    MEMBER_STAGES,
    Branch,
    Membership,
    Person,
    Post,
    PostKind,
    Stage,
)

Words = str | Promise
# Where the definition of members and of the stages before comes from.
DEVELOPMENT = "《中国共产党发展党员工作细则》（2014年）"
PERSONS = gettext_lazy("人")

# Rows of dated facts, under the keys of the people and organisations that they are about: whoever
# may not see a person still counts them.
PEOPLE = Columns(
    "name",
    on="valid__startswith",
    key="person_id",
    model=Person,
    url=lambda pk: reverse("directory:person", args=[pk]),
)

STAGES: tuple[tuple[Stage, str, Words, tuple[str, ...]], ...] = (
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
)


def figures() -> Iterator[Figure]:
    yield _persons(
        "members",
        gettext_lazy("党员人数"),
        gettext_lazy("当日在本单位及下级党组织中的正式党员和预备党员，每人计一次。"),
        ("党员", "党员总数", "党员数", "名党员", "party members"),
        _at_stages(*MEMBER_STAGES),
        source=DEVELOPMENT,
    )
    for stage, key, name, synonyms in STAGES:
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
    yield from _posts()
    yield from _leading_group()


def _posts() -> Iterator[Figure]:
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
