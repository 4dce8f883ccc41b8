"""Figures: the plan of a year, and of whom it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question
from luodi.rooms.directory.api import Person, Post, PostKind, inside
from luodi.rooms.pathways.models import Journey
from luodi.rooms.pathways.rules.steps import Words

SOURCE = "《中国共产党发展党员工作细则》（2014年）"
PEOPLE = Columns(
    "name",
    key="person_id",
    model=Person,
    url=lambda pk: reverse("directory:person", args=[pk]),
)


def figures() -> Iterator[Figure]:
    yield _planned(
        "planned",
        _("列入当年发展计划的人数"),
        _("列入这一天所在年度发展党员计划的人，每人计一次。"),
        ("年度发展党员计划", "development plan of the year"),
        planned,
    )
    yield _planned(
        "backbone_to_member",
        _("拟培养成党员的骨干人数"),
        _("列入这一天所在年度发展党员计划，且当日是生产一线技术骨干的人，每人计一次。"),
        ("拟培养成党员的非公企业骨干", "把业务骨干培养成党员", "backbone staff to become members"),
        backbone,
    )


def _planned(
    key: str,
    name: Words,
    definition: Words,
    synonyms: tuple[str, ...],
    rows: Callable[[Question], QuerySet[Journey]],
) -> Figure:
    return Figure(
        key=f"pathways.{key}",
        name=name,
        unit=_("名"),
        kind=Kind.COUNT,
        rows=rows,
        definition=definition,
        synonyms=synonyms,
        columns=PEOPLE,
        rows_permission="pathways.view",
        source=SOURCE,
    )


def planned(question: Question) -> QuerySet[Journey]:
    """The people of the plan of the day's year."""
    return Journey.objects.filter(inside(question.unit), plan_year=question.until.year).order_by(
        "person_id"
    )


def backbone(question: Question) -> QuerySet[Journey]:
    """Of these, who belongs to the backbone on the day."""
    posts = Post.objects.on(question.until, question.known_at)
    held = posts.filter(person=OuterRef("person"), kind=PostKind.BACKBONE)
    return planned(question).filter(Exists(held))
