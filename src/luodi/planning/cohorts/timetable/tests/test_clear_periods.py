"""Periods without clash: found where trying all finds some, and refused with reasons where not."""

import itertools

import numpy as np
import pytest

from luodi.planning import Infeasible
from luodi.planning.cohorts.timetable import penalties, solve_curricula
from luodi.planning.cohorts.timetable.clear import clear_periods
from luodi.planning.cohorts.timetable.ctt import Course, Curricula, hard_violations
from luodi.planning.cohorts.timetable.moves import state_at, tables_of


def invented(seed: int) -> Curricula:
    """Three courses, at most five lectures, on three or four periods; many have no timetable."""
    rng = np.random.default_rng(seed)
    periods = int(rng.integers(3, 5))
    courses = tuple(
        Course(f"课程{c}", f"示例教师{rng.integers(2)}", int(rng.integers(1, 3)), 1, 20)
        for c in range(3)
    )
    return Curricula(
        "示例", 1, periods, courses, tuple((f"教室{r}", 30 - r) for r in range(rng.integers(1, 3))),
        (("组", tuple(np.flatnonzero(rng.random(3) < 0.6).tolist())),),
        frozenset((int(rng.integers(3)), int(rng.integers(periods))) for _ in range(3)),
    )  # fmt: skip


def has_timetable(problem: Curricula) -> bool:
    many, rooms = len(problem.course_of), len(problem.rooms)
    for slots in itertools.permutations(range(problem.n_periods * rooms), many):
        s = np.array(slots)
        if not hard_violations(problem, s // rooms, s % rooms):
            return True
    return False


@pytest.mark.parametrize("seed", range(40))
def test_found_or_refused_as_trying_all_says(seed):
    problem = invented(seed)
    if not has_timetable(problem):
        with pytest.raises(Infeasible) as told:
            clear_periods(problem, None)
        assert told.value.clashes
        return
    period = clear_periods(problem, None)
    state = state_at(problem, tables_of(problem), period)
    room = state.where % len(problem.rooms)
    assert (state.where // len(problem.rooms) == period).all()
    assert not hard_violations(problem, period, room) and state.total[0] == 0
    assert state.total[1] == state.best[0] == sum(penalties(problem, period, room).values())


def test_a_plan_that_cannot_be_names_who_is_in_the_way():
    courses = (Course("法规", "示例王", 2, 1, 20), Course("历史", "示例王", 2, 1, 20))
    rooms = (("大", 30), ("小", 20))
    with pytest.raises(Infeasible) as told:
        solve_curricula(Curricula("示例", 1, 3, courses, rooms, (), frozenset()), moves=2_000)
    assert "示例王" in str(told.value)
