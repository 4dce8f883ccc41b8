"""The scales, held against slow and obvious references; held-out cases with known answers."""

from __future__ import annotations

import datetime as dt
import random
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luodi.rooms.care.charges import Lived, Out, Price, Rule, lines_of
from luodi.rooms.care.due import CHINA, instants
from luodi.rooms.care.scales import (
    ABILITY,
    BARTHEL,
    BRADEN,
    MORSE,
    NEWS2,
    Adjustments,
    Missing,
    level_of,
    risks_of,
)
from luodi.rooms.care.scales.ability import Rules

FULL = {one.key: one.most for one in ABILITY.items}
# GB/T 42195-2022: both edges of every level.
EDGES = [
    (90, "0"),
    (89, "1"),
    (66, "1"),
    (65, "2"),
    (46, "2"),
    (45, "3"),
    (30, "3"),
    (29, "4"),
    (0, "4"),
]


def scored(points: int, seed: int = 0) -> dict[str, int]:
    """Answers that sum to so many points, taken off items at random."""
    answers, chosen = dict(FULL), random.Random(seed)
    while sum(answers.values()) > points:
        key = chosen.choice([one for one, value in answers.items() if value > 0])
        answers[key] -= 1
    return answers


def reference(points: int, *, worse: bool, coma: bool) -> str:
    """The level, as one would look it up by hand."""
    if coma:
        return "4"
    level = (
        0
        if points == 90
        else 1
        if points >= 66
        else 2
        if points >= 46
        else 3
        if points >= 30
        else 4
    )
    return str(min(4, level + 1)) if worse else str(level)


def test_the_scale_has_its_items_and_points() -> None:
    assert (len(ABILITY.items), ABILITY.most) == (26, 90)
    points = {part: sum(i.most for i in ABILITY.items if i.part == part) for part in ABILITY.parts}
    assert points == {"self_care": 32, "moving": 15, "mind": 28, "senses": 15}
    assert (BARTHEL.most, BRADEN.most, MORSE.most, NEWS2.most) == (100, 23, 125, 20)


@pytest.mark.parametrize(("points", "level"), EDGES)
def test_every_edge_of_every_level(points: int, level: str) -> None:
    assert level_of(scored(points), Adjustments()).band == level


@pytest.mark.parametrize("seed", range(200))
def test_held_out_cases(seed: int) -> None:
    chosen = random.Random(seed)
    points = chosen.randint(0, 90)
    known = Adjustments(
        chosen.random() < 0.2,
        chosen.random() < 0.1,
        chosen.choice((0, 0, 1, 2, 3)),
        chosen.random() < 0.05,
    )
    worse = known.dementia or known.mental or known.events >= 2
    found = level_of(scored(points, seed), known)
    assert found.score == points
    assert found.band == reference(points, worse=worse, coma=known.coma)


def test_several_reasons_are_one_level_unless_a_site_reads_it_otherwise() -> None:
    known = Adjustments(dementia=True, events=2)
    assert level_of(FULL, known).band == "1"
    assert level_of(FULL, known, Rules(each=True)).band == "2"
    assert level_of(FULL, Adjustments(coma=True), Rules(coma="3")).band == "3"


def test_a_missing_item_gives_no_level() -> None:
    answers = {key: value for key, value in FULL.items() if key != "walking"}
    with pytest.raises(Missing) as problem:
        level_of(answers, Adjustments())
    assert problem.value.items == ("walking",)
    with pytest.raises(Missing):
        level_of({**FULL, "walking": 5}, Adjustments())


def test_one_alarming_value_is_urgent_whatever_the_sum() -> None:
    calm = dict.fromkeys((one.key for one in NEWS2.items), 0)
    assert NEWS2.result(calm).band == "low"
    assert NEWS2.result({**calm, "breath": 3}).band == "urgent"
    assert NEWS2.result({**calm, "breath": 3, "oxygen": 3, "air": 2}).band == "emergency"


def test_risks_say_why() -> None:
    assert not risks_of(FULL)
    found = risks_of({**FULL, "walking": 1}, {"swallowing": "吞咽困难"})
    assert set(found) == {"fall", "recreation", "choking"} and "平地行走" in found["fall"]


DAYS = st.integers(0, 29)
MONTH = dt.date(2022, 9, 1)
PRICES = [
    Price("bed", "床位费", "month", Decimal(900)),
    Price("care", "护理费", "month", Decimal(1234), "2"),
    Price("meal", "伙食费", "day", Decimal("20.50")),
]


@given(left=DAYS, away=st.integers(0, 29), came=DAYS, share=st.integers(0, 100))
def test_a_bill_is_what_one_counts_day_by_day(left: int, away: int, came: int, share: int) -> None:
    """Against a slow count of each day, item by item, to the last fen of rounding."""
    out = Out(MONTH + dt.timedelta(days=left), MONTH + dt.timedelta(days=left + away))
    since = MONTH + dt.timedelta(days=came)
    rule = Rule(3, True, True, share)
    lines = lines_of(MONTH, [Lived(since, None)], [Lived(since, None, "2")], PRICES, [out], rule)
    total = Decimal(0)
    for place in range(came, 30):
        gone = left < place < left + away
        long = gone and away - 1 >= 3
        total += Decimal(900) / 30 * (Decimal(share) / 100 if long else 1)
        total += 0 if long else Decimal(1234) / 30
        total += 0 if gone else Decimal("20.50")
    assert abs(sum(one.amount for one in lines) - total) <= Decimal("0.005") * len(lines)


def test_a_price_that_changes_in_the_month_is_charged_by_its_days() -> None:
    change = dt.date(2022, 9, 11)
    prices = [
        Price("meal", "伙食费", "day", Decimal(20), until=change),
        Price("meal", "伙食费", "day", Decimal(25), since=change),
    ]
    lines = lines_of(MONTH, [Lived(MONTH, None)], [], prices)
    assert [(one.quantity, one.amount) for one in lines] == [(10, 200), (20, 500)]


def test_due_at_the_end_of_a_short_month_and_on_weekdays() -> None:
    since = dt.datetime(2022, 2, 1, tzinfo=CHINA)
    until = dt.datetime(2022, 3, 1, tzinfo=CHINA)
    monthly = list(instants([dt.time(9)], since, until, "month", [31]))
    assert [f"{one:%m-%d %H:%M}" for one in monthly] == ["02-28 09:00"]
    weekly = list(instants([dt.time(9)], since, until, "week", [1]))
    assert [one.day for one in weekly] == [7, 14, 21, 28]
