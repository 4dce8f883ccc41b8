"""Figures of classes: how long, how many took part, how many of those to be trained have been."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Row, Rows, Time
from luodi.rooms.classes.models import Cohort, Trainee
from luodi.rooms.directory.api import Person, inside


def figures() -> Iterator[Figure]:
    yield Figure(
        key="classes.days",
        name=_("培训班最长天数"),
        unit=_("天"),
        kind=Kind.GREATEST,
        rows=_days,
        definition=_(
            "在所选时间内开班的各期培训班从开班到结业的天数（首尾两天都算）中最多的一个。"
        ),
        time=Time.PERIOD,
        synonyms=("培训天数", "培训时间", "length of the class"),
        permission="classes.view",
    )
    yield Figure(
        key="classes.participants",
        name=_("培训班参训人数"),
        unit=_("人"),
        kind=Kind.COUNT,
        rows=_participants,
        definition=_("在所选时间内开班的各期培训班中本单位及下级的学员，每期每人计一次。"),
        time=Time.PERIOD,
        synonyms=("参训人数", "参加培训", "participants"),
        columns=PEOPLE,
        permission="classes.view",
        rows_permission="people.view",
    )
    yield Figure(
        key="classes.coverage",
        name=_("轮训覆盖率"),
        unit="%",
        kind=Kind.SHARE,
        rows=_coverage,
        definition=_("当日在培训名单里的人中，已经结业的比例；移出名单的不计。"),
        synonyms=("轮训覆盖", "培训覆盖率", "training coverage"),
        columns=COVERED,
        places=1,
        permission="classes.view",
        rows_permission="people.view",
    )


PEOPLE = Columns(
    "name",
    on="cohort__starts_on",
    key="person_id",
    model=Person,
    url=lambda pk: reverse("directory:person", args=[pk]),
)
COVERED = Columns(
    "name",
    side="covered",
    on="trained_on",
    key="person_id",
    model=Person,
    url=lambda pk: reverse("directory:person", args=[pk]),
)


def _days(question: Question) -> Rows:
    """The cohorts of the unit's courses and those of below that began in the period."""
    rows = Cohort.objects.filter(inside(question.unit), starts_on__lte=question.until)
    if question.since:
        rows = rows.filter(starts_on__gte=question.since)
    return [
        Row(
            key=f"classes_cohort:{one.pk}",
            label=str(one),
            amount=Decimal(one.days),
            on=one.starts_on,
            url=reverse("classes:roll", args=[one.pk]),
        )
        for one in rows.select_related("course").order_by("starts_on", "pk")
    ]


def _participants(question: Question) -> Any:
    rows = Trainee.objects.filter(inside(question.unit), cohort__starts_on__lte=question.until)
    if question.since:
        rows = rows.filter(cohort__starts_on__gte=question.since)
    return rows


def _coverage(question: Question) -> Any:
    day = question.until
    listed = Q(dropped_on=None) | Q(dropped_on__gt=day)
    rows = Trainee.objects.filter(inside(question.unit), listed, enrolled_on__lte=day)
    return rows.annotate(
        covered=Case(When(trained_on__lte=day, then=Value(True)), default=Value(False))
    )
