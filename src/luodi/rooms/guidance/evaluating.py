"""Answers put to a guide: what comes out, why, on which source, and what is still to be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.rooms.guidance.deciding import UNSURE, Leaf, asked_in, leaves_in, longest
from luodi.rooms.guidance.document import UNKNOWN, Document, Outcome, Question, Rule
from luodi.rooms.guidance.logic import (
    All,
    Condition,
    Const,
    Either,
    Not,
    Possibly,
    Test,
    Truth,
    Value,
    decide,
)

Answers = dict[str, Value | None]
MOST_LETTERS = 40
UNITS = str.maketrans("０１２３４５６７８９．，−－", "0123456789.,--")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What follows from answers.

    outcome, rule: None as long as a question is open. asking: the next question. remaining: how
    many more at the most. depends: questions that were answered with "I don't know" and whose
    answers could lead elsewhere. lapsed: parameters of the rules for which nothing holds.
    """

    day: dt.date
    answers: Answers
    outcome: Outcome | None
    rule: Rule | None
    asking: Question | None
    remaining: int
    possible: tuple[str, ...]
    depends: tuple[Question, ...]
    lapsed: tuple[str, ...]


def evaluate(document: Document, answers: Answers, day: dt.date) -> Evaluation:
    """What follows from the answers by the rules of a day (of the last one that the guide holds, where
    it has ended). Answers to questions that the guide does not ask are passed over."""
    day = document.read_on(day)
    diagram = document.diagram(day)
    known = {one.key: answers[one.key] for one in document.questions if one.key in answers}
    left = diagram.left(known)
    lapsed = tuple(key for key, value in diagram.parameters.items() if value is None)
    possible = tuple(sorted({diagram.outcome(one) for one in leaves_in(left)}))
    if not isinstance(left, Leaf):
        asking = document.questions[left.question]
        return Evaluation(day, known, None, None, asking, longest(left), possible, (), lapsed)
    outcome = diagram.outcome(left)
    rule = _rule(document, known, day, outcome)
    depends = _depends(document, known, day)
    return Evaluation(
        day, known, document.outcome(outcome), rule, None, 0, possible, depends, lapsed
    )


def _rule(document: Document, answers: Answers, day: dt.date, outcome: str) -> Rule | None:
    """The rule that gives the outcome; of "unsure", the first that cannot be decided."""
    numbers = document.numbers(day)
    wanted = None if outcome == UNSURE else True
    rules = document.rules_on(day)
    truths = [decide(document.conditions[one.when], answers, numbers) for one in rules]
    for rule, truth in zip(rules, truths, strict=True):
        if truth is wanted and (wanted is None or rule.outcome == outcome):
            return rule
    found = (r for r, t in zip(rules, truths, strict=True) if t is None and r.outcome == outcome)
    return next(found, None)


def _depends(document: Document, answers: Answers, day: dt.date) -> tuple[Question, ...]:
    found = []
    for place, one in enumerate(document.questions):
        if answers.get(one.key, 0) is None:
            rest = {key: value for key, value in answers.items() if key != one.key}
            if place in asked_in(document.diagram(day).left(rest)):
                found.append(one)
    return tuple(found)


# --- answers ----------------------------------------------------------------------------------


def value_of(question: Question, raw: Any) -> Value | None:
    """An answer as a form, a case or REST gives it; None for "I don't know".

    Raises UserError, with the question as its field, for what is no answer.
    """
    if raw == UNKNOWN:
        return None
    keys = {one.key for one in question.options}
    match question.kind:
        case "yes_no" if raw in (True, "yes"):
            return True
        case "yes_no" if raw in (False, "no"):
            return False
        case "choice" if isinstance(raw, str) and raw in keys:
            return raw
        case "several" if isinstance(raw, list | tuple) and set(map(str, raw)) <= keys:
            return frozenset(map(str, raw))
        case "number":
            return _number(question, raw)
    raise UserError(_("请选择一项；说不准就选“不知道”。"), question.key)


def _number(question: Question, raw: Any) -> Decimal:
    text = str(raw).strip().translate(UNITS)
    for unit in filter(None, (question.unit, question.unit_en)):
        text = text.removesuffix(unit).strip()
    try:
        if len(text) > MOST_LETTERS or isinstance(raw, bool):
            raise InvalidOperation
        number = Decimal(text)
        if not number.is_finite() or abs(number) > 10**12:
            raise InvalidOperation
    except InvalidOperation:
        sentence = _("请填一个数，例如 %(like)s。") % {"like": like(question)}
        raise UserError(sentence, question.key) from None
    low, high = question.least, question.most
    if (low is not None and number < low) or (high is not None and number > high):
        words = {"low": plain(low), "high": plain(high), "unit": question.said("unit")}
        raise UserError(
            _("这个数应在 %(low)s 到 %(high)s %(unit)s 之间，请核对。") % words, question.key
        )
    return number


def like(question: Question) -> str:
    """A number that could be an answer, for a sentence."""
    low, high = question.least or Decimal(0), question.most or Decimal(10)
    return plain(((low + high) / 2).quantize(question.step))


def plain(number: Decimal | None) -> str:
    """A number as people write it; "…" for none."""
    if number is None:
        return "…"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def answers_of(document: Document, raw: Mapping[str, Any]) -> Answers:
    """Answers as REST and cases give them. Raises UserError for an unknown question or answer."""
    found: Answers = {}
    for key, value in raw.items():
        question = document.question(key)
        if question is None:
            raise UserError(_("这份指引没有“%(key)s”这个问题。") % {"key": key}, key)
        found[key] = value_of(question, value)
    return found


def as_raw(value: Value | None) -> Any:
    """An answer as it is carried along and told over REST."""
    if value is None:
        return UNKNOWN
    if isinstance(value, frozenset):
        return sorted(value)
    return plain(value) if isinstance(value, Decimal) else value


def in_words(question: Question, value: Value | None) -> str:
    """An answer in words."""
    if value is None:
        return _("不知道")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, Decimal):
        return f"{plain(value)} {question.said('unit')}".strip()
    wanted = value if isinstance(value, frozenset) else {value}
    return _("、").join(o.said("text") for o in question.options if o.key in wanted) or _("都没有")


# --- why --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition in words with what became of it. `joint`: `all`, `either`, or "" for one test."""

    text: str
    truth: Truth
    joint: str = ""
    parts: tuple[Finding, ...] = ()
    answer: str = ""


def findings(
    document: Document, condition: Condition, answers: Answers | None, day: dt.date
) -> Finding:
    """A condition in words; with answers (None: only the rule is told), what became of each part."""
    numbers = document.numbers(day)

    def told(one: Condition, *, yes: bool) -> Finding:
        truth = decide(one, answers or {}, numbers)
        if not yes and truth is not None:
            truth = not truth
        match one:
            case Test():
                said = answers is not None and one.question in answers
                question = document.question(one.question)
                answer = in_words(question, answers[one.question]) if said and question else ""  # type: ignore[index]
                return Finding(_told(document, one, day, yes=yes), truth, "", (), answer)
            case Not(part):
                return told(part, yes=not yes)
            case Possibly(part):
                inner = told(part, yes=yes)
                words = _("%(what)s（说不准也算）") % {"what": inner.text}
                return Finding(words, truth, inner.joint, inner.parts, inner.answer)
            case All(parts) | Either(parts):
                joint = "all" if isinstance(one, All) is yes else "either"
                text = _("以下都符合") if joint == "all" else _("以下有一项符合")
                return Finding(text, truth, joint, tuple(told(p, yes=yes) for p in parts))
            case Const():
                return Finding(_("其他情况"), truth)

    return told(condition, yes=True)


def _told(document: Document, test: Test, day: dt.date, *, yes: bool) -> str:
    """A test in words, or its contrary."""
    question = document.question(test.question)
    if question is None:
        return test.question
    words = {"label": question.said("label")}
    if test.sign == "is" and isinstance(test.against, bool):
        return (_("%(label)s：是") if yes else _("%(label)s：否")) % words
    if test.sign in {"is", "has"}:
        words["option"] = in_words(question, str(test.against))
        return (_("%(label)s：%(option)s") if yes else _("%(label)s：不是“%(option)s”")) % words
    number = document.numbers(day).get(str(test.against)) if test.parameter else test.against
    sign = test.sign if yes else CONTRARY[test.sign]
    if number is None:
        return _("%(label)s：没有现行规定的数") % words
    words["number"] = plain(Decimal(str(number)))
    words["unit"] = question.said("unit")
    return {
        ">": _("%(label)s大于 %(number)s %(unit)s"),
        ">=": _("%(label)s不少于 %(number)s %(unit)s"),
        "<": _("%(label)s小于 %(number)s %(unit)s"),
        "<=": _("%(label)s不超过 %(number)s %(unit)s"),
        "==": _("%(label)s等于 %(number)s %(unit)s"),
        "!=": _("%(label)s不等于 %(number)s %(unit)s"),
    }[sign] % words


CONTRARY = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
__all__ = ["Evaluation", "Finding", "answers_of", "evaluate", "findings"]
