"""Figures: what other apps may use of this one."""

from __future__ import annotations

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
from luodi.apps.figures.reading import Reading, address, read, read_values, trend
from luodi.apps.figures.registry import figure, figures, provide
from luodi.apps.figures.snapshot import Frozen, Movement, compare, freeze, holds
from luodi.apps.figures.values import text_of

__all__ = [
    "Columns",
    "Figure",
    "Frozen",
    "Kind",
    "Movement",
    "Provider",
    "Question",
    "Reading",
    "Row",
    "Rows",
    "Time",
    "Value",
    "address",
    "compare",
    "figure",
    "figures",
    "freeze",
    "holds",
    "provide",
    "read",
    "read_values",
    "text_of",
    "trend",
]
