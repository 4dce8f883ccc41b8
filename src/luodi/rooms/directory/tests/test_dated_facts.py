"""Dated facts against a slow reference: full lists in Python, one for each state of knowledge."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import UserError
from luodi.rooms.directory import api
from luodi.rooms.directory.api import Membership, Person, Stage

START = dt.date(2022, 1, 1)
KNOWN = dt.datetime(2022, 1, 1, tzinfo=dt.UTC)
DAYS = 30
STAGES = list(Stage)


@dataclass(frozen=True)
class Fact:
    person: int
    branch: int
    stage: int
    since: int
    until: int = DAYS * 9

    def covers(self, day: int) -> bool:
        return self.since <= day < self.until


def overlap(facts: list[Fact]) -> bool:
    return any(
        a.person == b.person and max(a.since, b.since) < min(a.until, b.until)
        for a, b in combinations(facts, 2)
    )


def reference(facts: list[Fact], step: tuple[str, int, int, int, int]) -> list[Fact] | None:
    """What is believed after a step; None where the verb must refuse."""
    verb, person, branch, stage, day = step
    if verb == "start":
        after = [*facts, Fact(person, branch, stage, day)]
        return None if overlap(after) else after
    mine = sorted((f for f in facts if f.person == person), key=lambda f: f.since)
    if not mine:
        return None
    last = mine[-1]
    others = [f for f in facts if f is not last]
    if verb == "correct":
        after = [*others, replace(last, stage=stage, since=day)]
        return None if day >= last.until or overlap(after) else after
    if not last.since < day < last.until:
        return None
    cut = replace(last, until=day)
    match verb:
        case "end":
            return [*others, cut]
        case "advance" if last.stage + 1 < len(STAGES):
            return [*others, cut, replace(last, stage=last.stage + 1, since=day)]
        case "transfer" if branch != last.branch:
            return [*others, cut, replace(last, branch=branch, since=day)]
    return None


STEP = st.tuples(
    st.sampled_from(["start", "start", "advance", "transfer", "end", "correct"]),
    st.integers(0, 1),
    st.integers(0, 1),
    st.integers(0, len(STAGES) - 1),
    st.integers(0, DAYS - 1),
)


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(STEP, min_size=1, max_size=7))
def test_counts_at_any_day_and_any_state_of_knowledge(directory, steps) -> None:
    with transaction.atomic():
        people = [directory.person(100 + n) for n in range(2)]
        branches = [directory.branch, directory.joint]
        beliefs: list[list[Fact]] = [[]]
        for number, step in enumerate(steps):
            at = KNOWN + dt.timedelta(hours=number + 1)
            expected = reference(beliefs[-1], step)
            try:
                perform(step, people, branches, at)
                done = True
            except UserError:
                done = False
            assert done == (expected is not None)
            beliefs.append(beliefs[-1] if expected is None else expected)
        compare(directory, people, branches, beliefs)
        transaction.set_rollback(True)


def perform(step, people, branches, at) -> None:
    verb, person, branch, stage, day = step
    on = START + dt.timedelta(days=day)
    if verb == "start":
        with transaction.atomic():
            api.start_membership(
                actor=SYSTEM,
                person=people[person],
                branch=branches[branch],
                stage=STAGES[stage],
                since=on,
                at=at,
            )
        return
    rows = Membership.objects.known().filter(person=people[person])
    last = rows.order_by("valid").last()
    if last is None:
        raise UserError("none")
    with transaction.atomic():
        match verb:
            case "correct":
                api.correct_membership(
                    actor=SYSTEM, membership=last, stage=STAGES[stage], since=on, at=at
                )
            case "end":
                api.end_membership(actor=SYSTEM, membership=last, on=on, at=at)
            case "advance":
                api.advance_membership(actor=SYSTEM, membership=last, on=on, at=at)
            case "transfer":
                api.transfer(actor=SYSTEM, membership=last, branch=branches[branch], on=on, at=at)


def compare(directory, people, branches, beliefs) -> None:
    members = {STAGES.index(Stage.PROBATIONARY), STAGES.index(Stage.FORMAL)}
    for number, facts in enumerate(beliefs):
        known_at = KNOWN + dt.timedelta(hours=number, minutes=30)
        for day in range(0, DAYS, 4):
            on = START + dt.timedelta(days=day)
            expected = {f.person for f in facts if f.covers(day) and f.stage in members}
            found = api.members(directory.zone.zone, on, known_at)
            assert {people.index(one) for one in found} == expected
            for place, branch in enumerate(branches):
                there = {
                    f.person
                    for f in facts
                    if f.covers(day) and f.stage in members and f.branch == place
                }
                assert api.members(branch.unit, on, known_at).count() == len(there)
    now = [(f.person, f.stage, f.since) for f in beliefs[-1]]
    rows = [
        (people.index(row.person), STAGES.index(Stage(row.stage)), (row.since - START).days)
        for row in Membership.objects.known().filter(person__in=people).select_related("person")
    ]
    assert sorted(rows) == sorted(now)


@given(
    born=st.lists(st.dates(dt.date(1950, 1, 1), dt.date(2000, 12, 31)), min_size=1, max_size=9),
    on=st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)),
)
def test_ages_are_counted_month_by_month(born, on) -> None:
    def slow(born_on: dt.date) -> int:
        months, year, month = 0, born_on.year, born_on.month
        while True:
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
            if (year, month, born_on.day) > (on.year, on.month, on.day):
                return months
            months += 1

    persons = [Person(born_on=day) for day in born]
    months = [slow(day) for day in born]
    mean = api.mean_age(persons, on)
    assert mean is not None
    assert abs(mean - Decimal(sum(months)) / 12 / len(months)) <= Decimal("0.00500001")
    assert api.minimum_age(persons, on) == min(months) // 12


def test_ages_round_half_up_and_leave_out_the_unknown() -> None:
    on = dt.date(2022, 12, 22)
    persons = [Person(born_on=dt.date(1980, 12, 22)), Person(born_on=None)]
    assert api.mean_age(persons, on) == Decimal("42.00")
    assert api.mean_age([Person()], on) is None
    assert api.minimum_age([Person()], on) is None
