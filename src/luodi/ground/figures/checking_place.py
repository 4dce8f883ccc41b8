"""Whom a sentence speaks of: the unit asked about, one below it, or somebody else."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from typing import Final

from luodi.ground.scope.api import Unit, below
from luodi.lib.quantities.tokens import cut

MOST: Final = 20_000  # units below whose names are looked for in a text
OURS: Final = re.compile(r"我区|本区|我们区|本开发区|我园区")
# Whichever zone the text is about: ours where it is named, or where nobody else was named before.
THE_ZONE: Final = re.compile(r"全区|该开发区|(?<![一-鿿])(?:园区|开发区)|区内|经开区|开发区党工委")
OFFICE: Final = re.compile(
    "(?:党工委|管委会|党委|工委|管理委员会)$"
)  # of a place, which is meant too
PLACES: Final = ("省", "市", "县", "州", "旗", "镇", "乡", "村")
GENERIC: Final = re.compile(
    r"^(?:[全我本该各外内跨入出进返上下省市县区都城超股门夜集楼乡村新农山渔牧贫古小老大示两多一每几有某]+[省市县州镇乡村]|.*(?:城市|城镇|乡镇|乡村|农村|县市|超市|上市|美丽乡村|行政村|自然村))$"
)
ORGANISATIONS: Final = (
    "开发区",
    "高新区",
    "工业园区",
    "示范区",
    "街道",
    "养老院",
    "医院",
    "学校",
    "中学",
    "小学",
    "大学",
    "学院",
)
# A sentence that begins with a place: what the dictionary does not know is seen by its ending.
NAMED: Final = re.compile(
    r"(?:^|[\n。；！？，,;])\s*([一-鿿]{2,6}?[市县])(?![一-鿿]?[场区民长委政])"
)
PROPER: Final = frozenset(["ns", "nr", "nz", "nt", "nrt"])  # what makes 开发区 that of somewhere


@dataclass(frozen=True, slots=True)
class Whom:
    """`unit` None: somebody else, named by `word`."""

    unit: Unit | None
    word: str = ""


class Places:
    """Where a text names whom. With no name at all a text speaks of the unit asked about."""

    def __init__(self, text: str, unit: Unit) -> None:
        self.unit = unit
        self.mentions: list[tuple[int, Whom]] = []
        own = [name for name in (unit.name, unit.short_name) if name]
        own += [stem for name in own if len(stem := OFFICE.sub("", name)) > 3 and stem != name]
        self.own = sorted(own, key=len, reverse=True)
        self._own(text, own)
        named = bool(self.mentions)
        self._others(text, own)
        others = min((at for at, whom in self.mentions if whom.unit is None), default=len(text))
        for match in THE_ZONE.finditer(text):
            if named or match.start() < others:
                self.mentions.append((match.start(), Whom(self.unit)))
        self._below(text, unit)
        self.mentions.sort(key=lambda one: one[0])
        self.starts = [start for start, _whom in self.mentions]

    def at(self, offset: int, sentence: int) -> Whom:
        """Whom the quantity at an offset is about; `sentence` is where its sentence begins.

        A unit below counts within its own sentence only, and only when it is alone there.
        """
        last = bisect.bisect_left(self.starts, offset)
        near = {
            one.unit.pk: one
            for start, one in self.mentions[max(0, last - 20) : last]
            if start >= sentence and one.unit is not None and one.unit.pk != self.unit.pk
        }
        if len(near) == 1:
            return next(iter(near.values()))
        for at in range(last - 1, -1, -1):
            whom = self.mentions[at][1]
            if whom.unit is None or whom.unit.pk == self.unit.pk:
                return whom
        return Whom(self.unit)

    def without_us(self, subject: str) -> str:
        """A subject without the name of the unit asked about before it."""
        name = next((one for one in self.own if subject.startswith(one)), "")
        return subject[len(name) :].removeprefix("的") or subject

    def _own(self, text: str, names: list[str]) -> None:
        for name in names:
            self._add(re.escape(name), text, Whom(self.unit, name))
        self._add(OURS.pattern, text, Whom(self.unit))

    def _below(self, text: str, unit: Unit) -> None:
        start, end = below(unit.path)
        units = Unit.objects.filter(path__gte=start, path__lt=end).exclude(pk=unit.pk)
        for one in units.only("name", "short_name", "path", "kind")[:MOST]:
            for name in {one.name, one.short_name} - {""}:
                if len(name) > 2 and name in text:
                    self._add(re.escape(name), text, Whom(one, name))

    def _others(self, text: str, own: list[str]) -> None:
        tokens = cut(text.replace("\0", " "))
        line = "、".join(own)
        for word, tag, start in zip(tokens.words, tokens.tags, tokens.starts, strict=True):
            if _is_place(word, tag) and word not in line:
                self.mentions.append((start, Whom(None, word)))
        for at, word in enumerate(tokens.words):
            before = at - 1
            while before >= 0 and tokens.words[before] in (
                "经济",
                "技术",
                "经济技术",
                "高新",
                "产业",
            ):
                before -= 1
            named = before >= 0 and tokens.tags[before] in PROPER
            if word.endswith(ORGANISATIONS) and named and tokens.words[before] not in line:
                name = "".join(tokens.words[before : at + 1])
                self.mentions.append((tokens.starts[at], Whom(None, name)))

        for match in NAMED.finditer(text):
            if not GENERIC.match(match[1]) and match[1] not in line:
                self.mentions.append((match.start(1), Whom(None, match[1])))

    def _add(self, pattern: str, text: str, whom: Whom) -> None:
        self.mentions += [(match.start(), whom) for match in re.finditer(pattern, text)]


def _is_place(word: str, tag: str) -> bool:
    """孝义市; not 全市, 城市, nor what is cut wrongly: 经省."""
    known = tag == "ns" or (len(word) > 2 and tag.startswith("n"))
    return known and word.endswith(PLACES) and not GENERIC.match(word)
