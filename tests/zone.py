"""A small zone for tests: every organisation and person here is invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from django.test import Client

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, Actor, Unit, UnitKind

SINCE = dt.date(2020, 12, 1)
PASSWORD = "correct-horse-battery"


@dataclass
class Zone:
    """Two districts; the first has two enterprises, the second one. One account for each role."""

    county: Unit
    department: Unit
    zone: Unit
    district: Unit
    other_district: Unit
    enterprise: Unit
    second: Unit
    elsewhere: Unit
    accounts: dict[str, Account] = field(default_factory=dict)

    def actor(self, role: str) -> Actor:
        return scope.actor_for(self.accounts[role])

    def client(self, role: str | None) -> Client:
        client = Client()
        if role is not None:
            client.force_login(self.accounts[role])
        return client


PLACES = {
    "office": "zone",
    "secretary": "zone",
    "deputy": "zone",
    "part_time_member": "zone",
    "instructor": "district",
    "branch_secretary": "enterprise",
    "liaison": "enterprise",
    "department_officer": "department",
    "county_officer": "county",
    "system_admin": "zone",
    "security_admin": "zone",
    "auditor": "zone",
}


def build_zone() -> Zone:
    def unit(kind: UnitKind, name: str, parent: Unit | None) -> Unit:
        return scope.create_unit(actor=SYSTEM, kind=kind, name=name, parent=parent)

    county = unit(UnitKind.COUNTY, "示例县", None)
    area = unit(UnitKind.ZONE, "示例经济技术开发区", county)
    district = unit(UnitKind.DISTRICT, "示例新材料党建区", area)
    other = unit(UnitKind.DISTRICT, "示例新能源党建区", area)
    zone = Zone(
        county=county,
        department=unit(UnitKind.DEPARTMENT, "示例县供电公司", county),
        zone=area,
        district=district,
        other_district=other,
        enterprise=unit(UnitKind.ENTERPRISE, "示例甲公司", district),
        second=unit(UnitKind.ENTERPRISE, "示例乙公司", district),
        elsewhere=unit(UnitKind.ENTERPRISE, "示例丙公司", other),
    )
    for role, place in PLACES.items():
        account = scope.create_account(
            actor=SYSTEM,
            username=role,
            name=f"示例{role}",
            password=PASSWORD,
            must_change_password=False,
        )
        scope.grant_role(
            actor=SYSTEM, account=account, unit=getattr(zone, place), role=role, since=SINCE
        )
        zone.accounts[role] = account
    return zone


@pytest.fixture
def zone(db: None) -> Iterator[Zone]:
    """The zone, inside a transaction that sees everything; use `acting(...)` to see less."""
    with scope.acting(SYSTEM):
        yield build_zone()
