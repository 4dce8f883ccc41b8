"""The two clocks of a case, replayed from its history.

The first-response clock is met by the first act that answers; the resolution clock by submitting,
and it goes on where it stood when a case is reopened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from luodi.lib.calendars import WorkingCalendar
from luodi.lib.clocks import Basis, ClockEvent, ClockState, Kind, Target, replay
from luodi.rooms.casework.models import Event
from luodi.rooms.casework.procedure import Procedure, State

# What an event can do to the clocks, and what that is to each of them.
EFFECTS: Final[dict[str, tuple[Kind | None, Kind | None]]] = {
    "start": (Kind.START, Kind.START),
    "respond": (Kind.STOP, None),
    "pause": (Kind.PAUSE, Kind.PAUSE),
    "resume": (Kind.RESUME, Kind.RESUME),
    "stop": (None, Kind.STOP),
    "restart": (None, Kind.RESTART),
    "due": (None, Kind.DUE),
    "retarget": (Kind.RETARGET, Kind.RETARGET),
}


@dataclass(frozen=True, slots=True)
class Clocks:
    first: ClockState
    resolution: ClockState


def effects_between(before: State, after: State) -> list[str]:
    """What entering a state from another does to the clocks."""
    was, now = before.clocks, after.clocks
    if "kept" in {was, now} or was == now:
        return []
    found = {
        ("running", "paused"): ["pause"],
        ("paused", "running"): ["resume"],
        ("stopped", "running"): ["restart"],
        ("stopped", "paused"): ["restart", "pause"],
    }
    return found.get((was, now), ["stop"])


def stored_targets(procedure: Procedure) -> dict[str, Any]:
    """The targets as facts of the history, so that a later edition of a procedure changes none."""
    return {"first": _stored(procedure.first), "resolution": _stored(procedure.resolution)}


def _stored(target: Target) -> list[Any]:
    return [target.basis.value, target.limit.total_seconds(), target.amber.total_seconds()]


def _target(stored: list[Any]) -> Target:
    basis, limit, amber = stored
    return Target(dt.timedelta(seconds=limit), Basis(basis), dt.timedelta(seconds=amber))


def replay_case(events: Iterable[Event], calendar: WorkingCalendar, now: dt.datetime) -> Clocks:
    """Both clocks at a moment. `events` in order; the first one carries the targets."""
    history = list(events)
    targets = history[0].payload["targets"]
    first, resolution = (
        replay(_clock_events(history, which), _target(targets[name]), calendar, now)
        for which, name in enumerate(("first", "resolution"))
    )
    return Clocks(first, resolution)


def _clock_events(history: list[Event], which: int) -> list[ClockEvent]:
    name = ("first", "resolution")[which]
    found = []
    for event in history:
        for effect in event.clock:
            kind = EFFECTS[effect][which]
            if kind is Kind.DUE:
                due = event.payload["due_at"]
                found.append(
                    ClockEvent(event.at, kind, due=dt.datetime.fromisoformat(due) if due else None)
                )
            elif kind is Kind.RETARGET:
                target = _target(event.payload["targets"][name])
                found.append(ClockEvent(event.at, kind, target=target))
            elif kind is not None:
                found.append(ClockEvent(event.at, kind))
    return found
