"""The kinds of votes, as data, and how the sums of a vote are judged by one. Pure functions."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.rooms.gatherings.kinds import NOWHERE, Source, in_language, source_of, text_of

Share = tuple[str, Fraction]  # "over" or "least", and the share
BASES = ("entitled", "present", "cast")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A kind of vote: who is entitled (`people.EXPECTED`), its quorum, its majority and of what."""

    key: str
    name: str
    name_en: str = ""
    entitled: str = "formal"
    secret: bool = False
    election: bool = False
    more_candidates: Fraction | None = None
    quorum: Share
    majority: Share
    base: str
    source: Source = NOWHERE

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)


@cache
def rules() -> Mapping[str, Rule]:
    """Every kind of vote by its key."""
    found = {}
    for key, facts in tomllib.loads(text_of("votes.toml")).items():
        majority, quorum = facts.pop("majority"), facts.pop("quorum")
        more = facts.pop("more_candidates", None)
        found[key] = Rule(
            key=key,
            quorum=_share(quorum),
            base=majority.pop("base"),
            majority=_share(majority),
            more_candidates=Fraction(*more) if more else None,
            source=source_of(facts.pop("source", None)),
            **facts,
        )
    return found


def rule_of(key: str) -> Rule:
    """The kind of vote of that key. Raises UserError where there is none."""
    if key not in rules():
        raise UserError(_("没有这种表决，请从列表中选择。"), "rule")
    return rules()[key]


def _share(facts: Mapping[str, Sequence[int]]) -> Share:
    ((how, (part, whole)),) = facts.items()
    return how, Fraction(part, whole)


def reaches(number: int, share: Share, of: int) -> bool:
    """Whether a number is over, or at least, such a share of another; of nobody nothing is."""
    how, part = share
    wanted = part * of
    return of > 0 and (number > wanted if how == "over" else number >= wanted)


def needed(share: Share, of: int) -> int:
    """The least number that reaches the share."""
    how, part = share
    wanted = part * of
    floor = wanted.numerator // wanted.denominator
    return floor + 1 if how == "over" or floor != wanted else floor


@dataclass(frozen=True, slots=True)
class Sums:
    """What was counted: who may vote, who of them was there, and how they voted."""

    entitled: int
    present: int
    yes: int
    no: int
    abstain: int
    invalid: int = 0

    def of(self, base: str) -> int:
        """The number that the majority is taken of."""
        return {"entitled": self.entitled, "present": self.present, "cast": self.yes + self.no}[
            base
        ]

    def check(self) -> None:
        """Raises UserError where the sums cannot be."""
        if self.present > self.entitled:
            said = _("实到 %(present)s 人，多于有表决权的 %(entitled)s 人。")
            words = {"present": self.present, "entitled": self.entitled}
            raise UserError(said % words, "present")
        cast = self.yes + self.no + self.abstain + self.invalid
        if cast > self.present:
            said = _("赞成、反对、弃权和无效共 %(cast)s 票，多于实到的 %(present)s 人。")
            raise UserError(said % {"cast": cast, "present": self.present}, "yes")


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a vote came out, and why: whether there was a quorum, what was needed, of what."""

    carried: bool
    quorate: bool
    quorum: int
    needed: int
    base: str
    of: int


def judge(rule: Rule, sums: Sums) -> Verdict:
    """Judges a vote by its rule."""
    quorate = reaches(sums.present, rule.quorum, sums.entitled)
    of = sums.of(rule.base)
    carried = quorate and reaches(sums.yes, rule.majority, of)
    return Verdict(
        carried, quorate, needed(rule.quorum, sums.entitled), needed(rule.majority, of),
        rule.base, of,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Election:
    """Who was elected, whether there was a quorum, what was needed; `tied`: places left open because
    those next in line had as many votes as each other."""

    elected: frozenset[str]
    quorate: bool
    quorum: int
    needed: int
    base: str
    of: int
    tied: frozenset[str] = frozenset()


def elect(
    rule: Rule, seats: int, votes: Mapping[str, int], entitled: int, present: int, cast: int
) -> Election:
    """Judges an election: those with the majority, the most votes first, as far as there are seats.

    cast: valid ballots. Those who tie for the last seats are elected together or not at all.
    """
    quorate = reaches(present, rule.quorum, entitled)
    of = {"entitled": entitled, "present": present, "cast": cast}[rule.base]
    passed = {name: n for name, n in votes.items() if reaches(n, rule.majority, of)}
    elected: set[str] = set()
    tied: frozenset[str] = frozenset()
    for number in sorted(set(passed.values()), reverse=True):
        level = {name for name, n in passed.items() if n == number}
        if len(elected) + len(level) > seats:
            tied = frozenset(level) if len(elected) < seats else frozenset()
            break
        elected |= level
    return Election(
        frozenset(elected) if quorate else frozenset(), quorate, needed(rule.quorum, entitled),
        needed(rule.majority, of), rule.base, of, tied if quorate else frozenset(),
    )  # fmt: skip
