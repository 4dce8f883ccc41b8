"""Organisations, accounts and roles: what other apps may use of this one."""

from luodi.ground.scope.actor import (
    NOBODY,
    SYSTEM,
    Actor,
    PathRange,
    Scope,
    acting,
    because,
    below,
    only,
)
from luodi.ground.scope.ciphers import Cipher
from luodi.ground.scope.models import Account, ApiToken, Part, Record, RoleHolding, Scoped, Unit
from luodi.ground.scope.permissions import ROLE_KINDS, UNIT_KIND_LABELS, RoleKind, UnitKind
from luodi.ground.scope.verbs.accounts import (
    change_account,
    change_myself,
    checked_name,
    choose_language,
    create_account,
    issue_token,
    one_time_password,
    remove_second_factor,
    reset_password,
    revoke_token,
    set_active,
)
from luodi.ground.scope.verbs.roles import end_role, grant_role
from luodi.ground.scope.verbs.units import change_unit, close_unit, create_unit, move_unit
from luodi.ground.scope.versions import stale, unchanged
from luodi.ground.scope.who import (
    actor_for,
    actor_for_token,
    actor_of,
    holders_of,
    people_of,
    today,
)

__all__ = [
    "NOBODY",
    "ROLE_KINDS",
    "SYSTEM",
    "UNIT_KIND_LABELS",
    "Account",
    "Actor",
    "ApiToken",
    "Cipher",
    "Part",
    "PathRange",
    "Record",
    "RoleHolding",
    "RoleKind",
    "Scope",
    "Scoped",
    "Unit",
    "UnitKind",
    "acting",
    "actor_for",
    "actor_for_token",
    "actor_of",
    "because",
    "below",
    "change_account",
    "change_myself",
    "change_unit",
    "checked_name",
    "choose_language",
    "close_unit",
    "create_account",
    "create_unit",
    "end_role",
    "grant_role",
    "holders_of",
    "issue_token",
    "move_unit",
    "one_time_password",
    "only",
    "people_of",
    "remove_second_factor",
    "reset_password",
    "revoke_token",
    "set_active",
    "stale",
    "today",
    "unchanged",
]
