"""Numbers written out by a slow, obvious writer are read back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.lib.quantities import parse
from luodi.lib.quantities.numerals import read

FIGURES = "零一二三四五六七八九"
FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")


def written(number: int) -> str:
    """A whole number below 10^12 in Chinese, by the school's rule, four figures at a time."""
    if number == 0:
        return "零"
    groups: list[tuple[int, str]] = []
    for name in ("", "万", "亿"):
        number, group = divmod(number, 10_000)
        groups.append((group, name))
    text = ""
    for group, name in reversed(groups):
        if not group:
            continue
        if text and group < 1000:
            text += "零"
        text += _four(group) + name
    # a gap of a whole group is told by one 零, as a gap within a group is
    return text.removeprefix("一十") and ("十" + text[2:] if text.startswith("一十") else text)


def _four(group: int) -> str:
    text, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        figure = group // size % 10
        if figure:
            text += ("零" if gap and text else "") + FIGURES[figure] + name
            gap = False
        else:
            gap = True
    return text


@given(st.integers(1, 10**12 - 1))
def test_what_is_written_is_read(number: int) -> None:
    text = written(number) or "十"
    assert parse(text) == number


@given(st.integers(1, 10**12 - 1))
def test_figures_of_documents_are_read(number: int) -> None:
    text = (written(number) or "十").translate(FORMAL)
    assert parse(text) == number


@given(st.integers(0, 10**9), st.sampled_from(["", "万", "亿"]))
def test_arabic_figures_with_separators(number: int, scale: str) -> None:
    size = {"": 1, "万": 10**4, "亿": 10**8}[scale]
    assert parse(f"{number:,}{scale}") == number * size


@pytest.mark.parametrize(
    ("text", "value", "upper"),
    [
        ("几十", 10, 90),
        ("十几", 10, 19),
        ("数百", 100, 900),
        ("五六十", 50, 60),
        ("三四百", 300, 400),
        ("几十万", 100_000, 900_000),
        ("二十五六", 25, 26),
    ],
)
def test_vague_numbers_have_two_ends(text: str, value: int, upper: int) -> None:
    found = read(text, 0)
    assert found is not None and found.end == len(text) and found.loose
    assert (found.value, found.upper) == (value, upper)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两万三千", "23000"),
        ("廿四", "24"),
        ("一百二", "120"),
        ("三万五", "35000"),
        ("九点八万", "98000"),
        ("1亿2000万", "120000000"),
        ("1.26亿", "126000000"),
        ("一千二百余万", "12000000"),
        ("十五", "15"),
        ("一百零三", "103"),
    ],
)
def test_common_ways_of_writing(text: str, value: str) -> None:
    found = read(text, 0)
    assert found is not None and found.value == Decimal(value) and found.end == len(text)
