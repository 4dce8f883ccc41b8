"""A rich zone for tests that try every address: one of everything, inside and outside a scope.

*Inside* belongs to the first enterprise, *outside* to the one in the other district. Everything and
everybody here is invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from luodi.ground.scope.api import SYSTEM, acting
from tests import matrix
from tests.expect import Ids
from tests.rest import Rest, token_of
from tests.zone import PLACES, Zone, build_zone


@dataclass
class World:
    """`inside` and `outside` map a kind of object to its id, or to its number for cases."""

    zone: Zone
    inside: Ids
    outside: Ids
    clients: dict[str | None, Client]
    rest: dict[str | None, Rest]

    @contextmanager
    def tried(self) -> Iterator[None]:
        """Whatever happens inside is undone."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)


def build_world() -> World:
    """Builds everything inside the caller's transaction (and its `acting(SYSTEM)`)."""
    zone = build_zone()
    rest: dict[str | None, Rest] = {role: Rest(token_of(zone, role)) for role in PLACES}
    rest[None] = Rest(None)
    return World(
        zone=zone,
        inside=matrix.things(zone, zone.enterprise, 0),
        outside=matrix.things(zone, zone.elsewhere, 1),
        clients={role: zone.client(role) for role in (*PLACES, None)},
        rest=rest,
    )


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """One world for all tests of a file; it is never committed."""
    with django_db_blocker.unblock(), acting(SYSTEM):
        yield build_world()
        transaction.set_rollback(True)
