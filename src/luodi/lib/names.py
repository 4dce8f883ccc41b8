"""Names in a common form: however a name is written, it is the same name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from luodi.lib.text import UNSEEN

# What stands between the parts of a name (买买提·艾力) and is written in every way, or left out.
# U+00B7 is the one of 少数民族汉字姓名用字 in GB 18030; the others are what keyboards give.
DOTS: Final = frozenset("·•‧∙⋅・･●．.。｡")
BRACKETS: Final = str.maketrans("〔〕【】［］[]「」『』｛｝{}〈〉《》<>", "()" * 11)
TABLE: Final = Path(__file__).with_name("traditional.txt")


def common_form(name: str) -> str:
    """The name in the form that all its spellings share; compared and looked up, never shown.

    Folded: full and half width (NFKC), capitals, middle dots and points (or none), blanks and what
    has no width, kinds of brackets, traditional characters (to simplified ones, one by one).

    >>> common_form("示例（山西） 公司") == common_form("示例(山西)公司")
    True
    >>> common_form("買買提·艾力"), common_form("李 明"), common_form("")
    ('买买提艾力', '李明', '')
    """
    text = unicodedata.normalize("NFKC", name).translate(BRACKETS).translate(_simplified())
    kept = (one for one in text if one not in DOTS and unicodedata.category(one) not in UNSEEN)
    return "".join("".join(kept).split()).casefold()


def loose(name: str) -> str:
    """A pattern (POSIX, case to be ignored) that finds the name inside text, spelled in any way.

    For columns that keep no common form: what may stand between two characters of a name, may.

    >>> bool(re.search(loose("买买提艾力"), "买买提 · 艾力")), bool(re.search(loose(" ·"), "李明"))
    (True, False)
    """
    form = common_form(name)
    if not form:
        return "(?!)"
    between = "[\\s·•‧∙⋅・･．.　\u200b-\u200f\ufeff]*"
    return between.join(_either(one) for one in form)


def _either(one: str) -> str:
    """A character, and what is written instead of it."""
    if one in "()":
        return "[(（〔【\\[]" if one == "(" else "[)）〕】\\]]"
    written = one + _traditional().get(one, "")
    if "!" <= one <= "~":  # the full-width form of what ASCII has
        written += chr(ord(one) + 0xFEE0)
    return f"[{written}]" if len(written) > 1 and one not in "^]-\\[" else re.escape(one)


@cache
def _pairs() -> list[str]:
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    return [pair for line in lines if not line.startswith("#") for pair in line.split()]


@cache
def _simplified() -> dict[int, str]:
    return {ord(pair[0]): pair[1] for pair in _pairs()}


@cache
def _traditional() -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in _pairs():
        found[pair[1]] = found.get(pair[1], "") + pair[0]
    return found
