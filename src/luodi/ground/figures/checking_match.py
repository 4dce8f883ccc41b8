"""Which figures a quantity may be: those whose words the clause has, with a unit that fits."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from luodi.ground.figures.checking_clauses import Said
from luodi.ground.figures.checking_words import Entry, Vocabulary
from luodi.ground.figures.definition import Figure, Kind
from luodi.lib.quantities import Part, Quantity, named
from luodi.lib.quantities.units import alike

PEOPLE: Final = frozenset("人名位岁")
KINDRED: Final = ({"个", "户", "家", "项", "件"}, {"次", "场", "期"})
GROWTH: Final = "增速"  # what 增长29.8% says beside its words


@dataclass(frozen=True, slots=True)
class Found:
    """`clear`: the figures whose words are all that the clause says, the closest only; `near`: those
    whose words it has, and others."""

    clear: list[Entry] = field(default_factory=list)
    near: list[Figure] = field(default_factory=list)


class Index:
    """The figures of a vocabulary, by their words."""

    def __init__(self, words: Vocabulary) -> None:
        self.by_word: defaultdict[str, list[Entry]] = defaultdict(list)
        self.own: defaultdict[object, set[str]] = defaultdict(set)  # every word of a figure's names
        for entry in words.entries:
            self.own[entry.identity] |= entry.content
            for word in entry.content:
                self.by_word[word].append(entry)

    def find(self, quantity: Quantity, said: Said, sentence: str) -> Found:
        """The figures that a quantity may be. `sentence` is what stands before it there."""
        content = said.content
        if quantity.part is Part.BY:
            content |= {GROWTH}
        elif said.of and (found := self._find(quantity, said, content | said.of, sentence)).clear:
            return found  # 技术骨干25人，其中党员占36%
        return self._find(quantity, said, content, sentence)

    def _find(
        self, quantity: Quantity, said: Said, content: frozenset[str], sentence: str
    ) -> Found:
        clear: dict[object, tuple[tuple[int, int, int], Entry]] = {}
        near: dict[str, tuple[int, Figure]] = {}
        for entry in {
            id(one): one for word in content for one in self.by_word.get(word, ())
        }.values():
            if not entry.content <= content or not _fits(entry, quantity):
                continue
            extra = content - self.own[entry.identity] - said.keeps
            if said.owner and not PEOPLE & set(entry.unit):
                extra -= {"企业"}
            close = _beside(entry, sentence)
            size = len(entry.content)
            if extra or close is None:
                near[entry.figure.key] = max(
                    near.get(entry.figure.key, (0, entry.figure)),
                    (size, entry.figure),
                    key=lambda one: one[0],
                )
                continue
            rank = size, entry.phrase is not None, close
            if entry.identity not in clear or clear[entry.identity][0] < rank:
                clear[entry.identity] = rank, entry
        best = max((rank for rank, _entry in clear.values()), default=None)
        ordered = sorted(near.values(), key=lambda one: (-one[0], one[1].key))
        return Found(
            [entry for rank, entry in clear.values() if rank == best],
            [one for _n, one in ordered[:3]],
        )

    def is_part(self, content: frozenset[str], whole: frozenset[str]) -> bool:
        """Whether what is counted is a kind of what the words of the whole name: 预备党员 of 党员."""
        names = {
            one.figure.key for word in whole for one in self.by_word[word] if one.content == whole
        }
        wholes = [
            one.content for word in whole for one in self.by_word[word] if one.figure.key in names
        ]
        return any(all(any(x in word for word in content) for x in one) for one in wholes)

    def nearest(self, quantity: Quantity, said: Said, most: int = 3) -> list[Figure]:
        """The figures whose names share most with what is said."""
        content = said.content
        ranked: dict[str, tuple[float, Figure]] = {}
        for word in content:
            for entry in self.by_word.get(word, ()):
                shared = sum(map(len, content & entry.content))
                weight = shared / sum(map(len, content | entry.content)) + 0.1 * fits(
                    entry.unit, quantity
                )
                if weight > ranked.get(entry.figure.key, (0.0, entry.figure))[0]:
                    ranked[entry.figure.key] = weight, entry.figure
        ordered = sorted(ranked.values(), key=lambda one: (-one[0], one[1].key))
        return [figure for weight, figure in ordered[:most] if weight > 0.15]


def _beside(entry: Entry, sentence: str) -> int | None:
    """Where the last of a phrase's near words stands in the sentence; None where it has none there."""
    if entry.phrase is None or not entry.phrase.near:
        return 0
    at = max(sentence.rfind(one) for one in entry.phrase.near)
    return at + 1 if at >= 0 else None


def _fits(entry: Entry, quantity: Quantity) -> bool:
    """增长29.8% is a growth; 下降到 and 从 are of anything."""
    if quantity.part is Part.BY and entry.figure.kind is not Kind.GROWTH:
        return False
    return fits(entry.unit, quantity)


def fits(unit: str, quantity: Quantity) -> bool:
    """Whether the quantity's unit can be a figure's: 户 and 家, km and 公里, a half and 50 %."""
    if unit in ("%", "％") and quantity.measure == "number":
        return 0 < quantity.value < 1
    have = named(unit.lstrip("万亿")) if unit else None
    if have is None:
        return not unit and quantity.measure == "number"
    if have.measure or quantity.measure:
        return have.measure == quantity.measure
    groups, given = alike(), "个" if quantity.unit == "大" else quantity.unit
    same = groups.get(have.text, have.text) == groups.get(given, given)
    return same or any({have.text, given} <= kin for kin in KINDRED)
