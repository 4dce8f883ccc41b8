"""The record book of a quarter as one PDF: what was held, with attendance, minutes, votes, signatures.

Nothing is typed for it: it is bound from the records.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator
from importlib import resources
from typing import Any

import typst
from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit
from luodi.rooms.gatherings.models import Attendance, Gathering, Minutes, Presence, State
from luodi.rooms.gatherings.models.gathering import THERE, GatheringQuerySet
from luodi.rooms.gatherings.outcome import told

MOST = 300  # sheets of a book


def quarter_of(year: int, quarter: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a quarter."""
    first = dt.date(year, quarter * 3 - 2, 1)
    after = dt.date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return first, after - dt.timedelta(days=1)


def held_in(unit: Unit, year: int, quarter: int) -> GatheringQuerySet:
    """What a unit held in a quarter, the earliest first."""
    rows = Gathering.objects.filter(unit=unit, state=State.HELD)
    return rows.between(*quarter_of(year, quarter)).order_by("starts_at", "pk")


def book_of(*, actor: Actor, unit: Unit, year: int, quarter: int) -> bytes:
    """The book as a PDF. A fixed number of queries, however many sheets."""
    actor.require("gatherings.view", unit.path)
    content = content_of(unit, year, quarter, timezone.localtime())
    template = resources.files(__package__).joinpath("book.typ").read_bytes()
    fonts: list[Any] = [folder] if (folder := settings.DATA_DIR / "fonts").is_dir() else []
    made: bytes = typst.compile(
        template,
        format="pdf",
        font_paths=fonts,
        sys_inputs={"content": json.dumps(content, ensure_ascii=False)},
    )
    return made


def content_of(unit: Unit, year: int, quarter: int, now: dt.datetime) -> dict[str, Any]:
    """What the book says, as its template takes it."""
    people = Attendance.objects.select_related("person", "account")
    minutes = Minutes.objects.select_related("written_by", "signed_by").prefetch_related("points")
    rows = held_in(unit, year, quarter).select_related("unit", "leader")
    rows = rows.prefetch_related(
        Prefetch("people", people),
        Prefetch("minutes", minutes),
        "votes__candidates",
        "tasks__person",
        "tasks__case",
    )[:MOST]
    return {
        "title": _("会议活动记录本"),
        "unit": str(unit),
        "period": _("%(year)s 年第 %(quarter)s 季度") % {"year": year, "quarter": quarter},
        "made": _("由记录自动装订 · %(when)s") % {"when": f"{now:%Y-%m-%d %H:%M}"},
        "lang": "en" if (get_language() or "").startswith("en") else "zh",
        "words": {
            "contents": _("目录"),
            "columns": [_("日期"), _("类型"), _("主题"), _("实到/应到"), _("签认")],
        },
        "sheets": [sheet_of(row) for row in rows],
    }


def sheet_of(row: Gathering) -> dict[str, Any]:
    """One gathering, in words."""
    people = list(row.people.all())
    asked = [one for one in people if not one.guest] or people
    counts = Counter(one.state for one in asked)
    came = sum(counts[one] for one in THERE)
    expected = len(asked)
    if row.told_came is not None:
        came, expected = row.told_came, row.told_expected or row.told_came
    versions = [one for one in row.minutes.all() if one.state != Minutes.State.SUPERSEDED]
    valid = next((one for one in versions if one.state == Minutes.State.SIGNED), None)
    minutes = valid or next(iter(versions), None)
    start, end = timezone.localtime(row.starts_at), timezone.localtime(row.ends_at)
    lines = [
        (_("类型"), _("、").join(str(one) for one in row.kinds)),
        (_("时间"), f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"),
        (_("地点"), row.place),
        (_("主持人"), row.leader.name if row.leader else ""),
        (_("主讲人"), row.lecturer),
        (_("出席"), _attendance(people, came, expected)),
        (_("记录"), minutes.text if minutes else ""),
        (_("会议任务"), "\n".join(_tasks(row))),
    ]
    if row.entered_late:
        late = _("活动结束 %(days)s 天后补登") % {"days": row.entered_late}
        lines.append((_("说明"), late))
    return {
        "on": f"{start:%m-%d}",
        "kind": str(row.of_kind),
        "title": row.title,
        "came": f"{came}/{expected}",
        "signed": _("已签认") if valid else _("未签认"),
        "lines": [pair for pair in lines if pair[1]],
        "points": _points(minutes),
        "votes": [_vote(one) for one in map(told, row.votes.all()) if one.result],
        "written": _("记录：") + _name(minutes.written_by if minutes else None),
        "signs": _("签认：") + _name(valid.signed_by if valid else None),
    }


def _attendance(people: list[Attendance], came: int, expected: int) -> str:
    said = [_("应到 %(expected)s 人，实到 %(came)s 人。") % {"expected": expected, "came": came}]
    for state in Presence:
        if state == Presence.CAME:
            continue
        names = [
            f"{one.name}（{one.reason}）" if one.reason else one.name
            for one in people
            if one.state == state and not one.guest
        ]
        if names:
            said.append(f"{state.label}：{_('、').join(names)}。")
    if guests := [one.name for one in people if one.guest]:
        said.append(_("列席和嘉宾：") + _("、").join(guests) + "。")
    return "".join(said)


def _tasks(row: Gathering) -> Iterator[str]:
    for task in row.tasks.all():
        parts = [task.text, task.person.name if task.person else ""]
        parts += [
            f"{task.due_on:%Y-%m-%d}" if task.due_on else "",
            task.case.code if task.case else "",
        ]
        yield " · ".join(filter(None, parts))


def _points(minutes: Minutes | None) -> list[dict[str, str]]:
    if minutes is None:
        return []
    return [
        {
            "title": f"{number}. {one.title}",
            "speakers": _("发言：") + one.speakers if one.speakers else "",
            "text": one.text,
            "decision": _("决定：") + one.decision if one.decision else "",
        }
        for number, one in enumerate(minutes.points.all(), start=1)
    ]


def _vote(one: Any) -> dict[str, Any]:
    lines = [
        f"{one.rule} · {one.result}",
        *one.why,
        f"{_('依据：')}{one.source}（{one.certainty}）",
    ]
    return {"subject": one.vote.subject, "lines": lines}


def _name(account: Any) -> str:
    return account.name if account else "________"
