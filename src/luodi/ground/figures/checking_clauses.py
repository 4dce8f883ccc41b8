"""What the clause of a number says: which words of figures, which bodies, and what is not known."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

from luodi.ground.figures.checking_words import QUANTITY, TIME, Vocabulary
from luodi.ground.scope.api import Unit
from luodi.lib.quantities import Analysis, Part, named
from luodi.lib.quantities.dates import Dated

SENTENCE: Final = 2000  # characters of a sentence before a number that are looked at
LONGEST: Final = 120  # characters on either side of a number that are read
STOPS: Final = "。！？!?；;\n\t"
CLAUSE: Final = re.compile(r"[，,。！？!?；;\n\t]")
COLON: Final = re.compile(r"[：:](?=[^：:]*[^：: ])")  # what stands before it is a heading
JOINT: Final = re.compile(r"、|和|与|以及|及|并(?!列)")
APART: Final = re.compile(r"(?:、|和|与|以及|及)(?:多|若干|一批|一系列)|等(?=[^级]|$)")
AMONG: Final = re.compile(rf"(?:其中|当中|之中|[^其]中|里)(?:还|就|共|现)?有?{QUANTITY}*$")
SCOPE: Final = re.compile(r"(?:中|里|当中)$")
QUOTED: Final = re.compile(r"“[^”]{12,60}”的")  # “党工委统筹、指导员负责、企业落地”的管理架构
UNIT: Final = re.compile(r"[（(]([^（）()]{1,6})[）)]")  # 投资额（万元）：860.5
TIMED: Final = re.compile(r"[年月季]")
BY_WHOM: Final = re.compile(r"经[一-鿿]{2,10}(?=认定|批准|授予|评定)")


@dataclass(frozen=True, slots=True)
class Said:
    """`content`: the words of figures; `unknown`: the first thing that is not in the vocabulary;
    `others`: as `content`, of the quantity that 其中 or a scope (技术骨干中，) refers to."""

    content: frozenset[str]
    keeps: frozenset[str]
    unknown: str
    units: tuple[Unit, ...]  # named by their own names
    ours: bool  # a general word for the zone
    text: str
    left: str
    right: str
    owner: bool  # 区内企业拥有…: of the enterprises together
    among: bool
    times: int
    of: frozenset[str] = frozenset()
    governed: bool = False  # what is not known stands before the number
    counted_owner: int | None = None  # 2户企业拥有…: the quantity that counts the owner


class Clauses:
    """The clauses of a text with its quantities and times put out of sight."""

    def __init__(self, analysis: Analysis, words: Vocabulary) -> None:
        self.words, self.marks = words, analysis.spans
        self.quantities = analysis.quantities
        self.text = _hidden(analysis)
        self.stops = [at for at, character in enumerate(self.text) if character in STOPS]
        self.times = [one for one in analysis.times if TIMED.search(one.when.text)]
        self.said: list[Said] = []
        self.bounds = [self._bounds(at) for at in range(len(self.marks))]
        for at in range(len(self.marks)):
            self.said.append(self._said(at))
        self._lists()

    def sentence(self, at: int) -> int:
        """Where the sentence of a place begins."""
        begin = bisect.bisect_left(self.stops, at)
        return max(self.stops[begin - 1] + 1 if begin else 0, at - SENTENCE)

    def _clause(self, start: int, end: int) -> tuple[int, int]:
        """The clause around a quantity: within its brackets, else between commas."""
        low, high = max(0, start - LONGEST), min(len(self.text), end + LONGEST)
        opened = max(self.text.rfind(one, low, start) for one in "（(")
        if opened > max(self.text.rfind(one, low, start) for one in "）)"):
            low = opened + 1
            closed = [self.text.find(one, end, high) for one in "）)"]
            high = min((one for one in closed if one >= 0), default=high)
        for stop in CLAUSE.finditer(self.text, low, start):
            low = stop.end()
        if after := CLAUSE.search(self.text, end, high):
            high = after.start()
        if heading := COLON.search(self.text, low, start):
            low = heading.end()
        return low, high

    def _bounds(self, at: int) -> tuple[int, int]:
        """From where to where a quantity's own words stand, between those beside it in a list."""
        start, end = self.marks[at]
        low, high = self._clause(start, end)
        if at and self.marks[at - 1][1] >= low and not self._pair(at - 1):
            last = self.marks[at - 1][1]
            closed = max(self.text.rfind(one, last, start) for one in "）)")
            last = max(last, closed + 1)
            joint = JOINT.search(self.text, last, start)
            low = max(low, joint.end() if joint else self.marks[at - 1][0] if closed < 0 else last)
        if at + 1 < len(self.marks) and self.marks[at + 1][0] < high and not self._pair(at):
            following = self.marks[at + 1][0]
            opened = min(
                (one for one in (self.text.find(x, end, following) for x in "（(") if one >= 0),
                default=-1,
            )
            joint = JOINT.search(self.text, end, following)
            high = opened if opened >= 0 else joint.start() if joint else self.marks[at + 1][1]
        elif apart := APART.search(self.text, end, high):
            high = apart.start()
        return low, high

    def _pair(self, at: int) -> bool:
        """Whether a quantity and the next are 从…到…."""
        parts = self.quantities[at].part, self.quantities[at + 1].part
        return parts == (Part.FROM, Part.TO)

    def _said(self, at: int) -> Said:
        low, high = self.bounds[at]
        start, end = self.marks[at]
        said = self._read(low, high, start, end, beside=self._beside(at))
        if said.among and (before := self._before(at)) is not None:
            said = replace(said, of=before.content | before.of)
        if not said.content and not said.unknown:
            said = self._carried(at, said)
        elif scope := self._scope(low):
            said = replace(said, of=scope.content | said.of)
        if said.unknown.startswith(QUANTITY) and at and low <= self.marks[at - 1][0]:
            said = self._owned(at, said)
        return said

    def _beside(self, at: int) -> tuple[int, int]:
        """Where the other end of 从…到… stands."""
        if at and self._pair(at - 1):
            return self.marks[at - 1]
        return self.marks[at + 1] if at + 1 < len(self.marks) and self._pair(at) else (0, 0)

    def _read(
        self, low: int, high: int, start: int, end: int, *, beside: tuple[int, int] = (0, 0)
    ) -> Said:
        left, right = self.text[low:start], self.text[end:high]
        skipped = [one.span() for one in (*QUOTED.finditer(left), *BY_WHOM.finditer(left))]
        skipped = [(low + begin, low + stop) for begin, stop in skipped]
        skipped += [one.span() for one in UNIT.finditer(self.text, low, high) if named(one[1])]
        pieces = _outside(low, high, [*skipped, beside, (start, end)])
        tokens = [one for begin, stop in pieces for one in self.words.cut(self.text, begin, stop)]
        unknown = next((one.text for one in tokens if one.word is None or one.word.other), "")
        units = tuple(one.word.unit for one in tokens if one.word and one.word.unit)
        text = f"{left}{QUANTITY}{right}"
        owner = any(
            one.word and (one.word.ours or one.word.unit) and two.text == "企业"
            for one, two in pairwise([one for one in tokens if one.text not in ("各", "的", "内")])
        )
        return Said(
            content=frozenset(x for one in tokens if one.word for x in one.word.content),
            keeps=frozenset(
                x for one in tokens if one.word and one.word.keeps for x in (one.text,)
            ),
            unknown=unknown if high - low < 2 * LONGEST else text[:8],
            units=units,
            ours=any(one.word is not None and one.word.ours for one in tokens),
            text=text,
            left=left,
            right=right,
            owner=owner,
            among=AMONG.search(left) is not None or "其中" in left,
            governed=any(one.word is None and one.start < start for one in tokens),
            times=len({one.when.text for one in self._times(low, high)}),
        )

    def _times(self, low: int, high: int) -> list[Dated]:
        begin = bisect.bisect_left(self.times, low, key=lambda one: one.start)
        return self.times[begin : bisect.bisect_left(self.times, high, key=lambda one: one.start)]

    def _before(self, at: int) -> Said | None:
        """What the quantity before says, in the same sentence."""
        if not at or self.sentence(self.marks[at][0]) > self.marks[at - 1][0]:
            return None
        return self.said[at - 1]

    def _carried(self, at: int, said: Said) -> Said:
        """A clause that names nothing goes on with the one before: 聘任兼职委员，共3名; 增长5%."""
        before = self._before(at)
        low = self.bounds[at][0]
        if before is not None and self.marks[at - 1][1] > self._previous(low)[0]:
            if self.quantities[at].part is Part.BY:
                return replace(before, text=said.text, times=said.times)
            return said
        clause = self._previous(low)
        read = self._read(*clause, clause[1], clause[1])
        return said if read.unknown else replace(said, content=read.content, keeps=read.keeps)

    def _previous(self, low: int) -> tuple[int, int]:
        """The clause before the one that begins at `low`, in the same sentence."""
        if low < 2 or self.text[low - 1] not in "，,":
            return low, low
        return self._clause(low - 1, low - 1)

    def _scope(self, low: int) -> Said | None:
        """技术骨干中，…: the clause before, where it says among whom."""
        begin, end = self._previous(low)
        if (
            begin == end
            or QUANTITY in self.text[begin:end]
            or not SCOPE.search(self.text, begin, end)
        ):
            return None
        read = self._read(begin, end, end, end)
        return read if read.content and not read.unknown else None

    def _owned(self, at: int, said: Said) -> Said:
        """2户企业拥有发明专利5项: without the quantity that counts the owner."""
        start, end = self.marks[at]
        read = self._read(self.marks[at - 1][1], self.bounds[at][1], start, end)
        left = read.left.startswith("企业")
        return replace(read, counted_owner=at - 1, owner=left) if left else said

    def named_before(self, at: int) -> frozenset[str] | None:
        """认定为高新技术企业，2户企业: what the clause before has said of the enterprises counted."""
        start, end = self.marks[at]
        low = self.bounds[at][0]
        if low != start or not self.text.startswith("企业", end) or self.said[at].units:
            return None
        begin, stop = self._previous(low)
        found: list[str] = []
        for one in reversed(self.words.cut(self.text, begin, stop)):
            if one.word is None or one.word.keeps or not one.word.content:
                break
            found += one.word.content
        follows = self._read(end, self.bounds[at][1], end, end)
        known = follows.unknown.strip(QUANTITY) == ""
        return frozenset(found) if len(found) > 1 and "企业" in found and known else None

    def _lists(self) -> None:
        """A、B分别为1和2: to each its own. What follows in a list after 其中 is among the same."""
        for at, (said, following) in enumerate(pairwise(self.said)):
            listed = self.text[self.marks[at][1] : self.bounds[at + 1][0]]
            said, joined = self.said[at], JOINT.fullmatch(listed) is not None
            if joined and said.among and not following.among:
                following = self.said[at + 1] = replace(following, among=True, of=said.of)
            # 培训党员90人、积极分子12人: what is done to the first is done to the next.
            bare = not following.keeps and not following.units and not following.ours
            if (
                (joined or listed in ("，", ","))
                and bare
                and not following.unknown
                and said.governed
            ):
                self.said[at + 1] = replace(following, unknown=said.unknown, governed=True)
        for at, said in enumerate(self.said):
            names, found, _rest = said.left.partition("分别")
            items = JOINT.split(names)
            if not found or len(items) < 2 or at + len(items) > len(self.said):
                continue
            group = self.marks[at : at + len(items)]
            gaps = [self.text[a[1] : b[0]] for a, b in pairwise(group)]
            if not all(JOINT.fullmatch(gap) or gap in "，," for gap in gaps):
                continue
            low = self.bounds[at][0]
            for place, item in enumerate(items):
                begin = self.text.index(item, low)
                low = begin + len(item)
                self.said[at + place] = self._read(begin, low, low, low)


def _hidden(analysis: Analysis) -> str:
    """The text with a sign in the place of each character of a quantity or a time."""
    characters = list(analysis.text)
    for sign, spans in (
        (TIME, [(one.start, one.end) for one in analysis.times]),
        (QUANTITY, analysis.spans),
    ):
        for start, end in spans:
            characters[start:end] = sign * (end - start)
    return "".join(characters)


def _outside(low: int, high: int, skipped: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """`low` to `high` without the stretches skipped."""
    for start, end in sorted(skipped):
        yield low, max(low, start)
        low = max(low, end)
    yield low, high
