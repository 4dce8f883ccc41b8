"""Two sessions on one case: one wins, the other is told what has changed."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from tests.zone import Zone, build_zone

from luodi.apps.casework import api as casework
from luodi.apps.casework.api import Case, Event
from luodi.apps.scope.api import SYSTEM, acting
from luodi.lib.errors import Stale

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
