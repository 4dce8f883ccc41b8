"""Load curves as the grid's systems export them: which meter, which day, which cell. No database.

Two layouts: a row for each meter and day with 96 columns (00:00 … 23:45 or 00:15 … 24:00), and a row
for each meter and time. A third has registers (总 尖 峰 平 谷) at a day. What a header leaves open is
asked, never guessed; whatever is wrong names its cell.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import IO, Any, Final, Literal

from django.utils.translation import gettext as _

from luodi.lib.excel import FileError, Limits
from luodi.lib.excel.books import open_book
from luodi.rooms.energy.models.metering import POINTS

LIMITS: Final = Limits(packed=200 * 1024 * 1024)
TIME: Final = re.compile(r"\D{0,4}(\d{1,2})[:：](\d{2})(?:[:：]00)?\D{0,4}")
METER: Final = re.compile(r"表号|电能表|资产编号|资产号|计量点|meter", re.I)
DAY: Final = re.compile(r"日期|day|date", re.I)
MOMENT: Final = re.compile(r"时间|时刻|time", re.I)
VALUE: Final = re.compile(r"电量|功率|kwh|kw|数值|value", re.I)
REGISTERS: Final = {
    "total": re.compile(r"总|total", re.I),
    "sharp": re.compile(r"尖|sharp", re.I),
    "peak": re.compile(r"峰|peak", re.I),
    "flat": re.compile(r"平|flat|normal", re.I),
    "valley": re.compile(r"谷|valley", re.I),
}
NOTHING: Final = frozenset({"", "-", "--", "—", "/", "null", "none", "n/a", "无", "缺"})
SUMMER: Final = frozenset({92, 100})
HEAD: Final = 12  # rows among which the header stands
Labels = Literal["start", "end", ""]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong where: the meter and the day as the file has them, and the cell."""

    cell: str
    meter: str
    day: str
    text: str

    def __str__(self) -> str:
        where = " · ".join(part for part in (self.cell, self.meter, self.day) if part)
        return f"{where}：{self.text}"


@dataclass(frozen=True, slots=True)
class Day:
    """A meter's day as a file has it: 96 values or nothing, from the start of the day on."""

    meter: str
    on: dt.date
    values: list[float | None]
    row: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a meter's registers showed."""

    meter: str
    on: dt.date
    values: dict[str, Decimal | None]
    row: int


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is laid out: its header's row and places; `labels` is empty where it says nothing."""

    kind: Literal["wide", "long", "registers"]
    row: int
    meter: int
    day: int
    places: tuple[int, ...]
    labels: Labels = ""
    names: tuple[str, ...] = ()


class Reader:
    """A file, row by row; `problems` fill up as it is read."""

    def __init__(self, fp: IO[bytes], day_of_today: dt.date) -> None:
        try:
            pages = open_book(fp, LIMITS)
        except FileError as problem:
            raise Unreadable(problem.zh) from problem
        self.today = day_of_today
        self.problems: list[Problem] = []
        shown = [one for one in pages if not one.hidden] or pages
        for page in shown:
            if found := self._layout(page.head(HEAD)):
                self.page, self.layout = page, found
                return
        raise Unreadable(
            _(
                "没有找到表头：需要一列“表号”、一列“日期”，和 96 个时刻（00:00 至 24:00）或总、尖、峰、平、谷示数。"
            )
        )

    # --- the header -----------------------------------------------------------------------------

    def _layout(self, rows: Sequence[tuple[int, list[Any]]]) -> Layout | None:
        for number, cells in rows:
            meter = _place(cells, METER)
            if meter is None:
                continue
            day = _place(cells, DAY, but=(meter,))
            times = [
                (at, found) for at, cell in enumerate(cells) if (found := minutes(cell)) is not None
            ]
            if day is not None and len(times) >= POINTS // 4:
                return self._wide(number, cells, meter, day, times)
            moment = _place(cells, MOMENT, but=(meter,))
            value = _place(cells, VALUE, but=(meter, -1 if moment is None else moment))
            if moment is not None and value is not None:
                return Layout("long", number, meter, moment, (value,))
            named = {key: _place(cells, word, but=(meter,)) for key, word in REGISTERS.items()}
            if day is not None and named["total"] is not None:
                known = [(key, at) for key, at in named.items() if at is not None]
                return Layout(
                    "registers", number, meter, day, tuple(at for _key, at in known),
                    names=tuple(key for key, _at in known),
                )  # fmt: skip
        return None

    def _wide(
        self, row: int, cells: list[Any], meter: int, day: int, times: list[tuple[int, int]]
    ) -> Layout:
        """The header of 96 columns. Raises Unreadable for one that is shifted or of summer time."""
        marks = [one for _at, one in times]
        twice = [one for one, many in Counter(marks).items() if many > 1]
        first, at = marks[0], cell_name(row, times[0][0])
        if len(marks) in SUMMER or twice:
            told = f"{twice[0] // 60:02}:{twice[0] % 60:02}" if twice else str(len(marks))
            raise Unreadable(
                _(
                    "%(cell)s：表头有 %(count)s 个时刻，%(told)s 重复或缺失，像是夏令时。中国没有夏令时，请按北京时间重新导出。"
                )
                % {"cell": at, "count": len(marks), "told": told}
            )
        steps = {b - a for a, b in itertools.pairwise(marks)}
        if len(marks) != POINTS or steps != {15} or first not in (0, 15):
            raise Unreadable(
                _(
                    "%(cell)s：时刻从 %(first)s 开始，共 %(count)s 个；应为 00:00 至 23:45 或 00:15 至 24:00 共 96 个。文件可能错开了时段，请检查时区后重新导出。"
                )
                % {"cell": at, "first": f"{first // 60:02}:{first % 60:02}", "count": len(marks)}
            )
        labels: Labels = "end" if first == 15 else ""
        if first == 0:
            labels = "start"
        return Layout("wide", row, meter, day, tuple(at for at, _one in times), labels)

    # --- the rows -------------------------------------------------------------------------------

    def days(self) -> Iterator[Day]:
        """The days of a load curve; what is wrong is left out and told in `problems`."""
        if self.layout.kind == "long":
            yield from self._long()
            return
        layout = self.layout
        first, last = layout.places[0], layout.places[-1] + 1
        straight = layout.places == tuple(range(first, last))
        for number, cells in self.rows():
            meter, on = text(cells[layout.meter]), self._day(number, cells)
            if on is None:
                continue
            quarter = (
                cells[first:last]
                if straight
                else [cells[at] for at in layout.places if at < len(cells)]
            )
            yield Day(meter, on, self._numbers(number, meter, on, quarter), number)

    def _numbers(
        self, row: int, meter: str, on: dt.date, cells: Sequence[Any]
    ) -> list[float | None]:
        try:  # nearly always; one that is no number is looked at by itself
            values: list[float | None] = [None if cell == "" else float(cell) for cell in cells]
        except (ValueError, TypeError):
            values = [
                self._number(cell, cell_name(row, self.layout.places[at]), meter, on)
                for at, cell in enumerate(cells)
            ]
        for at, one in enumerate(values):
            if one is not None and (one < 0 or not math.isfinite(one)):
                where = cell_name(row, self.layout.places[at])
                self.wrong(where, meter, on, _("“%(value)s”不是合理的读数。") % {"value": one})
                values[at] = None
        return values + [None] * (POINTS - len(values))

    def _number(self, cell: Any, where: str, meter: str, on: dt.date) -> float | None:
        said = text(cell)
        if said.casefold() in NOTHING:
            return None
        try:
            return float(said.replace(",", "").replace("，", ""))
        except ValueError:
            self.wrong(where, meter, on, _("“%(value)s”不是数字。") % {"value": said[:30]})
            return None

    def _long(self) -> Iterator[Day]:
        """Rows of single times, gathered by meter and day; rows of one day stand together."""
        layout, seen = self.layout, set[tuple[str, dt.date]]()
        key: tuple[str, dt.date] | None = None
        points: dict[int, float | None] = {}
        row = 0
        for number, cells in self.rows():
            meter, where = text(cells[layout.meter]), cell_name(number, layout.day)
            moment = self._moment(cells[layout.day], where, meter)
            if moment is None:
                continue
            begins = moment - dt.timedelta(minutes=15) if layout.labels == "end" else moment
            now = (meter, begins.date())
            if now != key:
                if key is not None:
                    yield self._gathered(key, points, row)
                if now in seen:
                    self.wrong(where, meter, now[1], _("这一天前面已经出现过，重复了。"))
                seen.add(now)
                key, points, row = now, {}, number
            at = (begins.hour * 60 + begins.minute) // 15
            if at in points:
                self.wrong(
                    where,
                    meter,
                    now[1],
                    _("时刻 %(at)s 出现两次，像是夏令时或重复导出。")
                    % {"at": moment.strftime("%H:%M")},
                )
            cell = cells[layout.places[0]] if layout.places[0] < len(cells) else ""
            points[at] = self._numbers_of(cell, number, meter, now[1])
        if key is not None:
            yield self._gathered(key, points, row)

    def _numbers_of(self, cell: Any, row: int, meter: str, on: dt.date) -> float | None:
        where = cell_name(row, self.layout.places[0])
        found = self._number(cell, where, meter, on)
        if found is not None and (found < 0 or not math.isfinite(found)):
            self.wrong(where, meter, on, _("“%(value)s”不是合理的读数。") % {"value": found})
            return None
        return found

    def _gathered(self, key: tuple[str, dt.date], points: dict[int, float | None], row: int) -> Day:
        return Day(key[0], key[1], [points.get(at) for at in range(POINTS)], row)

    def _moment(self, cell: Any, where: str, meter: str) -> dt.datetime | None:
        """A time in China; one with another zone is refused, one between the quarters too."""
        said: Any = cell
        if not isinstance(cell, dt.datetime):
            said = text(cell).replace("/", "-")
            night = said.endswith(("24:00", "24:00:00"))
            try:
                said = dt.datetime.fromisoformat(said.replace("24:00", "00:00") if night else said)
            except ValueError:
                self.wrong(
                    where, meter, None, _("“%(value)s”不是时间。") % {"value": text(cell)[:30]}
                )
                return None
            said += dt.timedelta(days=1) if night else dt.timedelta(0)
        if said.tzinfo is not None and said.utcoffset() != dt.timedelta(hours=8):
            self.wrong(where, meter, said.date(), _("时间带有其他时区，请按北京时间重新导出。"))
            return None
        said = said.replace(tzinfo=None)
        if said.minute % 15 or said.second:
            self.wrong(where, meter, said.date(), _("时间不在 15 分钟的整点上。"))
            return None
        return said  # type: ignore[no-any-return]

    def shown(self) -> Iterator[Shown]:
        """The rows of registers."""
        for number, cells in self.rows():
            meter, on = text(cells[self.layout.meter]), self._day(number, cells)
            if on is None:
                continue
            values: dict[str, Decimal | None] = {}
            for key, at in zip(self.layout.names, self.layout.places, strict=True):
                said = text(cells[at]) if at < len(cells) else ""
                try:
                    values[key] = (
                        None if said.casefold() in NOTHING else Decimal(said.replace(",", ""))
                    )
                except InvalidOperation:
                    self.wrong(
                        cell_name(number, at),
                        meter,
                        on,
                        _("“%(value)s”不是数字。") % {"value": said[:30]},
                    )
            if values.get("total") is None:
                self.wrong(cell_name(number, self.layout.places[0]), meter, on, _("缺少总示数。"))
            else:
                yield Shown(meter, on, values, number)

    def rows(self) -> Iterator[tuple[int, list[Any]]]:
        most = max(self.layout.meter, self.layout.day)
        for number, cells in self.page.rows():
            if number > self.layout.row and len(cells) > most and text(cells[self.layout.meter]):
                yield number, cells

    def _day(self, row: int, cells: Sequence[Any]) -> dt.date | None:
        cell = cells[self.layout.day]
        where, meter = cell_name(row, self.layout.day), text(cells[self.layout.meter])
        found = day_of(cell)
        if found is None:
            self.wrong(where, meter, None, _("“%(value)s”不是日期。") % {"value": text(cell)[:30]})
        elif found >= self.today:
            self.wrong(where, meter, found, _("这一天还没有过完。"))
            return None
        return found

    def wrong(self, cell: str, meter: str, on: dt.date | None, said: str) -> None:
        self.problems.append(Problem(cell, meter, on.isoformat() if on else "", said))


class Unreadable(Exception):
    """A file that cannot be read at all; the sentence says why, and in which cell."""


def text(cell: Any) -> str:
    """A cell as text; a number of a meter that Excel made a float stays whole."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def minutes(cell: Any) -> int | None:
    """Which minute of the day a heading names: 0 … 1440."""
    match cell:
        case dt.datetime():
            return cell.hour * 60 + cell.minute
        case dt.time():
            return cell.hour * 60 + cell.minute
        case dt.timedelta():
            return int(cell.total_seconds()) // 60
        case float() if 0 < cell <= 1:
            return round(cell * 1440)
    found = TIME.fullmatch(text(cell))
    if not found:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    return minute if minute <= 1440 else None


def day_of(cell: Any) -> dt.date | None:
    """A day: a date of Excel's, 2022-12-01, 2022/12/1, 20221201, 2022年12月1日."""
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    found = re.fullmatch(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D{0,2}(?:00:00(?::00)?)?", text(cell))
    try:
        return dt.date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def cell_name(row: int, place: int) -> str:
    """B7, as Excel names a cell; rows count from 1, places from 0."""
    letters, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def _place(cells: Sequence[Any], wanted: re.Pattern[str], but: Sequence[int] = ()) -> int | None:
    for at, cell in enumerate(cells):
        if (
            at not in but
            and isinstance(cell, str)
            and wanted.search(cell)
            and minutes(cell) is None
        ):
            return at
    return None
