"""Writes ledgers as .xlsx: templates, exports, and the rows that an import could not take.

Rows go straight to the file (constant memory). Text is written as text, whatever it begins with:
a cell that begins with = + - @ tab or return also carries Excel's quote prefix, so that it stays
text when somebody edits it or saves the sheet as .csv (formula injection).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any, Final
from zoneinfo import ZoneInfo

import xlsxwriter

from luodi.lib.calendars import SHANGHAI
from luodi.lib.excel.cells import EXACT, accepted
from luodi.lib.excel.columns import (
    CHOICE_SHEET,
    EXAMPLE_SHEET,
    HELP_SHEET,
    CellProblem,
    Column,
    FileError,
    Kind,
    Language,
    Sheet,
)
from luodi.lib.excel.layout import PROBLEM_TITLES, ROW_TITLES
from luodi.lib.excel.marks import ORIGIN
from luodi.lib.excel.reading import Row

ROWS: Final = 1_048_576
HEADER_LENGTH: Final = 200  # Excel takes 255 with its own marks
ABOUT_SHEET: Final = {"zh": "导出说明", "en": "About this export"}
TEXT_LENGTH: Final = 32_767
HAZARDOUS: Final = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
FIRST_DAY: Final = date(1900, 3, 1)  # Excel's calendar has a 29 February 1900
HELP_TITLES: Final = {
    "zh": ("列", "必填", "填什么", "示例"),
    "en": ("Column", "Required", "What to enter", "Example"),
}
WORDS: Final = {"zh": ("是", "否"), "en": ("Yes", "No")}
VALIDATED: Final = {Kind.DATE: "date", Kind.INTEGER: "integer", Kind.DECIMAL: "decimal"}


class _Book:
    """A workbook with the formats that all of ours use."""

    def __init__(self, fp: IO[bytes], language: Language, zone: ZoneInfo = SHANGHAI) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self.book = xlsxwriter.Workbook(fp, options)
        self.language, self.zone = language, zone
        self.head = self.book.add_format({"bold": True, "bg_color": "#E8EEF5", "text_wrap": True})
        whole = {"num_format": "@", "text_wrap": True, "valign": "top"}
        self.text = self.book.add_format(whole)
        self.quoted = self.book.add_format({**whole, "quote_prefix": True})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self.day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"})

    def table(self, name: str, titles: Sequence[str], widths: Sequence[int]) -> Any:
        page = self.book.add_worksheet(name)
        page.freeze_panes(1, 0)
        for place, width in enumerate(widths):
            page.set_column(place, place, width)
        for place, title in enumerate(titles):
            page.write_string(0, place, title, self.head)
        return page

    def write(self, page: Any, row: int, place: int, value: object, column: Column | None) -> None:
        """One value as Excel's own type; what Excel cannot hold exactly becomes text."""
        if value is None or value == "":
            return
        if column is not None and column.kind is Kind.CHOICE:
            value = self.choice(column, value)
        if isinstance(value, bool):
            page.write_string(row, place, WORDS[self.language][0 if value else 1])
        elif isinstance(value, datetime):
            self.write_moment(page, row, place, value)
        elif isinstance(value, date) and value >= FIRST_DAY:
            page.write_datetime(row, place, datetime.combine(value, time(0)), self.day)
        elif isinstance(value, int | float | Decimal) and _exact(value):
            page.write_number(row, place, value)
        else:
            self.write_text(page, row, place, str(value))

    def write_moment(self, page: Any, row: int, place: int, moment: datetime) -> None:
        if moment.tzinfo is not None:
            moment = moment.astimezone(self.zone).replace(tzinfo=None)
        if moment.date() < FIRST_DAY:
            self.write_text(page, row, place, moment.isoformat(" "))
        else:
            page.write_datetime(row, place, moment, self.moment)

    def write_text(self, page: Any, row: int, place: int, text: str) -> None:
        if len(text) > TEXT_LENGTH:
            text = text[: TEXT_LENGTH - 1] + "…"
        text = text.encode("utf-8", "replace").decode()
        if text.endswith("</r>"):
            text += " "  # xlsxwriter writes <r>…</r> as markup, through which a formula could come
        page.write_string(
            row, place, text, self.quoted if text.startswith(HAZARDOUS) else self.text
        )

    def choice(self, column: Column, value: object) -> object:
        for choice in column.choices:
            if choice.value == value:
                return choice.zh if self.language == "zh" else choice.en
        return value


class Writer:
    """A sheet that is written row by row; `before` are titles and widths in front of its columns.

    `keywords` are kept among the file's properties; `about` (see `export`) on a sheet of its own.
    """

    def __init__(
        self,
        sheet: Sheet,
        fp: IO[bytes],
        *,
        language: Language = "zh",
        zone: ZoneInfo = SHANGHAI,
        before: Sequence[tuple[str, int]] = (),
        keywords: str = "",
        about: Sequence[str] = (),
    ) -> None:
        self.sheet, self.count, self.before = sheet, 0, len(before)
        self.about = about
        self.out = _Book(fp, language, zone)
        self.out.book.set_properties({"keywords": keywords})
        columns = [*before, *((one.title(language), one.width) for one in sheet.columns)]
        titles, widths = zip(*columns, strict=True)
        self.page = self.out.table(sheet.title(language), titles, widths)

    def add(
        self, values: Mapping[str, object], before: Sequence[object] = (), *, raw: bool = False
    ) -> None:
        """One row; `raw`: cells as another file had them."""
        self.count += 1
        _check_room(self.count)
        for place, value in enumerate(before):
            if isinstance(value, str):
                self.page.write_string(self.count, place, value, self.out.wrapped)
            else:
                self.page.write_number(self.count, place, value)
        for place, column in enumerate(self.sheet.columns, self.before):
            value = values.get(column.key)
            self.out.write(self.page, self.count, place, value, None if raw else column)

    def close(self) -> int:
        """Ends the file; the number of its rows."""
        self.page.autofilter(0, 0, self.count, self.before + len(self.sheet.columns) - 1)
        language = self.out.language
        _set_up_paper(self.page, self.sheet.title(language), self.about)
        if self.about:
            notes = self.out.table(ABOUT_SHEET[language], [ABOUT_SHEET[language]], [80])
            for row, words in enumerate(self.about, 1):
                self.out.write_text(notes, row, 0, words)
        self.out.book.close()
        return self.count


def export(
    sheet: Sheet,
    rows: Iterable[Mapping[str, object]],
    fp: IO[bytes],
    *,
    language: Language = "zh",
    zone: ZoneInfo = SHANGHAI,
    about: Sequence[str] = (),
) -> int:
    """Writes rows (values by key) and gives their number. Moments are shown in `zone`.

    `about`: whose rows, which and of when; on a second sheet and in the header of the paper, so that
    the first row stays the titles'.
    """
    writer = Writer(sheet, fp, language=language, zone=zone, about=about)
    for row in rows:
        writer.add(row)
    return writer.close()


def _set_up_paper(page: Any, title: str, about: Sequence[str]) -> None:
    """A4 across, all columns on it, the titles on each sheet, the number of the sheet below."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    words = "  ".join((title, *about)).replace("&", "&&")
    page.set_header(f"&L{words[:HEADER_LENGTH]}")
    page.set_footer("&C&P / &N")


class ErrorFile:
    """The rows that could not be taken, each with what is wrong; it can be corrected and sent.

    `origin` names the upload whose rows they are: it is kept in the file's properties.
    """

    def __init__(
        self, sheet: Sheet, fp: IO[bytes], *, language: Language = "zh", origin: str = ""
    ) -> None:
        index = 0 if language == "zh" else 1
        titles = ((ROW_TITLES[index], 8), (PROBLEM_TITLES[index], 60))
        keywords = f"{ORIGIN}{origin}" if origin else ""
        self.writer = Writer(sheet, fp, language=language, before=titles, keywords=keywords)
        self.language = language

    def add(self, row: Row, problems: Iterable[CellProblem]) -> None:
        texts = "\n".join(problem.text(self.language) for problem in problems)
        self.writer.add(row.cells, (row.number, texts), raw=True)

    def close(self) -> int:
        """Ends the file; the number of its rows."""
        return self.writer.close()


def write_template(sheet: Sheet, fp: IO[bytes], *, language: Language = "zh") -> None:
    """An empty sheet to fill in, with notes, checks and choices, and a sheet with an example."""
    out = _Book(fp, language)
    titles = [c.title(language) + ("*" if c.required else "") for c in sheet.columns]
    widths = [column.width for column in sheet.columns]
    page = out.table(sheet.title(language), titles, widths)
    for place, column in enumerate(sheet.columns):
        if column.kind in (Kind.TEXT, Kind.CODE):
            page.set_column(place, place, column.width, out.text)
        page.write_comment(0, place, _note(column, language))
        _validate(page, place, column, language, sheet)
    example = out.table(EXAMPLE_SHEET[language], titles, widths)
    for place, column in enumerate(sheet.columns):
        out.write(example, 1, place, column.example, column)
    notes = out.table(HELP_SHEET[language], HELP_TITLES[language], [20, 8, 60, 30])
    for row, column in enumerate(sheet.columns, 1):
        out.write_text(notes, row, 0, column.title(language))
        out.write(notes, row, 1, column.required, None)
        out.write_text(notes, row, 2, _note(column, language))
        out.write(notes, row, 3, column.example, column)
    _write_choices(out, sheet)
    out.book.close()


def _note(column: Column, language: Language) -> str:
    sentences = (column.help, accepted(column))
    return "\n".join(filter(None, (s.zh if language == "zh" else s.en for s in sentences)))


def _validate(page: Any, place: int, column: Column, language: Language, sheet: Sheet) -> None:
    """Excel's own check of a column, with our sentence when it fails."""
    rule: dict[str, Any] = {
        "error_title": column.title(language)[:32],
        "error_message": _note(column, language)[:255],
    }
    if column.kind is Kind.CHOICE:
        lists = [c for c in sheet.columns if c.kind is Kind.CHOICE]
        letter = xlsxwriter.utility.xl_col_to_name(lists.index(column))
        last = len(column.choices) + 1
        rule |= {
            "validate": "list",
            "source": f"='{CHOICE_SHEET[language]}'!${letter}$2:${letter}${last}",
        }
    elif column.kind is Kind.BOOLEAN:
        rule |= {"validate": "list", "source": list(WORDS[language])}
    elif column.kind is Kind.DATE:
        rule |= {"validate": "date", "criteria": ">=", "value": FIRST_DAY, "error_type": "warning"}
    elif column.kind in VALIDATED:
        bounds = {"minimum": -EXACT, "maximum": EXACT}
        rule |= {"validate": VALIDATED[column.kind], "criteria": "between", **bounds}
    else:
        return
    page.data_validation(1, place, ROWS - 1, place, rule)


def _write_choices(out: _Book, sheet: Sheet) -> None:
    lists = [column for column in sheet.columns if column.kind is Kind.CHOICE]
    if not lists:
        return
    titles = [column.title(out.language) for column in lists]
    page = out.table(CHOICE_SHEET[out.language], titles, [column.width for column in lists])
    for row in range(max(len(column.choices) for column in lists)):
        for place, column in enumerate(lists):
            if row < len(column.choices):
                choice = column.choices[row]
                label = choice.zh if out.language == "zh" else choice.en
                out.write_text(page, row + 1, place, label)


def _exact(number: float | Decimal) -> bool:
    return math.isfinite(number) and (not isinstance(number, int) or abs(number) < EXACT)


def _check_room(count: int) -> None:
    if count >= ROWS:
        raise FileError(
            f"超过 Excel 一张表的行数上限 {ROWS - 1}，请加筛选条件后分次导出。",
            f"More rows than an Excel sheet holds ({ROWS - 1}); narrow the filter.",
        )
