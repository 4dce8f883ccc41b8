"""One number at one place: whether it is a quantity, and of what unit."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

import rjieba

from luodi.lib.quantities import gates, units, worded
from luodi.lib.quantities.marks import BARE, Mark
from luodi.lib.quantities.model import Comparison
from luodi.lib.quantities.numerals import BIG, CHINESE, Numeral, read
from luodi.lib.quantities.tokens import Tokens
from luodi.lib.quantities.units import Unit, table
from luodi.lib.quantities.words import VALUES

HALVED: Final = frozenset(["year", "month", "hour", "day", "times", "doublings", "area"])
RUN: Final = re.compile(f"[{''.join(sorted(CHINESE))}]{{48,}}")  # no number is as long
MINUTES: Final = re.compile(r"([1-5]?\d)分(?:钟)?")
ENDINGS: Final = ("半", "多", "余", "内", "来", "以上", "以下", "以内", "左右", "有余", "的")
BEGINNINGS: Final = re.compile(
    r"^(?:[上近数几好约超逾过每整足这那各前后共达满翻了]|不足|不到|超过|将近|至少|连续)+$"
)
TABLED: Final = re.compile(r"[一-鿿][（(]([^（）()\d]{1,8})[）)][ ]?[：:]?[ ]?$")
MONTHS: Final = re.compile(r"零?(\d{1,2}|[一二三四五六七八九十]{1,2})个月")  # 三年六个月
EARNED: Final = re.compile(r"(?:收入|工资|存款|利润|[卖挣赚花]了?|[超有])$")
PARTS_OF_A_SECOND: Final = re.compile(r"\d{2,3}(?!\d)")
SECONDS: Final = re.compile(r"(\d{1,2})秒(\d{2,3})?(?!\d)")
FIRST_FEW: Final = ("名", "位")  # 前10名
HEAT: Final = re.compile(r"(?:温|烧|热|寒|零下|零上)[^。；]{0,12}$")
ENDS: Final = re.compile(
    r"\s*(?:$|[，。；,;、：:）)！？!?\n]|及?以上|及?以下|左右|之间|以内|大关|关口|门槛|的(?![一-鿿]{0,3}[号码]))"
)
YEARLIKE: Final = range(1900, 2101)
PEOPLE: Final = re.compile(
    r"(?:[一-鿿]{0,6}(?:人口|居民|农民|农户|群众|职工|党员|干部|学生|师生|老人|老年人|儿童|市民|村民|游客|用户|观众|劳动力|家庭|企业|市场主体))"
)
PARTS: Final = re.compile(r"(?:主导|支柱|优势|特色|重点)?(?:产业链|产业|板块|片区|集群)")
RANGED_BEFORE: Final = re.compile(r"[\da-zA-Z][^\d，。、；：\s]{0,4}$")  # 20% in 20%-30%
RANGED: Final = re.compile(r"\d+(?:\.\d+)? ?[-—~～至]{1,2} ?$")
BECOMES: Final = re.compile(
    r"(?:提高|上升|提升|下降|降低|缩小|扩大|增加|减少|回落|升|降|增|减)(?:到|至|为)"
)
TOWARDS: Final = re.compile(BECOMES.pattern + "了?$")
AWAY: Final = re.compile(r"[由从][^，。；]{0,8}$")
LIST: Final = re.compile(r"、\d")
OVER: Final = ("超", "超过", "突破", "破", "逾", "近", "过", "上", "达", "约", "数")
ITEM: Final = re.compile(r"(?:\A|[\n。；;:：])\s*$")


def number(text: str, tokens: Tokens, start: int) -> tuple[Mark | None, int]:
    """The quantity whose number begins at `start`, if it is one, and where to read on."""
    if run := RUN.match(text, start):
        return None, run.end()
    numeral = read(text, start)
    found = worded.whole(text, start, numeral)
    if found is not None:
        return found, found.end
    if numeral is None:
        return None, start + 1
    if (
        numeral.digits
        or gates.is_none(text, numeral)
        or gates.is_name(text, numeral.start)
        or gates.is_quoted_name(text, numeral)
        or gates.is_twin(text, numeral)
        or numeral.end - numeral.start > 24
    ):
        return None, numeral.end
    mark = _with_unit(text, tokens, numeral) or _people(text, numeral) or _alone(text, numeral)
    return mark, max(numeral.end, mark.end if mark else 0)


def _with_unit(text: str, tokens: Tokens, n: Numeral) -> Mark | None:
    at = n.end + (text[n.end : n.end + 1] == " " and not n.chinese)
    if text[at : at + 1] == "大" and n.value < 100:
        return _listed(text, n)
    found = units.find(text, at)
    if found is None:
        return None
    unit, end = found
    itemised = (
        n.value != int(n.value) and unit.counted and ITEM.search(text, max(0, n.start - 4), n.start)
    )  # 3.2 个…
    if not _whole_words(text, tokens, n, end) or itemised or gates.is_none(text, n, end):
        return None
    value, start = n.value, n.start
    if text[end : end + 1] == "半" and (unit.measure in HALVED or unit.text == "间"):
        value, end = value + Decimal("0.5"), end + 1
    elif text.startswith("半月", end) and unit.text == "个":
        value, unit, end = value + Decimal("0.5"), table()["个月"], end + 2
    elif text.startswith("半小时", end) and unit.text == "个":
        value, unit, end = value + Decimal("0.5"), table()["小时"], end + 3
    if unit.text == "小时" and (rest := MINUTES.match(text, end)):
        value, end = value + (Decimal(rest[1]) / 60).quantize(Decimal("0.0001")), rest.end()
    if unit.text == "年" and (rest := MONTHS.match(text, end)) and (more := read(rest[1], 0)):
        value, end = value + (more.value / 12).quantize(Decimal("0.0001")), rest.end()
    if unit.text == "分" and not n.chinese and (rest := SECONDS.match(text, end)):
        seconds = Decimal(f"{rest[1]}.{rest[2] or 0}")
        value, end = value + (seconds / 60).quantize(Decimal("0.0001")), rest.end()
        unit = table()["分钟"]
    if unit.text == "秒" and not n.chinese and (rest := PARTS_OF_A_SECOND.match(text, end)):
        value, end = value + Decimal(f"0.{rest[0]}"), rest.end()
    if unit.text == "度" and HEAT.search(text[max(0, n.start - 16) : n.start]) and value < 100:
        unit = Unit("度", "temperature")
    start, value = _signed(text, start, value)
    about = Comparison.ABOUT if n.loose or n.upper is not None else Comparison.EQUAL
    weak = (
        n.chinese
        and value == 1
        and unit.measure not in ("times", "doublings", "share", "points", "level")
    )
    return Mark(start, start, end, value, n.step, unit, about, n.upper, weak)


def _signed(text: str, start: int, value: Decimal) -> tuple[int, Decimal]:
    """-0.8‰, 零下5℃, 负3%, ±5mm."""
    before = text[start - 1 : start]
    if text[max(0, start - 2) : start] == "零下":
        return start - 2, -value
    if before == "负" and text[start - 2 : start - 1] not in "减抱担肩胜自欠":
        return start - 1, -value
    if before in ("-", "﹣") and not RANGED_BEFORE.search(text, max(0, start - 12), start - 1):
        return start - 1, -value
    return (start - 1, value) if before == "±" else (start, value)


def _whole_words(text: str, tokens: Tokens, n: Numeral, end: int) -> bool:
    """Whether number and unit are words of their own: not 三门峡, 统一, 2人民警察."""
    last = tokens.at(end - 1)
    if tokens.end(last) > end and text[end : tokens.end(last)] not in ENDINGS:
        if n.chinese and tokens.starts[last] <= n.start:  # 五台县, 三门峡
            if text[end : tokens.end(last)] in ("半月", "半小时"):  # 一个半月
                return True
            return text[end] in "多余半来" and tokens.end(last) == end + 1
        # Cut anew from the unit on: 200 只 鸡苗, but 2 人民 警察.
        begin = n.end + (text[n.end : n.end + 1] == " ")
        over = len(next(iter(rjieba.cut(text[begin : begin + 8], False)), "")) - (end - begin)
        if over > 0 and not _begins_anew(text, n, end, over):
            return False
    first = tokens.at(n.start)
    under = text[tokens.starts[first] : n.start]
    return not n.chinese or not under or bool(BEGINNINGS.match(under)) or not under[-1].isalpha()


def _begins_anew(text: str, n: Numeral, end: int, over: int) -> bool:
    """Whether a word begins at `end` that goes beyond the one that crosses it: 3台 风机, 四家 规上."""
    if text.startswith(("规上", "限上"), end) or (text.startswith("为", end) and not n.chinese):
        return True
    return not n.chinese and len(next(iter(rjieba.cut(text[end : end + 8], False)), "")) > over


def _listed(text: str, n: Numeral) -> Mark | None:
    """铝基新材料、智能制造、新能源三大产业链: a number after a list of about as many."""
    begin = max(text.rfind(mark, max(0, n.start - 120), n.start) for mark in "，。；,;\n：:）)”")
    items = (
        text[begin + 1 : n.start]
        .replace("和", "、")
        .replace("以及", "、")
        .replace("及", "、")
        .split("、")
    )
    near = abs(len(items) - n.value) <= 2 or PARTS.match(text, n.end + 1)
    if len(items) < 2 or not near or not all(items):
        return None
    return Mark(n.start, n.start, n.end + 1, n.value, Decimal(1), Unit("个", "", counted=True))


def _scaled(text: str, n: Numeral, before: str) -> Mark | None:
    """总人口12.7万, 收入超千亿: a number with 万 or 亿 needs no unit after a noun."""
    if n.end - n.start > 12 or not before or not ("一" <= before[-1] <= "鿿" or before[-1] == "）"):
        return None
    has_scale = any(char in BIG for char in text[n.start : n.end])
    if (
        not has_scale
        or n.digits
        or (
            n.chinese
            and n.upper is None
            and not n.loose
            and not (before.endswith(OVER) or EARNED.search(before))
        )
        or n.value < 1000
    ):
        return None
    about = Comparison.ABOUT if n.loose or n.upper is not None else Comparison.EQUAL
    return Mark(n.start, n.start, n.end, n.value, n.step, BARE, about, n.upper)


def _people(text: str, n: Numeral) -> Mark | None:
    """近1亿农村贫困人口, 3.3万居民: thousands and more of people need no measure word."""
    if (
        n.bare
        or text[n.end - 1] not in "万亿多余"
        or n.value < 10**4
        or not PEOPLE.match(text, n.end)
    ):
        return None
    about = Comparison.ABOUT if n.loose or n.upper is not None else Comparison.EQUAL
    return Mark(
        n.start, n.start, n.end, n.value, n.step, Unit("", "", counted=True), about, n.upper
    )


def _cell(text: str, n: Numeral) -> Mark | None:
    """工业总产值（亿元）：36.5: the unit of a table's heading, before its number."""
    heading = TABLED.search(text, max(0, n.start - 12), n.start)
    if heading is None or n.chinese or not ENDS.match(text, n.end):
        return None
    name, scale = heading[1], Decimal(1)
    while name[:1] in ("万", "亿"):
        name, scale = name[1:], scale * BIG[name[0]]
    unit = units.named(name)
    if unit is None:
        return None
    return Mark(n.start, n.start, n.end, n.value * scale, n.step * scale, unit)


def _alone(text: str, n: Numeral) -> Mark | None:
    """A number without a unit, where a word before says that it is a value: 容积率1.5, Ct值≥35."""
    before = RANGED.sub("", text[max(0, n.start - 14) : n.start]).rstrip()
    if LIST.match(text, n.end):  # 结构为9.3、41.0、49.6
        return None
    if (cell := _cell(text, n)) is not None:
        return cell
    if not (ENDS.match(text, n.end) or BECOMES.match(text, n.end)) or gates.is_dialled(text, n):
        return None
    if n.chinese or n.bare or n.value >= 10**4:
        return _scaled(text, n, before)
    if n.end - n.start > 12 or (n.value in YEARLIKE and n.step == 1):
        return None
    plain = before.endswith(VALUES) or bool(TOWARDS.search(before))
    plain = plain or (before.endswith("在") and text.startswith("之间", n.end))
    plain = plain or bool(AWAY.search(before) and BECOMES.match(text, n.end))
    signs = before.endswith(
        (
            "≥",
            "≤",
            ">",
            "<",
            "≈",
            "超过",
            "低于",
            "高于",
            "不足",
            "突破",
            "不低于",
            "不超过",
            "大于",
            "小于",
            "约",
        )
    )
    if not (plain or signs) or (before[-1:].isascii() and not signs):
        return None
    if text[n.end - 1] in BIG and text.startswith("家", n.end):
        return None
    start, value = _signed(text, n.start, n.value)
    about = Comparison.ABOUT if n.loose else Comparison.EQUAL
    return Mark(start, start, n.end, value, n.step, BARE, about)
