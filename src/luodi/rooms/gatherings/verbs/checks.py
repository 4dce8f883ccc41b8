"""What the verbs of this app check alike."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Unit
from luodi.lib.errors import NotFound, UserError
from luodi.lib.text import one_line
from luodi.rooms.gatherings.kinds import Kind
from luodi.rooms.gatherings.models import Gathering, Minutes, State

VIEW, WRITE = "gatherings.view", "gatherings.write"
LONGEST = dt.timedelta(days=31)


class Twice(UserError):
    """There is one of that kind on that day already; `others` are shown to who enters another."""

    def __init__(self, message: str, others: list[Gathering]) -> None:
        super().__init__(message, "again")
        self.others = others


def line(text: str, field: str, most: int) -> str:
    """One line without what the database does not take, no longer than it may be."""
    text = one_line(text.replace("\0", ""))
    if len(text) > most:
        raise UserError(_("最多 %(most)s 个字。") % {"most": most}, field)
    return text


def prose(text: str, field: str, most: int = 20_000) -> str:
    """Lines of text, likewise."""
    text = text.replace("\0", "").replace("\r\n", "\n").strip()
    if len(text) > most:
        raise UserError(_("最多 %(most)s 个字。") % {"most": most}, field)
    return text


def in_order(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise UserError(_("结束时间要晚于开始时间。"), "ends_at")
    if ends_at - starts_at > LONGEST:
        raise UserError(_("一次活动最长31天，请检查日期。"), "ends_at")


def held_by(kind: Kind, unit: Unit) -> None:
    """Raises UserError where such a unit holds no such gathering."""
    if unit.kind not in kind.holders:
        said = _("“%(unit)s”不开展“%(kind)s”，请换一个单位或类型。")
        raise UserError(said % {"unit": unit, "kind": kind}, "unit")
    if unit.closed_on is not None and unit.closed_on <= timezone.localdate():
        raise UserError(_("“%(unit)s”已撤销。") % {"unit": unit}, "unit")


def others_of(unit: Unit, kind: str, day: dt.date, but: int | None = None) -> list[Gathering]:
    """The gatherings of that kind that the unit has on that day, cancelled ones left out."""
    rows = Gathering.objects.filter(unit=unit, kind=kind).between(day, day)
    found = rows.exclude(state=State.CANCELLED).select_related("entered_by")
    return [one for one in found if one.pk != but]


def only_one(unit: Unit, kind: Kind, day: dt.date) -> None:
    """Lets one transaction after another enter gatherings of a unit on a day. Raises Twice."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [unit.pk % 2**31, day.toordinal()])
    if others := others_of(unit, kind.key, day):
        said = _(
            "%(unit)s这一天已有一次“%(kind)s”：%(title)s（%(name)s录入）。确实是另一次，请勾选后再保存。"
        )
        first = others[0]
        words = {"unit": unit, "kind": kind, "title": first.title}
        by = first.entered_by.name if first.entered_by else _("系统")
        raise Twice(said % {**words, "name": by}, others)


def fresh(gathering: Gathering) -> Gathering:
    """The gathering as it stands, with its unit and who leads it. Raises NotFound."""
    rows = Gathering.objects.select_related("unit", "leader__account")
    found = rows.filter(pk=gathering.pk).first()
    if found is None:
        raise NotFound(_("没有这次活动，或您无权查看。"))
    return found


def not_cancelled(gathering: Gathering) -> None:
    if gathering.state == State.CANCELLED:
        raise UserError(_("这次活动已取消。"))


def unsigned(gathering: Gathering) -> None:
    """Raises UserError where signed minutes say how it was, and no correction is under way."""
    states = set(gathering.minutes.values_list("state", flat=True))
    if Minutes.State.SIGNED in states and Minutes.State.DRAFT not in states:
        raise UserError(_("记录已签认。要改动，请先更正记录。"))
