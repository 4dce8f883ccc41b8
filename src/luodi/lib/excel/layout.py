"""Finds where a sheet's table begins, and which of its columns is which."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from luodi.lib.excel.asking import Answers, Asked, Question
from luodi.lib.excel.books import Page
from luodi.lib.excel.cells import PERCENT, Cell, is_nothing, share_question, shown, visible
from luodi.lib.excel.columns import (
    CHOICE_SHEET,
    EXAMPLE_SHEET,
    HELP_SHEET,
    Column,
    Sheet,
)
from luodi.lib.excel.measures import factor, titled
from luodi.lib.sentences import Sentence

HEADER_WITHIN: Final = 30  # rows
SAMPLED: Final = 5000  # rows in which a column of per cent is looked at
UNIT_ABOVE: Final = re.compile(r"(?:金额)?单位[:：]\s*(\S{1,6}?)\s*$")
# Columns that an error file adds; a corrected error file may be read again as it is.
ROW_TITLES: Final = ("原行号", "Row")
PROBLEM_TITLES: Final = ("哪里不对", "What is wrong")
OURS: Final = {*CHOICE_SHEET.values(), *HELP_SHEET.values(), *EXAMPLE_SHEET.values()}
UNREAD: Final = "-"  # the answer that a column is not to be read


@dataclass(slots=True)
class Layout:
    """What was understood of one sheet.

    places: key of a column to its place. measures: unit in which a place gives its amounts, where
    it is not the column's own. why: why the sheet is not read; empty where it is.
    """

    page: Page
    first: int = 0  # rows of the header, as Excel numbers them
    last: int = 0
    titles: list[str] = field(default_factory=list)  # by place
    places: dict[str, int] = field(default_factory=dict)
    measures: dict[int, str] = field(default_factory=dict)
    twice: dict[str, list[int]] = field(default_factory=dict)
    why: Sentence | None = None

    @property
    def name(self) -> str:
        return self.page.name

    def missing(self, sheet: Sheet) -> list[Column]:
        """The required columns that were not found."""
        return [one for one in sheet.columns if one.required and one.key not in self.places]

    def columns(self) -> list[tuple[str, str, str]]:
        """Each title with its answer's key and the key of the column it became (or UNREAD)."""
        keys = {place: key for key, place in self.places.items()}
        return [
            (title, column_answer(title), keys.get(place, UNREAD))
            for place, title in enumerate(self.titles)
            if plain_title(title) and plain_title(title) not in ADDED
        ]


def plain_title(cell: Cell) -> str:
    """A title without blanks, marks of required columns and notes in brackets at its end."""
    text = unicodedata.normalize("NFKC", visible(str(cell)))
    text = re.sub(r"[\s*]", "", text).lower()
    return re.sub(r"\((必填|选填|required|optional)\)$", "", text)


ADDED: Final = {plain_title(title) for title in (*ROW_TITLES, *PROBLEM_TITLES)}


def column_answer(title: str) -> str:
    """The key under which somebody says what a title means."""
    return f"column:{plain_title(title)}"


def sheet_answer(name: str) -> str:
    """The key under which somebody says whether a sheet is read."""
    return f"sheet:{name}"


def header_answer(name: str) -> str:
    """The key under which somebody says in which row a sheet's header ends."""
    return f"header:{name}"


def layouts(pages: Sequence[Page], sheet: Sheet, answers: Answers) -> list[Layout]:
    """What is understood of every sheet: all that hold such a table are read, but not hidden ones.

    Where none holds the whole of it, that which comes nearest stands for what was meant.
    """
    found = [_layout(page, sheet, answers) for page in pages]
    whole = [one for one in found if one.places and not one.missing(sheet)]
    seen = [one for one in found if one.places and not one.page.hidden and one.name not in OURS]
    best = max(seen, key=lambda one: len(one.places), default=None)
    for layout in found:
        wanted = answers.given.get(sheet_answer(layout.name))
        layout.why = _why_not(layout, sheet)
        if layout is best and not any(one in seen for one in whole):
            layout.why = None
        if wanted == "yes" and layout.titles:
            layout.why = None
        elif wanted == "no":
            layout.why = Sentence("您选择不读。", "You chose not to read it.")
        if layout.why is None:
            _ask_about_shares(layout, sheet, answers)
            _ask_which(layout, sheet, answers)
    return found


def _why_not(layout: Layout, sheet: Sheet) -> Sentence | None:
    missing = layout.missing(sheet)
    if layout.name in OURS:
        return Sentence("模板的说明。", "A note of the template.")
    if layout.page.hidden:
        return Sentence("隐藏的工作表。", "A hidden sheet.")
    if not layout.places or len(missing) == len(sheet.columns):
        return Sentence("没有找到表头（封面、说明或别的内容）。", "No header: a cover, or notes.")
    if missing:
        zh, en = "、".join(c.title_zh for c in missing), ", ".join(c.title_en for c in missing)
        return Sentence(f"缺少列：{zh}。", f"It lacks the columns: {en}.")
    return None


def _layout(page: Page, sheet: Sheet, answers: Answers) -> Layout:
    """The header, of one row or two, in which most titles are found."""
    head = page.head(HEADER_WITHIN)
    given = answers.given.get(header_answer(page.name), "")
    best = Layout(page)
    for place in range(len(head)):
        number, cells = head[place]
        if given and str(number) != given:
            continue
        for above in (None, head[place - 1] if place else None):
            titles = _titles(page, above, cells) if above else [_title(cell) for cell in cells]
            layout = Layout(page, above[0] if above else number, number, titles)
            _match(layout, sheet, answers)
            if len(layout.places) > len(best.places) or (given and not best.titles):
                best = layout
    for _number, cells in head:
        if _number >= best.first:
            break
        for cell in cells:
            if isinstance(cell, str) and (unit := UNIT_ABOVE.search(cell)):
                _count_in(best, sheet, unicodedata.normalize("NFKC", unit[1]))
    return best


def _title(cell: Cell) -> str:
    return " ".join(visible(shown(cell)).split())


def _titles(page: Page, above: tuple[int, list[Cell]], below: Sequence[Cell]) -> list[str]:
    """Two header rows as one: a group stands before what is under it."""
    number, upper = above
    groups = [_title(cell) for cell in upper]
    spans = [one for one in page.merged if one[0][0] == number - 1]
    for (top, left), (bottom, right) in spans:
        if bottom == top:
            groups[left : right + 1] = [groups[left]] * (right + 1 - left)
    under = [_title(cell) for cell in below]
    if not page.merged:  # a .csv keeps the first cell of a group only
        for place in range(1, len(groups)):
            if under[place] and not groups[place]:
                groups[place] = groups[place - 1]
    return [
        f"{group}/{title}" if group and title and group != title else group or title
        for group, title in zip(groups, under, strict=True)
    ]


def _match(layout: Layout, sheet: Sheet, answers: Answers) -> None:
    known = _known_titles(sheet)
    columns = {column.key: column for column in sheet.columns}
    plains = [plain_title(title) for title in layout.titles]
    said = {place: answers.given.get(column_answer(title)) for place, title in enumerate(plains)}
    said = {place: key for place, key in said.items() if key == UNREAD or key in columns}
    chosen = {key: place for place, key in said.items() if key and key != UNREAD}
    layout.places.update(chosen)
    for place, plain in enumerate(plains):
        for one in (plain, plain.rpartition("/")[2]) if plain and place not in said else ():
            name, unit = titled(one)
            key = known.get(one) or known.get(name)
            if key is None or key in chosen:
                continue
            measure = columns[key].measure
            other = unit if unit and measure and unit != measure else ""
            if other and factor(other, measure) is None:
                continue  # tonnes are not the amount that is asked for
            if key in layout.places:
                layout.twice.setdefault(key, [layout.places[key]]).append(place)
            else:
                layout.places[key] = place
                if other:
                    layout.measures[place] = other
            break


def _known_titles(sheet: Sheet) -> dict[str, str]:
    """Plain titles to keys; the column's own before synonyms, whole ones before those cut short."""
    found: dict[str, str] = {}
    for of in (lambda c: (c.title_zh, c.title_en), lambda c: c.synonyms):
        for column in sheet.columns:
            for title in of(column):
                found.setdefault(plain_title(title), column.key)
    for column in sheet.columns:
        found.setdefault(titled(plain_title(column.title_zh))[0], column.key)
    return found


def _count_in(layout: Layout, sheet: Sheet, unit: str) -> None:
    """Takes the unit that stands above the table for the amounts whose titles name none."""
    for column in sheet.columns:
        place = layout.places.get(column.key)
        if place is None or not column.measure or titled(plain_title(layout.titles[place]))[1]:
            continue
        same = unit == column.measure or unit[-1:] != column.measure[-1:]
        if not same and factor(unit, column.measure) is not None:
            layout.measures.setdefault(place, unit)


def _ask_about_shares(layout: Layout, sheet: Sheet, answers: Answers) -> None:
    """Asks of columns of per cent in which no plain number is above 1."""
    for column in sheet.columns:
        place = layout.places.get(column.key)
        if place is None or column.measure != PERCENT:
            continue
        question, small = share_question(column), False
        for _number, cells in islice(layout.page.rows(), layout.last, SAMPLED):
            cell = cells[place] if place < len(cells) else ""
            try:
                value = abs(Decimal(str(cell).strip()))
            except ArithmeticError:
                continue
            if isinstance(cell, bool) or not value.is_finite():
                continue
            if value > 1:
                break
            small = small or value > 0
        else:
            if small:
                answers.asked.setdefault(question.key, Asked(question))


def _ask_which(layout: Layout, sheet: Sheet, answers: Answers) -> None:
    """Asks which of two columns of one title is meant, where they differ."""
    columns = {column.key: column for column in sheet.columns}
    for key, places in layout.twice.items():
        column, letters = columns[key], {letter(place): place for place in places}
        question = Question(
            f"which:{key}",
            Sentence(
                f"有几列都叫“{column.title_zh}”，读哪一列？",
                f"Several columns are called “{column.title_en}”; which is meant?",
            ),
            tuple(
                (one, Sentence(f"{one}列 {layout.titles[at]}", f"{one}: {layout.titles[at]}"))
                for one, at in letters.items()
            ),
        )
        if chosen := answers.choose(question):
            layout.places[key] = letters[chosen]


def letter(place: int) -> str:
    """A column as Excel names it."""
    name, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name


def in_measure(cell: Cell, unit: str) -> Cell:
    """An amount with the unit that its column's title gives, as text."""
    if isinstance(cell, bool) or not isinstance(cell, int | float | str):
        return cell
    text = cell.strip() if isinstance(cell, str) else f"{Decimal(repr(cell)):f}"
    return f"{text}{unit}" if re.fullmatch(r"[-+]?[\d,，. ]+", text) else cell


def filled(column: Column, cell: Cell) -> bool:
    """Whether a cell says anything."""
    return not is_nothing(column, cell)


def signature(found: Sequence[Layout]) -> str:
    """What files of one kind have in common: the titles of their tables."""
    read = [layout for layout in found if layout.why is None]
    return "|".join(sorted({plain_title(title) for one in read for title in one.titles} - {""}))


def shown_layout(layout: Layout, sheet: Sheet) -> dict[str, Any]:
    """For a report: what of a sheet was understood, as plain data."""
    return {
        "name": layout.name,
        "answer": sheet_answer(layout.name),
        "header": header_answer(layout.name),
        "read": layout.why is None,
        "why": list(layout.why or ()),
        "first": layout.first,
        "last": layout.last,
        "columns": [
            {"title": title, "answer": answer, "key": key, "unit": _unit(layout, key)}
            for title, answer, key in layout.columns()
        ],
        "missing": [[one.title_zh, one.title_en] for one in layout.missing(sheet)],
    }


def _unit(layout: Layout, key: str) -> str:
    return layout.measures.get(layout.places.get(key, -1), "")
