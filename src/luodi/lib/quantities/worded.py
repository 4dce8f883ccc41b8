"""Numbers that carry their unit in their words: 2.16:1, 三分之二, 九成五, 一半, 半年, 三块二, 俩."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from luodi.lib.quantities.dates import RATED, RATIO
from luodi.lib.quantities.marks import BARE, Mark
from luodi.lib.quantities.numerals import Numeral, read
from luodi.lib.quantities.units import Unit, table

TENTHS: Final = re.compile(r"成(?![立员果为效功长都就品本绩型交套年人语家分吉渝])")
TENTHS_AND: Final = re.compile(r"[一二三四五六七八九](?=以上|以下|左右|[，。；、,;）)]|$)")
IN_RATIO: Final = re.compile(r"的?(?:比例|配比|比率)")
AGAINST: Final = re.compile(r"\d比$")
SCORE: Final = re.compile(r"[^，。；]{0,4}(?:胜|负|败|领先|平|比分)")
HALF_OF: Final = re.compile(r"半数(?:以上|左右)")
OF_ALL: Final = re.compile(r"[一-鿿]{2}的$")
COINS: Final = re.compile(
    r"[块角毛]([一二三四五六七八九1-9][毛角分](?:[一二三四五六七八九1-9]分?)?|[一二三四五六七八九1-9])"
    r"(?:钱|(?![一-鿿\d])|(?=[一每的左以]))"
)
SMALL_FRACTION: Final = re.compile(
    r"(\d{1,2})/(\d{1,2})(?![\d/年月.:-])(?=的|以上|左右|以下|强|，|。|,|、|；|$|[提升降上下增减缩]|至|到)"
)
LASTS: Final = frozenset("了续时达需战长期约近")  # 连续奋战半个月
HALVES: Final = frozenset("片斤亩袋包粒支")
FEW_OF: Final = frozenset("咱他她你我们哥姐兄爷娘母父妻口")
FEW_THINGS: Final = re.compile(r"[一-鿿](?![\s，。])|人")


def whole(text: str, start: int, numeral: Numeral | None) -> Mark | None:
    """The quantity that needs no unit after its number, if one begins at `start`."""
    if text[start] in "俩仨":
        return _pair(text, start)
    told = (_ratio(text, start) or _coins(text, numeral)) if numeral is not None else None
    return told or _fraction(text, start, numeral)


def _ratio(text: str, start: int) -> Mark | None:
    """2.16:1 and 1比8 after 供需比, before 的比例: the first by the second; never a score."""
    found = RATIO.match(text, start)
    if (
        found is None
        or text[start - 1 : start] in (":", "∶", "-", ".")
        or AGAINST.search(text, max(0, start - 2), start)
    ):
        return None
    rated = RATED.search(text, max(0, start - 20), start) or IN_RATIO.match(text, found.end())
    if not rated or SCORE.match(text, found.end()):
        return None
    if found["lone"] and Decimal(found["many"]) > 0:
        return _part(start, found.end(), Decimal(1), Decimal(found["many"]))
    value = Decimal(found["one"] or 1)
    step = Decimal(1).scaleb(value.as_tuple().exponent)  # type: ignore[arg-type]
    return Mark(start, start, found.end(), value, step, BARE)


def _fraction(text: str, start: int, whole: Numeral | None) -> Mark | None:
    """百分之三十, 三分之二, 1/3以上, 一半, 三成, 半年, 翻番."""
    for word, unit in (("百分之", "%"), ("千分之", "‰")):
        if text.startswith(word, start) and (part := read(text, start + 3)):
            return Mark(
                start, start, part.end, part.value, part.step, table()[unit], upper=part.upper
            )
    if text.startswith("一半", start):
        return Mark(start, start, start + 2, Decimal("0.5"), Decimal("0.5"), BARE)
    if text[start] == "半":
        return _half(text, start)
    if match := SMALL_FRACTION.match(text, start):
        below, under = int(match[1]), int(match[2])
        before = text[start - 1 : start]
        if 0 < below < under and not (
            (before.isascii() and before.isalnum()) or before in ("/", ".")
        ):
            return _part(start, match.end(), Decimal(below), Decimal(under))
    if whole is None:
        return None
    if (
        text.startswith("分之", whole.end)
        and whole.value > 0
        and (part := read(text, whole.end + 2))
    ):
        return _part(start, part.end, part.value, whole.value)
    if TENTHS.match(text, whole.end) and 1 <= whole.value < 10 and whole.end - start <= 2:
        upper = None if whole.upper is None else whole.upper * 10
        end, value, step = whole.end + 1, whole.value * 10, Decimal(10)
        if text[end : end + 1] == "半":
            end, value, step = end + 1, value + 5, Decimal(5)
        elif (more := TENTHS_AND.match(text, end)) and (units_of := read(more[0], 0)):
            end, value, step = end + 1, value + units_of.value, Decimal(1)  # 九成五
        return Mark(start, start, end, value, step, table()["%"], upper=upper)
    return None


def _part(start: int, end: int, part: Decimal, whole: Decimal) -> Mark:
    value = (part / whole).quantize(Decimal("0.0001"))
    return Mark(start, start, end, value, Decimal("0.0001"), BARE)


def _half(text: str, start: int) -> Mark | None:
    """半年, 半个月, 半小时; not 上半年, 半径."""
    if text.startswith("半数", start):
        near = text[max(0, start - 1) : start] in ("过", "超", "近", "足", "到", "约", "达")
        whole = near or HALF_OF.match(text, start) or OF_ALL.search(text, max(0, start - 8), start)
        half = Decimal("0.5")
        return Mark(start, start, start + 2, half, half, BARE) if whole else None
    if text[max(0, start - 1) : start] in (
        "上",
        "下",
        "前",
        "后",
        "过",
        "大",
        "多",
        "对",
        "夜",
        "各",
    ):
        return None
    for word in ("个小时", "个月", "小时", "年", "天"):
        if (
            text.startswith(word, start + 1)
            and text[start + 1 + len(word) : start + 2 + len(word)] != "报"
        ):
            end = start + 1 + len(word)
            weak = text[max(0, start - 1) : start] not in LASTS
            return Mark(start, start, end, Decimal("0.5"), Decimal("0.5"), table()[word], weak=weak)
    if text[start + 1 : start + 2] in HALVES and text[max(0, start - 1) : start] in "次服吃喝":
        unit = table()[text[start + 1]]
        return Mark(start, start, start + 2, Decimal("0.5"), Decimal("0.5"), unit)
    return None


def _coins(text: str, n: Numeral) -> Mark | None:
    """三角五分, 两块三, 一块五毛 in 元; not 三块地."""
    match = COINS.match(text, n.end)
    if match is None or n.bare or n.digits:
        return None
    part = Decimal(1) if match[0][0] == "块" else Decimal("0.1")
    total = n.value * part
    for figure in match[1]:
        if (more := read(figure, 0)) is not None:
            part /= 10
            total += more.value * part
    return Mark(n.start, n.start, match.end(), total, Decimal("0.01"), table()["元"])


def _pair(text: str, start: int) -> Mark | None:
    """俩独居老人, 仨人; not 咱俩, 哥俩."""
    if text[max(0, start - 1) : start] in FEW_OF or not FEW_THINGS.match(text, start + 1):
        return None
    of_people = text.startswith("人", start + 1)
    value = Decimal(2 if text[start] == "俩" else 3)
    unit = table()["人"] if of_people else Unit("", "", counted=True)
    return Mark(start, start, start + 1 + of_people, value, Decimal(1), unit)
