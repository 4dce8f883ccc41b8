"""The diagram says exactly what trying everything says; unknown neither promises nor falls through."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given as tried
from hypothesis import settings
from hypothesis import strategies as st

from luodi.rooms.guidance.deciding import UNSURE, Asked, Diagram, Leaf, asked_in
from luodi.rooms.guidance.logic import (
    All,
    Condition,
    Const,
    Either,
    Not,
    Possibly,
    Test,
    Unreadable,
    decide,
    read,
)

QUESTIONS = [
    Asked("a", "yes_no"),
    Asked("b", "choice", ("x", "y")),
    Asked("n", "number", (), Decimal(0), Decimal(9)),
    Asked("s", "several", ("p", "q")),
]
KINDS = {one.key: one.kind for one in QUESTIONS}
VALUES: dict[str, list[Any]] = {
    "a": [True, False, None],
    "b": ["x", "y", None],
    "n": [Decimal(one) for one in ("0", "3", "3.5", "4", "6", "9")] + [None],
    "s": [frozenset(one) for one in ("", "p", "q", "pq")] + [None],
}
TESTS = st.sampled_from(
    [
        Test("a", "is", True),
        Test("b", "is", "x"),
        Test("n", ">", Decimal("3.5")),
        Test("n", ">=", Decimal(4)),
        Test("n", "<", "least", parameter=True),
        Test("n", "==", "gone", parameter=True),
        Test("s", "has", "p"),
        Const(None),
    ]
)
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda some: All(tuple(some))),
        st.lists(inner, min_size=2, max_size=3).map(lambda some: Either(tuple(some))),
        inner.map(Not),
        inner.map(Possibly),
    ),
    max_leaves=5,
)
PARAMETERS = {"least": Decimal(6), "gone": None}
RULES = st.lists(st.tuples(CONDITIONS, st.sampled_from("uvw")), min_size=1, max_size=3)
ANSWERS = st.dictionaries(st.sampled_from("abns"), st.integers(0, 6), max_size=4).map(
    lambda some: {key: VALUES[key][place % len(VALUES[key])] for key, place in some.items()}
)


def slowly(rules: list[tuple[Condition, str]], answers: dict[str, Any]) -> str:
    """The first rule that holds; one that cannot be decided holds back all below."""
    for condition, outcome in rules:
        match decide(condition, answers, PARAMETERS):
            case True:
                return outcome
            case None:
                return UNSURE
    return UNSURE


@settings(max_examples=60)
@tried(RULES, ANSWERS)
def test_a_question_is_asked_if_and_only_if_its_answer_can_matter(
    rules: list[tuple[Condition, str]], answers: dict[str, Any]
) -> None:
    conditions, outcomes = [one for one, _end in rules], [end for _one, end in rules]
    diagram = Diagram(QUESTIONS, conditions, outcomes, PARAMETERS)
    left = diagram.left(answers)
    open_ = [one.key for one in QUESTIONS if one.key not in answers]
    ends: dict[tuple[Any, ...], str] = {}
    for rest in product(*(range(len(VALUES[key])) for key in open_)):
        more = {key: VALUES[key][place] for key, place in zip(open_, rest, strict=True)}
        ends[rest] = slowly(rules, answers | more)
    matters = {
        key
        for place, key in enumerate(open_)
        if any(
            ends[rest] != ends[(*rest[:place], other, *rest[place + 1 :])]
            for rest in ends
            for other in range(len(VALUES[key]))
        )
    }
    assert {QUESTIONS[one].key for one in asked_in(left)} == matters
    if not matters:
        assert isinstance(left, Leaf) and diagram.outcome(left) == next(iter(ends.values()))


@pytest.mark.parametrize(
    "text",
    [
        "", "a b", "c", "a > 1", "n > a", "b == 1", "n.real", "__import__('os')", "has(a, 'p')",
        "n > missing", "lambda: 1", "a if a else a", "n < 1 < 2", "not",
        "not " * 50 + "a", "'x'", "1", "x" * 2000, "has(s, b)", "possibly(a, a)", "b < 'x'",
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        read(text, KINDS, frozenset({"least"}))


def test_a_condition_is_read_as_it_is_meant() -> None:
    made = read("a and n >= least or not has(s, 'p')", KINDS, frozenset({"least"}))
    assert made == Either(
        (
            All((Test("a", "is", True), Test("n", ">=", "least", parameter=True))),
            Not(Test("s", "has", "p")),
        )
    )


def test_unknown_is_neither_true_nor_false() -> None:
    unknown, yes = Test("a", "is", True), Test("b", "is", "x")
    said = {"b": "x"}
    assert decide(All((unknown, yes)), said, {}) is None
    assert decide(Either((unknown, yes)), said, {}) is True
    assert decide(Not(unknown), said, {}) is None
    assert decide(Possibly(unknown), said, {}) is True
