"""Checks a text against the records: each quantity beside the reading of the figure it claims."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import IO, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.ground.figures.checking_ask import Asker, Checked, Plan
from luodi.ground.figures.checking_clauses import Clauses, Said
from luodi.ground.figures.checking_compare import Verdict
from luodi.ground.figures.checking_match import Found, Index
from luodi.ground.figures.checking_period import period
from luodi.ground.figures.checking_place import Places, Whom, names_of
from luodi.ground.figures.checking_rules import (
    AMONG,
    BEGUN,
    OWNER,
    RULES,
    SUM,
    TIMES,
    not_known,
    why,
)
from luodi.ground.figures.checking_tables import flat
from luodi.ground.figures.checking_words import Vocabulary, vocabulary
from luodi.ground.figures.definition import Time
from luodi.ground.figures.phrases import phrases
from luodi.ground.figures.registry import figures
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.documents import text_apart
from luodi.lib.errors import UserError
from luodi.lib.quantities import Analysis, analyse
from luodi.lib.sentences import SentenceError

LONGEST: Final = 200_000  # characters of a text that is checked

MOST: Final = 3000  # quantities of a text that are checked; a bound on work
# What is meant to be is not what the records have: in a clause before, in the same sentence.
MEANT: Final = re.compile(r"计划|力争|预计|争取|打算|有望|目标|假如|如果|倘若|据传|据说|不是|并非")
POINT: Final = re.compile(r"[日号底末止]$")  # 截至12月22日
# What was founded or won within a time is not how many there are.
BEGINS: Final = re.compile(
    r"(?:成立|组建|设立|建立|选聘|聘任|聘请|配备|取得|获得|认定|授权|落户|入驻)"
)


def text_in(file: IO[bytes]) -> str:
    """The text of an uploaded file. Raises UserError with the sentence in the user's language."""
    try:
        return text_apart(file)
    except SentenceError as error:
        english = (get_language() or "").startswith("en")
        raise UserError(error.en if english else error.zh, "file") from error


def check_text(
    *, actor: Actor, text: str, unit: Unit, at: dt.date, since: dt.date | None = None
) -> list[Checked]:
    """Every quantity of a text with what the records of the unit say, in the order of the text.

    Figures are read at the time the sentence speaks of, else at `at` (events: from `since` on).
    Only figures that the actor may read on the unit are looked at. Nothing is stored.
    """
    if len(text) > LONGEST:
        raise UserError(
            _("文字太长：一次最多核对 %(most)s 字，请分段核对。") % {"most": LONGEST}, "text"
        )
    may = [one for one in figures() if actor.covers(one.permission, unit.path)]
    names = names_of(unit)
    words = vocabulary(may, phrases(), names)
    asker = Asker(actor, at, since)
    written = flat(text, words)
    analysis = analyse(written.text)
    rest = analysis.quantities[MOST:]
    del analysis.quantities[MOST:], analysis.spans[MOST:]
    prose = _Prose(analysis, words, names, unit, at)
    plans: list[Checked | Plan] = []
    for place, one in enumerate([*prose.quantities, *rest]):
        if span := written.span(one.start, one.end):
            one = replace(one, text=text[slice(*span)], start=span[0], end=span[1])
            if place < MOST:
                prose.quantities[place] = one
                plans.append(prose.plan(place))
            else:
                plans.append(
                    Checked(one, Verdict.UNSURE, why=_("数太多，这以后的没有核对，请分段。"))
                )
    return asker.judged(plans, unit)


class _Prose:
    """What each quantity of a running text claims."""

    def __init__(
        self,
        analysis: Analysis,
        words: Vocabulary,
        names: Mapping[str, Unit],
        unit: Unit,
        at: dt.date,
    ) -> None:
        self.at, self.quantities = at, analysis.quantities
        self.index, self.clauses = Index(words), Clauses(analysis, words)
        self.places = Places(self.clauses.text, words, names, unit)
        self.owners: set[int] = set()  # 2户企业, where it is known which

    def plan(self, place: int) -> Checked | Plan:
        one, said = self.quantities[place], self.clauses.said[place]
        start = self.clauses.marks[place][0]
        begin = self.clauses.sentence(start)
        sentence = self.clauses.text[begin:start]
        if (known := self.clauses.named_before(place)) is not None:
            said = replace(said, content=known, unknown="", keeps=frozenset())
            self.owners.add(place)
        found = self.index.find(one, said, sentence + said.text)
        if not found.clear and not found.near:
            return Checked(one, Verdict.NO_LEDGER, nearest=tuple(self.index.nearest(one, said)))
        listed = one.text.endswith("大")
        whom = self.places.whom(said, start, begin, listed=listed)
        figures = tuple(dict.fromkeys([entry.figure for entry in found.clear] + found.near))[:3]
        if reason := self._doubt(place, said, found, whom, sentence):
            return Checked(one, Verdict.UNSURE, nearest=figures, why=reason)
        assert whom.unit is not None
        return Plan(one, found.clear[0], whom.unit)

    def _doubt(self, place: int, said: Said, found: Found, whom: Whom, sentence: str) -> str:
        """Why it is not clear what a quantity says; nothing where it is."""
        one = self.quantities[place]
        if whom.unit is None:
            return _("这句话说的可能是“%(word)s”，不是%(unit)s。") % {
                "word": whom.word,
                "unit": self.places.zone,
            }
        if said.unknown:
            return why(said.text, not_known(said.unknown))
        lead = sentence[: max(0, len(sentence) - len(said.left))]
        if MEANT.search(lead):
            return str(RULES[1].why)
        if said.counted_owner is not None and said.counted_owner not in self.owners:
            return str(OWNER)
        if not found.clear:
            return why(said.text, SUM)
        if len(found.clear) > 1:
            return _("可能是几个数字中的一个，请看清说的是哪一个。")
        entry = found.clear[0]
        if said.among and not (said.of and self.index.is_part(entry.content, said.of)):
            return str(AMONG)
        if said.times > 1:
            return str(TIMES)
        named = period(one.when, self.at) if one.when else (None, self.at)
        if one.when is not None and named is None:
            return _("这句话说的是“%(time)s”，还没有到。") % {"time": one.when.text}
        within = said.times or (named and named[0])
        if within and entry.figure.time is Time.DAY and BEGINS.search(said.text):
            return "" if one.when and POINT.search(one.when.text) else str(BEGUN)
        return ""


def summary(found: list[Checked]) -> Mapping[str, int]:
    """How many of each verdict."""
    return {verdict.value: sum(one.verdict is verdict for one in found) for verdict in Verdict}
