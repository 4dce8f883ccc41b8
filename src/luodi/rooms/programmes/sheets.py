"""The road map, the work plan and the board as rows of an Excel file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from luodi.rooms.programmes.reading import Chapter

Row = list[object]


def roadmap_rows(chapters: Sequence[Chapter]) -> tuple[list[str], Iterator[Row]]:
    """The headings and a row for each target."""
    headings = [
        _("工程"),
        _("举措"),
        _("目标"),
        _("当前值"),
        _("截至日期"),
        _("进度状态"),
        _("差距"),
        _("期限"),
        _("责任单位"),
        _("责任人"),
        _("差距事项"),
    ]
    return headings, (
        [
            str(chapter.programme),
            line.measure.text,
            one.promise,
            one.reading.value if one.reading and one.reading.value is not None else one.text,
            one.read_on,
            one.light.label,
            one.gap_text,
            one.pledge.due_on,
            line.measure.owner_unit.name,
            str(one.pledge.owner or line.measure.owner or ""),
            one.case.code if one.case else "",
        ]
        for chapter in chapters
        for line in chapter.lines
        for one in line.standings
    )


def workplan_rows(chapters: Sequence[Chapter]) -> tuple[list[str], Iterator[Row]]:
    """The headings and a row for each measure."""
    headings = [
        _("工程"),
        _("举措"),
        _("责任单位"),
        _("责任人"),
        _("开始日期"),
        _("完成期限"),
        _("状态"),
        _("完成日期"),
        _("完成情况"),
        _("事项"),
    ]
    return headings, (
        [
            str(chapter.programme),
            line.measure.text,
            line.measure.owner_unit.name,
            str(line.measure.owner or ""),
            line.measure.since,
            line.measure.due_on,
            line.state,
            line.measure.done_on or "",
            line.measure.result,
            "、".join(link.case.code for link in line.links),
        ]
        for chapter in chapters
        for line in chapter.lines
    )
