"""A branch with seven full members, of whom two may introduce; and somebody who applies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Actor, acting
from luodi.lib.codes import example_identity
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Branch, BranchType, Person, Stage
from luodi.rooms.pathways import api
from luodi.rooms.pathways.models import Fact, Journey

FOUNDED = dt.date(2019, 3, 1)


@dataclass
class Place:
    zone: Zone
    branch: Branch
    other: Branch
    members: list[Person]
    applicant: Person

    def begin(self, on: dt.date = dt.date(2021, 1, 31), role: str = "branch_secretary") -> Journey:
        actor = self.zone.actor(role)
        with acting(actor):
            return api.open_journey(
                actor=actor, person=self.applicant, branch=self.branch, on=on, paper="申请书"
            )

    def enter(self, journey: Journey, step: str, on: dt.date, role: str = "", **more: Any) -> Fact:
        actor: Actor = self.zone.actor(role or ROLES.get(step, "branch_secretary"))
        values = {**self.usual(step), **more}
        with acting(actor):
            return api.record_step(actor=actor, journey=journey, step=step, on=on, **values)

    def usual(self, step: str) -> dict[str, Any]:
        """What a step needs, as it should be."""
        values: dict[str, Any] = {"paper": "材料"}
        if step == "contacts":
            values |= {"first": self.members[0]}
        if step == "introducers":
            values |= {"first": self.members[0], "second": self.members[1]}
        if step == "training":
            values |= {"days": 3}
        if step in {"meeting", "confirm"}:
            values |= {"entitled": 7, "present": 6, "favour": 6}
        return values

    def walk(self, journey: Journey, upto: str, *, by_hand: bool = False) -> None:
        """Enters the steps until one, each on its usual day: at once, or each by its verb."""
        steps = [step for step in list(DAYS)[: list(DAYS).index(upto) + 1] if step != "apply"]
        if by_hand:
            for step in steps:
                self.enter(journey, step, DAYS[step])
            return
        past = []
        for step in steps:
            values = self.usual(step)
            people = [one for name in ("first", "second") if (one := values.pop(name, None))]
            past.append(api.Past(step, DAYS[step], people, values))
        api.enter_history(actor=SYSTEM, person=self.applicant, branch=self.branch, past=past)


ROLES = dict.fromkeys(
    ["file_activist", "file_candidate", "training", "prereview", "interview", "approve",
     "approve_formal", "archive"], "office",
) | {"file_member": "county_officer"}  # fmt: skip
DAYS = {
    "apply": dt.date(2021, 1, 31), "talk": dt.date(2021, 2, 20), "choose": dt.date(2021, 3, 1),
    "file_activist": dt.date(2021, 3, 5), "contacts": dt.date(2021, 3, 6),
    "review": dt.date(2021, 9, 1), "candidate": dt.date(2022, 3, 1),
    "file_candidate": dt.date(2022, 3, 5), "introducers": dt.date(2022, 3, 6),
    "political": dt.date(2022, 3, 20), "training": dt.date(2022, 4, 1),
    "committee": dt.date(2022, 4, 10), "prereview": dt.date(2022, 4, 20),
    "form": dt.date(2022, 4, 25), "meeting": dt.date(2022, 5, 10),
    "interview": dt.date(2022, 5, 20), "approve": dt.date(2022, 6, 1),
    "file_member": dt.date(2022, 6, 10), "group": dt.date(2022, 6, 2),
    "oath": dt.date(2022, 7, 1), "observe": dt.date(2022, 11, 1), "ask": dt.date(2023, 4, 20),
    "confirm": dt.date(2023, 5, 12), "approve_formal": dt.date(2023, 6, 1),
    "archive": dt.date(2023, 6, 10),
}  # fmt: skip


@pytest.fixture
def place(zone: Zone) -> Place:
    def branch(name: str, unit: Any, kind: BranchType = BranchType.BRANCH) -> Branch:
        return directory.found_branch(
            actor=SYSTEM, parent=unit, name=name, type=kind, founded_on=FOUNDED
        )

    def person(number: int, born_on: dt.date) -> Person:
        return directory.add_person(
            actor=SYSTEM,
            unit=zone.enterprise,
            name=f"示例{'赵钱孙李周吴郑王'[number % 8]}{number}",
            born_on=born_on,
            identity=example_identity(number, born_on),
        )

    here = branch("示例甲公司党支部", zone.enterprise)
    members = [person(n, dt.date(1980, 1, 1 + n)) for n in range(7)]
    for one in members:
        directory.start_membership(
            actor=SYSTEM, person=one, branch=here, stage=Stage.FORMAL, since=FOUNDED
        )
    other = branch("示例乙公司党支部", zone.second)
    return Place(zone, here, other, members, person(9, dt.date(1995, 5, 5)))
