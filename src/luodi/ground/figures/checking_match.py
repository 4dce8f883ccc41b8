"""Which figure a quantity of a text claims: by its subject's words, and only when they are clear."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import rjieba

from luodi.ground.figures.definition import Figure, Kind, Time
from luodi.ground.figures.phrases import Phrase
from luodi.lib.quantities import Part, Quantity, named
from luodi.lib.quantities.units import alike

# What a name ends in without meaning more: 党员人数 is 党员.
TAIL: Final = re.compile(r"(?:总人数|人数|户数|家数|个数|件数|项数|总数|数量|总量|次数|频次|数)$")
NUMBERED: Final = re.compile(r"[一二两三四五六七八九十\d]+[大级个项]")
# Words beside a figure's own that narrow nothing down.
PLAIN: Final = frozenset(
    [
        "党工委",
        "成员",
        "本",
        "本区",
        "全区",
        "我区",
        "区内",
        "园区",
        "开发区",
        "经开区",
        "经济技术开发区",
        "经济",
        "技术",
        "各",
        "各类",
        "各级",
        "全",
        "全部",
        "现有",
        "共",
        "总",
        "总共",
        "人数",
        "总数",
        "数量",
        "数",
        "的",
        "党",
        "中",
        "内",
        "里",
        "人员",
        "目前",
        "全体",
        "所有",
        "领导",
        "实际",
        "有效",
        "单位",
        "基本",
        "累计",
        "企业",
        "队伍",
    ]
)
# 企业 narrows 党员 down, but not 问题 of enterprises; only these take it.
WITH_ENTERPRISE: Final = frozenset(["党总支", "党支部", "问题"])
# Verbs that leave the thing counted as it is; any other verb makes it another number.
HOLDS: Final = frozenset(
    [
        "有",
        "现有",
        "共有",
        "拥有",
        "达",
        "达到",
        "为",
        "设",
        "设有",
        "建有",
        "辖",
        "下辖",
        "共",
        "配备",
        "选聘",
        "聘任",
        "聘请",
        "成立",
        "建立",
        "共计",
        "覆盖",
        "组建",
        "完成",
        "实现",
        "持有",
        "取得",
        "认定",
        "划分",
        "设立",
        "落户",
        "入驻",
        "评为",
        "授权",
        "获得",
        "获",
        "保有",
        "已有",
        "建有",
        "下设",
        "实行",
        "推行",
        "形成",
        "构建",
    ]
)
NARROWING: Final = frozenset(
    [
        "平均",
        "人均",
        "户均",
        "最小",
        "最大",
        "最年轻",
        "最高",
        "最低",
        "增速",
        "增长率",
        "占",
        "比例",
        "比重",
        "率",
        "新增",
        "发展",
        "女",
        "男",
        "青年",
        "流动",
        "预备",
    ]
)
# Words of the dictionary that hold two: with spaces they are cut alike everywhere.
SPLIT: Final = {
    "班子成员": "班子 成员",
    "党员队伍": "党员 队伍",
    "领导班子": "领导 班子",
    "平均年龄": "平均 年龄",
    "解决问题": "解决 问题",
    "最小年龄": "最小 年龄",
}
# Two ways of writing one thing.
SAME: Final = {"难题": "问题", "占比": "比例", "比重": "比例", "规上": "规模以上", "家数": "户数"}
PARTS: Final = re.compile(r"[（(](?:其中|含|包括|[^（）()]{1,8}\d)")  # 90人（正式党员87人、…）
THE_ZONE: Final = ("开发区", "园区", "全区", "我区", "本区", "区内")
AHEAD: Final = 30
# Words before a subject that leave it whole.
NEUTRAL: Final = frozenset(
    [
        "和",
        "与",
        "及",
        "以及",
        "其中",
        "已",
        "已经",
        "目前",
        "现",
        "今年",
        "全年",
        "累计",
        "共",
        "共有",
        "了",
        "在",
        "将",
        "有",
        "收集",
        "深入",
        "对",
        "其",
    ]
)
BEHIND: Final = 24  # characters after a quantity that still say what it is


@dataclass(frozen=True, slots=True)
class Claim:
    """A figure that a quantity may be, asked with these parameters; the higher score is clearer."""

    figure: Figure
    score: int
    parameters: Mapping[str, str] = field(default_factory=dict)

    @property
    def identity(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.figure.key, tuple(sorted(self.parameters.items()))


@dataclass(frozen=True, slots=True)
class _Entry:
    figure: Figure
    text: str
    words: frozenset[str]
    head: str
    unit: str
    phrase: Phrase | None = None


class Index:
    """The figures by the words that people write them with."""

    def __init__(self, figures: Iterable[Figure], phrases: Iterable[Phrase]) -> None:
        known = {one.key: one for one in figures}
        self.entries = [_entry(one, name) for one in known.values() for name in _names(one)]
        self.entries += [
            _entry(known[one.key], words, one)
            for one in phrases
            if one.key in known
            for words in one.words
        ]

        self.units = {one.unit for one in self.entries}

    def claims(self, quantity: Quantity) -> list[Claim]:
        """The figures that are clearly meant, the clearest only; several when it stays open."""
        found: dict[object, Claim] = {}
        fitting = {unit: fits(unit, quantity) for unit in self.units}
        for entry in self.entries:
            if not fitting[entry.unit]:
                continue
            score = _score(entry, quantity)
            if score:
                claim = Claim(entry.figure, score, entry.phrase.parameters if entry.phrase else {})
                if score > (found[claim.identity].score if claim.identity in found else 0):
                    found[claim.identity] = claim
        best = max((one.score for one in found.values()), default=0)
        return [one for one in found.values() if one.score == best]

    def nearest(self, quantity: Quantity, most: int = 3) -> list[Figure]:
        """The figures whose names share most with the subject."""
        words = _words(quantity.subject) | _words(quantity.action)
        ranked: dict[str, tuple[float, Figure]] = {}
        for entry in self.entries:
            shared = (words & entry.words) - PLAIN
            if shared:
                weight = sum(map(len, shared)) / (sum(map(len, words | entry.words)) or 1)
                weight += 0.1 * fits(entry.unit, quantity)
                if weight > ranked.get(entry.figure.key, (0.0, entry.figure))[0]:
                    ranked[entry.figure.key] = weight, entry.figure
        ordered = sorted(ranked.values(), key=lambda one: (-one[0], one[1].key))
        return [figure for weight, figure in ordered[:most] if weight > 0.15]


def fits(unit: str, quantity: Quantity) -> bool:
    """Whether the quantity's unit can be a figure's: 户 and 家, km and 公里, a half and 50 %."""
    if unit in ("%", "％") and quantity.measure == "number":
        return 0 < quantity.value < 1
    have = named(unit.lstrip("万亿")) if unit else None
    if have is None:
        return not unit and quantity.measure == "number"
    if have.measure or quantity.measure:
        return have.measure == quantity.measure
    groups = alike()
    given = "个" if quantity.unit == "大" else quantity.unit
    same = groups.get(have.text, have.text) == groups.get(given, given)
    return (
        same
        or {have.text, given} <= {"个", "户", "家", "项", "件"}
        or {have.text, given} <= {"次", "场", "期"}
    )


def _score(entry: _Entry, quantity: Quantity) -> int:
    """0 where the figure is not clearly meant; more for closer words."""
    figure = entry.figure
    if not _fits_part(figure, quantity):
        return 0
    subject = _core(quantity.subject)
    words = _words(subject)
    if quantity.part is Part.BY and figure.kind is Kind.GROWTH:
        words |= {"增速"}
        subject += "增速"
    near = entry.phrase is not None and any(
        one in quantity.before + quantity.after for one in entry.phrase.near
    )
    if entry.phrase is not None and entry.phrase.near and not near:
        return 0
    bonus = 10 * near + 4 * (entry.phrase is not None)
    direct = _direct(entry, quantity, subject, words)
    if direct:
        return direct + bonus
    described = _described(entry, quantity, words)
    return described + bonus if described else 0


def _fits_part(figure: Figure, quantity: Quantity) -> bool:
    """增长29.8% is a growth; a growth is never a plain share of something else."""
    if quantity.part is Part.BY:
        return figure.kind is Kind.GROWTH
    return True


def _direct(entry: _Entry, quantity: Quantity, subject: str, words: frozenset[str]) -> int:
    """The subject is the name, with nothing beside that narrows it down."""
    action = _words(quantity.action)
    if not entry.words <= words | action or not (entry.words & words):
        return 0
    extra = words - entry.words - PLAIN
    if "企业" in words - entry.words and not (entry.words & WITH_ENTERPRISE):
        extra |= {"企业"}
    if extra or entry.head not in subject + quantity.action:
        return 0
    free = action - entry.words
    if free and not free & HOLDS and entry.figure.time is Time.DAY:
        return 0
    if (_narrowed(quantity) and not entry.words & action) or _modified(quantity, action):
        return 0
    return 40 + 10 * (subject == entry.text) + 2 * len(entry.words)


def _narrowed(quantity: Quantity) -> bool:
    """Whether words follow that say which of them: 3户企业成立临时党支部, 投资120万元建设."""
    if quantity.part is not None or not quantity.subject:
        return False
    rest = quantity.after
    rest = rest.removeprefix("的")
    if any(rest.startswith(quantity.subject[cut:]) for cut in range(1, len(quantity.subject) - 1)):
        return False  # 认定为高新技术企业，2户企业现有: the clause before has said which
    rest = rest.removeprefix(quantity.subject)
    follows = bool(rest) and rest[0] not in "，,、。；;：:）)|和及基划\n " and not PARTS.match(rest)
    return follows and not rest.startswith(("以及", "分别", "左右", "以上"))


def _modified(quantity: Quantity, action: frozenset[str]) -> bool:
    """Whether a word stands before the subject that may say which: 青年党员, 某某公司的党员."""
    clause = re.split(r"[，,。；;：:\n]", quantity.before)[-1]
    at = clause.rfind(quantity.subject) if quantity.subject else -1
    words = _cut(clause[:at]) if at > 0 else ()
    if not words or clause[at - 1] in "、（(”》|" or clause[:at].endswith(THE_ZONE):
        return False
    last = words[-1]
    return not (last in PLAIN or last in HOLDS or last in action or last in NEUTRAL)


def _described(entry: _Entry, quantity: Quantity, words: frozenset[str]) -> int:
    """The words around say it, piece by piece: 指导3户企业成立临时党支部."""
    if len(entry.words) < 2:
        return 0
    before = re.split(r"[，,。；;（(]", quantity.before)[-1][-AHEAD:]
    around = before + quantity.text + re.split(r"[，,。；;（(]", quantity.after[:BEHIND])[0]
    said = words | _words(quantity.action) | _words(NUMBERED.sub("", around))
    own = entry.words | _words(str(entry.figure.name)) | PLAIN
    if not entry.words <= said or words - own or not words or entry.words <= words:
        return 0
    if len(entry.words) < 3 and entry.head not in words:
        return 0
    return 20 + 2 * len(entry.words)


def _names(figure: Figure) -> list[str]:
    return [str(figure.name), *(one for one in figure.synonyms if not one.isascii())]


def _entry(figure: Figure, name: str, phrase: Phrase | None = None) -> _Entry:
    text = _core(name)
    ordered = [word for word in _cut(text) if word not in ("的", "或", "、", "和", "（", "）")]
    head = ordered[-1] if ordered else ""
    return _Entry(figure, text, frozenset(ordered), head, str(figure.unit).strip(), phrase)


def _core(name: str) -> str:
    return TAIL.sub("", NUMBERED.sub("", name.strip("“”"))) or name


@functools.lru_cache(maxsize=20_000)
def _cut(text: str) -> tuple[str, ...]:
    for word, parts in (SAME | SPLIT).items():
        text = text.replace(word, parts)
    return tuple(word for word in rjieba.cut(text, False) if any(map(str.isalnum, word)))


def _words(text: str) -> frozenset[str]:
    return frozenset(_cut(text))


def ambiguous(claims: Sequence[Claim]) -> bool:
    return len({one.identity for one in claims}) > 1
