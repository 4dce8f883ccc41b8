"""Whom a clause speaks of: the unit asked about, one below it, or somebody else."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import rjieba

from luodi.ground.figures.checking_clauses import STOPS, Said
from luodi.ground.figures.checking_words import ROW, Vocabulary, Word
from luodi.ground.scope.api import Unit, below

MOST: Final = 20_000  # units below whose names are looked for
NEAR: Final = 20  # names in a sentence that are looked back at
# The office of a place, which is meant too; and the district's kind, which is left out in lists.
OFFICE: Final = re.compile(r"(?:党工委|管委会|党委|工委|管理委员会)$")
DISTRICT: Final = re.compile(r"(?:产业链)?党建区$")
SHORTER: Final = (("经济技术开发区", "经开区"), ("经济技术开发区", "开发区"))
ENDINGS: Final = (
    "税务局|公安局|(?<![全大格布结时残])局|公司|集团|合作社|街道|委员会|县委|市委|省委|政府|办公室|学校|中学|小学|大学|学院|医院|卫生院|"
    "养老院|银行|支行|法院|检察院|研究院|研究所|供电所|派出所|协会|商会|学会|工会|妇联|团委|党委|总支|支部|工厂|煤矿|"
    "矿业|铝业|开发区|高新区|工业园|产业园|示范区|新区|乡镇|社区|[省市县镇乡村州旗区厅](?![内场级民长])"
)
# An organisation that the vocabulary does not know, where a clause begins, or that is visited.
UNKNOWN: Final = re.compile(rf"[^\W\d_的是与把对向为在以]{{1,10}}?(?:{ENDINGS})")
VISITED: Final = re.compile(
    rf"(?:走访|调研|考察|赴|对接|参观|来到|走进|慰问)(?:了)?([一-鿿]{{1,8}}?(?:{ENDINGS}))"
)
GENERAL: Final = re.compile(
    r"(?:各|全|本|农|乡|城|超|股|门|都|夜|多|每|区|企业|新)?(?:城市|乡村|农村|城镇|乡镇|[省市县镇乡村区])$"
)
BESIDE: Final = frozenset("与和以将把及")  # whom these introduce does nothing in the clause
PROPER: Final = ("ns", "nr", "nz", "nt")
KINDS: Final = ("经济", "经济技术", "技术", "高新", "高新技术", "产业", "工业")
ZONES: Final = ("园区", "开发区")  # 织密园区: no name, in the middle of a sentence
VERBAL: Final = frozenset(["v", "d", "p", "c", "r", "u", "ad"])  # what no name begins with
ACTS: Final = frozenset(["进入", "实施", "推进", "推动", "实现", "开展", "加强", "召开"])
BEGINS: Final = re.compile(r"(?:^|[，,。！？!?；;：:\n\t（）()“])(?=[^\W\d_])")


@dataclass(frozen=True, slots=True)
class Whom:
    """`unit` None: somebody else, or one cannot tell, named by `word`."""

    unit: Unit | None
    word: str = ""


def names_of(zone: Unit) -> dict[str, Unit]:
    """The unit asked about and those below it, by every name that a text may have."""
    start, end = below(zone.path)
    units = Unit.objects.filter(path__gte=start, path__lt=end).exclude(pk=zone.pk)
    found: dict[str, Unit] = {}
    for one in units.only("name", "short_name", "path", "kind")[:MOST]:
        names = {one.name, one.short_name, DISTRICT.sub("", one.name)}
        found |= {name: one for name in names if len(name) > 2}
    own = {name for name in (zone.name, zone.short_name) if name}
    own |= {stem for name in own if len(stem := OFFICE.sub("", name)) > 3}
    own |= {name.replace(*pair) for name in own for pair in SHORTER}
    return found | dict.fromkeys(own, zone)


class Places:
    """Who is named where. With no name at all a text speaks of the unit asked about."""

    def __init__(self, text: str, words: Vocabulary, names: Mapping[str, Unit], zone: Unit) -> None:
        self.text, self.words, self.zone = text, words, zone
        self.mentions: list[tuple[int, Whom]] = []
        own = sorted((name for name, unit in names.items() if unit.pk == zone.pk), key=len)
        pattern = "|".join(map(re.escape, reversed(own)))
        found = [(one.start(), Word(unit=zone)) for one in re.finditer(pattern, text)]
        found += [self._first(one.end()) for one in BEGINS.finditer(text)]
        last = Whom(zone)  # whoever was last named by a name of its own
        rows = [match.span() for match in re.finditer(rf"{ROW}[^\n]*", text)]
        for at, word in sorted(found, key=lambda one: one[0]):
            row = bisect.bisect_right(rows, (at, len(text))) - 1
            if row >= 0 and at < rows[row][1]:
                continue  # a row of a table names whom it is about, and nobody else
            if word.unit is not None:
                whom = Whom(word.unit)
                last = whom if word.unit.pk == zone.pk else last
            elif word.ours:
                whom = last
            elif word.other:
                whom = Whom(None, self.words.longest(text, at))
                if not whom.word:
                    last = whom = Whom(None, self._unknown(at))
            else:
                continue
            self.mentions.append((at, whom))
        self.named = sorted(self._named(), key=lambda one: one[0])
        self.starts = [at for at, _whom in self.mentions]

    def _first(self, at: int) -> tuple[int, Word]:
        """The first word of a clause that is no filler."""
        for _ in range(8):
            found = self.words.longest(self.text, at)
            word = self.words.words.get(found)
            if word is None:
                return at, Word(other=bool(self._unknown(at)))
            if word != Word() or found in BESIDE:
                return at, word
            at += len(found)
        return at, Word()

    def _unknown(self, at: int) -> str:
        """The name of an organisation that is not known, if one begins there."""
        found = UNKNOWN.match(self.text, at)
        if found is None or GENERAL.fullmatch(found.group()):
            return ""
        words = rjieba.tag(found.group(), True)
        acts = words[0][1] in VERBAL and words[0][0][0] not in "县市省区镇乡"
        if acts or ACTS & {word for word, _tag in words}:
            return ""
        named = any(tag in PROPER or word in KINDS for word, tag in words)
        begins = at == 0 or self.text[at - 1] in STOPS
        return found.group() if named or begins or words[-1][0] not in ZONES else ""

    def whom(self, said: Said, start: int, sentence: int, *, listed: bool) -> Whom:
        """Whom the quantity at `start` is about. `listed`: names before it are what it counts."""
        under = {one.pk: one for one in said.units if one.pk != self.zone.pk}
        if len(under) == 1:
            return Whom(next(iter(under.values())))
        if under and not listed:
            return Whom(None, "、".join(one.name for one in under.values()))
        if len(under) < len(said.units) and not listed:
            return Whom(self.zone)
        last = bisect.bisect_left(self.starts, start - len(said.left)) - 1
        if said.ours:
            return self._general(last)
        if last < 0:
            return self._beside(Whom(self.zone), sentence, start)
        at, whom = self.mentions[last]
        if whom.unit is None:
            return whom
        if at < sentence and whom.unit.pk != self.zone.pk:
            return Whom(None, whom.unit.name)
        return self._beside(whom, max(sentence, at), start)

    def _general(self, at: int) -> Whom:
        """全区: ours, unless somebody else was the last to be named by a name of their own."""
        for _at, whom in reversed(self.mentions[: at + 1]):
            if whom.unit is None and whom.word not in self.words.words:
                return whom
            if whom.unit is not None and whom.unit.pk == self.zone.pk:
                break
        return Whom(self.zone)

    def _beside(self, whom: Whom, begin: int, start: int) -> Whom:
        """走访信发铝业，现有党员90人: one that is named on the way may be meant."""
        last = bisect.bisect_left(self.named, start, key=lambda one: one[0])
        near = [one for one in self.named[max(0, last - NEAR) : last] if one[0] >= begin]
        if visited := next((word for _at, unit, word in near if unit is None), ""):
            return Whom(None, visited)
        units = {unit.pk: unit for _at, unit, _word in near if unit is not None}
        other = next(iter(units.values())) if len(units) == 1 else None
        return Whom(None, other.name) if other and other != whom.unit else whom

    def _named(self) -> Iterator[tuple[int, Unit | None, str]]:
        """Every unit below that is named anywhere, and everybody who is visited."""
        at = 0
        while at < len(self.text):
            found = self.words.longest(self.text, at)
            unit = self.words.words[found].unit if found else None
            if unit is not None and unit.pk != self.zone.pk:
                yield at, unit, ""
            at += len(found) if unit else 1
        for one in VISITED.finditer(self.text):
            yield one.start(), None, one[1]
