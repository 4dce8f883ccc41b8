"""Figures: the plan of a year, and of whom it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Row, Time
from luodi.rooms.directory.api import Person, Post, PostKind, inside
from luodi.rooms.pathways.models import DuesMonth, Journey
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
        ("年度培养计划人数", "development plan of the year"),
        planned,
    )
    yield _planned(
        "backbone_to_member",
        _("拟培养成党员的骨干人数"),
        _("列入这一天所在年度发展党员计划，且当日是生产一线技术骨干的人，每人计一次。"),
        ("拟培养成党员的非公企业骨干", "把业务骨干培养成党员", "backbone staff to become members"),
        backbone,
    )
    yield Figure(
        key="pathways.dues",
        name=_("收缴党费"),
        unit=_("元"),
        kind=Kind.SUM,
        rows=_dues,
        definition=_("一段时间内各党组织登记收到的党费合计；按党组织列出，不列个人。"),
        time=Time.PERIOD,
        places=2,
        synonyms=("党费", "party dues"),
        permission="pathways.view",
        source="中组发〔2008〕3号",
    )


def _dues(question: Question) -> list[Row]:
    """One row for each organisation: its sum, nobody's name."""
    rows = DuesMonth.objects.filter(inside(question.unit), paid_on__lte=question.until)
    if question.since:
        rows = rows.filter(paid_on__gte=question.since)
    sums = rows.values("branch_id", "branch__unit__name").annotate(total=Sum("amount"))
    return [
        Row(
            f"directory_branch:{one['branch_id']}",
            one["branch__unit__name"],
            one["total"],
            url=reverse("directory:branch", args=[one["branch_id"]]),
        )
        for one in sums.order_by("branch_id")
    ]


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
