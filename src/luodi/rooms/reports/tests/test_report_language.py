"""The language of templates: read, written back, rendered against readings of our own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.lib.errors import NotFound
from luodi.rooms.reports.language import Document, Place, Span, parse, render
from luodi.rooms.reports.language import nodes as n
from luodi.rooms.reports.language.numbers import chinese, style_of, written
from luodi.rooms.reports.language.rendering import MOST_TURNS
from luodi.rooms.reports.language.tags import COMPARISONS, write_tag
from luodi.rooms.reports.language.times import label, span_of

DAY = dt.date(2022, 12, 22)
SPAN = Span(dt.date(2022, 1, 1), DAY)
ROWS = [SimpleNamespace(label=name, amount=Decimal(1), on=DAY, word="") for name in ("甲", "乙")]


@dataclass
class Ledger:
    """Readings by key, or by key and day; a unit is a name."""

    values: dict[Any, Any]
    units_of: dict[str, list[str]] = field(default_factory=dict)
    asked: list[tuple[str, Any, Span, Mapping[str, str]]] = field(default_factory=list)

    def read(
        self, key: str, unit: Any, span: Span, parameters: Mapping[str, str], rows: bool = False
    ) -> Any:
        self.asked.append((key, unit, span, dict(parameters)))
        found = self.values.get((key, span.until), self.values.get((key, str(unit))))
        found = self.values.get(key) if found is None else found
        if found is None and key not in self.values:
            raise NotFound(f"没有名为“{key}”的数字。")
        value, measure = found if isinstance(found, tuple) else (found, "人")
        figure = SimpleNamespace(
            name=key, unit=measure, kind="mean" if measure == "岁" else "count"
        )
        return SimpleNamespace(figure=figure, value=value, rows=ROWS, key=key)

    def knows(self, key: str) -> bool:
        return key in self.values

    def unit_called(self, name: str, inside: Any) -> Any:
        return SimpleNamespace(name=name)

    def units(self, source: str, inside: Any) -> Sequence[Any]:
        return [Named(name) for name in self.units_of[source]]


class Named(SimpleNamespace):
    def __init__(self, name: str) -> None:
        super().__init__(name=name + "公司")
        self.short = name

    def __str__(self) -> str:
        return self.short


def made(text: str, units: dict[str, list[str]] | None = None, **values: Any) -> Document:
    source = parse(text)
    assert source.problems == ()
    return render((), source.blocks, Place(Named("示例"), SPAN), Ledger(values, units or {}))


def said(text: str, **values: Any) -> str:
    document = made(text, **values)
    assert document.problems == []
    return document.text


# --- figures, claims, changes -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "text"),
    [
        ("{figure: x}", "90人"),
        ("{数字: x}", "90人"),
        ("{figure: x | 中文}", "九十人"),
        ("{figure: x | 无单位}", "90"),
        ("{figure: x | 2位}", "90.00人"),
        ("{figure: x | 超过 30}", "超过30人"),
        ("{figure: x | 50人以上}", "50人以上"),
        ("{figure: x | 不超过 90人}", "不超过90人"),
        ("{figure: x | > 89}", "超过89人"),
        ("{if x > 80}多{else}少{end}", "多"),
        ("{if x 不足 80}少{else}多{end}", "多"),
        ("{if x}有{end}", "有"),
        ("{if any x}有{end}", "有"),
        ("{if 有 y}有{else}无{end}", "无"),
        ("{for row in x | 、}{row}{end}", "甲、乙"),
        (r"\{figure: x\} \| \\", "{figure: x} | \\"),
        ("{date}，{period}，{year}年", "2022年12月22日，2022年1月1日至2022年12月22日，2022年"),
    ],
)
def test_what_a_line_says(tag: str, text: str) -> None:
    assert said(tag, x=Decimal(90)) == text


def test_every_number_of_a_record_keeps_its_reading() -> None:
    document = made(
        "有{figure: x}，{figure: x | 超过 30}，{figure: y}。", x=Decimal(90), y=Decimal(2)
    )
    assert [(run.text, run.reading) for run in document.parts[0].runs] == [
        ("有", None),
        ("90人", 0),
        ("，", None),
        ("超过30人", 1),
        ("，", None),
        ("2人", 2),
        ("。", None),
    ]
    assert [one.key for one in document.readings] == ["x", "x", "y"]


@pytest.mark.parametrize(
    ("tag", "value", "line"),
    [
        ("首行\n{figure: x | 超过 30%}", Decimal("28.5"), 2),
        ("{figure: x | 30%以上}", Decimal("29.9"), 1),
        ("{figure: x | 不超过 30%}", Decimal("30.1"), 1),
        ("{figure: x | 不足 30%}", Decimal(30), 1),
        ("{figure: x | 超过 30户}", Decimal(90), 1),
        ("{figure: x | 远超 30%}", Decimal(90), 1),
        ("{figure: x | 超过 30%}", None, 1),
        ("{figure: 没有的}", Decimal(1), 1),
        ("{figure: x date=腊月}", Decimal(1), 1),
        ("{row}", Decimal(1), 1),
    ],
)
def test_what_does_not_hold_is_an_error_of_its_line(tag: str, value: Any, line: int) -> None:
    document = made(tag, x=(value, "%"))
    assert [one.line for one in document.errors] == [line]
    assert "超过30%" not in document.text


def test_a_claim_says_what_the_record_has() -> None:
    problem = made("{figure: x | 超过 30%}", x=(Decimal("28.5"), "%")).errors[0]
    assert "超过30%" in problem.message and "28.5%" in problem.message


AGES = {
    ("x", dt.date(2021, 12, 31)): (Decimal("52.27"), "岁"),
    ("x", DAY): (Decimal("49.34"), "岁"),
    "x": None,
}


def changed(tag: str) -> Document:
    return render((), parse(tag).blocks, Place(Named("示例"), SPAN), Ledger(AGES))


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ("下降", "从52.27岁下降到49.34岁"),
        ("变化", "从52.27岁下降到49.34岁"),
        ("下降 | 差额", "下降2.93岁"),
        ("降低 | 百分比", "降低5.6%"),
    ],
)
def test_a_change_is_said_as_it_is(options: str, text: str) -> None:
    document = changed(f"{{change: x from=上年末 | {options}}}")
    assert document.text == text and not document.problems
    assert len(document.readings) == 2


@pytest.mark.parametrize(
    ("after", "options", "text"),
    [
        (90, "变化", "从78人增加到90人"),
        (90, "变化 | 差额", "增加12人"),
        (78, "变化", "保持78人"),
        (78, "持平 | 差额", "持平"),
    ],
)
def test_a_count_grows_or_stays(after: int, options: str, text: str) -> None:
    values = {("x", dt.date(2021, 12, 31)): Decimal(78), ("x", DAY): Decimal(after), "x": None}
    source = parse(f"{{change: x from=上年末 | {options}}}")
    document = render((), source.blocks, Place(Named("示例"), SPAN), Ledger(values))
    assert document.text == text and len(document.readings) == 2


@pytest.mark.parametrize("word", ["上升", "增长", "持平"])
def test_a_word_against_the_record_is_an_error(word: str) -> None:
    problems = changed(f"{{change: x from=上年末 | {word}}}").errors
    assert len(problems) == 1 and "49.34" in problems[0].message


@given(
    st.decimals(-1000, 1000, places=2),
    st.decimals(-1000, 1000, places=2),
    st.sampled_from(sorted(set(COMPARISONS))),
)
def test_a_claim_stands_if_and_only_if_it_holds(value: Decimal, bound: Decimal, word: str) -> None:
    tag = f"{bound}{word}" if word in {"以上", "以下"} else f"{word} {bound}"
    document = made(f"{{figure: x | {tag}}}", x=value)
    truth = {
        ">": value > bound,
        ">=": value >= bound,
        "<": value < bound,
        "<=": value <= bound,
        "=": value == bound,
    }[COMPARISONS[word]]
    assert bool(document.errors) is not truth


# --- blocks -----------------------------------------------------------------------------------


def test_headings_are_numbered_as_in_official_documents() -> None:
    document = made("# 甲\n## 乙\n## 丙\n### 丁\n#### 戊\n# 己\n## 庚")
    assert [part.label for part in document.parts] == [
        "一、", "（一）", "（二）", "1.", "（1）", "二、", "（一）",
    ]  # fmt: skip


def test_a_loop_over_units_reads_each_of_them() -> None:
    text = "| 企业 | 党员 |\n|---|---|\n{for unit in enterprises}\n| {number}. {unit.short} | {figure: x} |\n{end}"
    units = {"enterprises": ["甲", "乙"]}
    ledger = Ledger({("x", "甲"): Decimal(3), ("x", "乙"): Decimal(4)}, units)
    document = render((), parse(text).blocks, Place(Named("示例"), SPAN), ledger)
    assert document.problems == []
    assert document.text == "企业\t党员\n1. 甲\t3人\n2. 乙\t4人"
    assert len(document.parts) == 1 and document.parts[0].kind == "table"


def test_a_passage_of_blocks_stands_or_not() -> None:
    text = "{if x >= 3}\n# 多\n有三。\n{else}\n少。\n{end}"
    assert said(text, x=Decimal(3)) == "一、多\n有三。"
    assert said(text, x=Decimal(2)) == "少。"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("{end}", 1),
        ("甲\n{if x}\n乙", 2),
        ("甲\n\n{else}", 3),
        ("{for cat in dogs}\n{end}", 1),
        ("{figure: }", 1),
        ("{figure: x | }", 1),
        ("{weather}", 1),
        ("{if x}" * 9, 1),
    ],
)
def test_what_cannot_be_read_is_named_by_its_line(text: str, line: int) -> None:
    problems = parse(text).problems
    assert problems and problems[0].line == line and problems[0].message


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    source = parse(text)
    document = render((), source.blocks, Place(Named("示例"), SPAN), Ledger({}))
    assert isinstance(document.text, str)


@given(
    st.text(
        alphabet="{}|#-\\ :=<>x30%\n\"'if else end for unit in row figure change 超过以上数",
        max_size=200,
    )
)
def test_nearly_templates_can_be_read(text: str) -> None:
    source = parse(text)
    render((), source.blocks, Place(Named("示例"), SPAN), Ledger({"x": Decimal(1)}))


# --- there and back ---------------------------------------------------------------------------

values = st.text(alphabet="本年abc-2022.|= ", min_size=1, max_size=8).filter(
    lambda text: text == text.strip()
)
keys = st.sampled_from(["directory.members", "x", "党员人数", "党员 人数"])
arguments = st.lists(st.tuples(st.sampled_from(["unit", "date", "kind"]), values), max_size=2)
options = st.lists(st.sampled_from(["中文", "2位", "超过 30%", "50户以上"]), max_size=2)
tags = st.builds(
    n.Tag, st.sampled_from(["figure", "change"]), keys, arguments.map(tuple), options.map(tuple)
)


@given(tags)
def test_a_tag_survives_being_written_and_read(tag: n.Tag) -> None:
    assert parse(f"前{write_tag(tag)}后").blocks == (
        n.Block("paragraph", ((n.Text("前"), tag, n.Text("后")),)),
    )


# --- numbers and days -------------------------------------------------------------------------

HAN = {name: value for value, name in enumerate("零一二三四五六七八九")}
POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def slow(text: str) -> int:
    """The other way round, character by character."""
    for name in ("亿", "万", "千", "百", "十"):
        if name in text:
            high, _, low = text.rpartition(name)
            return (slow(high) if high else 1) * POWERS[name] + slow(low.lstrip("零") or "零")
    return HAN[text]


@given(st.integers(0, 10**11))
def test_chinese_numerals_say_the_number(number: int) -> None:
    assert slow(chinese(str(number))) == number


@pytest.mark.parametrize(
    ("value", "unit", "options", "text"),
    [
        (Decimal(300000000), "度", ["亿"], "3亿度"),
        (Decimal("29.8"), "%", ["中文"], "百分之二十九点八"),
        (Decimal(12345678), "元", ["万", "1位"], "1234.6万元"),
        (Decimal(11), "户", ["中文"], "十一户"),
        (Decimal(100008), "", ["中文"], "十万零八"),
        (dt.date(2020, 12, 1), "", ["年月"], "2020年12月"),
        (dt.date(2020, 12, 21), "", ["中文"], "二〇二〇年十二月二十一日"),
        (True, "", [], "是"),
    ],
)
def test_how_values_are_written(value: Any, unit: str, options: list[str], text: str) -> None:
    style, rest = style_of(options)
    assert written(value, unit, style) == text and rest == []


@pytest.mark.parametrize(
    ("word", "since", "until", "name"),
    [
        ("2022", "2022-01-01", "2022-12-31", "2022年"),
        ("2022-12", "2022-12-01", "2022-12-31", "2022年12月"),
        ("2022Q4", "2022-10-01", "2022-12-31", "2022年第四季度"),
        ("本年", "2022-01-01", "2022-12-22", "2022年1月1日至2022年12月22日"),
        ("上年", "2021-01-01", "2021-12-31", "2021年"),
        ("上月末", "2022-11-30", "2022-11-30", "2022年11月30日"),
        ("上年同期", "2021-01-01", "2021-12-22", "2021年1月1日至2021年12月22日"),
        ("2022-12-22", "2022-12-22", "2022-12-22", "2022年12月22日"),
    ],
)
def test_words_for_days(word: str, since: str, until: str, name: str) -> None:
    span = span_of(word, SPAN)
    assert span == Span(dt.date.fromisoformat(since), dt.date.fromisoformat(until))
    assert span is not None and label(span) == name


@given(st.text(max_size=12))
def test_any_word_for_a_day_can_be_asked(word: str) -> None:
    span = span_of(word, SPAN)
    assert span is None or span.since <= span.until


def test_loops_within_loops_come_to_an_end() -> None:
    units = {"enterprises": [str(number) for number in range(40)]}
    document = made("{for unit in enterprises}\n" * 6 + "x\n" + "{end}\n" * 6, units)
    assert len(document.parts) <= MOST_TURNS and len(document.errors) == 1
