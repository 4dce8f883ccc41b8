"""Two sessions on one case: one wins, the other is told what has changed."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from tests.zone import Zone, build_zone

from luodi.ground.scope.api import SYSTEM, Actor, acting
from luodi.lib.errors import Stale, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, Event

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


def test_of_two_who_accept_at_once_one_wins(committed_db: None) -> None:
    with acting(SYSTEM):
        zone: Zone = build_zone()
        case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例", at=AT)
        casework.receive(actor=SYSTEM, case=case, at=AT)
        case = casework.hand_over(actor=SYSTEM, case=case, unit=zone.zone, at=AT)
    together = threading.Barrier(2)

    def accept(role: str) -> str:
        try:
            with acting(zone.actor(role)) as actor:
                together.wait(10)
                casework.accept(actor=actor, case=case, version=case.version, at=AT)
            return role
        except Stale as refused:
            return f"stale: {refused.theirs['责任人']}"
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(accept, ["office", "deputy"]))
    winner, loser = results
    assert loser == f"stale: 示例{winner}"
    with acting(SYSTEM):
        assert Case.objects.get(pk=case.pk).lead_account == zone.accounts[winner]
        assert Event.objects.filter(case=case, transition="accept").count() == 1


STEPS: dict[str, Callable[[Actor, Case, Zone], object]] = {
    "hand_over": lambda actor, case, zone: casework.hand_over(
        actor=actor,
        case=case,
        unit=zone.department if actor.account_id % 2 else zone.zone,
    ),
    "submit": lambda actor, case, zone: casework.submit(actor=actor, case=case, note="示例"),
    "close": lambda actor, case, zone: casework.close(actor=actor, case=case, reason="示例"),
}


@pytest.mark.parametrize("key", STEPS)
def test_of_two_who_take_a_step_at_once_unread_one_does(committed_db: None, key: str) -> None:
    with acting(SYSTEM):
        zone: Zone = build_zone()
        case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例", at=AT)
        casework.receive(actor=SYSTEM, case=case, at=AT)
    together = threading.Barrier(2)

    def step(role: str) -> str:
        try:
            with acting(zone.actor(role)) as actor:
                together.wait(10)
                STEPS[key](actor, case, zone)
            return "done"
        except UserError as refused:
            return str(refused)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        # what is the lead's alone, the lead does twice
        who = ["instructor", "instructor"] if key == "submit" else ["office", "deputy"]
        results = sorted(pool.map(step, who), key=lambda one: one != "done")
    assert results[0] == "done" and results[1].startswith("当前状态是"), results
    with acting(SYSTEM):
        assert Event.objects.filter(case=case, transition=key).count() == 1
