"""What follows from answers: the outcome, or the next question that can still change it.

The rules are a list: the first that holds gives the outcome. One that cannot be decided holds
everything below it back ("unsure"): what is not known never promises and never falls through.

For a day all rules together are one function from answers to outcomes. It is kept as a reduced
decision diagram: a question stands in it if and only if its answer can change the outcome, so the
next question to ask is read off its top once the answers so far are put in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations, pairwise

from luodi.rooms.guidance.logic import (
    COMPARE,
    Condition,
    Const,
    Test,
    Value,
    given,
    meets,
    tests_of,
)

UNSURE = "unsure"
MOST_NODES, MOST_TICKED = 20_000, 6
Parameters = Mapping[str, Decimal | None]
Answers = Mapping[str, Value | None]  # None: "I don't know"


class TooLarge(ValueError):
    """Rules that are too many for one guide."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the diagram knows of a question: its kind, and between which numbers it lies."""

    key: str
    kind: str
    options: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """An outcome: the number of the rule that gives it; None where one cannot be decided."""

    rule: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A question whose answers lead to different ends: `ways[place]` for the place of an answer."""

    question: int
    ways: tuple[Leaf | Node, ...]


@dataclass(frozen=True)
class Diagram:
    """The rules of one day over their questions."""

    questions: Sequence[Asked]
    rules: Sequence[Condition]
    outcomes: Sequence[str]
    parameters: Parameters
    tests: dict[str, list[Test]] = field(default_factory=dict)
    classes: list[list[Value | None]] = field(default_factory=list)
    places: list[dict[tuple[bool | None, ...], int]] = field(default_factory=list)
    top: list[Leaf | Node] = field(default_factory=list)

    def __post_init__(self) -> None:
        for rule in self.rules:
            for test in tests_of(rule):
                self.tests.setdefault(test.question, []).append(test)
        for one in self.questions:
            values = list(_classes(one, self.tests.get(one.key, []), self.parameters))
            self.classes.append(values)
            signs = [self._signs(one.key, value) for value in values]
            self.places.append({sign: place for place, sign in reversed(list(enumerate(signs)))})
        self.top.append(_Making(self).made(0, _first(list(enumerate(self.rules)))))

    def _signs(self, key: str, value: Value | None) -> tuple[bool | None, ...]:
        return tuple(meets(test, value, self.parameters) for test in self.tests.get(key, []))

    def place_of(self, question: int, value: Value | None) -> int:
        """The place of an answer among the classes of its question: those that no rule tells apart."""
        found = self.places[question].get(self._signs(self.questions[question].key, value))
        return len(self.classes[question]) - 1 if found is None else found

    def left(self, answers: Answers) -> Leaf | Node:
        """What remains of the diagram once the answers are put in."""
        known = {
            place: self.place_of(place, answers[one.key])
            for place, one in enumerate(self.questions)
            if one.key in answers
        }
        return _restricted(self.top[0], known, {}, {})

    def outcome(self, leaf: Leaf) -> str:
        return UNSURE if leaf.rule is None else self.outcomes[leaf.rule]


def asked_in(node: Leaf | Node) -> set[int]:
    """The places of the questions that can still change the outcome."""
    return {one.question for one in _nodes(node) if isinstance(one, Node)}


def leaves_in(node: Leaf | Node) -> set[Leaf]:
    """The outcomes that can still come."""
    return {one for one in _nodes(node) if isinstance(one, Leaf)}


def longest(node: Leaf | Node) -> int:
    """How many questions remain at the most."""
    known: dict[int, int] = {}

    def of(one: Leaf | Node) -> int:
        if isinstance(one, Leaf):
            return 0
        if id(one) not in known:
            known[id(one)] = 1 + max(of(way) for way in one.ways)
        return known[id(one)]

    return of(node)


def _nodes(node: Leaf | Node) -> Iterator[Leaf | Node]:
    seen, waiting = set(), [node]
    while waiting:
        one = waiting.pop()
        mark = one if isinstance(one, Leaf) else id(one)
        if mark not in seen:
            seen.add(mark)
            yield one
            waiting += one.ways if isinstance(one, Node) else ()


def _classes(asked: Asked, tests: Sequence[Test], parameters: Parameters) -> Iterator[Value | None]:
    """One answer of each kind that the tests can tell apart; last "I don't know"."""
    if asked.kind == "yes_no":
        yield from (True, False)
    elif asked.kind == "choice":
        yield from asked.options
    elif asked.kind == "several":
        ticked = sorted({str(test.against) for test in tests})
        if len(ticked) > MOST_TICKED:
            raise TooLarge(asked.key)
        for count in range(len(ticked) + 1):
            yield from (frozenset(some) for some in combinations(ticked, count))
    else:
        yield from _numbers(asked, tests, parameters)
    yield None


def edges_of(asked: Asked, tests: Sequence[Test], parameters: Parameters) -> list[Decimal]:
    """The numbers at which a question's answers part, that lie within its bounds."""
    found = set()
    for test in tests:
        edge = parameters.get(str(test.against)) if test.parameter else test.against
        if test.sign in COMPARE and isinstance(edge, Decimal):
            found.add(edge)
    return sorted(found)


def _numbers(asked: Asked, tests: Sequence[Test], parameters: Parameters) -> Iterator[Decimal]:
    edges = edges_of(asked, tests, parameters) or [asked.least or Decimal(0)]
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    within = [edges[0] - 1 if asked.least is None else asked.least]
    within += [*edges, *between, edges[-1] + 1 if asked.most is None else asked.most]
    low, high = min(within), max(within)
    if asked.least is not None:
        low = asked.least
    if asked.most is not None:
        high = asked.most
    yield from sorted({min(max(value, low), high) for value in within})


Rules = tuple[tuple[int, Condition], ...]


def _first(rules: Sequence[tuple[int, Condition]]) -> Rules:
    """The rules that still count: none that is false, none below one that is decided."""
    kept: list[tuple[int, Condition]] = []
    for number, rule in rules:
        if rule != Const(False):
            kept.append((number, rule))
        if isinstance(rule, Const) and rule.truth is not False:
            break
    return tuple(kept)


class _Making:
    """Makes the diagram: shared where two ways leave the same rules, reduced where all are equal."""

    def __init__(self, diagram: Diagram) -> None:
        self.diagram = diagram
        self.known: dict[tuple[int, Rules], Leaf | Node] = {}
        self.nodes: dict[tuple[object, ...], Node] = {}
        self.leaves: dict[str, Leaf] = {}

    def made(self, place: int, rules: Rules) -> Leaf | Node:
        if not rules:
            return self._leaf(None)
        number, first = rules[0]
        if isinstance(first, Const):
            return self._leaf(number if first.truth else None)
        if place >= len(self.diagram.questions):
            return self._leaf(None)
        if (place, rules) not in self.known:
            if len(self.known) > MOST_NODES:
                raise TooLarge
            self.known[place, rules] = self._node(place, rules)
        return self.known[place, rules]

    def _leaf(self, rule: int | None) -> Leaf:
        """One leaf for each outcome: which rule gave it is found from the answers."""
        name = UNSURE if rule is None else self.diagram.outcomes[rule]
        return self.leaves.setdefault(name, Leaf(rule))

    def _node(self, place: int, rules: Rules) -> Leaf | Node:
        key, parameters = self.diagram.questions[place].key, self.diagram.parameters
        ways = tuple(
            self.made(
                place + 1,
                _first([(number, given(rule, key, value, parameters)) for number, rule in rules]),
            )
            for value in self.diagram.classes[place]
        )
        return _node(place, ways, self.nodes)


def _node(
    place: int, ways: tuple[Leaf | Node, ...], nodes: dict[tuple[object, ...], Node]
) -> Leaf | Node:
    if all(one is ways[0] for one in ways):
        return ways[0]
    return nodes.setdefault((place, *map(id, ways)), Node(place, ways))


def _restricted(
    node: Leaf | Node,
    known: Mapping[int, int],
    done: dict[int, Leaf | Node],
    nodes: dict[tuple[object, ...], Node],
) -> Leaf | Node:
    if isinstance(node, Leaf):
        return node
    if id(node) not in done:
        place = known.get(node.question)
        if place is not None:
            done[id(node)] = _restricted(node.ways[place], known, done, nodes)
        else:
            ways = tuple(_restricted(one, known, done, nodes) for one in node.ways)
            done[id(node)] = _node(node.question, ways, nodes)
    return done[id(node)]
