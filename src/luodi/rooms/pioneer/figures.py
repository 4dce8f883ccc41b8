"""The share of members in the front-line technical backbone, by people and by enterprise."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question
from luodi.rooms.directory.api import (
    MEMBER_STAGES,
    Membership,
    Person,
    Post,
    PostKind,
    inside,
)


def backbone(question: Question) -> QuerySet[Post]:
    """Who belongs to the backbone on the day, each once, with whether they are members."""
    held = Membership.objects.on(question.until, question.known_at).filter(
        person=OuterRef("person"), stage__in=MEMBER_STAGES
    )
    posts = Post.objects.on(question.until, question.known_at).filter(
        inside(question.unit), kind=PostKind.BACKBONE
    )
    return posts.annotate(member=Exists(held)).order_by("person_id", "id").distinct("person_id")


def backbone_members(question: Question) -> QuerySet[Post]:
    """Those of the backbone who are members."""
    members = Membership.objects.on(question.until, question.known_at).filter(
        stage__in=MEMBER_STAGES
    )
    return backbone(question).filter(person__in=members.values("person"))


def figures() -> Iterator[Figure]:
    shared = {
        "rows_permission": "people.view",
        "columns": Columns(
            "name",
            on="valid__startswith",
            side="member",
            key="person_id",
            model=Person,
            url=lambda pk: reverse("directory:person", args=[pk]),
        ),
    }
    yield Figure(
        key="pioneer.member_share",
        name=_("一线技术骨干党员比例"),
        unit="%",
        kind=Kind.SHARE,
        rows=backbone,
        definition=_(
            "当日任生产一线技术骨干的人中，正式党员和预备党员所占的比例；分母是当日的全部骨干，每人计一次。"
        ),
        synonyms=("骨干党员比例", "生产一线技术骨干党员比例", "members among technical backbone"),
        **shared,  # type: ignore[arg-type]
    )
    yield Figure(
        key="pioneer.backbone",
        name=_("一线技术骨干人数"),
        unit=_("人"),
        kind=Kind.COUNT,
        rows=backbone,
        definition=_("当日任生产一线技术骨干的人，每人计一次。"),
        synonyms=("生产一线技术骨干", "technical backbone"),
        **shared,  # type: ignore[arg-type]
    )
    yield Figure(
        key="pioneer.backbone_members",
        name=_("一线技术骨干中的党员人数"),
        unit=_("人"),
        kind=Kind.COUNT,
        rows=backbone_members,
        definition=_("当日任生产一线技术骨干的人中的正式党员和预备党员，每人计一次。"),
        synonyms=("骨干中的党员", "members in the technical backbone"),
        **shared,  # type: ignore[arg-type]
    )
