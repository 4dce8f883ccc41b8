"""What a column can be looked up from: facts that another record holds, on the day of reading.

So that no register asks for what is known already. Each lookup is an expression of the database,
one for lists, filters, files and figures alike.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Unit
from luodi.rooms.directory.api import (
    MEMBER_STAGES,
    Education,
    Enterprise,
    Membership,
    Person,
    Post,
    PostKind,
    Stage,
)

Instant = dt.datetime | None
Expression = Callable[[OuterRef, dt.date, Instant], Any]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A fact of a unit or of a person. `also` are other names of it, under which no column may ask
    for it again; `choices` label its values."""

    label: str | Promise
    of: Literal["unit", "person"]
    expression: Expression
    also: tuple[str, ...] = ()
    choices: Mapping[str, str | Promise] = field(default_factory=dict)


def _one(rows: QuerySet[Any], name: str, **rest: Any) -> Subquery:
    return Subquery(rows.values(name)[:1], **rest)


def _enterprise(name: str) -> Expression:
    return lambda unit, on, at: _one(Enterprise.objects.filter(unit_id=unit), name)


def _person(name: str) -> Expression:
    return lambda person, on, at: _one(Person.objects.filter(pk=person), name)


def _stage(person: OuterRef, on: dt.date, at: Instant) -> Subquery:
    return _one(Membership.objects.on(on, at).filter(person_id=person), "stage")


def _member(person: OuterRef, on: dt.date, at: Instant) -> Exists:
    held = Membership.objects.on(on, at).filter(person_id=person, stage__in=MEMBER_STAGES)
    return Exists(held)


def _joined(person: OuterRef, on: dt.date, at: Instant) -> Subquery:
    """Since when the person is a member: the first day of the first stage that counts as one."""
    held = Membership.objects.known(at).filter(
        person_id=person, stage__in=MEMBER_STAGES, valid__startswith__lte=on
    )
    first = held.annotate(first=Func("valid", function="lower", output_field=DateField()))
    return _one(first.order_by("first"), "first", output_field=DateField())


def _post(person: OuterRef, on: dt.date, at: Instant) -> Subquery:
    return _one(Post.objects.on(on, at).filter(person_id=person).order_by("id"), "kind")


def _age(person: OuterRef, on: dt.date, at: Instant) -> Subquery:
    """In completed years."""
    years = Func(
        Value(on, output_field=DateField()),
        F("born_on"),
        template="EXTRACT(year FROM age(%(expressions)s))::integer",
        output_field=IntegerField(),
    )
    return _one(Person.objects.filter(pk=person).annotate(years=years), "years")


YES_NO = {"true": _("是"), "false": _("否")}

LOOKUPS: dict[str, Lookup] = {
    "unit.code": Lookup(
        _("统一社会信用代码"), "unit", _enterprise("code"), ("信用代码", "社会信用代码", "税号")
    ),
    "unit.chain": Lookup(_("产业链"), "unit", _enterprise("chain__name"), ("所属产业链",)),
    "unit.district": Lookup(
        _("党建区"),
        "unit",
        lambda unit, on, at: _one(Unit.objects.filter(pk=unit), "parent__name"),
        ("所属党建区",),
    ),
    "unit.above_size": Lookup(
        _("规模以上"), "unit", _enterprise("above_size"), ("规上企业", "规模以上企业"), YES_NO
    ),
    "unit.non_public": Lookup(
        _("非公企业"), "unit", _enterprise("non_public"), ("企业性质",), YES_NO
    ),
    "person.unit": Lookup(_("所在单位"), "person", _person("unit__name"), ("工作单位", "单位名称")),
    "person.post": Lookup(
        _("职务类别"), "person", _post, ("职务", "岗位", "任职"), dict(PostKind.choices)
    ),
    "person.stage": Lookup(
        _("党员与培养阶段"),
        "person",
        _stage,
        ("政治面貌", "培养阶段", "发展阶段"),
        dict(Stage.choices),
    ),
    "person.member": Lookup(_("是否党员"), "person", _member, ("党员", "中共党员"), YES_NO),
    "person.joined": Lookup(_("入党日期"), "person", _joined, ("入党时间",)),
    "person.age": Lookup(_("年龄"), "person", _age, ("周岁", "出生年月", "出生日期")),
    "person.education": Lookup(
        _("学历"), "person", _person("education"), ("文化程度",), dict(Education.choices)
    ),
}

OUTPUT: dict[str, type[Any]] = {
    "person.member": BooleanField,
    "unit.above_size": BooleanField,
    "unit.non_public": BooleanField,
    "person.joined": DateField,
    "person.age": IntegerField,
}


def output_of(key: str) -> Any:
    """The type of a lookup's values."""
    return OUTPUT.get(key, CharField)()


def holder_of(label: str) -> str:
    """The lookup that already holds what a column of this name would ask for; "" for none."""
    plain = label.strip().removeprefix("企业").removeprefix("人员").removeprefix("本人")
    for key, lookup in LOOKUPS.items():
        if plain in (str(lookup.label), *lookup.also) or label.strip() in lookup.also:
            return key
    return ""
