"""Dues of a year, terms that fall due, pairs of two-way training."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.ground.figures.api import read
from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import acting, today
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.pathways.models import DuesBase, DuesMonth
from luodi.rooms.pathways.rules.dues import amount_of, months, unpaid_run
from luodi.rooms.pathways.verbs import dues, pairing, terms

DAY = dt.date(2022, 6, 1)

AMOUNTS = [
    # category, base, due: one flat rate on the whole base (中组发〔2008〕3号)
    ("wage", 0, "0.00"), ("wage", 3000, "15.00"), ("wage", "3000.01", "30.00"), ("wage", 5000, "50.00"),
    ("wage", 5001, "75.02"), ("wage", 10000, "150.00"), ("wage", 10001, "200.02"), ("wage", "4321.5", "43.22"),
    ("retired", 5000, "25.00"), ("retired", 5001, "50.01"), ("farmer", None, "0.20"), ("farmer", "0.5", "0.50"),
    ("farmer", 5, "1.00"), ("none", None, "0.20"), ("none", 900, "0.20"),
]  # fmt: skip


@pytest.mark.parametrize(("category", "base", "due"), AMOUNTS)
def test_what_is_due(category: str, base: Any, due: str) -> None:
    assert amount_of(category, None if base is None else Decimal(str(base)), DAY) == Decimal(due)


@given(st.lists(st.booleans(), max_size=24))
def test_months_in_a_row_as_one_counts_back(ticks: list[bool]) -> None:
    due = months(dt.date(2021, 1, 1), dt.date(2022, 12, 1))[: len(ticks)]
    paid = {month for month, tick in zip(due, ticks, strict=True) if tick}
    count = 0
    while count < len(ticks) and not ticks[-1 - count]:
        count += 1
    assert unpaid_run(due, paid) == count


def collected(place: Any, month: dt.date, people: list[Any], role: str = "branch_secretary") -> Any:
    actor = place.zone.actor(role)
    with acting(actor):
        return dues.collect(actor=actor, branch=place.branch, month=month, people=people)


def based(place: Any, person: Any, base: int = 4000) -> DuesBase:
    actor = place.zone.actor("branch_secretary")
    with acting(actor):
        return dues.set_base(
            actor=actor, branch=place.branch, person=person, category="wage", since=DAY,
            base=Decimal(base),
        )  # fmt: skip


def test_a_year_of_ticks_each_with_its_own_amount(place: Any) -> None:
    first, second = place.members[:2]
    based(place, first, 3000)
    based(place, second, 12000)
    for month in months(DAY, dt.date(2022, 12, 1)):
        collected(place, month, [first, second])
    assert collected(place, DAY, [first, second]) == []
    lines = {line.person: line for line in dues.lines_of(place.branch, 2022)}
    assert (lines[first].total, lines[second].total) == (Decimal("105.00"), Decimal("1680.00"))
    assert lines[first].unpaid(dt.date(2022, 12, 1)) == 0
    assert len(lines[place.members[2]].due) == 12


def test_a_new_base_changes_no_month_that_is_paid(place: Any) -> None:
    first = place.members[0]
    based(place, first, 3000)
    collected(place, DAY, [first])
    based(place, first, 12000)
    collected(place, dt.date(2022, 7, 1), [first])
    assert [row.amount for row in DuesMonth.objects.all()] == [Decimal("15.00"), Decimal("240.00")]


def test_a_base_is_sealed_and_only_who_collects_opens_the_page(place: Any) -> None:
    row = based(place, place.members[0], 4321)
    assert "4321" not in row.base_cipher and row.base == Decimal(4321)
    page = f"/pathways/dues/{place.branch.pk}/2022/"
    for role in ("office", "secretary", "instructor", "county_officer", "liaison"):
        assert place.zone.client(role).get(page).status_code in {403, 404}
        with pytest.raises(NotAllowed):
            collected(place, DAY, [place.members[0]], role)
    assert place.zone.client("branch_secretary").get(page).status_code == 200


def test_sums_go_upward_without_names(place: Any) -> None:
    for one in place.members[:2]:
        based(place, one, 3000)
    collected(place, DAY, place.members[:2])
    reading = read(
        actor=place.zone.actor("office"), key="pathways.dues", unit=place.zone.zone,
        since=dt.date(2022, 1, 1), until=today(),
    )  # fmt: skip
    assert reading.value == Decimal("30.00")


def test_who_has_no_base_or_is_no_member_pays_nothing_here(place: Any) -> None:
    with pytest.raises(UserError, match="还没有登记基数"):
        collected(place, DAY, [place.members[0]])
    based(place, place.members[0])
    with pytest.raises(UserError, match="还没有到"):
        collected(place, today() + dt.timedelta(days=40), [place.members[0]])
    with pytest.raises(UserError, match="不是这个党组织的党员"):
        based(place, place.applicant)


def test_arrears_are_a_quiet_word_once(place: Any) -> None:
    day = dt.date(2022, 12, 10)
    first, second = place.members[:2]
    for one in (first, second):
        based(place, one)
    collected(place, DAY, [first, second])
    for month in months(dt.date(2022, 7, 1), dt.date(2022, 11, 1)):
        collected(place, month, [second])
    assert dues.remind_arrears(dt.date(2022, 8, 10)) == 0
    assert dues.remind_arrears(day) == 1
    assert dues.remind_arrears(day) == 1
    told = Notice.objects.filter(key__startswith="dues:")
    with acting(place.zone.actor("branch_secretary")):
        assert [first.name in one.text for one in told] == [True]
    with acting(place.zone.actor("office")):
        assert not told.filter(account=place.zone.accounts["office"]).exists()


# --- terms ------------------------------------------------------------------------------------------


def begun(place: Any, on: dt.date, *, community: bool = False) -> None:
    place.branch.term_started_on, place.branch.community = on, community
    place.branch.save()


@pytest.mark.parametrize(
    ("started", "community", "due"),
    [
        ("2019-06-30", False, "2022-06-30"),
        ("2020-02-29", False, "2023-02-28"),
        ("2019-06-30", True, "2024-06-30"),
        ("2020-02-29", True, "2025-02-28"),
    ],
)
def test_when_an_election_is_due(place: Any, started: str, community: bool, due: str) -> None:
    begun(place, dt.date.fromisoformat(started), community=community)
    assert terms.due_of(place.branch) == dt.date.fromisoformat(due)


def test_three_reminders_each_once(place: Any) -> None:
    begun(place, dt.date(2019, 6, 30))
    days = [
        dt.date(2021, 12, 29),
        dt.date(2021, 12, 30),
        dt.date(2022, 3, 30),
        dt.date(2022, 5, 30),
    ]
    for day in [*days, *days, dt.date(2022, 7, 1)]:
        terms.remind_terms(day)
    with acting(place.zone.actor("office")):
        mine = Notice.objects.filter(key__startswith="term:", account=place.zone.accounts["office"])
        assert mine.count() == 3


def test_an_election_moves_by_a_year_at_most(place: Any) -> None:
    begun(place, dt.date(2019, 6, 30))
    office = place.zone.actor("office")
    with acting(office):
        for moved in (dt.date(2023, 7, 1), dt.date(2021, 6, 29)):
            with pytest.raises(UserError, match="不超过一年：届满日期是2022-06-30"):
                terms.shift_term(actor=office, branch=place.branch, moved_to=moved, reason="示例")
        terms.shift_term(
            actor=office, branch=place.branch, moved_to=dt.date(2023, 6, 30), reason="示例"
        )
    found = {one.branch: one for one in terms.terms_of(dt.date(2022, 12, 31))}
    term = found[place.branch]
    assert (term.held_by, term.stage(dt.date(2022, 12, 31))) == (dt.date(2023, 6, 30), 1)


# --- two-way training -------------------------------------------------------------------------------


def test_a_pair_from_its_goal_to_its_result(place: Any) -> None:
    actor = place.zone.actor("branch_secretary")
    member = place.members[0]

    def begin(person: Any, direction: str, companion: Any) -> Any:
        with acting(actor):
            return pairing.begin_pairing(
                actor=actor, person=person, direction=direction, companion=companion, since=DAY,
                goal="示例",
            )  # fmt: skip

    with pytest.raises(UserError, match="已是党员"):
        begin(member, "to_member", place.members[1])
    with pytest.raises(UserError, match="不是党员"):
        begin(place.applicant, "to_backbone", member)
    with pytest.raises(UserError, match="另一个人"):
        begin(member, "to_backbone", member)
    made = begin(place.applicant, "to_member", member)
    with pytest.raises(UserError, match="已有结对"):
        begin(place.applicant, "to_member", place.members[1])
    with acting(actor):
        pairing.agree_on_step(actor=actor, pairing=made, text="示例", due_on=DAY)
        step = made.steps.get()
        pairing.finish_pairing_step(actor=actor, step=step, sentence="做完", on=DAY)
        with pytest.raises(UserError, match="已于2022-06-01完成"):
            pairing.finish_pairing_step(actor=actor, step=step, sentence="再", on=DAY)
        pairing.end_pairing(actor=actor, pairing=made, on=today(), result="示例")
        with pytest.raises(UserError, match="已于"):
            pairing.agree_on_step(actor=actor, pairing=made, text="示例", due_on=DAY)
