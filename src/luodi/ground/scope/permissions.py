"""What a role may do, and how far it reaches: data, in one place.

After hitobito: a typed unit declares which roles it has, each role declares its permissions and
how far they reach. What is written here decides both what verbs allow (`Actor.may`) and which rows
the database shows (`Actor.scope`).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class UnitKind(enum.StrEnum):
    COUNTY = "county"
    DEPARTMENT = "department"
    ZONE = "zone"
    DISTRICT = "district"
    ENTERPRISE = "enterprise"
    BRANCH = "branch"


UNIT_KIND_LABELS: dict[UnitKind, str | Promise] = {
    UnitKind.COUNTY: _("县（市、区）"),
    UnitKind.DEPARTMENT: _("县直部门"),
    UnitKind.ZONE: _("开发区党工委"),
    UnitKind.DISTRICT: _("产业链党建区"),
    UnitKind.ENTERPRISE: _("企业"),
    UnitKind.BRANCH: _("党组织"),
}

PARENT_KINDS: dict[UnitKind, frozenset[UnitKind | None]] = {
    UnitKind.COUNTY: frozenset({None}),
    UnitKind.DEPARTMENT: frozenset({UnitKind.COUNTY}),
    UnitKind.ZONE: frozenset({UnitKind.COUNTY, None}),
    UnitKind.DISTRICT: frozenset({UnitKind.ZONE}),
    UnitKind.ENTERPRISE: frozenset({UnitKind.DISTRICT, UnitKind.ZONE}),
    # a joint branch spans enterprises, so it stands under their district
    UnitKind.BRANCH: frozenset({UnitKind.ENTERPRISE, UnitKind.DISTRICT, UnitKind.ZONE}),
}

# A layer is a unit with affairs of its own; districts belong to their zone's layer.
LAYERS = frozenset({UnitKind.COUNTY, UnitKind.DEPARTMENT, UnitKind.ZONE, UnitKind.ENTERPRISE})


class Reach(enum.StrEnum):
    UNIT = "unit"
    BELOW = "below"
    LAYER = "layer"


@dataclass(frozen=True, slots=True)
class RoleKind:
    """One kind of role.

    `permissions` are the names that verbs ask for. `sees_rows` says whether holding the role opens
    business rows at all: the three administrators have none. `powers` open what is not a unit's
    (the trail, accounts); `two_factor` demands a second factor at sign-in.
    """

    key: str
    label: str | Promise
    units: frozenset[UnitKind]
    reach: Reach
    permissions: frozenset[str]
    sees_rows: bool = True
    powers: frozenset[str] = frozenset()
    two_factor: bool = False


CASE_READ = {"cases.view"}
CASE_RAISE = CASE_READ | {"cases.raise", "cases.verify", "cases.urge"}
CASE_CARRY = CASE_RAISE | {"cases.receive", "cases.carry", "cases.assign", "cases.link"}
CASE_STEER = CASE_CARRY | {"cases.supervise", "cases.deadline", "cases.close", "cases.template"}
PEOPLE = {"people.view", "people.write"}
REGISTERS_READ = {"registers.view"}
REGISTERS = REGISTERS_READ | {"registers.write"}
REGISTERS_DEFINE = REGISTERS | {"registers.define"}
PROGRAMMES_READ = {"programmes.view"}
PROGRAMMES = PROGRAMMES_READ | {"programmes.write"}
REPORTS_READ = {"reports.view"}
REPORTS = REPORTS_READ | {"reports.write", "reports.publish"}
DIRECTORY = PEOPLE | {"people.reveal", "enterprises.write", "units.write", "posts.write"}


def _role(
    key: str,
    label: str | Promise,
    units: set[UnitKind],
    reach: Reach,
    permissions: set[str],
    **rest: object,
) -> RoleKind:
    return RoleKind(key, label, frozenset(units), reach, frozenset(permissions), **rest)  # type: ignore[arg-type]


ROLE_KINDS: dict[str, RoleKind] = {
    role.key: role
    for role in (
        _role(
            "office",
            _("党工委办公室"),
            {UnitKind.ZONE},
            Reach.BELOW,
            CASE_STEER
            | DIRECTORY
            | REGISTERS_DEFINE
            | PROGRAMMES
            | REPORTS
            | {"imports.run", "notices.configure"},
            two_factor=True,
        ),
        _role(
            "secretary",
            _("党工委书记"),
            {UnitKind.ZONE},
            Reach.BELOW,
            CASE_STEER | PEOPLE | REGISTERS | PROGRAMMES | REPORTS,
            two_factor=True,
        ),
        _role(
            "deputy",
            _("党工委副书记"),
            {UnitKind.ZONE},
            Reach.BELOW,
            CASE_STEER | PEOPLE | REGISTERS | PROGRAMMES | REPORTS,
            two_factor=True,
        ),
        _role(
            "part_time_member",
            _("党工委兼职委员"),
            {UnitKind.ZONE},
            Reach.LAYER,
            CASE_READ
            | REGISTERS_READ
            | PROGRAMMES_READ
            | REPORTS_READ
            | {"cases.urge", "people.view"},
        ),
        _role(
            "instructor",
            _("党建指导员"),
            {UnitKind.DISTRICT},
            Reach.BELOW,
            CASE_CARRY
            | PEOPLE
            | REGISTERS
            | PROGRAMMES_READ
            | REPORTS
            | {"enterprises.write", "imports.run"},
        ),
        _role(
            "branch_secretary",
            _("企业党组织书记"),
            {UnitKind.ENTERPRISE, UnitKind.BRANCH},
            Reach.BELOW,
            CASE_RAISE
            | PEOPLE
            | REGISTERS
            | PROGRAMMES_READ
            | REPORTS_READ
            | {"cases.receive", "cases.carry"},
        ),
        _role(
            "liaison",
            _("企业联络员"),
            {UnitKind.ENTERPRISE},
            Reach.BELOW,
            CASE_RAISE | REGISTERS,
        ),
        _role(
            "department_officer",
            _("县直部门经办人"),
            {UnitKind.DEPARTMENT},
            Reach.BELOW,
            CASE_READ
            | REGISTERS_READ
            | PROGRAMMES_READ
            | {"cases.receive", "cases.carry", "cases.urge"},
        ),
        _role(
            "county_officer",
            _("县委组织部"),
            {UnitKind.COUNTY},
            Reach.BELOW,
            CASE_STEER | PEOPLE | REGISTERS_DEFINE | PROGRAMMES | REPORTS,
            two_factor=True,
        ),
        _role(
            "system_admin",
            _("系统管理员"),
            {UnitKind.COUNTY, UnitKind.ZONE},
            Reach.BELOW,
            {"system.configure", "units.write", "calendar.write", "notices.configure"},
            sees_rows=False,
            powers=frozenset({"system"}),
            two_factor=True,
        ),
        _role(
            "security_admin",
            _("安全管理员"),
            {UnitKind.COUNTY, UnitKind.ZONE},
            Reach.BELOW,
            {"accounts.write", "roles.write", "tokens.write"},
            sees_rows=False,
            powers=frozenset({"accounts"}),
            two_factor=True,
        ),
        _role(
            "auditor",
            _("审计管理员"),
            {UnitKind.COUNTY, UnitKind.ZONE},
            Reach.BELOW,
            {"trail.view"},
            sees_rows=False,
            powers=frozenset({"trail"}),
            two_factor=True,
        ),
    )
}

# The three administrators are three people: GB/T 22239-2019, 7.1.7 to 7.1.10 (security management
# centre) asks for system, audit and security management apart.
SEPARATED = frozenset({"system_admin", "security_admin", "auditor"})
