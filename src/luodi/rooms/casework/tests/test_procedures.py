"""Procedures are checked when they are loaded; a broken one says what is wrong."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from luodi.rooms.casework import api
from luodi.rooms.casework.procedure import VERBS, BrokenProcedure, extended, parse, procedures, read


@pytest.fixture
def data() -> dict[str, Any]:
    return read("enterprise_problem")


def test_the_shipped_procedures_are_sound() -> None:
    shipped = {"enterprise_problem", "special_rectification", "practical_matter", "work_gap"}
    assert set(procedures()) == shipped
    for procedure in procedures().values():
        for state in procedure.states.values():
            assert state.label.zh
            assert state.label.en


def test_every_verb_of_a_procedure_is_a_function_of_the_api() -> None:
    assert all(callable(getattr(api, verb)) for verb in VERBS)


def test_prefixes_tell_procedures_apart() -> None:
    prefixes = [one.prefix for one in procedures().values()]
    assert len(set(prefixes)) == len(prefixes)


def test_a_variant_differs_only_where_it_says_so(data: dict[str, Any]) -> None:
    variant = procedures()["special_rectification"]
    plain = procedures()["enterprise_problem"]
    assert str(variant.states["confirmed"].label) == "已销号"
    assert variant.states["confirmed"].kind == plain.states["confirmed"].kind
    submit, other = (
        next(one for one in procedure.transitions if one.key == "submit")
        for procedure in (variant, plain)
    )
    assert "evidence" in submit.needs - other.needs
    assert submit.sources == other.sources
    with pytest.raises(BrokenProcedure, match="rasied"):
        extended(data, {"key": "x", "states": {"rasied": {}}}, {})


def transition(data: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in data["transitions"] if one["key"] == key)


def break_it(data: dict[str, Any], how: str) -> dict[str, Any]:
    data = copy.deepcopy(data)
    match how:
        case "unreachable":
            transition(data, "pause")["from"] = ["suspended"]
        case "no owner":
            data["states"]["handling"]["owner"] = ""
        case "no exit for its owner":
            for key in ("satisfied", "unsatisfied"):
                transition(data, key)["who"] = ["lead"]
        case "final left silently":
            transition(data, "reopen")["reopens"] = False
        case "final without outcome":
            data["states"]["closed"]["outcome"] = ""
        case "unknown verb":
            transition(data, "answer")["verb"] = "shout"
        case "unknown state":
            transition(data, "submit")["to"] = "heaven"
        case "unknown relation":
            transition(data, "submit")["who"] = ["passer-by"]
        case "unknown need":
            transition(data, "submit")["needs"] = ["photo"]
        case "two beginnings":
            data["states"]["handling"]["kind"] = "initial"
        case "no target":
            del data["targets"]["first"]
        case "bad basis":
            data["targets"]["first"]["basis"] = "moon"
    return data


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("unreachable", "suspended cannot be reached"),
        ("no owner", "handling has no owner"),
        ("no exit for its owner", "submitted has no exit that its owner may take"),
        ("final left silently", "is left by reopen"),
        ("final without outcome", "closed has no outcome"),
        ("unknown verb", "no verb shout"),
        ("unknown state", "heaven"),
        ("unknown relation", "unknown relation"),
        ("unknown need", "photo"),
        ("two beginnings", "exactly one initial"),
        ("no target", "first"),
        ("bad basis", "moon"),
    ],
)
def test_a_broken_procedure_is_refused(data: dict[str, Any], how: str, says: str) -> None:
    parse(data)
    with pytest.raises(BrokenProcedure, match=says):
        parse(break_it(data, how))
