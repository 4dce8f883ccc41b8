"""Figures: what other apps may use of this one."""

from __future__ import annotations

from luodi.apps.figures.checking import Checked, check_text, quantity_json, summary
from luodi.apps.figures.definition import (
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
from luodi.apps.figures.phrases import Phrase
from luodi.apps.figures.reading import Reading, address, read, read_values, trend
from luodi.apps.figures.registry import figure, figures, provide
from luodi.apps.figures.snapshot import Frozen, Movement, compare, freeze, holds
from luodi.apps.figures.values import text_of

__all__ = [
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
    "figure",
    "figures",
    "freeze",
    "holds",
    "provide",
    "quantity_json",
    "read",
    "read_values",
    "summary",
    "text_of",
    "trend",
]
