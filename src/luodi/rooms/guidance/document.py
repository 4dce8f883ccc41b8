"""A guide as a document: its texts, its dated numbers, its questions, rules and cases, all as data.

Every text stands in Chinese, and under the same name with `_en` in English where there is one.
`since` is the first day something holds, `until` the first day it does not any more: without it, it
holds until further notice, which is not the same as having ended.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from django.utils.translation import get_language
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, StrictBool, StringConstraints

from luodi.rooms.guidance.deciding import UNSURE, Asked, Diagram, Parameters
from luodi.rooms.guidance.logic import Condition, read

DAY = dt.timedelta(days=1)
MOST_DAYS = 20  # diagrams kept of one document
UNKNOWN = "?"  # how "I don't know" is written in cases and over REST
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Answer = StrictBool | Decimal | str | list[str]


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    def said(self, name: str) -> str:
        """A text in the language of the page; in Chinese where it has no other."""
        english = (get_language() or "").startswith("en")
        translated = getattr(self, f"{name}_en", "") if english else ""
        return str(translated or getattr(self, name))


class Lasting(Part):
    """What holds from a day on, until another day or until further notice."""

    since: dt.date | None = None
    until: dt.date | None = None

    def holds(self, day: dt.date) -> bool:
        return (not self.since or self.since <= day) and (not self.until or day < self.until)


class Source(Part):
    """What a rule or a number stands on. `certainty`: whether its own words were seen."""

    key: Key
    title: Line
    title_en: Line = ""
    clause: Line = ""
    clause_en: Line = ""
    issued_on: dt.date | None = None
    url: Line = ""
    certainty: Literal["seen", "secondary", "memory", "local"] = "secondary"


class Stated(Lasting):
    """A number's value over a time, and where it is said."""

    value: Decimal
    source: str


class Parameter(Part):
    key: Key
    label: Line
    label_en: Line = ""
    unit: Line = ""
    unit_en: Line = ""
    values: tuple[Stated, ...] = Field(min_length=1)

    def on(self, day: dt.date) -> Stated | None:
        """What holds on a day; None where nothing does: neither a former value nor a later one."""
        return next((one for one in self.values if one.holds(day)), None)

    def last(self, day: dt.date) -> Stated | None:
        """What held last before a day on which nothing holds."""
        ended = [one for one in self.values if one.until and one.until <= day]
        return max(ended, key=lambda one: one.until or day, default=None)


class Option(Part):
    key: Key
    text: Line
    text_en: Line = ""


class Question(Part):
    """`label`: the question in few words, for the list of answers. `find_out`: how one who does not
    know finds out. `step`: how finely a number is told."""

    key: Key
    kind: Literal["yes_no", "choice", "several", "number"]
    text: Line
    text_en: Line = ""
    label: Line
    label_en: Line = ""
    help: Prose = ""
    help_en: Prose = ""
    find_out: Prose = ""
    find_out_en: Prose = ""
    unit: Line = ""
    unit_en: Line = ""
    least: Decimal | None = None
    most: Decimal | None = None
    step: Decimal = Decimal(1)
    options: tuple[Option, ...] = ()


class Rule(Lasting):
    """The first rule that holds gives the outcome. `when`: see `logic`."""

    when: str
    outcome: str
    source: str
    why: Prose
    why_en: Prose = ""


class Outcome(Part):
    """`tone`: how pressing it is. `steps`: what to do, a line each."""

    key: str
    title: Line
    title_en: Line = ""
    tone: Literal["urgent", "act", "calm", "unsure"] = "act"
    steps: Prose
    steps_en: Prose = ""
    more: Prose = ""
    more_en: Prose = ""


class Case(Part):
    """What must come out for some answers, on a day (today, or the last day that the guide holds)."""

    name: Line
    answers: dict[str, Answer] = {}
    outcome: str
    on: dt.date | None = None


class Document(Lasting):
    """A guide. `worse`: what to do if it gets worse; `emergency`: the parameter with the number to
    call, and `calling` the words beside it; both stand on every page. `replaced`: what holds now,
    where it has ended."""

    title: Line
    title_en: Line = ""
    summary: Prose
    summary_en: Prose = ""
    worse: Prose = ""
    worse_en: Prose = ""
    emergency: str = ""
    calling: Line = ""
    calling_en: Line = ""
    replaced: Prose = ""
    replaced_en: Prose = ""
    sources: tuple[Source, ...] = Field(min_length=1)
    parameters: tuple[Parameter, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1, max_length=20)
    rules: tuple[Rule, ...] = Field(min_length=1, max_length=60)
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    cases: tuple[Case, ...] = ()
    _diagrams: dict[dt.date, Diagram] = PrivateAttr(default_factory=dict)

    # --- finding --------------------------------------------------------------------------

    def source(self, key: str) -> Source:
        return next(one for one in self.sources if one.key == key)

    def question(self, key: str) -> Question | None:
        return next((one for one in self.questions if one.key == key), None)

    def parameter(self, key: str) -> Parameter | None:
        return next((one for one in self.parameters if one.key == key), None)

    def outcome(self, key: str) -> Outcome:
        return next(one for one in self.outcomes if one.key == key)

    # --- days -----------------------------------------------------------------------------

    def standing(self, day: dt.date) -> str:
        """`coming`, `in_force` or `ended`."""
        if self.since and day < self.since:
            return "coming"
        return "ended" if self.until and day >= self.until else "in_force"

    def read_on(self, day: dt.date) -> dt.date:
        """The day whose rules are read: that day, or the nearest on which the guide holds."""
        if self.standing(day) == "ended" and self.until:
            return self.until - DAY
        return self.since if self.standing(day) == "coming" and self.since else day

    def numbers(self, day: dt.date) -> dict[str, Decimal | None]:
        """The parameters as they hold on a day; None where nothing holds."""
        return {
            one.key: stated.value if (stated := one.on(day)) else None for one in self.parameters
        }

    def emergency_number(self, day: dt.date) -> str:
        """The number to call; the last known one where nothing holds: an old number beats none."""
        found = self.parameter(self.emergency)
        stated = found and (found.on(day) or found.last(day))
        return f"{stated.value:f}" if stated else ""

    # --- rules ----------------------------------------------------------------------------

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """Each rule's condition, by its words. Raises logic.Unreadable."""
        kinds = {one.key: one.kind for one in self.questions}
        names = frozenset(one.key for one in self.parameters)
        return {one.when: read(one.when, kinds, names) for one in self.rules}

    def rules_on(self, day: dt.date) -> list[Rule]:
        return [one for one in self.rules if one.holds(day)]

    def diagram(self, day: dt.date) -> Diagram:
        """The rules of a day as one function of the answers; made once."""
        if day not in self._diagrams:
            if len(self._diagrams) >= MOST_DAYS:
                self._diagrams.clear()
            self._diagrams[day] = self._diagram(day)
        return self._diagrams[day]

    def _diagram(self, day: dt.date) -> Diagram:
        rules = self.rules_on(day)
        asked = [
            Asked(one.key, one.kind, tuple(o.key for o in one.options), one.least, one.most)
            for one in self.questions
        ]
        numbers: Parameters = self.numbers(day)
        conditions = [self.conditions[one.when] for one in rules]
        return Diagram(asked, conditions, [one.outcome for one in rules], numbers)


def texts_of(value: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """The texts of a document as JSON that an editor may change, each with the way to it."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if isinstance(inner, str):
                if name.removesuffix("_en") in TEXTS:
                    yield f"{where}{name}", inner
            elif name != "cases":
                yield from texts_of(inner, f"{where}{name}.")
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from texts_of(inner, f"{where}{place}.")


TEXTS = frozenset(
    [
        "title",
        "summary",
        "worse",
        "calling",
        "replaced",
        "clause",
        "label",
        "unit",
        "text",
        "help",
        "find_out",
        "why",
        "steps",
        "more",
    ]
)


def as_json(document: Document) -> dict[str, Any]:
    """A document as it is stored and told: with every text, empty or not."""
    return document.model_dump(mode="json")


def document_of(stored: Mapping[str, Any]) -> Document:
    """The document that was stored. Raises pydantic.ValidationError."""
    return Document.model_validate(stored)


__all__ = ["UNKNOWN", "UNSURE", "Document", "as_json", "document_of", "texts_of"]
