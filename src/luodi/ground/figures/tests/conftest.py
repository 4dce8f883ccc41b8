"""A zone in which something happens: members, cases, and what was known when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM
from luodi.lib.codes import example_identity
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Branch, BranchType, Person

FOUNDED = dt.date(2021, 3, 1)


def now() -> dt.datetime:
    """The database's own clock, as the trail and the dated facts have it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (at,) = cursor.fetchone()
    assert isinstance(at, dt.datetime)
    return at


@pytest.fixture
def branch(zone: Zone) -> Branch:
    return directory.found_branch(
        actor=SYSTEM,
        parent=zone.enterprise,
        name="示例甲公司党支部",
        type=BranchType.BRANCH,
        founded_on=FOUNDED,
    )


@pytest.fixture
def member(zone: Zone, branch: Branch) -> Callable[..., Person]:
    """Makes the n-th invented member of the branch."""

    def make(number: int, since: dt.date = FOUNDED) -> Person:
        born_on = dt.date(1980, 1, 1) + dt.timedelta(days=37 * number)
        person = directory.add_person(
            actor=SYSTEM,
            unit=zone.enterprise,
            name=f"示例党员{number}",
            identity=example_identity(number, born_on),
        )
        directory.start_membership(
            actor=SYSTEM, person=person, branch=branch, stage="formal", since=since
        )
        return person

    return make
