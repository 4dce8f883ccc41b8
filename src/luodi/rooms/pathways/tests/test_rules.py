"""Times of steps: known answers, and a slow reference that counts day by day."""

from __future__ import annotations

import calendar
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luodi.rooms.directory.api import Stage
from luodi.rooms.pathways.rules import (
    STEPS,
    Done,
    File,
    Outcome,
    Pause,
    Span,
    Why,
    age_on,
    later,
    obstacles,
    probation,
    stages,
    standing,
)
from luodi.rooms.pathways.rules.times import birthday, stretched


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


# --- known answers: months and years ----------------------------------------------------------------

LATER = [
    # from, months, the day (民法典第二百零二条)
    ("2021-01-31", 1, "2021-02-28"), ("2020-01-31", 1, "2020-02-29"), ("2021-01-28", 1, "2021-02-28"),
    ("2021-02-28", 1, "2021-03-28"), ("2020-02-29", 1, "2020-03-29"), ("2021-03-31", 1, "2021-04-30"),
    ("2021-08-31", 1, "2021-09-30"), ("2021-12-31", 1, "2022-01-31"), ("2021-12-01", 1, "2022-01-01"),
    ("2020-02-29", 12, "2021-02-28"), ("2019-02-28", 12, "2020-02-28"), ("2020-02-29", 48, "2024-02-29"),
    ("2021-02-28", 12, "2022-02-28"), ("2023-03-01", 12, "2024-03-01"), ("2020-08-31", 6, "2021-02-28"),
    ("2019-08-31", 6, "2020-02-29"), ("2021-05-31", 6, "2021-11-30"), ("2021-10-31", 3, "2022-01-31"),
    ("2021-11-30", 3, "2022-02-28"), ("2019-11-30", 3, "2020-02-29"), ("2021-06-30", 6, "2021-12-30"),
    ("2021-03-31", -1, "2021-02-28"), ("2020-03-31", -1, "2020-02-29"), ("2021-01-15", -1, "2020-12-15"),
    ("2024-02-29", -12, "2023-02-28"), ("2021-07-31", 0, "2021-07-31"), ("1999-12-31", 2, "2000-02-29"),
    ("1900-01-31", 1, "1900-02-28"), ("2000-01-31", 1, "2000-02-29"), ("2099-11-30", 3, "2100-02-28"),
]  # fmt: skip


@pytest.mark.parametrize(("begin", "months", "end"), LATER)
def test_the_corresponding_day(begin: str, months: int, end: str) -> None:
    assert later(day(begin), Span(months)) == day(end)


AGES = [
    # born, on, completed years
    ("2004-02-29", "2022-02-28", 17), ("2004-02-29", "2022-03-01", 18), ("2004-02-29", "2024-02-28", 19),
    ("2004-02-29", "2024-02-29", 20), ("2004-03-01", "2022-02-28", 17), ("2004-03-01", "2022-03-01", 18),
    ("2004-12-31", "2022-12-30", 17), ("2004-12-31", "2022-12-31", 18), ("2004-01-01", "2021-12-31", 17),
    ("2004-01-01", "2022-01-01", 18), ("2003-06-15", "2021-06-14", 17), ("2003-06-15", "2021-06-15", 18),
    ("2003-06-15", "2021-06-16", 18), ("2000-02-29", "2018-02-28", 17), ("2000-02-29", "2018-03-01", 18),
    ("2004-02-28", "2022-02-28", 18),
]  # fmt: skip


@pytest.mark.parametrize(("born_on", "on", "years"), AGES)
def test_age_on_the_day_and_whether_one_may_apply(born_on: str, on: str, years: int) -> None:
    assert age_on(day(born_on), day(on)) == years
    found = obstacles(File(day(born_on)), Done("apply", day(on)))
    assert [one.age for one in found] == ([] if years >= 18 else [True])
    if found:
        assert not found[0].waivable
        assert found[0].day == birthday(day(born_on), 18)


# --- known answers: whole files ---------------------------------------------------------------------


def facts(**days: str) -> tuple[Done, ...]:
    """One passed fact for each step, with all that it needs."""
    full = {"days": 3, "entitled": 7, "present": 6, "favour": 6}
    named = {"contacts": 1, "introducers": 2}
    return tuple(
        Done(step, day(on), people=named.get(step, 0), **full)  # type: ignore[arg-type]
        for step, on in days.items()
    )


TO_REVIEW = {
    "apply": "2020-01-05", "talk": "2020-02-01", "choose": "2020-02-29", "file_activist": "2020-03-02",
    "contacts": "2020-03-03", "review": "2020-08-01",
}  # fmt: skip
TO_FORM = TO_REVIEW | {
    "candidate": "2021-03-01", "file_candidate": "2021-03-05", "introducers": "2021-03-06",
    "political": "2021-03-20", "training": "2021-04-01", "committee": "2021-04-10",
    "prereview": "2021-04-30", "form": "2021-05-06",
}  # fmt: skip
TO_APPROVED = TO_FORM | {
    "meeting": "2021-05-31", "interview": "2021-06-10", "approve": "2021-07-01",
}  # fmt: skip
TO_ASK = TO_APPROVED | {
    "group": "2021-07-02", "oath": "2021-07-03", "observe": "2021-11-30", "ask": "2022-05-10",
}  # fmt: skip
CHOSEN = {"apply": "2021-03-01", "talk": "2021-03-10", "choose": "2021-04-15",
          "file_activist": "2021-04-20", "contacts": "2021-04-20", "review": "2021-10-10"}  # fmt: skip

LIMITS = [
    # what was done, interruptions, step, its earliest and latest day
    ({"apply": "2021-01-31"}, [], "talk", "2021-01-31", "2021-02-28"),
    ({"apply": "2020-01-31"}, [], "talk", "2020-01-31", "2020-02-29"),
    ({"apply": "2021-05-31"}, [], "talk", "2021-05-31", "2021-06-30"),
    ({"apply": "2021-12-31"}, [], "talk", "2021-12-31", "2022-01-31"),
    (TO_REVIEW, [], "candidate", "2021-02-28", None),
    (CHOSEN, [], "candidate", "2022-04-15", None),
    (CHOSEN, [("2021-06-01", "2021-07-01")], "candidate", "2022-05-15", None),
    (CHOSEN, [("2021-06-01", "2021-06-02")], "candidate", "2022-04-16", None),
    (CHOSEN, [("2021-01-01", "2021-02-01")], "candidate", "2022-04-15", None),
    (CHOSEN, [("2021-04-01", "2021-04-25")], "candidate", "2022-04-25", None),
    (CHOSEN, [("2021-06-01", "2021-07-01"), ("2021-09-01", "2021-09-11")], "candidate", "2022-05-25", None),
    (CHOSEN, [("2022-04-20", "2022-05-20")], "candidate", "2022-04-15", None),
    (CHOSEN, [("2021-06-01", "2021-07-01"), ("2022-04-20", "2022-05-05")], "candidate", "2022-05-30", None),
    (CHOSEN, [("2021-06-01", None)], "candidate", None, None),
    (CHOSEN, [("2022-04-15", None)], "candidate", "2022-04-15", None),
    (TO_FORM, [], "meeting", "2021-05-06", "2021-05-30"),
    (TO_FORM | {"meeting": "2021-05-31"}, [], "approve", None, "2021-08-31"),
    (TO_FORM | {"meeting": "2021-11-30"}, [], "interview", "2021-11-30", None),
    (TO_FORM | {"meeting": "2021-11-30", "interview": "2021-12-02"}, [], "approve", "2021-12-02", "2022-02-28"),
    (TO_APPROVED, [], "observe", "2021-07-01", "2021-11-30"),
    (TO_APPROVED, [], "oath", "2021-07-01", None),
    (TO_ASK, [], "confirm", "2022-05-31", "2022-06-30"),
    (TO_APPROVED | {"group": "2021-07-02", "oath": "2021-07-03", "observe": "2021-11-30"}, [], "ask",
     "2022-04-30", None),
    (TO_ASK | {"confirm": "2022-05-31"}, [], "approve_formal", "2022-05-31", "2022-08-31"),
    (TO_ASK | {"confirm": "2022-06-30"}, [], "approve_formal", "2022-06-30", "2022-09-30"),
]  # fmt: skip


@pytest.mark.parametrize(("done", "out", "step", "earliest", "latest"), LIMITS)
def test_earliest_and_latest(
    done: dict[str, str],
    out: list[tuple[str, str | None]],
    step: str,
    earliest: str | None,
    latest: str | None,
) -> None:
    pauses = tuple(Pause(day(a), day(b) if b else None) for a, b in out)
    file = File(day("1990-01-01"), facts(**done), pauses)
    state = standing(file, day("2021-01-01"))[step]
    if state.sure or earliest is None:
        assert state.earliest == (day(earliest) if earliest else None) or not state.sure
    assert state.latest == (day(latest) if latest else None)


REFUSED = [
    # what was done, the step, changes, why
    (TO_REVIEW, "candidate", {"on": "2021-02-27"}, [Why.EARLY]),
    (TO_REVIEW, "candidate", {"on": "2021-02-28"}, []),
    (CHOSEN, "candidate", {"on": "2022-04-14"}, [Why.EARLY]),
    (CHOSEN, "candidate", {"on": "2022-04-15"}, []),
    ({"apply": "2021-03-01"}, "talk", {"on": "2021-02-28"}, [Why.EARLY]),
    ({"apply": "2021-03-01"}, "talk", {"on": "2021-03-01"}, []),
    ({"apply": "2021-03-01"}, "talk", {"on": "2021-06-01"}, []),
    ({"apply": "2021-03-01"}, "talk", {"on": "2021-03-02", "paper": False}, [Why.PAPER]),
    ({"apply": "2021-03-01"}, "choose", {"on": "2021-04-01"}, [Why.BEFORE]),
    ({}, "talk", {"on": "2021-04-01"}, [Why.BEFORE]),
    ({"apply": "2021-03-01"}, "apply", {"on": "2021-04-01"}, [Why.AGAIN]),
    ({"apply": "2021-03-01", "talk": "2021-03-05", "choose": "2021-04-01"}, "contacts",
     {"on": "2021-04-02", "people": 0}, [Why.PEOPLE]),
    ({"apply": "2021-03-01", "talk": "2021-03-05", "choose": "2021-04-01"}, "contacts",
     {"on": "2021-04-02", "people": 2}, []),
    ({"apply": "2021-03-01", "talk": "2021-03-05", "choose": "2021-04-01"}, "contacts",
     {"on": "2021-04-02", "people": 3}, [Why.PEOPLE]),
    (TO_FORM, "introducers", {"on": "2021-03-06", "people": 1}, [Why.AGAIN, Why.PEOPLE]),
    (TO_FORM, "meeting", {"on": "2021-05-31"}, []),
    (TO_FORM, "meeting", {"on": "2021-07-31"}, []),
    (TO_FORM, "meeting", {"on": "2021-05-31", "entitled": 8, "present": 4, "favour": 4}, [Why.QUORUM]),
    (TO_FORM, "meeting", {"on": "2021-05-31", "entitled": 8, "present": 5, "favour": 4}, [Why.MAJORITY]),
    (TO_FORM, "meeting", {"on": "2021-05-31", "entitled": 8, "present": 5, "favour": 5}, []),
    (TO_FORM, "meeting", {"on": "2021-05-31", "entitled": 7, "present": 4, "favour": 4}, []),
    (TO_FORM, "meeting", {"on": "2021-05-31", "entitled": 7, "present": 4, "favour": 5}, [Why.MAJORITY]),
    (TO_FORM, "meeting", {"on": "2021-05-31", "entitled": 7, "present": 8, "favour": 7}, [Why.QUORUM]),
    (TO_APPROVED, "approve", {"on": "2021-11-30"}, [Why.AGAIN]),
    (TO_FORM | {"meeting": "2021-05-31", "interview": "2021-06-10"}, "approve", {"on": "2021-11-30"}, []),
    (TO_FORM | {"meeting": "2021-05-31", "interview": "2021-06-10"}, "approve", {"on": "2021-12-01"},
     [Why.LATE]),
    (TO_FORM | {"meeting": "2021-08-31", "interview": "2021-09-10"}, "approve", {"on": "2022-02-28"}, []),
    (TO_FORM | {"meeting": "2021-08-31", "interview": "2021-09-10"}, "approve", {"on": "2022-03-01"},
     [Why.LATE]),
    (TO_ASK, "confirm", {"on": "2022-05-30"}, [Why.EARLY]),
    (TO_ASK, "confirm", {"on": "2022-05-31"}, []),
    (TO_ASK, "confirm", {"on": "2022-05-31", "outcome": Outcome.EXTENDED, "months": 5}, [Why.EXTENSION]),
    (TO_ASK, "confirm", {"on": "2022-05-31", "outcome": Outcome.EXTENDED, "months": 6}, []),
    (TO_ASK, "confirm", {"on": "2022-05-31", "outcome": Outcome.EXTENDED, "months": 12}, []),
    (TO_ASK, "confirm", {"on": "2022-05-31", "outcome": Outcome.EXTENDED, "months": 13}, [Why.EXTENSION]),
]  # fmt: skip


@pytest.mark.parametrize(("done", "step", "changes", "why"), REFUSED)
def test_what_stands_against_a_step(
    done: dict[str, str], step: str, changes: dict[str, object], why: list[Why]
) -> None:
    given_: dict[str, object] = {
        "days": 3, "entitled": 7, "present": 6, "favour": 6,
        "people": {"contacts": 1, "introducers": 2}.get(step, 0), **changes,
    }  # fmt: skip
    on = day(str(given_.pop("on")))
    new = Done(step, on, **given_)  # type: ignore[arg-type]
    found = obstacles(File(day("1990-01-01"), facts(**done)), new)
    assert [one.why for one in found] == why


EXTENDED = [
    # vote, months of extension, the end of probation
    ("2020-02-29", 0, "2021-02-28"), ("2020-02-29", 6, "2021-08-28"), ("2020-02-29", 12, "2022-02-28"),
    ("2021-08-31", 0, "2022-08-31"), ("2021-08-31", 6, "2023-02-28"), ("2022-08-31", 6, "2024-02-29"),
    ("2021-05-31", 9, "2023-02-28"), ("2021-05-31", 7, "2022-12-31"),
]  # fmt: skip


@pytest.mark.parametrize(("voted", "months", "end"), EXTENDED)
def test_probation_with_one_extension(voted: str, months: int, end: str) -> None:
    done = facts(meeting=voted)
    if months:
        extended = Done("confirm", later(day(voted), Span(12)), Outcome.EXTENDED, months=months)
        done = (*done, extended)
    assert probation(File(None, done)) == (day(voted), day(end))


MOVED = [("2021-09-01", "2022-11-30"), ("2021-05-31", "2022-06-30"), ("2022-05-30", "2022-11-30"),
         ("2022-06-01", "2022-06-30"), ("2020-12-01", "2022-06-30")]  # fmt: skip


@pytest.mark.parametrize(("moved", "latest"), MOVED)
def test_a_transfer_in_probation_lets_the_meeting_wait(moved: str, latest: str) -> None:
    file = File(day("1990-01-01"), facts(**TO_ASK), moved=(day(moved),))
    assert standing(file, day("2022-05-01"))["confirm"].latest == day(latest)
    formal = File(
        None, facts(**TO_ASK | {"confirm": "2022-10-01", "approve_formal": "2022-11-01"}),
        moved=(day(moved),),
    )  # fmt: skip
    assert dict(stages(formal))[Stage.FORMAL] == day("2022-05-31")


def test_there_are_a_hundred_known_answers() -> None:
    tables = (LATER, AGES, LIMITS, REFUSED, EXTENDED, MOVED)
    assert sum(len(one) for one in tables) >= 100


def test_the_steps_are_25_in_five_stages() -> None:
    by_stage = [sum(one.stage is stage for one in STEPS.values()) for stage in Stage]
    assert by_stage == [2, 4, 5, 7, 7]
    assert [one.number for one in STEPS.values()] == list(range(1, 26))
    for one in STEPS.values():
        assert all(STEPS[key].number < one.number for key in one.after)


# --- against slow references ------------------------------------------------------------------------

DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


@given(DAYS, st.integers(0, 60))
def test_the_corresponding_day_as_one_walks_there(begin: dt.date, months: int) -> None:
    """Walk to the month, then from its first day as far as it has the day."""
    year, month = begin.year, begin.month
    for _each in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    last = max(n for n in range(1, 32) if n <= calendar.monthrange(year, month)[1])
    assert later(begin, Span(months)) == dt.date(year, month, min(begin.day, last))


@given(DAYS, DAYS)
def test_age_as_birthdays_are_counted(born_on: dt.date, on: dt.date) -> None:
    if on < born_on:
        return
    years = 0
    while birthday(born_on, years + 1) <= on:
        years += 1
    assert age_on(born_on, on) == years


@settings(max_examples=150)
@given(
    st.dates(dt.date(2019, 1, 1), dt.date(2022, 12, 31)),
    st.sampled_from([1, 6, 12]),
    st.lists(st.tuples(st.integers(-60, 500), st.integers(1, 90)), max_size=4),
    st.none() | st.integers(-30, 500),
)
def test_interrupted_time_as_days_are_counted(
    begin: dt.date, months: int, spans: list[tuple[int, int]], lasting: int | None
) -> None:
    """Count the days that are not interrupted until there are as many as the span has."""
    out: list[tuple[dt.date, dt.date | None]] = []
    free = -1000
    for start, length in sorted(spans):
        if start >= free:
            since = begin + dt.timedelta(days=start)
            out.append((since, since + dt.timedelta(days=length)))
            free = start + length
    if lasting is not None and lasting >= free:
        out.append((begin + dt.timedelta(days=lasting), None))
    needed = (later(begin, Span(months)) - begin).days
    at, counted = begin, 0
    while counted < needed and (at - begin).days < 3000:
        inside = any(since <= at and (until is None or at < until) for since, until in out)
        counted += not inside
        at += dt.timedelta(days=1)
    expected = at if counted == needed else None
    assert stretched(begin, Span(months), out) == expected


@settings(max_examples=60)
@given(st.lists(st.integers(0, 200), min_size=25, max_size=25), st.integers(0, 25))
def test_a_history_replayed_says_what_a_slow_reading_of_the_rules_says(
    gaps: list[int], count: int
) -> None:
    """Enter steps in their order at any distance: what is open and what was too early follows the text."""
    on, done = dt.date(2015, 1, 31), []
    for step, gap in list(zip(STEPS, gaps, strict=True))[:count]:
        on += dt.timedelta(days=gap)
        done.append(facts(**{step: on.isoformat()})[0])
    file = File(dt.date(1980, 1, 1), tuple(done))
    have = {one.step: one.on for one in done}
    state = standing(file, dt.date(2040, 1, 1))
    for key, one in state.items():
        assert one.done == (key in have)
        assert one.missing == tuple(before for before in STEPS[key].after if before not in have)
    for place, fact in enumerate(done):
        early = [
            one
            for one in obstacles(File(file.born_on, tuple(done[:place])), fact)
            if one.why is Why.EARLY
        ]
        assert bool(early) == _too_early(fact, have)


def _too_early(fact: Done, have: dict[str, dt.date]) -> bool:
    """The text of the articles, read once more: a year of cultivation, probation, a month before its end."""
    if fact.step == "candidate":
        return fact.on < later(have["choose"], Span(12))
    if fact.step in {"ask", "confirm"}:
        end = later(have["meeting"], Span(12))
        return fact.on < (later(end, Span(-1)) if fact.step == "ask" else end)
    return False
