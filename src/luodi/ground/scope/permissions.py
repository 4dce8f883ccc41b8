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

from luodi.manifest import permissions_of


class UnitKind(enum.StrEnum):
    COUNTY = "county"
    DEPARTMENT = "department"
    ZONE = "zone"
    DISTRICT = "district"
    ENTERPRISE = "enterprise"
    BRANCH = "branch"
    CARE_HOME = "care_home"


UNIT_KIND_LABELS: dict[UnitKind, str | Promise] = {
    UnitKind.COUNTY: _("县（市、区）"),
    UnitKind.DEPARTMENT: _("县直部门"),
    UnitKind.ZONE: _("开发区党工委"),
    UnitKind.DISTRICT: _("产业链党建区"),
    UnitKind.ENTERPRISE: _("企业"),
    UnitKind.BRANCH: _("党组织"),
    UnitKind.CARE_HOME: _("养老机构"),
}

PARENT_KINDS: dict[UnitKind, frozenset[UnitKind | None]] = {
    UnitKind.COUNTY: frozenset({None}),
    UnitKind.DEPARTMENT: frozenset({UnitKind.COUNTY}),
    UnitKind.ZONE: frozenset({UnitKind.COUNTY, None}),
    UnitKind.DISTRICT: frozenset({UnitKind.ZONE}),
    UnitKind.ENTERPRISE: frozenset({UnitKind.DISTRICT, UnitKind.ZONE}),
    # a joint branch spans enterprises, so it stands under their district
    UnitKind.BRANCH: frozenset({UnitKind.ENTERPRISE, UnitKind.DISTRICT, UnitKind.ZONE}),
    UnitKind.CARE_HOME: frozenset({UnitKind.COUNTY, UnitKind.ZONE}),
}

# A layer is a unit with affairs of its own; districts belong to their zone's layer.
LAYERS = frozenset(
    {
        UnitKind.COUNTY,
        UnitKind.DEPARTMENT,
        UnitKind.ZONE,
        UnitKind.ENTERPRISE,
        UnitKind.CARE_HOME,
    }
)


class Reach(enum.StrEnum):
    UNIT = "unit"
    BELOW = "below"
    LAYER = "layer"


@dataclass(frozen=True, slots=True)
class RoleKind:
    """One kind of role.

    `permissions` are the names that verbs ask for: each app's manifest gives its own to the roles.
    `sees_rows` says whether holding the role opens
    business rows at all: the three administrators have none. `powers` open what is not a unit's
    (the trail, accounts); `two_factor` demands a second factor at sign-in.
    """

    key: str
    label: str | Promise
    units: frozenset[UnitKind]
    reach: Reach
    sees_rows: bool = True
    powers: frozenset[str] = frozenset()
    two_factor: bool = False

    @property
    def permissions(self) -> frozenset[str]:
        return permissions_of(self.key)


_ZONE, _COUNTY_OR_ZONE = frozenset({UnitKind.ZONE}), frozenset({UnitKind.COUNTY, UnitKind.ZONE})
_DISTRICT, _DEPARTMENT = frozenset({UnitKind.DISTRICT}), frozenset({UnitKind.DEPARTMENT})
_COUNTY, _ENTERPRISE = frozenset({UnitKind.COUNTY}), frozenset({UnitKind.ENTERPRISE})
_HOME = frozenset({UnitKind.CARE_HOME})


def _administrator(key: str, label: Promise, power: str) -> RoleKind:
    return RoleKind(key, label, _COUNTY_OR_ZONE, Reach.BELOW, False, frozenset({power}), True)


ROLE_KINDS: dict[str, RoleKind] = {
    role.key: role
    for role in (
        RoleKind("office", _("党工委办公室"), _ZONE, Reach.BELOW, two_factor=True),
        RoleKind("secretary", _("党工委书记"), _ZONE, Reach.BELOW, two_factor=True),
        RoleKind("deputy", _("党工委副书记"), _ZONE, Reach.BELOW, two_factor=True),
        RoleKind("part_time_member", _("党工委兼职委员"), _ZONE, Reach.LAYER),
        RoleKind("instructor", _("党建指导员"), _DISTRICT, Reach.BELOW),
        RoleKind(
            "branch_secretary", _("企业党组织书记"), _ENTERPRISE | {UnitKind.BRANCH}, Reach.BELOW
        ),
        RoleKind("liaison", _("企业联络员"), _ENTERPRISE, Reach.BELOW),
        RoleKind("department_officer", _("县直部门经办人"), _DEPARTMENT, Reach.BELOW),
        RoleKind("county_officer", _("县委组织部"), _COUNTY, Reach.BELOW, two_factor=True),
        RoleKind("home_manager", _("养老机构负责人"), _HOME, Reach.UNIT),
        RoleKind("nurse", _("护士"), _HOME, Reach.UNIT),
        RoleKind("carer", _("护理员"), _HOME, Reach.UNIT),
        RoleKind("cook", _("厨师"), _HOME, Reach.UNIT),
        RoleKind("cashier", _("收费员"), _HOME, Reach.UNIT),
        _administrator("system_admin", _("系统管理员"), "system"),
        _administrator("security_admin", _("安全管理员"), "accounts"),
        _administrator("auditor", _("审计管理员"), "trail"),
    )
}

# The three administrators are three people: GB/T 22239-2019, 7.1.7 to 7.1.10 (security management
# centre) asks for system, audit and security management apart.
SEPARATED = frozenset({"system_admin", "security_admin", "auditor"})
