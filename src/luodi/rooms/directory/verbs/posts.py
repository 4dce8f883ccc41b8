"""Posts: who holds which, from when until when."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit, UnitKind
from luodi.lib.errors import UserError
from luodi.rooms.directory.models import LEADING_GROUP, Person, Post, PostKind
from luodi.rooms.directory.verbs.dating import (
    clone,
    ended,
    locked,
    moment,
    opening,
    period,
    replaced,
)

# Posts that the working committee gives; the others are noted by whoever keeps the people.
COMMITTEE_GIVES = {*LEADING_GROUP, PostKind.PART_TIME_MEMBER, PostKind.INSTRUCTOR}
PLACES: dict[str, frozenset[UnitKind]] = {
    **dict.fromkeys(
        [*LEADING_GROUP, PostKind.PART_TIME_MEMBER], frozenset({UnitKind.ZONE, UnitKind.COUNTY})
    ),
    PostKind.INSTRUCTOR: frozenset({UnitKind.DISTRICT}),
    **dict.fromkeys(
        [PostKind.BRANCH_SECRETARY, PostKind.BRANCH_DEPUTY, PostKind.BRANCH_MEMBER],
        frozenset({UnitKind.BRANCH}),
    ),
    **dict.fromkeys(
        [PostKind.MANAGER, PostKind.BACKBONE, PostKind.LIAISON], frozenset({UnitKind.ENTERPRISE})
    ),
}


def _require(actor: Actor, kind: str, unit: Unit) -> None:
    actor.require("posts.write" if kind in COMMITTEE_GIVES else "people.write", unit.path)


def _taken() -> str:
    return _("这个人在这段时间已担任这个职务。")


def _place(kind: str, unit: Unit) -> None:
    places = PLACES.get(kind)
    if places is not None and unit.kind not in places:
        raise UserError(
            _("%(unit)s不能设“%(kind)s”。") % {"unit": unit, "kind": PostKind(kind).label}, "kind"
        )


@transaction.atomic
def appoint(
    *,
    actor: Actor,
    person: Person,
    unit: Unit,
    kind: PostKind,
    since: dt.date,
    until: dt.date | None = None,
    title: str = "",
    at: dt.datetime | None = None,
) -> Post:
    """Gives a person a post at a unit from a day on (until a day, exclusive).

    A part-time committee member must be secretary of an enterprise's party organisation that day:
    the second link beside the tree.
    """
    kind = PostKind(kind)
    _require(actor, kind, unit)
    _place(kind, unit)
    if kind is PostKind.PART_TIME_MEMBER:
        held = Post.objects.on(since).filter(person=person, kind=PostKind.BRANCH_SECRETARY)
        if not held.exists():
            raise UserError(_("兼职委员从企业党组织书记中选聘：请先登记其书记职务。"), "person")
    row = Post(person=person, unit=unit, kind=kind, title=title.strip(), valid=period(since, until))
    return opening(row, moment(at), _taken())


@transaction.atomic
def end_post(*, actor: Actor, post: Post, on: dt.date, at: dt.datetime | None = None) -> Post:
    """Ends a post on a day (exclusive)."""
    row = locked(post)
    _require(actor, row.kind, row.unit)
    return replaced(row, [ended(row, on)], moment(at), _taken())[0]


@transaction.atomic
def correct_post(
    *,
    actor: Actor,
    post: Post,
    kind: PostKind | None = None,
    title: str | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Post:
    """Corrects what was entered wrongly; what was known before stays readable as known then."""
    row = locked(post)
    right = clone(
        row,
        kind=PostKind(kind or row.kind),
        title=row.title if title is None else title.strip(),
        valid=period(since or row.since, until or row.until),
    )
    _require(actor, row.kind, row.unit)
    _require(actor, right.kind, row.unit)
    _place(right.kind, row.unit)
    return replaced(row, [right], moment(at), _taken())[0]
