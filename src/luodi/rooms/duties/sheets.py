"""A unit's year and the board as rows of an Excel file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from luodi.rooms.duties.people import Hours
from luodi.rooms.duties.reading import Board, Line, Slot

Row = list[object]


def year_sheet(lines: Sequence[Line]) -> tuple[list[str], Iterator[Row]]:
    """The headings and a row for each window."""
    headings = [
        _("事项"),
        _("期间"),
        _("自"),
        _("至"),
        _("应完成"),
        _("已完成"),
        _("状态"),
        _("开展日期"),
        _("已安排"),
        _("免办理由"),
        _("依据"),
    ]
    return headings, (
        [
            str(line.duty),
            one.period,
            one.owed.start,
            one.last,
            one.owed.wanted,
            one.done,
            one.label,
            _("、").join(str(meeting.on) for meeting in one.held),
            _("、").join(str(meeting.on) for meeting in one.planned),
            one.excuse.reason if one.excuse else "",
            one.edition.source,
        ]
        for line in lines
        for one in line.slots
    )


def board_sheet(board: Board) -> tuple[list[str], Iterator[Row]]:
    """The headings and a row for each unit, a column for each duty."""
    headings = [_("单位"), _("上级"), *(str(duty) for duty in board.duties)]
    return headings, (
        [unit.name, str(unit.parent or ""), *(_cell(one) for one in row)]
        for unit, row in board.rows
    )


def _cell(one: Slot | None) -> str:
    if one is None:
        return ""
    days = _("、").join(str(meeting.on) for meeting in one.held)
    return f"{one.label} {days}".strip()


def hours_sheet(lines: Sequence[Hours]) -> tuple[list[str], Iterator[Row]]:
    """The headings and a row for each person, by pinyin."""
    headings = [
        _("姓名"),
        _("要求"),
        _("应完成学时"),
        _("活动学时"),
        _("培训班学时"),
        _("合计"),
        _("状态"),
        _("依据"),
    ]
    return headings, (
        [
            one.person.name,
            str(one.duty),
            one.owed.wanted,
            one.gatherings,
            one.classes,
            one.sum,
            one.label,
            one.edition.source,
        ]
        for one in lines
    )
