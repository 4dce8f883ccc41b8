"""A directory over the small zone: one chain, two enterprises, a branch, a joint branch."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pytest
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, Unit
from luodi.lib.codes import example_identity, example_uscc
from luodi.rooms.directory import api
from luodi.rooms.directory.api import Branch, BranchType, Enterprise, Person

FOUNDED = dt.date(2021, 3, 1)


@dataclass
class Directory:
    zone: Zone
    enterprise: Enterprise
    neighbour: Enterprise
    branch: Branch
    joint: Branch

    def person(self, number: int, unit: Unit | None = None, **facts: object) -> Person:
        """The n-th invented person."""
        born_on = dt.date(1980, 1, 1) + dt.timedelta(days=37 * number)
        values = {
            "unit": unit or self.enterprise.unit,
            "name": f"示例{'赵钱孙李周吴郑王'[number % 8]}{number}",
            "identity": example_identity(number % 1000, born_on),
            **facts,
        }
        return api.add_person(actor=SYSTEM, **values)  # type: ignore[arg-type]


@pytest.fixture
def directory(zone: Zone) -> Directory:
    api.add_chain(actor=SYSTEM, name="示例新材料", district=zone.district)

    def enterprise(number: int, name: str) -> Enterprise:
        return api.add_enterprise(
            actor=SYSTEM,
            parent=zone.district,
            name=name,
            code=example_uscc(number),
            contact_name="示例联系人",
        )

    first, second = enterprise(1, "示例铝业公司"), enterprise(2, "示例压铸公司")
    return Directory(
        zone=zone,
        enterprise=first,
        neighbour=second,
        branch=api.found_branch(
            actor=SYSTEM,
            parent=first.unit,
            name="示例铝业公司党支部",
            type=BranchType.BRANCH,
            founded_on=FOUNDED,
        ),
        joint=api.found_branch(
            actor=SYSTEM,
            parent=zone.district,
            name="示例联合党支部",
            type=BranchType.JOINT,
            founded_on=FOUNDED,
            spans=[first, second],
        ),
    )
