"""Rules: computed with their source, shown, never enforced, set aside with a reason."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.directory import api
from luodi.rooms.directory.api import RULES, BranchType, Stage, Verdict
from luodi.rooms.directory.rules import Facts, add_years, judge

ON = dt.date(2022, 12, 22)


def facts(**given: object) -> Facts:
    values: dict[str, object] = {
        "type": "branch",
        "formal": 3,
        "probationary": 0,
        "candidates": 0,
        "spans": 0,
        "community": False,
        "term_started_on": dt.date(2021, 1, 1),
    }
    return Facts(**{**values, **given})  # type: ignore[arg-type]


def attention(on: dt.date = ON, **given: object) -> set[str]:
    return {
        remark.rule.key
        for remark in judge(facts(**given), on)
        if remark.verdict is Verdict.ATTENTION
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, set()),
        ({"formal": 2}, {"minimum_members"}),
        ({"formal": 2, "probationary": 5}, {"minimum_members"}),
        ({"formal": 50}, set()),
        ({"formal": 50, "probationary": 1}, {"general_branch_due"}),
        ({"formal": 101}, {"general_branch_due", "committee_due"}),
        ({"type": "general", "formal": 101}, {"committee_due"}),
        ({"type": "committee", "formal": 300}, set()),
        ({"type": "joint", "formal": 1, "spans": 5}, set()),
        ({"type": "joint", "spans": 6}, {"joint_spans"}),
        ({"type": "temporary", "term_started_on": None, "candidates": 1}, {"temporary_admission"}),
        ({"term_started_on": None}, {"term"}),
        ({"term_started_on": dt.date(2019, 12, 22)}, {"term"}),
        ({"term_started_on": dt.date(2019, 12, 23)}, set()),
        ({"term_started_on": dt.date(2018, 1, 1), "community": True}, set()),
        ({"term_started_on": dt.date(2017, 12, 22), "community": True}, {"term"}),
    ],
)
def test_what_asks_for_attention(given: dict[str, object], expected: set[str]) -> None:
    assert attention(**given) == expected


def test_no_rule_holds_before_its_day() -> None:
    assert attention(dt.date(2018, 10, 27), formal=1, term_started_on=None) == set()


@given(
    st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)),
    st.integers(1, 5),
)
def test_a_term_ends_on_the_same_day_of_a_later_year(day: dt.date, years: int) -> None:
    due = add_years(day, years)
    assert (due.year, due.month) == (day.year + years, day.month)
    assert due.day == day.day or (day.month, day.day, due.day) == (2, 29, 28)


def test_every_rule_has_its_source() -> None:
    for rule in RULES.values():
        assert rule.citation.startswith("《")
        assert rule.certainty
        assert rule.types <= set(BranchType.values)


def test_nothing_is_enforced_and_an_exception_is_explained(directory) -> None:
    branch = directory.branch
    found = {remark.rule.key: remark for remark in api.assess(branch, ON)}
    assert found["minimum_members"].verdict is Verdict.ATTENTION
    api.start_membership(
        actor=SYSTEM, person=directory.person(1), branch=branch, stage=Stage.FORMAL, since=ON
    )  # one member is too few, and may still be entered
    with pytest.raises(UserError, match="理由"):
        api.override_rule(actor=SYSTEM, branch=branch, rule="term", reason="")
    with pytest.raises(NotFound):
        api.override_rule(actor=SYSTEM, branch=branch, rule="none", reason="示例")
    first = api.override_rule(actor=SYSTEM, branch=branch, rule="term", reason="经批准延期")
    second = api.override_rule(actor=SYSTEM, branch=branch, rule="term", reason="再次延期")
    first.refresh_from_db()
    assert first.ended_at is not None
    api.end_override(actor=SYSTEM, override=second)
    assert not branch.overrides.filter(ended_at=None).exists()


def test_a_general_branch_counts_its_branches_members(directory) -> None:
    general = api.found_branch(
        actor=SYSTEM,
        parent=directory.zone.zone,
        name="示例党总支",
        type=BranchType.GENERAL,
        founded_on=ON,
    )
    below = api.found_branch(
        actor=SYSTEM,
        parent=directory.neighbour.unit,
        name="示例二支部",
        type=BranchType.BRANCH,
        founded_on=ON,
        superior=general,
    )
    for number in range(3):
        api.start_membership(
            actor=SYSTEM,
            person=directory.person(number),
            branch=below,
            stage=Stage.FORMAL,
            since=ON,
        )
    remark = next(one for one in api.assess(general, ON) if one.rule.key == "committee_due")
    assert "3名" in remark.sentence
