"""Figures: what other apps may use of this one."""

from __future__ import annotations

from luodi.ground.figures.chart import Chart, drawn, months_until
from luodi.ground.figures.checking import check_text, summary
from luodi.ground.figures.checking_ask import Checked
from luodi.ground.figures.definition import (
    Columns,
    Figure,
    Kind,
    Provider,
    Question,
    Row,
    Rows,
    Time,
    Value,
)
from luodi.ground.figures.phrases import Phrase
from luodi.ground.figures.reading import (
    Reading,
    address,
    complete,
    may_read,
    period_of,
    read,
    read_values,
    trend,
)
from luodi.ground.figures.registry import figure, figures, provide, room_of
from luodi.ground.figures.rest import reading_out
from luodi.ground.figures.search import found_by
from luodi.ground.figures.sheet import sheet_of, side_of
from luodi.ground.figures.snapshot import (
    Frozen,
    Movement,
    compare,
    freeze,
    holds,
    moved_since,
    question_in,
)
from luodi.ground.figures.values import digest_of, text_of, written

__all__ = [
    "Chart",
    "Checked",
    "Columns",
    "Figure",
    "Frozen",
    "Kind",
    "Movement",
    "Phrase",
    "Provider",
    "Question",
    "Reading",
    "Row",
    "Rows",
    "Time",
    "Value",
    "address",
    "check_text",
    "compare",
    "complete",
    "digest_of",
    "drawn",
    "figure",
    "figures",
    "found_by",
    "freeze",
    "holds",
    "may_read",
    "months_until",
    "moved_since",
    "period_of",
    "provide",
    "question_in",
    "read",
    "read_values",
    "reading_out",
    "room_of",
    "sheet_of",
    "side_of",
    "summary",
    "text_of",
    "trend",
    "written",
]
