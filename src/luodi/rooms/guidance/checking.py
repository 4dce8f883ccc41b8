"""What stands in the way of publishing a guide: found before anybody is told anything by it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.rooms.guidance.deciding import UNSURE, TooLarge, asked_in, edges_of, leaves_in
from luodi.rooms.guidance.document import Case, Document, Question
from luodi.rooms.guidance.evaluating import answers_of, evaluate, plain
from luodi.rooms.guidance.logic import COMPARE, Const, Unreadable


@dataclass(frozen=True, slots=True)
class Ran:
    """A case and what came out; `fault`: why it could not be answered."""

    case: Case
    came: str
    fault: str = ""

    @property
    def passed(self) -> bool:
        return self.came == self.case.outcome and not self.fault


def day_of(document: Document, case: Case, today: dt.date) -> dt.date:
    return document.read_on(case.on or today)


def run_cases(document: Document, today: dt.date) -> list[Ran]:
    """Every case as it comes out now."""
    return [_ran(document, one, day_of(document, one, today)) for one in document.cases]


def _ran(document: Document, case: Case, day: dt.date) -> Ran:
    try:
        found = evaluate(document, answers_of(document, case.answers), day)
    except UserError as problem:
        return Ran(case, "", str(problem))
    if found.outcome is None:
        label = found.asking.said("label") if found.asking else ""
        return Ran(case, "", _("还要问“%(question)s”，这个用例没有答。") % {"question": label})
    return Ran(case, found.outcome.key)


def faults_of(document: Document, today: dt.date) -> list[str]:
    """What must be put right, in sentences; nothing where the guide may be published."""
    found = [*_unnamed(document), *_doubled(document)]
    if found:
        return found
    try:
        _ = document.conditions
        document.diagram(document.read_on(today))
    except Unreadable as problem:
        return [_unreadable(problem)]
    except TooLarge:
        return [_too_large()]
    days = {document.read_on(today), *(day_of(document, c, today) for c in document.cases)}
    for day in sorted(days):
        found += [*_unreached(document, day), *_without_edges(document, day, today)]
    for ran in run_cases(document, today):
        if not ran.passed:
            found.append(_failed(document, ran))
    return list(dict.fromkeys(found))


def _unreadable(problem: Unreadable) -> str:
    return _("有一条规则的条件读不懂：%(what)s") % {"what": problem}


def _too_large() -> str:
    return _("规则太多太杂，一份指引装不下。请拆成几份。")


def _failed(document: Document, ran: Ran) -> str:
    words = {"name": ran.case.name, "wanted": _title(document, ran.case.outcome)}
    if ran.fault:
        return _("用例“%(name)s”：%(fault)s") % {**words, "fault": ran.fault}
    words["came"] = _title(document, ran.came)
    return _("用例“%(name)s”：应为“%(wanted)s”，实际为“%(came)s”。") % words


def _title(document: Document, key: str) -> str:
    return next((one.said("title") for one in document.outcomes if one.key == key), key)


def _unnamed(document: Document) -> Iterator[str]:
    """What is named and is not there."""
    sources = {one.key for one in document.sources}
    outcomes = {one.key for one in document.outcomes}
    named = [(one.source, sources) for one in document.rules]
    named += [(one.outcome, outcomes) for one in document.rules]
    named += [(case.outcome, outcomes) for case in document.cases]
    named += [(stated.source, sources) for one in document.parameters for stated in one.values]
    named.append((UNSURE, outcomes))
    if document.emergency:
        named.append((document.emergency, {one.key for one in document.parameters}))
    for key, known in named:
        if key not in known:
            yield _("没有“%(key)s”，却有地方用到它。") % {"key": key}
    for question in document.questions:
        if question.kind in {"choice", "several"} and len(question.options) < 2:
            yield _("问题“%(question)s”至少要有两个选项。") % {"question": question.label}


def _doubled(document: Document) -> Iterator[str]:
    for some in (document.sources, document.parameters, document.questions, document.outcomes):
        keys = [one.key for one in some]
        for key in {one for one in keys if keys.count(one) > 1}:
            yield _("“%(key)s”出现了两次。") % {"key": key}
    for one in document.parameters:
        for place, stated in enumerate(one.values):
            for other in one.values[place + 1 :]:
                later = max(stated.since or dt.date.min, other.since or dt.date.min)
                if stated.holds(later) and other.holds(later):
                    yield _("“%(label)s”在 %(day)s 有两个值同时有效。") % {
                        "label": one.label,
                        "day": later,
                    }


def _unreached(document: Document, day: dt.date) -> Iterator[str]:
    """Outcomes that no answers lead to, questions that change nothing, no last resort."""
    rules, diagram = document.rules_on(day), document.diagram(day)
    if not rules or document.conditions[rules[-1].when] != Const(True):
        yield _("最后一条规则应是“其他情况”（条件写 True），否则有人会得不到答复。")
        return
    reached = {diagram.outcome(one) for one in leaves_in(diagram.top[0])} | {UNSURE}
    for one in dict.fromkeys(rule.outcome for rule in rules):
        if one not in reached:
            yield _("没有任何回答会得到“%(outcome)s”。") % {"outcome": _title(document, one)}
    asked = asked_in(diagram.top[0])
    for place, question in enumerate(document.questions):
        if place not in asked:
            yield _("问题“%(question)s”不影响任何结果。") % {"question": question.label}


def _without_edges(document: Document, day: dt.date, today: dt.date) -> Iterator[str]:
    """Numbers at which answers part, without a case on either side."""
    for question, wanted, answered in edges(document, day, today):
        if not answered:
            yield _("缺少用例：%(question)s = %(number)s %(unit)s（边界两侧都要有）。") % {
                "question": question.label,
                "number": plain(wanted),
                "unit": question.unit,
            }


def edges(
    document: Document, day: dt.date, today: dt.date
) -> Iterator[tuple[Question, Decimal, bool]]:
    """Each number on and beside an edge, by a step of its question, and whether a case answers it."""
    diagram = document.diagram(day)
    for place, question in enumerate(document.questions):
        if question.kind != "number":
            continue
        told = set()
        for case in document.cases:
            raw = case.answers.get(question.key)
            if raw is not None and day_of(document, case, today) == day:
                try:
                    told.add(answers_of(document, {question.key: raw})[question.key])
                except UserError:
                    continue
        tests = diagram.tests.get(question.key, [])
        for edge in edges_of(diagram.questions[place], tests, diagram.parameters):
            beside = {-1: False, 1: False}
            for test in tests:
                number = (
                    diagram.parameters.get(str(test.against)) if test.parameter else test.against
                )
                if test.sign in COMPARE and number == edge:
                    beside[1] |= test.sign in {">", "<=", "==", "!="}
                    beside[-1] |= test.sign in {">=", "<", "==", "!="}
            for way, wanted in ((0, True), *beside.items()):
                number = edge + way * question.step
                if wanted and _takes(question, number):
                    yield question, number, number in told


def _takes(question: Question, number: Decimal) -> bool:
    low, high = question.least, question.most
    return (low is None or number >= low) and (high is None or number <= high)
