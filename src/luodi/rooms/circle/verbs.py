"""A study: asked for, computed by the worker in its asker's name, kept as it came."""

from __future__ import annotations

import datetime as dt
import gzip
from typing import Annotated, Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import UnitOf, field_of, verb
from luodi.ground.scope.api import Account, Actor, Unit, acting, actor_for, defer
from luodi.lib.errors import NotFound, UserError
from luodi.planning.core import PlanningError
from luodi.planning.reach import ReachPlan, map_page, solve
from luodi.planning.reach.maps import static_map
from luodi.planning.reach.plan import people_minutes
from luodi.rooms.circle.models import Study
from luodi.rooms.circle.problem import Read, read_problem

TASK = "circle.study"
SECONDS = 60.0
GAPS = 20
OfUnit = Annotated[Unit, UnitOf(gettext_lazy("单位"), permission="circle.write")]


@verb(permission="circle.write", on="unit")
def ask_study(
    *,
    actor: Actor,
    unit: OfUnit,
    kind: Annotated[str, field_of(Study, "kind")],
    mode: Annotated[str, field_of(Study, "mode")] = "walk",
    minutes: Annotated[int, field_of(Study, "minutes")] = 15,
    clock: Annotated[dt.time | None, field_of(Study, "clock")] = None,
    count: Annotated[int, field_of(Study, "count")] = 0,
    goal: Annotated[str, field_of(Study, "goal")] = "cover",
    at: dt.datetime | None = None,
) -> Study:
    """Asks the worker to measure the circle of a unit, and where to build `count` more."""
    study = Study.objects.create(
        unit=unit,
        path=unit.path,
        kind=kind,
        mode=mode or "walk",
        minutes=minutes or 15,
        clock=clock,
        count=count or 0,
        goal=goal or "cover",
        asked_by_id=actor.account_id or None,
        asked_at=at or timezone.now(),
    )
    defer(TASK, study_id=study.pk, account_id=actor.account_id or 0)
    return study


def carry_out(study_id: int, account_id: int) -> None:
    """Computes a study as its asker; begun twice, it is computed twice and says the same."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound(_("没有这个账号。"))
    compute(actor_for(account), study_id)


def compute(actor: Actor, study_id: int) -> None:
    """Reads, solves and keeps, apart, so that no transaction waits for the solver."""
    with acting(actor):
        study = Study.objects.filter(pk=study_id).select_related("unit").first()
        if study is None or study.state not in {Study.State.WAITING, Study.State.RUNNING}:
            return
        Study.objects.filter(pk=study_id).update(state=Study.State.RUNNING)
        try:
            read = read_problem(study)
        except UserError as problem:
            _end(study_id, Study.State.FAILED, says=str(problem)[:500])
            return
    try:
        plan = solve(read.problem, time_limit=SECONDS)
        kept: dict[str, Any] = {
            "result": result_of(read, plan),
            "picture": static_map(read.problem, 0, plan.minutes[0], plan, "zh"),
            "page": gzip.compress(map_page(read.problem, plan).encode()),
        }
    except PlanningError as fault:
        with acting(actor):
            _end(study_id, Study.State.FAILED, says=str(fault)[:500])
        return
    with acting(actor):
        _end(study_id, Study.State.READY, **kept)


def _end(study_id: int, state: str, **values: Any) -> None:
    Study.objects.filter(pk=study_id).update(state=state, done_at=timezone.now(), **values)


def result_of(read: Read, plan: ReachPlan) -> dict[str, Any]:
    """What a study found, as JSON: shares in per cent, minutes with one decimal, None beyond an hour."""
    problem = read.problem
    before = people_minutes(problem, plan.minutes)[0]
    after = before if plan.after is None else people_minutes(problem, plan.after[None])[0]
    limit, people = float(problem.limit_minutes[0]), problem.people.total
    nearest = plan.place[0, problem.homes.node]
    groups = [*problem.people.groups, str(_("全体"))]
    counts = np.column_stack([problem.people.count, people])
    found: dict[str, Any] = {
        "straight": read.straight,
        "left": read.left,
        "people": int(people.sum()),
        "places": len(read.places),
        "limit": limit,
        "groups": [
            [name, _share(before <= limit, column), _share(after <= limit, column)]
            for name, column in zip(groups, counts.T, strict=True)
        ],
        "homes": [
            {
                "id": home.pk,
                "name": home.name,
                "people": int(count),
                "before": _minutes(early),
                "after": _minutes(late),
                "nearest": read.places[who].name if who >= 0 and np.isfinite(early) else "",
            }
            for home, count, early, late, who in zip(
                read.homes, people, before, after, nearest.tolist(), strict=True
            )
        ],
        "gaps": [
            [gap.area, int(gap.people), round(gap.lon, 5), round(gap.lat, 5)]
            for gap in plan.gaps(problem, 0)[:GAPS]
        ],
        "seconds": round(plan.seconds, 2),
    }
    if plan.sites is not None:
        old = len(problem.sources(0))
        chosen = [read.sites[i] for i in (plan.sites.chosen - old).tolist()]
        found |= {
            "chosen": [
                [one.name, float(one.cost), float(one.longitude), float(one.latitude)]
                for one in chosen
            ],
            "cost": float(sum(one.cost for one in chosen)),
            "objective": float(plan.objective),
            "bound": None if plan.bound is None else float(plan.bound),
            "proven": str(plan.status) == "optimal",
        }
    return found


def _share(inside: np.ndarray, people: np.ndarray) -> float | None:
    whole = float(people.sum())
    return round(100 * float(people[inside].sum()) / whole, 1) if whole else None


def _minutes(value: float) -> float | None:
    return round(float(value), 1) if np.isfinite(value) else None
