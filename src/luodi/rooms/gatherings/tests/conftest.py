"""A branch with members, in the small zone of the tests."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Actor, Unit
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Branch, BranchType, Person, PostKind, Stage

FOUNDED = dt.date(2021, 1, 1)


@dataclass
class Company:
    """A branch of six: five formal members and a probationary one; the first is its secretary."""

    zone: Zone
    branch: Branch
    people: list[Person]

    @property
    def unit(self) -> Unit:
        return self.branch.unit

    @property
    def secretary(self) -> Actor:
        """Who writes for the branch: holds the role at the enterprise."""
        return self.zone.actor("branch_secretary")


@pytest.fixture
def company(zone: Zone) -> Company:
    branch = directory.found_branch(
        actor=SYSTEM,
        parent=zone.enterprise,
        name="示例甲公司党支部",
        type=BranchType.BRANCH,
        founded_on=FOUNDED,
    )
    people = []
    for number in range(6):
        person = directory.add_person(
            actor=SYSTEM,
            unit=zone.enterprise,
            name=f"示例{'甲乙丙丁戊己'[number]}",
            account=zone.accounts["branch_secretary"] if number == 0 else None,
        )
        stage = Stage.PROBATIONARY if number == 5 else Stage.FORMAL
        directory.start_membership(
            actor=SYSTEM, person=person, branch=branch, stage=stage, since=FOUNDED
        )
        people.append(person)
    directory.appoint(
        actor=SYSTEM,
        person=people[0],
        unit=branch.unit,
        kind=PostKind.BRANCH_SECRETARY,
        since=FOUNDED,
    )
    return Company(zone, branch, people)
