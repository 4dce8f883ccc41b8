"""One column of a list, and how its cells are written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any

from django.utils.functional import Promise
from django.utils.safestring import SafeString

from luodi.shell.cells import plain, text_of

SHORT = 10  # so many Chinese characters, or twice as many Latin ones, stay on one line

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list.

    `value` takes a row and returns what is shown (HTML must be a SafeString); without it, the
    attribute `name` (`unit.name` and `unit__name` follow relations, a choice shows its label).
    `sort` is what `order_by` gets; without it the column cannot be sorted by. `link` takes a row
    and returns an address, or "" for none. `align="end"` is for numbers. On a phone a row is a
    card: its `title`, its `line`s, and what it can do without (`hide`). `export` replaces `value`
    in the file, where it is `width` characters wide.
    """

    name: str
    label: Text
    sort: str = ""
    value: Callable[[Any], object] | None = None
    link: Callable[[Any], str] | None = None
    align: str = ""
    phone: str = "line"
    export: Callable[[Any], object] | None = None
    width: int = 0

    def of(self, row: Any) -> object:
        if self.value is not None:
            return self.value(row)
        way, last, label = _steps(self.name)
        for step in way:
            row = getattr(row, step, None)
        words = getattr(row, label, None)
        return words() if words else getattr(row, last, None)

    def exported_of(self, row: Any) -> object:
        return plain(self.export(row) if self.export else self.of(row))


@cache
def _steps(name: str) -> tuple[list[str], str, str]:
    """The relations to follow, the attribute at their end, and the method that words a choice."""
    *way, last = name.replace("__", ".").split(".")
    return way, last, f"get_{last}_display"


def cell_of(column: Column) -> Callable[[Any], str]:
    """Writes a row's cell of the column, named where a row is shown as a card.

    Written here, not in the template: a page has hundreds, and a template takes longer to write
    them than the database to find them.
    """
    start = f'<td role="cell" data-label="{escape(str(column.label))}" class="p-{column.phone}'
    if column.align == "end":
        start += " num"

    def write(row: Any) -> str:
        text = text_of(column.of(row))
        fit = ""
        if len(text) <= SHORT or (len(text) <= 2 * SHORT and text.isascii()):
            fit = " nowrap" if text else " nowrap none"
        inner = text if isinstance(text, SafeString) else escape(text)
        if column.link and (href := column.link(row)):
            inner = f'<a href="{escape(href)}">{inner or "—"}</a>'
        return f'{start}{fit}">{inner}</td>'

    return write
