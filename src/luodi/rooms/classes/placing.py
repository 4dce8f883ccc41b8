"""From trainees and cohorts to a problem of the planner of cohorts, and back. No writing here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from luodi.planning.cohorts import CohortProblem, Cohorts, People, solve
from luodi.planning.cohorts.words import why_left_out
from luodi.planning.core import Progress, Status
from luodi.rooms.classes.models import LEVELS, Cohort, Course, Trainee

SECONDS = 30.0  # that the worker may take


@dataclass(frozen=True)
class Asked:
    """A problem with the rows that it is of."""

    problem: CohortProblem
    trainees: Sequence[Trainee]
    cohorts: Sequence[Cohort]


@dataclass(frozen=True)
class Found:
    """A proposal: trainee's id to cohort's id, why others could not be placed, how good it is."""

    placed: Mapping[int, int]
    left: Mapping[int, str]
    objective: float
    bound: float | None
    proven: bool


def asked_of(course: Course, day: dt.date, *, keep: bool) -> Asked | None:
    """The problem of a course on a day: cohorts that have not begun, everybody who is still to go.

    Who was placed by hand stays, and with `keep` everybody who is placed. None where nobody is left
    to be placed, or no cohort to place them in.
    """
    cohorts = [one for one in course.cohorts.all() if one.starts_on > day and not one.finished_at]
    open_ids = {one.pk for one in cohorts}
    trainees = [
        one
        for one in course.trainees.select_related("unit", "person").order_by("pk")
        if not one.trained_on
        and not one.dropped_on
        and (one.cohort_id is None or one.cohort_id in open_ids)
    ]
    if not cohorts or not trainees:
        return None
    fixed = {one.pk: one.cohort_id for one in trainees if one.cohort_id and (keep or one.by_hand)}
    return Asked(_problem(course, trainees, cohorts, fixed), trainees, cohorts)


def _problem(
    course: Course,
    trainees: Sequence[Trainee],
    cohorts: Sequence[Cohort],
    fixed: Mapping[int, int | None],
) -> CohortProblem:
    """Who stays where they are has a level of their own, which only that cohort takes."""
    own: dict[int, set[str]] = {one.pk: set(one.levels or LEVELS) for one in cohorts}
    for pk, cohort in fixed.items():
        if cohort:
            own[cohort].add(f"#{pk}")
    away = tuple(
        () if one.pk in fixed else tuple((a.toordinal(), b.toordinal()) for a, b in one.spans())
        for one in trainees
    )
    people = People(
        key=tuple(str(one.pk) for one in trainees),
        unit=tuple(str(one.unit_id) for one in trainees),
        level=tuple(f"#{one.pk}" if one.pk in fixed else one.level for one in trainees),
        course=("",) * len(trainees),
        urgency=np.array([one.urgency for one in trainees], dtype=np.int64),
        blocked=away,
        group=("",) * len(trainees),
    )
    runs = Cohorts(
        key=tuple(str(one.pk) for one in cohorts),
        course=("",) * len(cohorts),
        starts=np.array([one.starts_on.toordinal() for one in cohorts], dtype=np.int64),
        ends=np.array([one.ends_on.toordinal() for one in cohorts], dtype=np.int64),
        min_size=np.array([one.least for one in cohorts], dtype=np.int64),
        max_size=np.array([one.most for one in cohorts], dtype=np.int64),
        levels=tuple(frozenset(own[one.pk]) for one in cohorts),
    )
    caps = {str(one.unit_id): course.away for one in trainees} if course.away else {}
    return CohortProblem(people, runs, {unit: cap for unit, cap in caps.items() if cap})


def found_for(asked: Asked, progress: Progress | None = None, seconds: float = SECONDS) -> Found:
    """Solves; who cannot be placed is named with the reason."""
    plan = solve(asked.problem, time_limit=seconds, progress=progress)
    placed, left = {}, {}
    for place, trainee in enumerate(asked.trainees):
        where = int(plan.chosen[place])
        if where >= 0:
            placed[trainee.pk] = asked.cohorts[where].pk
        else:
            said = why_left_out(asked.problem, plan.chosen, place).say("zh")
            left[trainee.pk] = said.partition("：")[2] or said
    return Found(placed, left, plan.objective, plan.bound, plan.status is Status.OPTIMAL)
