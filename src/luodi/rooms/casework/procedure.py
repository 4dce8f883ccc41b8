"""Procedures: states, transitions and targets as data, read from TOML and checked when loaded.

After RT's lifecycles (initial, active and final states, a map of transitions, a right for each),
with a role, a clock and what is needed added to each transition.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib import resources
from typing import Any, Final

from django.utils.translation import get_language

from luodi.lib.clocks import Basis, Target


@dataclass(frozen=True, slots=True)
class Label:
    zh: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "").startswith("en") else self.zh


SHIPPED: Final = "luodi.rooms.casework.procedures"
KINDS: Final = frozenset({"initial", "active", "final"})
OWNERS: Final = frozenset({"lead", "offered", "reporter"})
CLOCKS: Final = frozenset({"running", "paused", "stopped", "kept"})
RELATIONS: Final = frozenset(
    {"reporter", "lead", "offered", "asked", "co", "owner", "superior", "viewer", "system"}
)
NEEDS: Final = frozenset(
    {"reason", "text", "unit", "due", "measures_done", "measure", "evidence", "answer"}
)
RAISED: Final = Label("提出", "Raised")
RECORDED: Final = "recorded"  # how a case ended before it was brought in
ENDED: Final = Label("依历史台账登记结果", "Ended, as the former ledger says")
SAME, PREVIOUS = "same", "previous"

# The functions of `api` that carry a case along a transition.
VERBS: Final = frozenset(
    [
        "receive",
        "hand_over",
        "accept",
        "return_",
        "take_back",
        "escalate",
        "ask_department",
        "join",
        "decline",
        "add_measure",
        "change_measure",
        "finish_measure",
        "drop_measure",
        "answer",
        "attach",
        "pause",
        "resume",
        "set_deadline",
        "submit",
        "verify",
        "confirm_by_time",
        "close",
        "withdraw",
        "reject",
        "reopen",
        "urge",
        "supervise",
        "escalate_overdue",
        "pass_on",
        "link",
        "merge",
        "unmerge",
        "change_procedure",
    ]
)


class BrokenProcedure(ValueError):
    """A procedure that could leave a case stuck or owned by nobody."""


@dataclass(frozen=True, slots=True)
class State:
    """`owner`: whose turn it is; `clocks`: what both clocks do; `outcome`: how a final one ended."""

    key: str
    label: Label
    kind: str
    owner: str = ""
    clocks: str = "stopped"
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Transition:
    """What may be done in some states: by `verb`, to the state `to` (or `same`, or `previous`).

    who: relations to the case, one of which the actor must have, beside the permission.
    needs: what must be given (`reason`, `text`, `unit`, `due`) or be there (the others).
    responds: it meets the first-response target. reopens: it may leave a final state.
    """

    key: str
    verb: str
    label: Label
    sources: frozenset[str]
    to: str
    who: frozenset[str]
    permission: str = "cases.view"
    needs: frozenset[str] = frozenset()
    responds: bool = False
    reopens: bool = False
    done: Label | None = None  # what has happened, for whoever did it; the product's own need none


@dataclass(frozen=True, slots=True)
class Procedure:
    key: str
    version: int
    prefix: str
    label: Label
    states: dict[str, State]
    transitions: tuple[Transition, ...]
    first: Target
    resolution: Target
    confirm_days: int
    urge_hours: int

    @property
    def initial(self) -> State:
        return next(state for state in self.states.values() if state.kind == "initial")

    def label_of(self, key: str) -> Label:
        """What an event of the history is called; also one of a procedure followed before."""
        for one in (self, *procedures().values()):
            for transition in one.transitions:
                if transition.key == key:
                    return transition.label
        return ENDED if key == RECORDED else RAISED

    def ended(self, outcome: str) -> State:
        """The final state of an outcome."""
        return next(one for one in self.states.values() if one.outcome == outcome)

    def find(self, verb: str, state: str, key: str = "") -> Transition | None:
        """The transition by which a verb may leave a state."""
        for one in self.transitions:
            if one.verb == verb and state in one.sources and key in {"", one.key}:
                return one
        return None


def parse(data: dict[str, Any]) -> Procedure:
    """A procedure from its TOML. Raises BrokenProcedure naming what is wrong."""
    try:
        states = {key: _state(key, one) for key, one in data["states"].items()}
        procedure = Procedure(
            key=data["key"],
            version=data["version"],
            prefix=data["prefix"],
            label=Label(**data["label"]),
            states=states,
            transitions=tuple(_transition(one) for one in data["transitions"]),
            first=_target(**data["targets"]["first"]),
            resolution=_target(**data["targets"]["resolution"]),
            confirm_days=data["confirm_days"],
            urge_hours=data["urge_hours"],
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise BrokenProcedure(f"{data.get('key')}: {problem!r}") from problem
    if faults := check(procedure):
        raise BrokenProcedure(f"{procedure.key}: {'; '.join(faults)}")
    return procedure


def _state(key: str, data: dict[str, Any]) -> State:
    return State(key, Label(**data["label"]), **{k: v for k, v in data.items() if k != "label"})


def _transition(data: dict[str, Any]) -> Transition:
    rest: dict[str, Any] = {**data, "sources": data["from"], "label": Label(**data["label"])}
    del rest["from"]
    rest["done"] = Label(**data["done"]) if "done" in data else None
    rest["verb"] = data.get("verb", data["key"])
    rest |= {name: frozenset(rest.get(name, [])) for name in ("sources", "who", "needs")}
    return Transition(**rest)


def _target(
    basis: str, hours: int = 0, days: int = 0, amber_hours: int = 0, amber_days: int = 0
) -> Target:
    return Target(
        timedelta(days=days, hours=hours),
        Basis(basis),
        timedelta(days=amber_days, hours=amber_hours),
    )


def check(procedure: Procedure) -> list[str]:
    """What is wrong with a procedure, in words; empty where it is sound."""
    faults = _state_faults(procedure)
    for one in procedure.transitions:
        faults += _transition_faults(procedure, one)
    if not faults:
        unreached = procedure.states.keys() - _reached(procedure)
        faults += [f"state {key} cannot be reached" for key in sorted(unreached)]
    return faults


def _state_faults(procedure: Procedure) -> list[str]:
    faults = []
    if [one.kind for one in procedure.states.values()].count("initial") != 1:
        faults.append("there must be exactly one initial state")
    for state in procedure.states.values():
        exits = [one for one in procedure.transitions if _leaves(one, state)]
        if state.kind not in KINDS or state.clocks not in CLOCKS:
            faults.append(f"state {state.key}: unknown kind or clocks")
        if state.kind == "final":
            if not state.outcome:
                faults.append(f"final state {state.key} has no outcome")
            faults += [
                f"final state {state.key} is left by {one.key}, which does not say it reopens"
                for one in exits
                if not one.reopens
            ]
            continue
        if state.owner not in OWNERS:
            faults.append(f"state {state.key} has no owner")
        if not any(one.who & {state.owner} for one in exits):
            faults.append(f"state {state.key} has no exit that its owner may take")
    return faults


def _leaves(transition: Transition, state: State) -> bool:
    return state.key in transition.sources and transition.to not in {SAME, state.key}


def _transition_faults(procedure: Procedure, one: Transition) -> list[str]:
    faults = []
    if one.verb not in VERBS:
        faults.append(f"transition {one.key}: no verb {one.verb}")
    if unknown := (one.sources | {one.to}) - procedure.states.keys() - {SAME, PREVIOUS}:
        faults.append(f"transition {one.key}: unknown states {sorted(unknown)}")
    if not one.who or one.who - RELATIONS:
        faults.append(f"transition {one.key}: nobody, or an unknown relation, may take it")
    if one.done is None and one.who != {"system"}:
        faults.append(f"transition {one.key} does not say what has happened (done)")
    if one.needs - NEEDS:
        faults.append(f"transition {one.key}: unknown needs {sorted(one.needs - NEEDS)}")
    return faults


def _reached(procedure: Procedure) -> set[str]:
    reached = {procedure.initial.key}
    while True:
        more = {
            one.to
            for one in procedure.transitions
            if one.sources & reached and one.to not in {SAME, PREVIOUS}
        }
        if more <= reached:
            return reached
        reached |= more


@cache
def procedures() -> dict[str, Procedure]:
    """The procedures that the product brings, by key."""
    names = (file.name for file in resources.files(SHIPPED).iterdir())
    keys = sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
    return {key: parse(read(key)) for key in keys}


def read(key: str) -> dict[str, Any]:
    """A shipped procedure's TOML, with what it takes from the one that it extends.

    Its own values come first; `states` and `changes` name only what differs in a state, or in a
    transition, of the other.
    """
    file = resources.files(SHIPPED).joinpath(f"{key}.toml")
    own = tomllib.loads(file.read_text(encoding="utf-8"))
    if "extends" not in own:
        return own
    other, changes = read(own.pop("extends")), own.pop("changes", {})
    return extended(other, own, changes)


def extended(
    other: dict[str, Any], own: dict[str, Any], changes: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """`other` with the values of `own` and the `changes` of its transitions, by key."""
    differing = own.get("states", {})
    known = {one["key"] for one in other["transitions"]}
    if unknown := (differing.keys() - other["states"].keys()) | (changes.keys() - known):
        raise BrokenProcedure(f"{own.get('key')}: unknown {', '.join(sorted(unknown))}")
    states = {key: {**one, **differing.get(key, {})} for key, one in other["states"].items()}
    transitions = [{**one, **changes.get(one["key"], {})} for one in other["transitions"]]
    return {**other, **own, "states": states, "transitions": transitions}


def state_label(key: str) -> Label | str:
    """What a state is called, in whichever procedure it stands; the key of an unknown one."""
    found = (one.states[key].label for one in procedures().values() if key in one.states)
    return next(found, key)


def outcome_label(key: str) -> Label | str:
    """How a case ended, as the final state with that outcome is called; the key of an unknown."""
    states = (state for one in procedures().values() for state in one.states.values())
    return next((state.label for state in states if state.outcome == key), key)
