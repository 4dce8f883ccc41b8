"""The kinds of gatherings, as data: `kinds.toml`, and what other rooms bring in `gathering_kinds.py`.

A kind says who holds it, who is expected by rule, what its minutes need, whether it votes, which
duties it can fulfil, and what counts as education. What a regulation says stands with its source.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.manifest import brought, module_of
from luodi.rooms.directory.api import Certainty

ADDED = "gathering_kinds"


def in_language(chinese: str, english: str) -> str:
    """The words for who reads; English falls back to Chinese."""
    return english if english and (get_language() or "").startswith("en") else chinese


@dataclass(frozen=True, slots=True)
class Source:
    """Where a rule is from: regulation, clause, and how sure we are of its words."""

    regulation: str = ""
    clause: str = ""
    certainty: Certainty = Certainty.DISPUTED

    def __bool__(self) -> bool:
        return bool(self.regulation)

    def __str__(self) -> str:
        named = "：" not in self.regulation  # what is no regulation says itself what it is
        return f"《{self.regulation}》{self.clause}" if self and named else self.regulation


NOWHERE = Source()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of gathering.

    holders: the kinds of units that hold it, each with the key of the rule that says who is expected
    (`people.EXPECTED`; "" for those who are invited by name). leaders: the kinds of posts whose
    holders may lead; with none, anybody. needs: what its minutes must have to be signed (`text`,
    `attendance`, `leader`) and what they usually have (`usual`: a hint). votes: the kinds of votes
    (`votes.toml`), none where nothing is voted on. fulfils: keys of the duties. together: kinds that
    may be held with it. minutes: how long it usually lasts. once_a_day: whether a second one of a
    unit on one day is asked about. education: whether it counts as hours of education for members.
    """

    key: str
    name: str
    name_en: str = ""
    icon: str = "calendar"
    holders: Mapping[str, str] = field(default_factory=dict)
    leaders: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("text",)
    usual: tuple[str, ...] = ()
    votes: tuple[str, ...] = ()
    fulfils: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    minutes: int = 90
    once_a_day: bool = True
    education: bool = False
    template: str = ""
    source: Source = NOWHERE

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def may_vote(self) -> bool:
        return bool(self.votes)


@dataclass(frozen=True, slots=True)
class Limit:
    """A number of a rule that a hint goes by: `days`, `minutes`."""

    days: int = 0
    minutes: int = 0
    source: Source = NOWHERE


def source_of(facts: Mapping[str, str] | None) -> Source:
    """A source as data has it: `{regulation, clause, certainty}`."""
    if not facts:
        return Source()
    sure = Certainty(facts.get("certainty", "disputed"))
    return Source(facts["regulation"], facts.get("clause", ""), sure)


def read_kinds(text: str) -> list[Kind]:
    """The kinds that a text of TOML declares; a table each, named by its key."""
    return [_kind(key, facts) for key, facts in tomllib.loads(text).items()]


def _kind(key: str, facts: dict[str, Any]) -> Kind:
    source = source_of(facts.pop("source", None))
    lists = {name: tuple(value) for name, value in facts.items() if isinstance(value, list)}
    return Kind(**{"key": key, "fulfils": (key,), **facts, **lists, "source": source})


def text_of(name: str) -> str:
    """A file of this folder."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its key: the shipped ones, then those that other rooms bring."""
    found = read_kinds(text_of("kinds.toml"))
    for config, _manifest in brought():
        if module := module_of(config, ADDED):
            found += module.KINDS
    return {one.key: one for one in found}


def kind_of(key: str) -> Kind:
    """The kind of that key; one that no room brings any more keeps its key for a name."""
    return kinds().get(key) or Kind(key=key, name=key, fulfils=())


def known_kind(key: str, field: str = "kind") -> Kind:
    """The kind of that key. Raises UserError where there is none."""
    if key not in kinds():
        raise UserError(_("没有这种活动，请从列表中选择。"), field)
    return kinds()[key]


@cache
def limits() -> Mapping[str, Limit]:
    """The numbers that hints go by."""
    found = tomllib.loads(text_of("limits.toml"))
    return {
        key: Limit(one.get("days", 0), one.get("minutes", 0), source_of(one.get("source")))
        for key, one in found.items()
    }


LATE_AFTER = limits()["entered_late"]
