"""A reading's rows as words and as an Excel file."""

from __future__ import annotations

from django.http import FileResponse
from django.utils.translation import gettext as _

from luodi.ground.figures.definition import Kind
from luodi.ground.figures.reading import Reading
from luodi.shell.cells import sheet_response


def side_of(kind: str, side: bool | None) -> str:
    """What a row of that side counts as, in a share or a growth."""
    if kind == Kind.GROWTH:
        return _("本期") if side else _("基期")
    if kind == Kind.SHARE:
        return _("计入分子") if side else _("只计入分母")
    return ""


def sheet_of(reading: Reading) -> FileResponse:
    """The rows that the reading holds (read with `per_page=0` for all) as an Excel file."""
    figure = reading.figure
    response, _count = sheet_response(
        f"{figure.name}-{reading.question.unit}",
        [_("记录"), _("名称"), _("数量"), _("归属"), _("日期"), _("文字")],
        (
            [row.key, row.label, row.amount, side_of(figure.kind, row.side), row.on, row.word]
            for row in reading.rows
        ),
    )
    return response
