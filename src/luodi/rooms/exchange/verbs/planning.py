"""A plan for many at once: asked for, computed by the worker, kept, and turned into introductions."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import UnitOf, verb
from luodi.ground.scope.api import Account, Actor, Unit, acting, actor_for, defer, today
from luodi.lib.errors import NotFound, UserError
from luodi.planning.core import Infeasible, PlanningError, Progress, Snapshot
from luodi.planning.matching import MatchingPlan, MatchingProblem, failures, solve
from luodi.rooms.exchange.models import Answer, Introduction, Offer, Run
from luodi.rooms.exchange.problem import (
    Book,
    answers_of,
    by_heading,
    lines_of,
    problem_of,
    read_book,
)
from luodi.rooms.exchange.verbs.checks import require_desk
from luodi.rooms.exchange.verbs.introducing import introduce

DESK = UnitOf(
    gettext_lazy("哪个经办单位的供需"), permission="exchange.broker", kinds=("zone", "district")
)
TASK = "exchange.plan"
SECONDS = 60.0
SMALL = 300  # offers up to which each supplier is taken away in turn, and one more tonne is priced
BUSY = (Run.State.WAITING, Run.State.RUNNING)
GIVEN_UP = dt.timedelta(minutes=10)
MOST = 10  # suppliers that are taken away in turn
Solved = tuple[Book, MatchingProblem, MatchingPlan]
KEPT = 2000  # lines of a plan that are kept


@verb(permission="exchange.broker", on="desk")
def ask_plan(
    *, actor: Actor, desk: Annotated[Unit, object, DESK], at: dt.datetime | None = None
) -> Run:
    """Asks the worker for a plan over all open offers and needs of a desk; one at a time.

    One that was never carried out (a worker that died) makes way after a while.
    """
    require_desk(actor, desk)
    at = at or timezone.now()
    left = Run.objects.filter(broker=desk, state__in=BUSY, asked_at__lt=at - GIVEN_UP)
    left.update(state=Run.State.FAILED, ended_at=at, says=_("没有算完，可以再算一次。"))
    busy = Run.objects.filter(broker=desk, state__in=BUSY)
    if found := busy.first():
        return found
    run = Run.objects.create(broker=desk, asked_by_id=actor.account_id or None, asked_at=at)
    defer(TASK, run_id=run.pk, account_id=actor.account_id)
    return run


@verb(permission="exchange.broker")
def stop_plan(*, actor: Actor, run: Run) -> Run:
    """Lets a plan end soon, with the best that is known."""
    require_desk(actor, run.broker)
    Run.objects.filter(pk=run.pk).update(stop=True)
    run.refresh_from_db()
    return run


def carry_out(run_id: int, account_id: int) -> None:
    """Computes a plan as its asker. Reading, solving and keeping are apart, so that no transaction
    waits for the solver; begun twice, it is computed twice and kept once more."""
    actor = _asker(account_id)
    with acting(actor):
        run = Run.objects.filter(pk=run_id).select_related("broker").first()
        if run is None or run.state not in BUSY:
            return
        Run.objects.filter(pk=run_id).update(state=Run.State.RUNNING)
        book = read_book(today())
    if not book.have or not book.want:
        _end(actor, run_id, Run.State.FAILED, says=_("没有可以配对的供应和需求。"))
        return
    progress, solved = _progress(actor, run_id), []
    try:
        for part in by_heading(book):
            problem = problem_of(part)
            seconds = max(SECONDS - progress.seconds, 1.0)
            solved.append((part, problem, solve(problem, time_limit=seconds, progress=progress)))
            if progress.stopped:
                break
    except (Infeasible, PlanningError) as problem_found:
        _end(actor, run_id, Run.State.FAILED, says=str(problem_found)[:500])
        return
    _keep(actor, run_id, book, solved)


def _asker(account_id: int) -> Actor:
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound(_("没有这个账号。"))
    return actor_for(account)


def _progress(actor: Actor, run_id: int) -> Progress:
    """Tells the run how the solver proceeds, at most once a second, and carries the wish to stop."""
    last = [0.0]

    def listen(snapshot: Snapshot) -> None:
        if time.monotonic() - last[0] < 1:
            return
        last[0] = time.monotonic()
        said = {"incumbent": snapshot.incumbent, "bound": snapshot.bound, "gap": snapshot.gap}
        with acting(actor):
            Run.objects.filter(pk=run_id).update(progress=said)
            if Run.objects.filter(pk=run_id, stop=True).exists():
                progress.stop()

    progress = Progress(listen)
    return progress


def _keep(actor: Actor, run_id: int, book: Book, solved: Sequence[Solved]) -> None:
    """Keeps the plans of all headings as one."""
    small = len(book.have) <= SMALL
    lines = [line for part, _problem, plan in solved for line in lines_of(part, plan, worth=small)]
    plans = [plan for _part, _problem, plan in solved]
    bounds = [plan.bound for plan in plans]
    summary = {
        "offers": len(book.have),
        "needs": len(book.want),
        "pairs": sum(plan.n_arcs for plan in plans),
        "met": sum(
            int((plan.unmet(problem) == 0).all(axis=1).sum()) for _p, problem, plan in solved
        ),
        "cost": sum(plan.objective for plan in plans),
        "bound": None if None in bounds else sum(one for one in bounds if one is not None),
        "status": "optimal" if all(plan.status == "optimal" for plan in plans) else "feasible",
        "seconds": round(sum(plan.seconds for plan in plans), 2),
    }
    lost = [one for each in solved for one in _failures(*each)] if small else []
    lost.sort(key=lambda one: -one["lost"])
    _end(actor, run_id, Run.State.READY, summary=summary, lines=lines[:KEPT], failures=lost[:MOST])
    with acting(actor):
        _answer(book, answers_of(book, lines))


def _failures(book: Book, problem: MatchingProblem, plan: MatchingPlan) -> Iterator[dict[str, Any]]:
    """What a month lacks when a supplier stops, and who steps in; of one heading."""
    names = {str(one.party_id): str(one.party) for one in (*book.have, *book.want)}
    keys = {f"S{one.pk}": str(one.party) for one in book.have}
    keys |= {f"D{one.pk}": str(one.party) for one in book.want}
    for one in failures(problem, plan, most=MOST):
        yield {
            "supplier": names.get(one.supplier, one.supplier),
            "commodity": str(book.have[0].commodity),
            "measure": book.have[0].measure,
            "tonnes": round(one.tonnes, 2),
            "lost": round(one.lost, 2),
            "extra": round(one.extra, 2),
            "second": [
                (keys[need], keys[offer], round(tonnes, 2))
                for need, offer, tonnes in one.second[:1]
            ],
        }


def _answer(book: Book, answers: dict[int, str]) -> None:
    """Keeps the class of each answer beside its offer, for its party."""
    rows = [
        Answer(
            offer=one,
            party_id=one.party_id,
            broker_id=one.broker_id,
            why=answers[one.pk],
            on=today(),
        )
        for one in (*book.have, *book.want, *book.later)
    ]
    Answer.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["offer"],
        update_fields=["why", "on", "party", "broker"],
        batch_size=1000,
    )


def _end(actor: Actor, run_id: int, state: str, **values: Any) -> None:
    with acting(actor):
        stopped = Run.objects.filter(pk=run_id, stop=True).exists()
        if stopped and state == Run.State.READY:
            state = Run.State.STOPPED
        Run.objects.filter(pk=run_id).update(state=state, ended_at=timezone.now(), **values)


@verb(permission="exchange.broker")
def use_lines(
    *, actor: Actor, run: Run, places: Sequence[int], at: dt.datetime | None = None
) -> list[Introduction]:
    """Turns lines of a plan into ideas of introductions; what is brought together already is left out.

    places: the lines' places in the plan, from 0. Raises UserError where none is left.
    """
    require_desk(actor, run.broker)
    chosen = [run.lines[one] for one in dict.fromkeys(places) if 0 <= one < len(run.lines)]
    if not chosen:
        raise UserError(_("请先勾选要牵线的行。"))
    keys = {line[side] for line in chosen for side in ("have", "want")}
    rows = Offer.objects.filter(pk__in=keys, closed_on=None)
    offers = rows.select_related("party__broker", "commodity").in_bulk()
    made = []
    for line in chosen:
        have, want = offers.get(line["have"]), offers.get(line["want"])
        if have is None or want is None or have.commodity is None or _met(have, want):
            continue
        made.append(
            introduce(
                actor=actor,
                supplier=have.party,
                buyer=want.party,
                commodity=have.commodity,
                monthly=Decimal(str(line["monthly"])),
                have=have,
                want=want,
                at=at,
            )
        )
    if not made:
        raise UserError(_("勾选的行都已在对接，或已撤下。"))
    return made


def _met(have: Offer, want: Offer) -> bool:
    rows = Introduction.objects.filter(
        supplier=have.party, buyer=want.party, commodity=have.commodity
    )
    return rows.exclude(stage__in=["done", "lost"]).exists()


def compared(run: Run) -> dict[str, Any]:
    """What differs from the desk's plan before: supplies that are new, gone, or of another quantity."""
    rows = Run.objects.filter(
        broker=run.broker_id, state=Run.State.READY, asked_at__lt=run.asked_at
    )
    before = rows.order_by("-asked_at").first()
    if before is None:
        return {}
    old = {(one["have"], one["want"]): one for one in before.lines}
    new = {(one["have"], one["want"]): one for one in run.lines}
    return {
        "before": before,
        "new": [one for key, one in new.items() if key not in old],
        "gone": [one for key, one in old.items() if key not in new],
        "other": [
            (one, old[key]["monthly"])
            for key, one in new.items()
            if key in old and old[key]["monthly"] != one["monthly"]
        ],
    }
