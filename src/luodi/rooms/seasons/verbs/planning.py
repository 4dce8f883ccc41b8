"""A plan of a season: asked for, computed by the worker, kept with its bound, published."""

from __future__ import annotations

import datetime as dt
import time
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.records.api import verb
from luodi.ground.scope.api import Account, Actor, acting, actor_for, defer, today
from luodi.lib.errors import NotFound, UserError
from luodi.planning.core import Infeasible, PlanningError, Progress, Snapshot
from luodi.planning.tours import explain, solve
from luodi.rooms.seasons.models import Performance, Plan, Season, Wish
from luodi.rooms.seasons.problem import lines_of, problem_of, read_book

WRITE = "seasons.write"
TASK = "seasons.plan"
SECONDS = 60.0


@verb(permission=WRITE, on="season")
def ask_plan(*, actor: Actor, season: Season, at: dt.datetime | None = None) -> Plan:
    """Asks the worker for a plan of a season; one at a time. Raises UserError where none can be made."""
    busy = season.plans.filter(state__in=[Plan.State.WAITING, Plan.State.RUNNING])
    if found := busy.first():
        return found
    read_book(season, today())
    plan = Plan.objects.create(
        season=season, asked_by_id=actor.account_id or None, asked_at=at or timezone.now()
    )
    defer(TASK, plan_id=plan.pk, account_id=actor.account_id)
    return plan


@verb(permission=WRITE, on="plan")
def stop_plan(*, actor: Actor, plan: Plan) -> Plan:
    """Lets a plan end soon, with the best that is known."""
    Plan.objects.filter(pk=plan.pk).update(stop=True)
    plan.refresh_from_db()
    return plan


def carry_out(plan_id: int, account_id: int, seconds: float = SECONDS) -> None:
    """Computes a plan as its asker. Reading, solving and keeping are apart, so that no transaction
    waits for the solver."""
    actor = _asker(account_id)
    with acting(actor):
        row = Plan.objects.filter(pk=plan_id).select_related("season__unit").first()
        if row is None or row.state not in {Plan.State.WAITING, Plan.State.RUNNING}:
            return
        Plan.objects.filter(pk=plan_id).update(state=Plan.State.RUNNING)
        try:
            book = read_book(row.season, today())
            problem = problem_of(book)
        except (UserError, PlanningError) as refused:
            Plan.objects.filter(pk=plan_id).update(
                state=Plan.State.FAILED, says=str(refused)[:500], ended_at=timezone.now()
            )
            return
    try:
        plan = solve(problem, time_limit=seconds, progress=_progress(actor, plan_id))
    except (Infeasible, PlanningError) as found:
        _end(actor, plan_id, Plan.State.FAILED, says=str(found)[:500])
        return
    summary = {
        "says": explain(problem, plan),
        "shows": len(plan.shows),
        "days": len({one.day for one in plan.trips}),
        "km": round(plan.parts["travel"], 1),
        "parts": {key: round(value, 1) for key, value in plan.parts.items()},
        "objective": plan.objective,
        "bound": plan.bound,
        "gap": plan.gap,
        "status": str(plan.status),
        "seconds": round(plan.seconds, 1),
        "by_hand": plan.by_hand and round(sum(plan.by_hand.values()), 1),
        "wishes": len(book.wishes),
        "broken": len(plan.check(problem)),
    }
    _end(actor, plan_id, Plan.State.READY, summary=summary, lines=lines_of(book, plan))


def _asker(account_id: int) -> Actor:
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    if account is None:
        raise NotFound(_("没有这个账号。"))
    return actor_for(account)


def _progress(actor: Actor, plan_id: int) -> Progress:
    """Tells the plan how the solver proceeds, at most once a second, and carries the wish to stop."""
    last = [0.0]

    def listen(snapshot: Snapshot) -> None:
        if time.monotonic() - last[0] < 1:
            return
        last[0] = time.monotonic()
        said = {"incumbent": snapshot.incumbent, "bound": snapshot.bound}
        with acting(actor):
            Plan.objects.filter(pk=plan_id).update(progress=said)
            if Plan.objects.filter(pk=plan_id, stop=True).exists():
                progress.stop()

    progress = Progress(listen)
    return progress


def _end(actor: Actor, plan_id: int, state: str, **values: Any) -> None:
    with acting(actor):
        Plan.objects.filter(pk=plan_id).update(state=state, ended_at=timezone.now(), **values)


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two versions: per village the days that are new, gone, or moved."""

    new: list[dict[str, Any]]
    gone: list[dict[str, Any]]
    moved: list[tuple[dict[str, Any], dict[str, Any]]]

    def __bool__(self) -> bool:
        return bool(self.new or self.gone or self.moved)


def difference(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> Difference:
    """What a reader of the former version must know of the newer."""
    new, gone, moved = [], [], []
    old = _by_village(before)
    for village, lines in _by_village(now).items():
        same = {(one["on"], one["troupe"]) for one in lines}
        had = {(one["on"], one["troupe"]) for one in old.get(village, [])}
        added = [one for one in lines if (one["on"], one["troupe"]) not in had]
        left = [one for one in old.pop(village, []) if (one["on"], one["troupe"]) not in same]
        pairs = min(len(added), len(left))
        moved += list(zip(left[:pairs], added[:pairs], strict=True))
        new += added[pairs:]
        gone += left[pairs:]
    gone += [one for lines in old.values() for one in lines]
    return Difference(new, gone, moved)


def _by_village(lines: list[dict[str, Any]]) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for one in sorted(lines, key=lambda line: str(line["on"])):
        found[one["village"]].append(one)
    return dict(found)


def published(season: Season, number: int | None = None) -> Plan | None:
    """A published version; the newest where none is named."""
    rows = season.plans.filter(state=Plan.State.PUBLISHED)
    if number is not None:
        rows = rows.filter(number=number)
    return rows.order_by("-number").first()


@verb(permission=WRITE, on="plan")
@transaction.atomic
def publish_plan(*, actor: Actor, plan: Plan, at: dt.datetime | None = None) -> Plan:
    """Publishes a plan as the season's next version; performances that are still to come follow it.

    Raises UserError where it is not ready, or where performances changed since it was made.
    """
    Season.objects.select_for_update().get(pk=plan.season_id)
    plan.refresh_from_db()
    if plan.state != Plan.State.READY:
        raise UserError(_("这个方案还没有算好，或已经公布。"))
    at = at or timezone.now()
    season, day = plan.season, timezone.localdate(at)
    past = season.performances.exclude(state=Performance.State.CANCELLED).filter(on__lte=day)
    wanted = {(one["village"], dt.date.fromisoformat(one["on"])) for one in plan.lines}
    if any((one.village_id, one.on) not in wanted for one in past):
        raise UserError(_("方案算好以后又有演出变动，请重新排一次。"))
    _follow(plan, day)
    last = season.plans.aggregate(last=Max("number"))["last"] or 0
    plan.number, plan.state, plan.published_at = last + 1, Plan.State.PUBLISHED, at
    plan.save(update_fields=["number", "state", "published_at"])
    return plan


def _follow(plan: Plan, day: dt.date) -> None:
    """Moves, adds and cancels performances after a day, as a plan has it."""
    coming = plan.season.performances.filter(state=Performance.State.PLANNED, on__gt=day)
    stand = [
        {"village": one.village_id, "troupe": one.troupe_id, "on": one.on.isoformat(), "row": one}
        for one in coming
    ]
    lines = [one for one in plan.lines if dt.date.fromisoformat(one["on"]) > day]
    found = difference(stand, lines)
    for line in found.gone:
        row = line["row"]
        row.state, row.why = Performance.State.CANCELLED, _("按新一版安排")
        row.save(update_fields=["state", "why"])
    for before, _now in found.moved:  # out of the way first: two may change places
        Performance.objects.filter(pk=before["row"].pk).update(state=Performance.State.CANCELLED)
    for before, now in found.moved:
        row = before["row"]
        row.on, row.troupe_id = dt.date.fromisoformat(now["on"]), now["troupe"]
        row.state = Performance.State.PLANNED
        row.play = _play(now, row.troupe_id) or (
            row.play if row.play and row.play.troupe_id == row.troupe_id else None
        )
        row.save(update_fields=["on", "troupe", "state", "play"])
    for line in found.new:
        Performance.objects.create(
            season=plan.season,
            village_id=line["village"],
            troupe_id=line["troupe"],
            on=dt.date.fromisoformat(line["on"]),
            play=_play(line, line["troupe"]),
        )


def _play(line: dict[str, Any], troupe: int) -> Any:
    """The play that the village chose for that day, where this troupe has it."""
    wish = Wish.objects.filter(
        village_id=line["village"],
        since__lte=line["on"],
        until__gte=line["on"],
        play__troupe_id=troupe,
    ).select_related("play")
    found = wish.first()
    return found.play if found else None
