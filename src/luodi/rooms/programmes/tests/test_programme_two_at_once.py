"""Two people see the same gap and click at the same moment: there is one case."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from tests.programmes import target_of
from tests.zone import build_zone

from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.casework.api import Case
from luodi.rooms.programmes import api


def test_two_at_once_open_one_case(committed_db: None) -> None:
    with acting(SYSTEM):
        zone = build_zone()
        target = target_of(zone, value="99")
    together = threading.Barrier(2)

    def click(role: str) -> str:
        try:
            with acting(zone.actor(role)) as actor:
                together.wait(10)
                return api.open_case(actor=actor, target=target).code
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(click, ["office", "deputy"]))
    with acting(SYSTEM):
        assert codes == [Case.objects.get().code] * 2
