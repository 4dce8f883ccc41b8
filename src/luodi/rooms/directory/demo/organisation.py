"""The organisations, the people in them, and who may sign in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Account, Unit, UnitKind
from luodi.lib.codes import example_identity, example_uscc
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Branch, BranchType, Enterprise, Person, PostKind, Sex, Stage
from luodi.rooms.directory.demo import people

FOUNDED_ON = dt.date(2020, 12, 1)
PASSWORD = "luodi-2022-demo"  # noqa: S105 - printed for whoever starts the demonstration

# The page's three chains, and enterprises: the two named ones that it says have party
# organisations, and invented ones.
CHAINS = {
    "铝基新材料": ("信发铝业", "道尔铝业公司", "示例铝材公司", "示例铝箔公司"),
    "压铸智能制造": ("示例压铸公司", "示例模具公司", "示例智造公司"),
    "新能源": ("示例储能公司", "示例光伏公司", "示例风电公司"),
}
# 90 members in two general branches, two branches, one temporary and one joint branch; the last
# two reach three enterprises. The page names the first of each pair.
BRANCHES = (
    ("信发铝业党总支", "信发铝业", BranchType.GENERAL, dt.date(2020, 12, 20), 36),
    ("示例压铸公司党总支", "示例压铸公司", BranchType.GENERAL, dt.date(2021, 3, 10), 24),
    ("道尔铝业公司党支部", "道尔铝业公司", BranchType.BRANCH, dt.date(2020, 12, 20), 13),
    ("示例储能公司党支部", "示例储能公司", BranchType.BRANCH, dt.date(2021, 6, 18), 8),
    ("示例光伏公司临时党支部", "示例光伏公司", BranchType.TEMPORARY, dt.date(2022, 4, 8), 4),
    ("示例铝材、铝箔公司联合党支部", "铝基新材料", BranchType.JOINT, dt.date(2022, 5, 12), 5),
)
SPANNED = ("示例铝材公司", "示例铝箔公司")
ABOVE_SIZE = ("示例铝材公司", "示例压铸公司", "示例模具公司", "示例储能公司")
DEPARTMENTS = ("示例县直部门（供电）", "示例县直部门（人社）", "示例县直部门（自然资源）")


@dataclass
class Zone:
    """What the demonstration was built from; the later steps look things up here."""

    county: Unit
    zone: Unit
    departments: list[Unit] = field(default_factory=list)
    districts: dict[str, Unit] = field(default_factory=dict)
    enterprises: dict[str, Enterprise] = field(default_factory=dict)
    branches: dict[str, Branch] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    names: Iterator[str] = field(default_factory=people.names)
    number: int = 0

    def person(
        self, unit: Unit, born_on: dt.date, account: Account | None = None, name: str = ""
    ) -> Person:
        """One more invented person whose record the unit keeps."""
        self.number += 1
        return directory.add_person(
            actor=SYSTEM,
            unit=unit,
            name=name or next(self.names),
            sex=Sex.MALE if self.number % 2 else Sex.FEMALE,
            born_on=born_on,
            identity=example_identity(self.number, born_on),
            phone=f"1380000{self.number:04d}",
            account=account,
        )


def begin(password: str = PASSWORD) -> Zone:
    """The zone with its organisations, people and accounts: what all else is built on."""
    zone = build_units()
    build_accounts(zone, password)
    build_branches(zone)
    build_committee(zone)
    return zone


def build_units() -> Zone:
    """County, departments, zone, districts, enterprises."""

    def unit(
        kind: UnitKind, name: str, parent: Unit | None, short: str = "", on: dt.date | None = None
    ) -> Unit:
        return scope.create_unit(
            actor=SYSTEM, kind=kind, name=name, parent=parent, short_name=short, opened_on=on
        )

    county = unit(UnitKind.COUNTY, "交口县", None)
    area = unit(UnitKind.ZONE, "交口经济技术开发区党工委", county, "开发区党工委", FOUNDED_ON)
    zone = Zone(county, area)
    zone.departments = [unit(UnitKind.DEPARTMENT, name, county) for name in DEPARTMENTS]
    for number, (chain_name, names) in enumerate(CHAINS.items()):
        district = unit(
            UnitKind.DISTRICT, f"{chain_name}产业链党建区", area, f"{chain_name}党建区", FOUNDED_ON
        )
        zone.districts[chain_name] = district
        chain = directory.add_chain(actor=SYSTEM, name=chain_name, district=district)
        for place, name in enumerate(names):
            invented = name.startswith("示例")
            zone.enterprises[name] = directory.add_enterprise(
                actor=SYSTEM,
                parent=district,
                name=name,
                code=example_uscc(number * 100 + place) if invented else "",
                chain=chain,
                opened_on=FOUNDED_ON if not invented else None,
                non_public=invented,
                above_size=name in ABOVE_SIZE,
            )
    for chain_name, leader in (("铝基新材料", "信发铝业"), ("压铸智能制造", "示例压铸公司")):
        directory.set_leading_enterprise(
            actor=SYSTEM,
            district=zone.districts[chain_name],
            enterprise=zone.enterprises[leader],
            since=FOUNDED_ON,
        )
    return zone


def build_branches(zone: Zone) -> None:
    """The party organisations with their 90 members and their secretaries."""
    for name, place, kind, founded_on, count in BRANCHES:
        joint = kind is BranchType.JOINT
        parent = zone.districts[place] if joint else zone.enterprises[place].unit
        branch = directory.found_branch(
            actor=SYSTEM,
            parent=parent,
            name=name,
            type=kind,
            founded_on=founded_on,
            spans=[zone.enterprises[one] for one in SPANNED] if joint else (),
            term_started_on=founded_on,
        )
        zone.branches[name] = branch
        for place_in_branch in range(count):
            person = zone.person(
                branch.unit if joint else parent,
                dt.date(1970 + (zone.number * 7) % 28, 1 + zone.number % 12, 1 + zone.number % 28),
            )
            probationary = place_in_branch == count - 1 and count > 8
            directory.start_membership(
                actor=SYSTEM,
                person=person,
                branch=branch,
                stage=Stage.PROBATIONARY if probationary else Stage.FORMAL,
                since=dt.date(2022, 6, 30) if probationary else founded_on,
            )
            if place_in_branch == 0:
                directory.appoint(
                    actor=SYSTEM,
                    person=person,
                    unit=branch.unit,
                    kind=PostKind.BRANCH_SECRETARY,
                    since=founded_on,
                )


def build_committee(zone: Zone) -> None:
    """The leading group before and after its change, and three part-time members."""
    staying, leaving, coming = people.leading_group()
    kinds = [PostKind.SECRETARY, PostKind.DEPUTY, PostKind.DEPUTY]
    for place, born_on in enumerate([*staying, *leaving]):
        stays = place < len(staying)
        directory.appoint(
            actor=SYSTEM,
            person=zone.person(zone.zone, born_on),
            unit=zone.zone,
            kind=kinds[place] if place < len(kinds) else PostKind.MEMBER,
            since=FOUNDED_ON,
            until=None if stays else people.CHANGED_ON,
        )
    for born_on in coming:
        directory.appoint(
            actor=SYSTEM,
            person=zone.person(zone.zone, born_on),
            unit=zone.zone,
            kind=PostKind.MEMBER,
            since=people.CHANGED_ON,
        )
    for name in ("信发铝业党总支", "示例压铸公司党总支", "道尔铝业公司党支部"):
        branch = zone.branches[name]
        secretary = directory.holders(
            branch.unit, [PostKind.BRANCH_SECRETARY], people.READ_ON
        ).get()
        directory.appoint(
            actor=SYSTEM,
            person=secretary,
            unit=zone.zone,
            kind=PostKind.PART_TIME_MEMBER,
            since=dt.date(2021, 7, 1),
        )


def build_accounts(zone: Zone, password: str) -> None:
    """One account for each role, with names that say so; an instructor for each district."""

    def account(
        username: str, name: str, role: str, unit: Unit, since: dt.date = FOUNDED_ON
    ) -> None:
        made = scope.create_account(
            actor=SYSTEM,
            username=username,
            name=f"{name}（示例）",
            password=password,
            must_change_password=False,
        )
        scope.grant_role(actor=SYSTEM, account=made, unit=unit, role=role, since=since)
        zone.accounts[username] = made

    account("office", "王办公", "office", zone.zone)
    account("secretary", "李书记", "secretary", zone.zone)
    account("member", "赵兼职", "part_time_member", zone.zone)
    for number, (chain, district) in enumerate(zone.districts.items(), start=1):
        account(f"instructor{number}", f"{chain[0]}指导", "instructor", district)
    liaisons = (
        "示例铝材公司",
        "示例铝箔公司",
        "示例压铸公司",
        "示例模具公司",
        "示例储能公司",
        "示例光伏公司",
    )
    for number, name in enumerate(liaisons, start=1):
        account(f"liaison{number}", f"{name[2:4]}联络", "liaison", zone.enterprises[name].unit)
    account("branch", "周支书", "branch_secretary", zone.enterprises["示例储能公司"].unit)
    for number, department in enumerate(zone.departments, start=1):
        account(
            f"department{number}", f"经办{'甲乙丙'[number - 1]}", "department_officer", department
        )
    account("county", "孙组织", "county_officer", zone.county)
    account("sysadmin", "系统管理", "system_admin", zone.zone)
    account("secadmin", "安全管理", "security_admin", zone.zone)
    account("auditor", "审计管理", "auditor", zone.zone)
