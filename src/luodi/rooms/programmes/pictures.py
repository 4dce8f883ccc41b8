"""The road map and the work plan as pictures (SVG), and a target's trend as a line.

Drawn with attributes only, no styles: the pages' content policy lets none pass, and a downloaded
picture looks the same in an office program. A narrow drawing serves phones.
"""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from luodi.ground.figures.api import Value
from luodi.rooms.programmes.lights import Light
from luodi.rooms.programmes.reading import Chapter, Line, Standing

INK, MUTED, LINE, PAPER, ACCENT = "#26221e", "#6a6259", "#e3ddd3", "#ffffff", "#9b2c22"
COLOURS = {
    "light-green": "#23613f",
    "light-blue": "#1d4f82",
    "light-amber": "#a86a00",
    "light-red": "#a01f17",
    "": "#857c70",
}
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of the picture: from a day to a day, with its words and its tone."""

    label: str
    note: str
    since: dt.date
    until: dt.date
    tone: str
    word: str
    done_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    bars: list[Bar] = field(default_factory=list)


def roadmap_sections(chapters: Sequence[Chapter]) -> list[Section]:
    """A bar for each target, from its promise to its due day."""
    return [
        Section(str(one.programme), [_target_bar(standing) for standing in one.standings])
        for one in chapters
    ]


def _target_bar(one: Standing) -> Bar:
    who = str(one.pledge.owner or one.measure.owner or one.measure.owner_unit)
    found = _("读数%(value)s") % {"value": one.text}
    note = " · ".join(part for part in (found, one.gap_text, who) if part)
    return Bar(
        one.promise, note, one.course.since, one.pledge.due_on, one.light.tone, str(one.light.label)
    )


def workplan_sections(chapters: Sequence[Chapter]) -> list[Section]:
    """A bar for each measure, from its beginning to its due day."""
    return [
        Section(str(one.programme), [_measure_bar(line) for line in one.lines]) for one in chapters
    ]


def _measure_bar(line: Line) -> Bar:
    one = line.measure
    codes = "、".join(link.case.code for link in line.links)
    note = " · ".join(part for part in (str(one.owner_unit), str(one.owner or ""), codes) if part)
    return Bar(one.text, note, one.since, one.due_on, line.tone, line.state, one.done_on)


# --- drawing ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand. `beside`: labels left of the bars; else above them."""

    width: int
    beside: int
    font: int
    row: int

    @property
    def left(self) -> int:
        return self.beside or 8

    @property
    def span(self) -> int:
        return self.width - self.left - 16


WIDE, NARROW = Layout(1180, 470, 14, 52), Layout(358, 0, 14, 92)


def time_picture(
    title: str, sections: Sequence[Section], at: dt.date, *, narrow: bool = False
) -> SafeString:
    """The picture of sections of bars over time, with the day `at` marked."""
    layout = NARROW if narrow else WIDE
    bars = [bar for section in sections for bar in section.bars]
    first = min([bar.since for bar in bars] + [at]).replace(day=1)
    last = max([bar.until for bar in bars] + [bar.done_on for bar in bars if bar.done_on] + [at])
    scale = _Scale(first, last, layout)
    head = 76
    height = head + sum(40 + layout.row * len(one.bars) for one in sections) + 14
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {layout.width} {height}",
            "width": str(layout.width),
            "height": str(height),
            "font-family": FONT,
            "font-size": str(layout.font),
            "role": "img",
            "aria-label": title,
        },
    )
    _el(root, "rect", width=layout.width, height=height, fill=PAPER)
    _text(root, 8, 24, title, size=layout.font + 3, weight="600")
    _axis(root, scale, head, height)
    y = head
    for section in sections:
        _el(root, "rect", x=0, y=y, width=layout.width, height=30, fill="#f1ede6")
        _text(root, 8, y + 20, section.title, weight="600")
        y += 40
        for bar in section.bars:
            _bar(root, bar, scale, y)
            y += layout.row
    _today(root, scale, at, head, height)
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308 - ElementTree escapes


@dataclass(frozen=True, slots=True)
class _Scale:
    first: dt.date
    last: dt.date
    layout: Layout

    def x(self, day: dt.date) -> int:
        whole = max((self.last - self.first).days, 1)
        return self.layout.left + round(self.layout.span * (day - self.first).days / whole)

    def ticks(self) -> Iterator[tuple[dt.date, str]]:
        """The firsts of months, quarters, half-years or years: as many as there is room for."""
        room = self.layout.span // 62
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next((one for one in (1, 3, 6, 12, 24, 60) if months / one <= room), 120)
        for month in range(self.first.year * 12, self.last.year * 12 + 12, step):
            day = dt.date(month // 12, month % 12 + 1, 1)
            if self.first <= day <= self.last:
                yield day, f"{day.year}" if step >= 12 else f"{day.year}-{day.month:02d}"


def _axis(root: ET.Element, scale: _Scale, head: int, height: int) -> None:
    for day, label in scale.ticks():
        x = scale.x(day)
        _el(root, "line", x1=x, y1=head - 14, x2=x, y2=height - 8, stroke=LINE)
        if x < scale.layout.width - 50:
            _text(root, x + 3, head - 18, label, size=12, fill=MUTED)


def _bar(root: ET.Element, bar: Bar, scale: _Scale, y: int) -> None:
    layout = scale.layout
    group = _el(root, "g")
    _el(group, "title").text = _plain(f"{bar.label} {bar.note} {bar.since}—{bar.until} {bar.word}")
    room = (layout.beside or layout.width) - 20
    _text(group, 8, y + 12, _cut(bar.label, room, layout.font))
    _text(group, 8, y + 31, _cut(bar.note, room, 12), size=12, fill=MUTED)
    colour = COLOURS[bar.tone]
    top = y + 4 if layout.beside else y + 42
    start, end = scale.x(bar.since), max(scale.x(bar.until), scale.x(bar.since) + 3)
    _el(group, "rect", x=start, y=top, width=end - start, height=12, rx=3, fill=colour, opacity=0.3)
    if bar.done_on:
        done = max(scale.x(bar.done_on), start + 3)
        _el(group, "rect", x=start, y=top, width=done - start, height=12, rx=3, fill=colour)
    points = f"{end - 7},{top + 6} {end},{top - 1} {end + 7},{top + 6} {end},{top + 13}"
    _el(group, "polygon", points=points, fill=colour)
    words = f"{bar.word} {bar.until.isoformat()}"
    width = _width(words, 12)
    x = min(max(start, layout.left), layout.width - width - 8)
    _text(group, x, top + 27, words, size=12, fill=colour)


def _today(root: ET.Element, scale: _Scale, at: dt.date, head: int, height: int) -> None:
    x = scale.x(at)
    _el(
        root, "line", x1=x, y1=head - 34, x2=x, y2=height - 8, stroke=ACCENT, stroke_dasharray="4 3"
    )
    label = at.isoformat()
    width = _width(label, 12)
    _text(root, min(x + 4, scale.layout.width - width - 6), head - 36, label, size=12, fill=ACCENT)


def _el(parent: ET.Element, name: str, **attributes: object) -> ET.Element:
    given = {key.replace("_", "-"): str(value) for key, value in attributes.items()}
    return ET.SubElement(parent, name, given)


def _text(
    parent: ET.Element,
    x: int,
    y: int,
    text: str,
    size: int = 0,
    fill: str = INK,
    weight: str = "",
) -> None:
    extra: dict[str, object] = {"font_size": size} if size else {}
    if weight:
        extra["font_weight"] = weight
    _el(parent, "text", x=x, y=y, fill=fill, **extra).text = _plain(text)


def _plain(text: str) -> str:
    """What XML may hold."""
    return CONTROL.sub(" ", text)


def _width(text: str, size: int) -> int:
    """About how wide a text is: Chinese takes a square, other letters a little over half."""
    return round(sum(size if char > "\u2e80" else size * 0.58 for char in text))


def _cut(text: str, room: int, size: int) -> str:
    text = " ".join(text.split())
    if _width(text, size) <= room:
        return text
    while text and _width(text + "…", size) > room:
        text = text[:-1]
    return text + "…"


# --- a trend ------------------------------------------------------------------------------------


def spark(trend: Sequence[tuple[dt.date, Value]], wanted: Value, light: Light) -> SafeString:
    """A small line of the values, with what is promised dashed; empty without two numbers."""
    points = [(day, float(one)) for day, one in trend if isinstance(one, Decimal)]
    if len(points) < 2:
        return SafeString("")
    bound = float(wanted) if isinstance(wanted, Decimal) else None
    values = [value for _day, value in points] + ([] if bound is None else [bound])
    low, high = min(values), max(values)
    first, last = points[0][0], points[-1][0]
    whole = max((last - first).days, 1)

    def x(day: dt.date) -> float:
        return round(3 + 90 * (day - first).days / whole, 1)

    def y(value: float) -> float:
        if high == low:
            return 14  # a flat line lies in the middle
        return round(25 - 22 * (value - low) / (high - low), 1)

    label = _("趋势：%(first)s为%(from)s，%(last)s为%(to)s") % {
        "first": first,
        "from": f"{points[0][1]:g}",
        "last": last,
        "to": f"{points[-1][1]:g}",
    }
    root = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": "0 0 96 28",
            "width": "96",
            "height": "28",
            "role": "img",
            "aria-label": label,
        },
    )
    _el(root, "title").text = label
    if bound is not None:
        _el(
            root,
            "line",
            x1=3,
            x2=93,
            y1=y(bound),
            y2=y(bound),
            stroke=MUTED,
            stroke_dasharray="3 3",
        )
    colour = COLOURS[light.tone]
    path = " ".join(f"{x(day)},{y(value)}" for day, value in points)
    _el(root, "polyline", points=path, fill="none", stroke=colour, stroke_width=2)
    _el(root, "circle", cx=x(last), cy=y(points[-1][1]), r=2.5, fill=colour)
    return mark_safe(ET.tostring(root, encoding="unicode"))  # noqa: S308 - ElementTree escapes
