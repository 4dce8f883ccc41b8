"""Plans: asked for on a page, computed by the worker, kept with what is proven."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from luodi.ground.records.api import Choice, Number, Text, verb
from luodi.ground.scope.api import SYSTEM, Actor, Unit, acting, defer
from luodi.lib.errors import UserError
from luodi.planning import energy
from luodi.planning.core import BadData, Infeasible, Progress, Snapshot
from luodi.planning.energy import greedy, scenarios, sharing, variants
from luodi.planning.energy.variants import Variant
from luodi.rooms.energy.models import Scenario
from luodi.rooms.energy.park import ParkProblem, Question, park_of

State = Scenario.State
KINDS = {
    "plan": gettext_lazy("最省的用电方案"),
    "volumes": gettext_lazy("签多少电量（几种情形）"),
    "variants": gettext_lazy("几种变化并排比较"),
}
OPEN = (State.WAITING, State.RUNNING)
EFFORT = 300_000.0  # battery-steps that sharing may cost: a few seconds
EVERY = 2.0  # seconds between two words on the progress


def cases() -> list[tuple[Variant, float]]:
    """A usual year, one with little wind, one with less work, with how likely each is."""
    return [
        (Variant(_("平常")), 0.5),
        (Variant(_("风小"), generation=0.7), 0.3),
        (Variant(_("减产"), load=0.8), 0.2),
    ]


def variations() -> tuple[Variant, ...]:
    """What is asked first of a park."""
    return (
        Variant(_("照现在")),
        Variant(_("多签一成"), volume=1.1),
        Variant(_("少签一成"), volume=0.9),
        Variant(_("风光少两成"), generation=0.8),
        Variant(_("电价涨一成"), price=1.1),
    )


@verb(permission="energy.manage", on="unit")
def ask_plan(
    *,
    actor: Actor,
    unit: Unit,
    name: Annotated[str, Text(gettext_lazy("名称"), most=60)],
    kind: Annotated[str, Choice(gettext_lazy("内容"), choices=tuple(KINDS.items()))] = "plan",
    volume: Annotated[
        Decimal, Number(gettext_lazy("合同电量（%）"), places=1, least=1, most=500)
    ] = Decimal(100),
    price: Annotated[
        Decimal | None, Number(gettext_lazy("绿电价格（元/千瓦时）"), places=4, least=0, most=5)
    ] = None,
    carbon_price: Annotated[
        Decimal, Number(gettext_lazy("碳价（元/吨）"), places=2, least=0, most=10000)
    ] = Decimal(0),
    battery_mw: Annotated[
        Decimal, Number(gettext_lazy("储能功率（兆瓦）"), places=2, least=0, most=10000)
    ] = Decimal(0),
    battery_mwh: Annotated[
        Decimal, Number(gettext_lazy("储能容量（兆瓦时）"), places=2, least=0, most=100000)
    ] = Decimal(0),
    at: dt.datetime | None = None,
) -> Scenario:
    """Keeps a scenario's inputs and leaves the computing to the worker. One at a time for a unit."""
    waiting = Scenario.objects.filter(unit=unit, state__in=OPEN).first()
    if waiting:
        raise UserError(_("“%(name)s”还在计算，请等它算完或先停止。") % {"name": waiting})
    inputs = {
        "volume": str(volume / 100),
        "price": None if price is None else str(price),
        "carbon_price": str(carbon_price),
        "battery_mw": str(battery_mw),
        "battery_mwh": str(battery_mwh),
    }
    made = Scenario.objects.create(
        unit=unit,
        name=name,
        kind=kind,
        inputs=inputs,
        asked_at=at or timezone.now(),
        asked_by_id=actor.account_id or None,
    )
    defer("energy.plan", scenario_id=made.pk, language=actor.language)
    return made


@verb(permission="energy.manage", on="scenario")
def stop_plan(*, actor: Actor, scenario: Scenario) -> Scenario:
    """Asks the worker to stop: it keeps the best plan that it has. One that waits is called off."""
    found = Scenario.objects.select_for_update().get(pk=scenario.pk)
    if found.state not in OPEN:
        raise UserError(_("它已经算完了。"))
    found.stop = True
    if found.state == State.WAITING:
        found.state = State.STOPPED
    found.save()
    return found


# --- the worker -----------------------------------------------------------------------------------


def carry_out(scenario_id: int, language: str = "zh-hans") -> None:
    """Computes a scenario that waits, telling how far it is; what fails says why on its page."""
    with acting(SYSTEM):
        row = Scenario.objects.select_for_update().filter(pk=scenario_id, state__in=OPEN).first()
        if row is None:
            return
        row.state = State.RUNNING
        row.save()
        try:
            park = park_of(row.unit, Question.of(row.inputs))
        except (UserError, BadData) as problem:
            _fail(row, str(problem))
            return
    progress = _progress(scenario_id)
    try:
        with override(language):
            found = ANSWERS[row.kind](park, progress, "en" if language == "en" else "zh")
    except (BadData, Infeasible) as problem:
        with acting(SYSTEM):
            _fail(Scenario.objects.get(pk=scenario_id), str(problem))
        return
    with acting(SYSTEM):
        done = Scenario.objects.select_for_update().get(pk=scenario_id)
        for name, value in found.items():
            setattr(done, name, value)
        done.state = State.STOPPED if progress.stopped else State.DONE
        done.done_at = timezone.now()
        done.save()


def _fail(row: Scenario, why: str) -> None:
    row.state, row.why, row.done_at = State.FAILED, why, timezone.now()
    row.save()


def _progress(scenario_id: int) -> Progress:
    """Writes how far a solve is, now and then, and hears the wish to stop."""
    last = [0.0]

    def listen(seen: Snapshot) -> None:
        if time.monotonic() - last[0] < EVERY:
            return
        last[0] = time.monotonic()
        with acting(SYSTEM):
            row = Scenario.objects.get(pk=scenario_id)
            row.progress = [*row.progress[-200:], [seen.incumbent, seen.bound]]
            row.save(update_fields=["progress"])
            if row.stop:
                progress.stop()

    progress = Progress(listen)
    return progress


def _plan(park: ParkProblem, progress: Progress, lang: Any) -> dict[str, Any]:
    problem = park.problem
    plan = energy.solve(problem, time_limit=600, progress=progress)
    against = energy.compare(plan)
    exact, samples = sharing.affordable(problem, EFFORT)
    shares: list[dict[str, Any]] = []
    blocking: dict[str, Any] = {}
    if exact or samples:
        told = sharing.share(plan, exact_up_to=exact, samples=samples)
        shares = [
            {"unit": unit, "name": name, "owen": float(a), "shapley": float(b), "alone": float(c)}
            for unit, name, a, b, c in zip(
                park.unit_ids, told.names, told.owen, told.shapley, told.alone_cost, strict=True
            )
        ]
        for way in ("owen", "shapley"):
            one = getattr(told, f"{way}_blocking")
            blocking[way] = {"members": list(one.members), "gain": float(one.gain)}
    else:
        names, owen = sharing.share_by_duals(plan)
        shares = [
            {"unit": unit, "name": name, "owen": float(a)}
            for unit, name, a in zip(park.unit_ids, names, owen, strict=True)
        ]
    results = {
        "no_contract": against.no_contract,
        "pro_rata": against.pro_rata,
        "green_mwh": plan.green_mwh,
        "load_mwh": float(problem.load_mwh.sum()),
        "unit_price": plan.unit_price,
        "worth": [
            {"contract": c.name, "yuan_per_mwh": float(r.volume)}
            for c, r in zip(problem.contracts, plan.rents, strict=True)
        ],
        "method": plan.method,
        "wrong": [str(one) for one in plan.check(problem)],
        "shares": shares,
        "blocking": blocking,
        "said": energy.explain(problem, plan, lang).splitlines(),
        **_read(park),
    }
    return {
        "objective": _yuan(plan.objective),
        "bound": _yuan(plan.bound),
        "results": results,
        "workbook": _book(lambda path: energy.write_plan(path, problem, plan, lang)),
        "report": energy.report(problem, plan, lang),
    }


def _volumes(park: ParkProblem, progress: Progress, lang: Any) -> dict[str, Any]:
    """How much to sign: mean and CVaR over a usual year, one with little wind, one with less work."""
    problem = scenarios.VolumesProblem(
        tuple(scenarios.Scenario(v.name, share, v.of(park.problem)) for v, share in cases()),
        tuple(2 * one.volume_mwh for one in park.problem.contracts),
        risk_weight=0.5,
        tail=0.1,
    )
    plan = scenarios.solve(problem, time_limit=600, progress=progress)
    results = {
        "signed": [
            {"contract": c.name, "mwh": float(v), "now": float(c.volume_mwh)}
            for c, v in zip(park.problem.contracts, plan.volumes_mwh, strict=True)
        ],
        "expected": plan.expected,
        "cvar": plan.cvar,
        "cases": [
            {"name": s.name, "probability": s.probability, "yuan": float(c)}
            for s, c in zip(problem.scenarios, plan.costs, strict=True)
        ],
        "said": scenarios.explain(problem, plan, lang).splitlines(),
        **_read(park),
    }
    return {
        "objective": _yuan(plan.objective),
        "bound": _yuan(plan.bound),
        "results": results,
        "workbook": _book(lambda path: scenarios.write_plan(path, problem, plan, lang)),
        "report": scenarios.report(problem, plan, lang),
    }


def _variants(park: ParkProblem, progress: Progress, lang: Any) -> dict[str, Any]:
    """The park as it is and as it might be, side by side."""
    problem = variants.VariantsProblem(park.problem, variations())
    plan = variants.solve(problem, progress=progress)
    results = {
        "cases": [
            {"name": v.name, "yuan": one.objective, "green_mwh": one.green_mwh}
            for v, one in zip(problem.variants, plan.plans, strict=True)
        ],
        "said": variants.explain(problem, plan, lang).splitlines(),
        **_read(park),
    }
    return {
        "objective": _yuan(plan.objective),
        "bound": _yuan(plan.bound),
        "results": results,
        "workbook": _book(lambda path: variants.write_plan(path, problem, plan, lang)),
        "report": variants.report(problem, plan, lang),
    }


ANSWERS = {"plan": _plan, "volumes": _volumes, "variants": _variants}


def _read(park: ParkProblem) -> dict[str, Any]:
    """What of the inputs was read from where."""
    return {
        "since": park.since.isoformat(),
        "filled_hours": park.filled,
        "hours": park.problem.steps,
    }


def _yuan(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(float(value))).quantize(Decimal("0.01"))


def _book(write: Any) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.xlsx"
        write(path)
        return path.read_bytes()


def what_if(unit: Unit, question: Question) -> Mapping[str, float] | None:
    """The fast answer while one moves a slider: sorted, exact; None where a plan must be computed."""
    park = park_of(unit, question)
    if not greedy.applies(park.problem):
        return None
    plan = energy.solve(park.problem)
    against = energy.compare(plan)
    return {
        "objective": plan.objective,
        "no_contract": against.no_contract,
        "pro_rata": against.pro_rata,
        "saving": against.saving,
        "green_mwh": plan.green_mwh,
        "unit_price": plan.unit_price,
        "objective_wan": plan.objective / 1e4,
        "saving_wan": against.saving / 1e4,
        "green_wan": plan.green_mwh / 10,
    }
