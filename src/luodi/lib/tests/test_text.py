"""What a title may hold."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.lib.text import UNSEEN, one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" 甲\r\n 乙\t丙 ", "甲 乙 丙"),
        ("\u202egpj.exe", "gpj.exe"),
        ("\u200b \ufeff\u2060", ""),
        ("甲\x00乙\ud800", "甲乙"),
        ("示例\u2028Bcc: a@example.org", "示例 Bcc: a@example.org"),
        ("a \u200b b", "a b"),
    ],
)
def test_a_line_is_what_is_seen(text: str, line: str) -> None:
    assert one_line(text) == line


@given(st.text(st.characters(codec=None)))
def test_every_line_is_one_and_stays_as_it_is(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1 and line == line.strip()
    assert not {unicodedata.category(one) for one in line} & UNSEEN
    assert one_line(line) == line
