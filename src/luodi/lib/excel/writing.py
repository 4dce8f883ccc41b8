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
    Column,
    FileError,
    Kind,
    Language,
    Sheet,
)
from luodi.lib.excel.reading import PROBLEM_TITLES, ROW_TITLES, Row

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
    out = _Book(fp, language, zone)
    titles = [column.title(language) for column in sheet.columns]
    page = out.table(sheet.title(language), titles, [column.width for column in sheet.columns])
    count = 0
    for row in rows:
        count += 1
        _check_room(count)
        for place, column in enumerate(sheet.columns):
            out.write(page, count, place, row.get(column.key), column)
    page.autofilter(0, 0, count, len(sheet.columns) - 1)
    _set_up_paper(page, sheet.title(language), about)
    if about:
        notes = out.table(ABOUT_SHEET[language], [ABOUT_SHEET[language]], [80])
        for row, words in enumerate(about, 1):
            out.write_text(notes, row, 0, words)
    out.book.close()
    return count


def _set_up_paper(page: Any, title: str, about: Sequence[str]) -> None:
    """A4 across, all columns on it, the titles on each sheet, the number of the sheet below."""
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    words = "  ".join((title, *about)).replace("&", "&&")
    page.set_header(f"&L{words[:HEADER_LENGTH]}")
    page.set_footer("&C&P / &N")


def write_error_file(
    sheet: Sheet, rows: Iterable[Row], fp: IO[bytes], *, language: Language = "zh"
) -> int:
    """Writes the bad ones among the rows read, each with what is wrong; gives their number.

    The file can be corrected and uploaded as it is.
    """
    index = 0 if language == "zh" else 1
    out = _Book(fp, language)
    titles = [column.title(language) for column in sheet.columns]
    page = out.table(
        sheet.title(language),
        [ROW_TITLES[index], PROBLEM_TITLES[index], *titles],
        [8, 60, *(column.width for column in sheet.columns)],
    )
    count = 0
    for row in rows:
        if not row.problems:
            continue
        count += 1
        _check_room(count)
        problems = "\n".join(problem.text(language) for problem in row.problems)
        page.write_number(count, 0, row.number)
        page.write_string(count, 1, problems, out.wrapped)
        for place, column in enumerate(sheet.columns, 2):
            out.write(page, count, place, row.cells.get(column.key), None)
    page.autofilter(0, 0, count, len(sheet.columns) + 1)
    out.book.close()
    return count


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
