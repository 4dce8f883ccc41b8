"""What pages, cards and REST tell of a guide and of an evaluation, in the reader's language."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.rooms.guidance.deciding import UNSURE
from luodi.rooms.guidance.document import Document, Outcome, Question, Rule, Source
from luodi.rooms.guidance.evaluating import (
    Evaluation,
    Finding,
    as_raw,
    findings,
    in_words,
)
from luodi.rooms.guidance.logic import Value
from luodi.rooms.guidance.published import Published


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as it is told."""

    title: str
    clause: str
    issued_on: dt.date | None
    url: str
    doubt: str


def cited(source: Source) -> Cited:
    doubts = {
        "secondary": _("据转载，未核对印刷本"),
        "memory": _("未核对原文"),
        "local": _("本地规定"),
    }
    doubt = doubts.get(source.certainty, "")
    return Cited(source.said("title"), source.said("clause"), source.issued_on, source.url, doubt)


def frame(guide: Published, day: dt.date) -> dict[str, Any]:
    """What stands on every page of a guide."""
    document = guide.document
    return {
        "guide": guide,
        "document": document,
        "title": document.said("title"),
        "standing": document.standing(day),
        "worse": document.said("worse"),
        "number": document.emergency_number(day),
        "calling": document.said("calling"),
        "replaced": document.said("replaced"),
    }


def step(guide: Published, found: Evaluation, asking: Question | None) -> dict[str, Any]:
    """A question's page, or the outcome's."""
    document = guide.document
    context = frame(guide, found.day)
    context |= {
        "asking": asking,
        "text": asking.said("text") if asking else "",
        "help": asking.said("help") if asking else "",
        "find_out": asking.said("find_out") if asking else "",
        "unit": asking.said("unit") if asking else "",
        "options": options(asking) if asking else [],
        "chosen": chosen(found.answers.get(asking.key)) if asking else "",
        "remaining": found.remaining,
        "said": said(document, found),
        "found": found,
        "summary": document.said("summary"),
        "lapsed": lapsed(document, found),
    }
    context["standing"] = guide.standing
    if asking is None and found.outcome:
        context |= outcome(document, found)
    return context


def chosen(value: Value | None) -> Any:
    """An answer as the form shows it again."""
    raw = as_raw(value)
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    return "" if value is None else raw


def options(question: Question) -> list[tuple[str, str]]:
    if question.kind == "yes_no":
        return [("yes", _("是")), ("no", _("否"))]
    return [(one.key, one.said("text")) for one in question.options]


def said(document: Document, found: Evaluation) -> list[tuple[Question, str, str]]:
    """The answers, in the order of the questions: the question, its label, the answer in words."""
    return [
        (one, one.said("label"), in_words(one, found.answers[one.key]))
        for one in document.questions
        if one.key in found.answers
    ]


def lapsed(document: Document, found: Evaluation) -> list[str]:
    """The numbers for which nothing holds on the day, each with what held last."""
    sentences = []
    for key in found.lapsed:
        one = document.parameter(key)
        last = one.last(found.day) if one else None
        if one and last:
            words = {"label": one.said("label"), "day": last.until, "value": last.value}
            sentences.append(
                _("“%(label)s”自 %(day)s 起没有有效的规定，最后一次是 %(value)s。") % words
            )
    return sentences


def outcome(document: Document, found: Evaluation) -> dict[str, Any]:
    """What to do, why, by which rule, since when, from which source."""
    end, rule = found.outcome, found.rule
    assert end is not None
    context: dict[str, Any] = {
        "outcome": end,
        "headline": end.said("title"),
        "steps": lines(end.said("steps")),
        "more": end.said("more"),
        "rule": rule,
        "unsure": end.key == UNSURE,
        "depends": [(one, one.said("label"), one.said("find_out")) for one in found.depends],
    }
    if rule:
        condition = document.conditions[rule.when]
        context |= {
            "why": rule.said("why"),
            "source": cited(document.source(rule.source)),
            "since": rule.since or document.since,
            "finding": findings(document, condition, found.answers, found.day),
        }
    return context


def lines(text: str) -> list[str]:
    return [one.strip() for one in text.splitlines() if one.strip()]


@dataclass(frozen=True, slots=True)
class Told:
    """A rule on paper."""

    rule: Rule
    finding: Finding
    why: str
    outcome: Outcome
    steps: list[str]
    source: Cited


def whole(guide: Published, today: dt.date) -> dict[str, Any]:
    """All rules of a guide, in their order."""
    document = guide.document
    day = document.read_on(today)
    rules = [
        Told(
            one,
            findings(document, document.conditions[one.when], None, day),
            one.said("why"),
            end := document.outcome(one.outcome),
            lines(end.said("steps")),
            cited(document.source(one.source)),
        )
        for one in document.rules_on(day)
    ]
    numbers = [
        (one, stated, cited(document.source(stated.source)))
        for one in document.parameters
        if (stated := one.on(day))
    ]
    return frame(guide, day) | {
        "standing": guide.standing,
        "rules": rules,
        "numbers": numbers,
        "sources": [cited(one) for one in document.sources],
        "summary": document.said("summary"),
        "day": day,
    }


def card(guide: Published, today: dt.date) -> dict[str, Any]:
    """What an article shows: each outcome once with when it applies, and where to answer."""
    told = whole(guide, today)
    address = settings.SITE_URL.rstrip("/") + reverse("guidance:answer", args=[guide.key])
    return told | {"address": address}
