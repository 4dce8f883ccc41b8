"""Checks a text against the records: each quantity beside the reading of the figure it claims."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import IO, Any, Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.ground.figures.checking_compare import Verdict, judge
from luodi.ground.figures.checking_match import Claim, Index
from luodi.ground.figures.checking_period import period
from luodi.ground.figures.checking_place import Places
from luodi.ground.figures.definition import Figure, Question, Time
from luodi.ground.figures.phrases import phrases
from luodi.ground.figures.reading import Reading, read_values
from luodi.ground.figures.registry import figures
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.documents import text_apart
from luodi.lib.errors import UserError
from luodi.lib.quantities import Part, Quantity, extract, number
from luodi.lib.sentences import SentenceError

LONGEST: Final = 200_000  # characters of a text that is checked
MONTHS: Final = 36  # how far back a change is looked for


# In the same clause: a larger whole that it speaks of, somebody else, or a denial.
LARGER: Final = re.compile(
    r"((?:[全我]国|[全我]省|[全我]市|[全我]县)(?!开发区)|[邻外他]区|除[^，,。；;]{1,12}外|其他(?:地区|园区|开发区)|兄弟"
    r"|(?:^|[，,；;])[一-鿿]{1,8}(?:公司|集团|合作社)(?![一-鿿]{0,6}等)"
    r"|不是$|并非$|没有$|不存在|并无)[^，,。；;]*$"
)
# What is meant to be, or once was, is not what the records have.
NOT_NOW: Final = re.compile(
    r"(计划|拟|将(?!近)|力争|预计|争取|打算|有望|目标|最[多高少低]时|高峰|曾|一度|最初|据传|据说)[^，,。；;]*$"
)


def text_in(file: IO[bytes]) -> str:
    """The text of an uploaded file. Raises UserError with the sentence in the user's language."""
    try:
        return text_apart(file)
    except SentenceError as error:
        english = (get_language() or "").startswith("en")
        raise UserError(error.en if english else error.zh, "file") from error


@dataclass(frozen=True, slots=True)
class Checked:
    """A quantity of the text with the verdict. `reading` is there where a figure is clearly meant;
    `nearest` are figures with like names where none is; `why` is a sentence for who wrote it."""

    quantity: Quantity
    verdict: Verdict
    reading: Reading | None = None
    nearest: tuple[Figure, ...] = ()
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """As `luodi check --json` and the REST interface give it; numbers as exact text."""
        reading = self.reading
        value = reading.value if reading else None
        return {
            **quantity_json(self.quantity),
            "figure": reading.figure.key if reading else None,
            "ledger_value": number(value) if isinstance(value, Decimal) else value and str(value),
            "verdict": self.verdict.value,
            "why": self.why,
            "nearest": [one.key for one in self.nearest],
        }


def quantity_json(one: Quantity) -> dict[str, Any]:
    """The quantity alone: what is extracted without any records."""
    return {
        "text": one.text,
        "start": one.start,
        "end": one.end,
        "value": number(one.value),
        "upper": None if one.upper is None else number(one.upper),
        "unit": one.unit,
        "comparison": one.comparison.value,
        "subject": one.subject,
    }


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
    index, places = Index(may, phrases()), Places(text, unit)
    checker = _Checker(actor, unit, at, since)
    found = []
    for one in extract(text):
        begin = max(text.rfind(stop, 0, one.start) for stop in "。！？；;") + 1
        whom = places.at(one.start, begin)
        named = replace(one, subject=places.without_us(one.subject))
        claims = index.claims(named)
        if not claims:
            nearest = tuple(index.nearest(named))
            found.append(Checked(one, Verdict.NO_LEDGER, nearest=nearest))
        elif whom.unit is None:
            why = _("这句话说的可能是“%(word)s”，不是%(unit)s。") % {
                "word": whom.word,
                "unit": unit,
            }
            nearest = tuple(claim.figure for claim in claims[:3])
            found.append(Checked(one, Verdict.UNSURE, nearest=nearest, why=why))
        elif larger := LARGER.search(one.before):
            why = _("这句话说的可能是“%(word)s”，不是%(unit)s。") % {
                "word": larger[1],
                "unit": unit,
            }
            found.append(Checked(one, Verdict.UNSURE, nearest=(claims[0].figure,), why=why))
        elif (meant := NOT_NOW.search(one.before)) and not _is_plan(claims[0].figure):
            why = _("这里说的是“%(word)s”，记录的是实际发生的。") % {"word": meant[1]}
            found.append(Checked(one, Verdict.UNSURE, nearest=(claims[0].figure,), why=why))
        elif len(claims) > 1:
            nearest = tuple(claim.figure for claim in claims[:3])
            why = _("可能是几个数字中的一个，请看清说的是哪一个。")
            found.append(Checked(one, Verdict.UNSURE, nearest=nearest, why=why))
        else:
            found.append(checker.check(one, claims[0], whom.unit))
    return found


def _is_plan(figure: Figure) -> bool:
    """Whether the figure itself is about what is meant to be: 拟培养成党员的骨干."""
    names = (str(figure.name), *figure.synonyms)
    return any(NOT_NOW.search(name) for name in names)


@dataclass(frozen=True, slots=True)
class _Checker:
    actor: Actor
    unit: Unit
    at: dt.date
    since: dt.date | None

    def check(self, one: Quantity, claim: Claim, unit: Unit) -> Checked:
        """Reads the figure at the time the sentence speaks of, and compares."""
        if unit.pk != self.unit.pk and not self.actor.covers(claim.figure.permission, unit.path):
            return Checked(one, Verdict.UNSURE, nearest=(claim.figure,))
        if one.when is not None and period(one.when, self.at) is None:
            why = _("这句话说的是“%(time)s”，还没有到。") % {"time": one.when.text}
            return Checked(one, Verdict.UNSURE, nearest=(claim.figure,), why=why)
        question = self._question(one, claim, unit)
        if question is None:
            why = _("记录中找不到这次变化之前的数。")
            return Checked(one, Verdict.UNSURE, nearest=(claim.figure,), why=why)
        reading = self._read(claim.figure, question)
        if not isinstance(reading.value, Decimal):
            return Checked(one, Verdict.UNSURE, reading, why=_("这一天没有记录。"))
        verdict = judge(one, claim.figure, reading.value)
        if verdict is Verdict.DIFFERS and unit.pk != self.unit.pk:
            return self._whole(one, claim, reading)
        why = ""
        if verdict is Verdict.DIFFERS:
            why = _("台账上是 %(value)s。") % {"value": reading.text}
        elif verdict is Verdict.UNSURE:
            why = _("与台账相近（%(value)s），但说得不够准，请核对。") % {"value": reading.text}
        return Checked(one, verdict, reading, why=why)

    def _whole(self, one: Quantity, claim: Claim, part: Reading) -> Checked:
        """A sentence that names a unit below may still speak of the whole: then it is not sure."""
        why = _("%(unit)s的台账上是 %(value)s，请核对说的是谁。") % {
            "unit": part.question.unit,
            "value": part.text,
        }
        return Checked(one, Verdict.UNSURE, part, (claim.figure,), why)

    def _question(self, one: Quantity, claim: Claim, unit: Unit) -> Question | None:
        since, until = self._period(one)
        if one.part is Part.FROM and (one.when is None or one.when.since is None):
            day = self._before_change(one, claim, unit, until)
            if day is None:
                return None
            until = day
        if claim.figure.time is Time.DAY:
            since = None
        return Question(unit, until, since, None, dict(claim.parameters))

    def _period(self, one: Quantity) -> tuple[dt.date | None, dt.date]:
        """The days that the sentence names: 2021年, 今年; else up to the day asked about."""
        named = period(one.when, self.at) if one.when else None
        since, until = named or (None, self.at)
        return since or self.since, until

    def _before_change(
        self, one: Quantity, claim: Claim, unit: Unit, until: dt.date
    ) -> dt.date | None:
        """The last day before the figure last moved the way the text says (fell, or rose)."""
        later, value = until, self._value(claim, unit, until)
        for months in range(1, MONTHS + 1):
            total = until.year * 12 + until.month - 1 - months
            earlier = dt.date(total // 12, total % 12 + 1, 1)
            before = self._value(claim, unit, earlier)
            if before is None or value is None:
                return None
            if before > value if one.falls else before < value:
                return self._step(one, claim, unit, earlier, later)
            later, value = earlier, before
        return None

    def _step(
        self, one: Quantity, claim: Claim, unit: Unit, low: dt.date, high: dt.date
    ) -> dt.date:
        """The day before the step between two days."""
        start, end = self._value(claim, unit, low), self._value(claim, unit, high)
        assert start is not None and end is not None
        middle = (start + end) / 2
        while (high - low).days > 1:
            day = low + (high - low) / 2
            value = self._value(claim, unit, day)
            past = value is None or (value < middle if one.falls else value > middle)
            low, high = (low, day) if past else (day, high)
        return low

    def _value(self, claim: Claim, unit: Unit, day: dt.date) -> Decimal | None:
        value = self._read(
            claim.figure, Question(unit, day, None, None, dict(claim.parameters))
        ).value
        return value if isinstance(value, Decimal) else None

    def _read(self, figure: Figure, question: Question) -> Reading:
        return read_values(actor=self.actor, questions=[(figure.key, question)])[0]


def summary(found: list[Checked]) -> Mapping[str, int]:
    """How many of each verdict."""
    return {verdict.value: sum(one.verdict is verdict for one in found) for verdict in Verdict}
