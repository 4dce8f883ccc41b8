"""Minutes are written, signed, corrected."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.notices.api import tell
from luodi.ground.records.api import Prose, Reason, verb
from luodi.ground.scope.api import Account, Actor, because, stale, unchanged
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.gatherings.inviting import url_of
from luodi.rooms.gatherings.models import Gathering, Minutes, Point, State
from luodi.rooms.gatherings.verbs.checks import WRITE, fresh, line, not_cancelled, prose

MOST_POINTS = 60
NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[（(]?\d{1,2}[)）、.．])\s*")


@dataclass(frozen=True, slots=True)
class PointGiven:
    """A point as it is written down."""

    title: str
    speakers: str = ""
    text: str = ""
    decision: str = ""


def agenda_points(agenda: str) -> list[PointGiven]:
    """The points that an agenda announces: a line each, its number left out."""
    lines = (NUMBERED.sub("", one).strip() for one in agenda.splitlines())
    return [PointGiven(title=one[:200]) for one in lines if one][:MOST_POINTS]


def draft_of(gathering: Gathering) -> Minutes | None:
    """The draft that is being written."""
    return gathering.minutes.filter(state=Minutes.State.DRAFT).first()


def valid_of(gathering: Gathering) -> Minutes | None:
    """The signed minutes that hold."""
    return gathering.minutes.filter(state=Minutes.State.SIGNED).order_by("-number").first()


def last_like(gathering: Gathering) -> Minutes | None:
    """The signed minutes of the unit's gathering of the same kind before, to begin from."""
    rows = Minutes.objects.filter(
        state=Minutes.State.SIGNED,
        gathering__unit=gathering.unit,
        gathering__kind=gathering.kind,
        gathering__starts_at__lt=gathering.starts_at,
    )
    return rows.exclude(text="").order_by("-gathering__starts_at").first()


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def write_minutes(
    *,
    actor: Actor,
    gathering: Gathering,
    text: Annotated[str, Prose(gettext_lazy("记录"), most=20_000)] = "",
    points: Sequence[PointGiven] | None = None,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Minutes:
    """Writes the minutes, as a draft until they are signed; the same draft is written on.

    points: all of them, in their order; None leaves those that stand, or begins with the agenda's.
    Raises UserError after the minutes are signed (correct them), Stale where somebody else has
    written since `version` (0: where there were none).
    """
    at, gathering = at or timezone.now(), fresh(gathering)
    not_cancelled(gathering)
    row = (
        Minutes.objects.select_for_update(of=("self",))
        .filter(gathering=gathering, state=Minutes.State.DRAFT)
        .first()
    )
    if row is None:
        if valid_of(gathering) is not None:
            raise UserError(_("记录已签认。要改动，请先更正记录。"))
        if points is None:
            points = agenda_points(gathering.agenda)
        row = Minutes(gathering=gathering, written_at=at)
    elif version is not None and row.version != version:
        raise stale({"text": row.text, "version": row.version})
    row.text = prose(text, "text")
    row.written_by_id, row.written_at = actor.account_id or None, at
    row.save()
    if points is not None:
        _keep_points(row, points)
    row.refresh_from_db()
    return row


def _keep_points(minutes: Minutes, points: Sequence[PointGiven]) -> None:
    """Writes the points over those that stand; what is the same is left alone."""
    if len(points) > MOST_POINTS:
        raise UserError(_("议题最多 %(most)s 项。") % {"most": MOST_POINTS})
    standing = list(minutes.points.all())
    made = []
    for position, given in enumerate(points):
        values = {
            "position": position,
            "title": line(given.title, "title", 200) or _("其他"),
            "speakers": line(given.speakers, "speakers", 200),
            "text": prose(given.text, "text"),
            "decision": prose(given.decision, "decision", 5000),
        }
        if position >= len(standing):
            made.append(Point(minutes=minutes, **values))
            continue
        row = standing[position]
        if any(getattr(row, name) != value for name, value in values.items()):
            for name, value in values.items():
                setattr(row, name, value)
            row.save(update_fields=list(values))
    Point.objects.bulk_create(made)
    for row in standing[len(points) :]:
        row.delete()


def lacking(gathering: Gathering, minutes: Minutes) -> list[str]:
    """What the minutes of such a kind must have and these have not, in words."""
    needs = {need for kind in gathering.kinds for need in kind.needs}
    written = minutes.text or any(one.text or one.decision for one in minutes.points.all())
    missing = []
    if "text" in needs and not written:
        missing.append(_("记录内容"))
    if "attendance" in needs and gathering.recorded_at is None and gathering.told_came is None:
        missing.append(_("出席情况"))
    if "leader" in needs and gathering.leader_id is None:
        missing.append(_("主持人"))
    return missing


def chair_of(gathering: Gathering) -> Account | None:
    """The account of who led it: they sign; where they have none, who may write it does."""
    leader = gathering.leader
    return leader.account if leader and leader.account and leader.account.is_active else None


def may_sign(actor: Actor, gathering: Gathering) -> bool:
    chair = chair_of(gathering)
    if chair is None:
        return actor.may(WRITE, gathering.path)
    stands_for = {pk for pk, _name in actor.stands_for}
    return actor.everything or chair.pk == actor.account_id or chair.pk in stands_for


@verb()
@transaction.atomic
def sign_minutes(
    *,
    actor: Actor,
    gathering: Gathering,
    version: int | None = None,
    at: dt.datetime | None = None,
) -> Minutes:
    """Signs the draft off: by who led the gathering, where that person has an account, else by who may
    write it. From then on the minutes do not change; earlier ones are superseded.

    Raises NotAllowed, UserError where the kind needs what is missing, Stale.
    """
    at, gathering = at or timezone.now(), fresh(gathering)
    if not may_sign(actor, gathering):
        raise NotAllowed(_("会议记录由主持人签认。"))
    not_cancelled(gathering)
    row = draft_of(gathering)
    if row is None:
        raise UserError(_("还没有可签认的记录。"))
    unchanged(row, version, "text")
    if gathering.starts_at > at:
        raise UserError(_("活动还没有开始。"))
    if missing := lacking(gathering, row):
        raise UserError(_("还缺：%(what)s。") % {"what": _("、").join(missing)})
    gathering.minutes.filter(state=Minutes.State.SIGNED).update(state=Minutes.State.SUPERSEDED)
    counted = gathering.people.exclude(state="").values_list("state").annotate(n=Count("pk"))
    row.counts = dict(counted.order_by("state"))
    row.state, row.signed_by_id, row.signed_at = (
        Minutes.State.SIGNED, actor.account_id or None, at,
    )  # fmt: skip
    row.save()
    if gathering.state != State.HELD:
        Gathering.objects.filter(pk=gathering.pk).update(state=State.HELD)
    row.refresh_from_db()
    return row


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def ask_to_sign(*, actor: Actor, gathering: Gathering, at: dt.datetime | None = None) -> None:
    """Asks who led the gathering to sign its minutes."""
    chair, row = chair_of(gathering), draft_of(gathering)
    if chair is None or row is None:
        raise UserError(_("主持人没有账号，请直接签认。") if row else _("还没有可签认的记录。"))
    tell(
        accounts=[chair],
        key=f"minutes:{row.pk}:{row.version}",
        text=_("请签认会议记录：%(title)s") % {"title": gathering.title},
        url=url_of(gathering),
        at=at,
    )


@verb(permission=WRITE, on="gathering")
@transaction.atomic
def correct_minutes(
    *,
    actor: Actor,
    gathering: Gathering,
    why: Annotated[str, Reason(most=200)],
    at: dt.datetime | None = None,
) -> Minutes:
    """Begins a correction: a new draft with what the signed minutes say. These hold until it is
    signed; then they are superseded, and stay to be read. Raises UserError without signed minutes."""
    signed = valid_of(gathering)
    if signed is None:
        raise UserError(_("没有已签认的记录，直接修改即可。"))
    if draft_of(gathering) is not None:
        raise UserError(_("已有一份更正稿，请接着写。"))
    because(why)
    row = Minutes.objects.create(
        gathering=gathering,
        number=signed.number + 1,
        text=signed.text,
        why=line(why, "why", 200),
        written_by_id=actor.account_id or None,
        written_at=at or timezone.now(),
    )
    _keep_points(row, [given_of(one) for one in signed.points.all()])
    row.refresh_from_db()
    return row


def given_of(point: Point) -> PointGiven:
    """A point as it would be written down again."""
    return PointGiven(point.title, point.speakers, point.text, point.decision)
