"""Two sessions on one case: one wins, the other is told what has changed."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection
from tests.zone import Zone, build_zone

from luodi.apps.casework import api as casework
from luodi.apps.casework.api import Case, Event
from luodi.apps.scope.api import SYSTEM, acting
from luodi.lib.errors import Stale
from luodi.lib.postgres import drop_database

AT = dt.datetime(2026, 3, 2, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def own_database(
    django_db_setup: None,
    django_db_blocker: pytest.FixtureRequest,
    server: tuple[str, dict[str, str]],
) -> Iterator[None]:
    """A copy of the empty test database, for what several connections must see committed."""
    admin, _passwords = server
    template = connection.settings_dict["NAME"]
    copy = f"{template}_race"
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        connection.close()
        drop_database(admin, dbname=copy)
        with psycopg.connect(admin, autocommit=True) as superuser:
            superuser.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{template}"')
        connection.settings_dict["NAME"] = copy
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = template
            drop_database(admin, dbname=copy)


def test_of_two_who_accept_at_once_one_wins(own_database: None) -> None:
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
