"""Conditions in three-valued logic (Kleene's strong one): true, false, and None for what is not known.

A condition is written as `fever > fever_above and days >= fever_days or breathless`: names of
questions, of parameters, numbers, words in quotes, `and`, `or`, `not`, comparisons, `has(signs,
"pale")` for one of several ticked, and `possibly(…)`, which takes what is not known for true, where
caution asks for it. Nothing else is read; nothing is run.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

Truth = bool | None
Value = Decimal | str | bool | frozenset[str]
MOST_LETTERS, MOST_DEPTH = 1000, 20
COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}
SIGNS: dict[type[ast.cmpop], str] = {
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


class Unreadable(ValueError):
    """A condition that is not one."""


@dataclass(frozen=True, slots=True)
class Const:
    """What is decided; None: that it cannot be known."""

    truth: Truth


@dataclass(frozen=True, slots=True)
class Test:
    """What is asked of one question. `sign`: one of COMPARE, `is` or `has`. `against`: a number, the
    name of a parameter, a word, or whether it is yes."""

    question: str
    sign: str
    against: Decimal | str | bool
    parameter: bool = False


@dataclass(frozen=True, slots=True)
class All:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition


@dataclass(frozen=True, slots=True)
class Possibly:
    part: Condition


Condition = Const | Test | All | Either | Not | Possibly


# --- reading ----------------------------------------------------------------------------------


def read(text: str, kinds: Mapping[str, str], parameters: frozenset[str]) -> Condition:
    """The condition that a text says. `kinds`: of each question, `number`, `yes_no`, `choice` or
    `several`. Raises Unreadable, with what is wrong."""
    if len(text) > MOST_LETTERS:
        raise Unreadable(text[:40])
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise Unreadable(text) from problem
    return _read(tree, kinds, parameters, 0)


def _read(
    node: ast.expr, kinds: Mapping[str, str], parameters: frozenset[str], depth: int
) -> Condition:
    if depth > MOST_DEPTH:
        raise Unreadable("…")
    match node:
        case ast.Constant(value=bool() as truth):
            return Const(truth)
        case ast.BoolOp(op=op, values=values):
            parts = tuple(_read(one, kinds, parameters, depth + 1) for one in values)
            return All(parts) if isinstance(op, ast.And) else Either(parts)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return Not(_read(operand, kinds, parameters, depth + 1))
        case ast.Call(func=ast.Name(id="possibly"), args=[inner], keywords=[]):
            return Possibly(_read(inner, kinds, parameters, depth + 1))
        case ast.Call(
            func=ast.Name(id="has"), args=[ast.Name(id=name), ast.Constant(value=str() as word)]
        ) if kinds.get(name) == "several":
            return Test(name, "has", word)
        case ast.Name(id=name) if kinds.get(name) == "yes_no":
            return Test(name, "is", True)
        case ast.Compare(left=ast.Name(id=name), ops=[op], comparators=[right]):
            return _compared(name, SIGNS.get(type(op), ""), right, kinds, parameters)
    raise Unreadable(ast.unparse(node))


def _compared(
    name: str, sign: str, right: ast.expr, kinds: Mapping[str, str], parameters: frozenset[str]
) -> Condition:
    match kinds.get(name), right:
        case "number", ast.Constant(value=int() | float() as number) if sign:
            return Test(name, sign, Decimal(str(number)))
        case "number", ast.Name(id=parameter) if sign and parameter in parameters:
            return Test(name, sign, parameter, parameter=True)
        case "choice", ast.Constant(value=str() as word) if sign == "==":
            return Test(name, "is", word)
        case "choice", ast.Constant(value=str() as word) if sign == "!=":
            return Not(Test(name, "is", word))
    raise Unreadable(f"{name} {sign} {ast.unparse(right)}")


def tests_of(condition: Condition) -> Iterator[Test]:
    """What a condition asks, from left to right."""
    match condition:
        case Test():
            yield condition
        case All(parts) | Either(parts):
            for one in parts:
                yield from tests_of(one)
        case Not(part) | Possibly(part):
            yield from tests_of(part)


# --- deciding ---------------------------------------------------------------------------------


def meets(test: Test, value: Value | None, parameters: Mapping[str, Decimal | None]) -> Truth:
    """Whether an answer meets a test; None where the answer, or the rule's number, is not known."""
    against = parameters.get(str(test.against)) if test.parameter else test.against
    if value is None or against is None:
        return None
    if test.sign == "has":
        return isinstance(value, frozenset) and against in value
    if test.sign == "is":
        return value == against
    try:
        return COMPARE[test.sign](Decimal(str(value)), Decimal(str(against)))
    except InvalidOperation:
        return None


def decide(
    condition: Condition,
    answers: Mapping[str, Value | None],
    parameters: Mapping[str, Decimal | None],
) -> Truth:
    """Whether a condition holds; a question that is not among the answers is not known."""
    match condition:
        case Const(truth):
            return truth
        case Test(question):
            return meets(condition, answers.get(question), parameters)
        case Not(part):
            truth = decide(part, answers, parameters)
            return None if truth is None else not truth
        case Possibly(part):
            return decide(part, answers, parameters) is not False
        case All(parts) | Either(parts):
            # what settles it: a false part of all, a true part of either
            settles = isinstance(condition, Either)
            found = [decide(one, answers, parameters) for one in parts]
            if settles in found:
                return settles
            return None if None in found else not settles


def given(
    condition: Condition,
    question: str,
    value: Value | None,
    parameters: Mapping[str, Decimal | None],
) -> Condition:
    """The condition that remains once a question is answered (None: with "I don't know")."""
    match condition:
        case Test() if condition.question == question:
            return Const(meets(condition, value, parameters))
        case Not(part):
            inner = given(part, question, value, parameters)
            if isinstance(inner, Const):
                return Const(None if inner.truth is None else not inner.truth)
            return Not(inner)
        case Possibly(part):
            inner = given(part, question, value, parameters)
            return Const(inner.truth is not False) if isinstance(inner, Const) else Possibly(inner)
        case All(parts) | Either(parts):
            settles = isinstance(condition, Either)
            left = dict.fromkeys(given(one, question, value, parameters) for one in parts)
            if Const(settles) in left:
                return Const(settles)
            left.pop(Const(not settles), None)
            rest = tuple(left)
            if len(rest) <= 1:
                return rest[0] if rest else Const(not settles)
            return type(condition)(rest)
    return condition
