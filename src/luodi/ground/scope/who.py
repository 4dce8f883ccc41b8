"""From an account or a token to the actor of a day, and back from a role to its holders."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from luodi.ground.scope.actor import Actor, Holding, PathRange, below, only
from luodi.ground.scope.models import Absence, Account, RoleHolding, Unit
from luodi.ground.scope.permissions import LAYERS, ROLE_KINDS, Reach, RoleKind, UnitKind

# Asked at every request: written out, because they are answered sooner than the ORM compiles them.
HELD = """
SELECT held.role, held.unit_id, unit.path FROM scope_roleholding AS held
JOIN scope_unit AS unit ON unit.id = held.unit_id
WHERE held.account_id = %s AND held.valid @> %s::date
UNION ALL
SELECT '', away.account_id, account.name COLLATE "C" FROM scope_absence AS away
JOIN scope_account AS account ON account.id = away.account_id
WHERE away.deputy_id = %s AND away.valid @> %s::date AND account.is_active
ORDER BY 3, 1"""
BEARER = """
SELECT account.id, account.name, account.language FROM scope_apitoken AS token
JOIN scope_account AS account ON account.id = token.account_id
WHERE token.digest = %s AND token.expires_on >= %s AND account.is_active"""

PEOPLE_OF = """
SELECT DISTINCT account.*, held.unit_id AS held_on FROM scope_roleholding AS held
JOIN scope_account AS account ON account.id = held.account_id
JOIN scope_unit AS unit ON unit.id = held.unit_id AND unit.closed_on IS NULL
WHERE held.unit_id = ANY(%s) AND held.role = ANY(%s) AND held.valid @> %s::date AND account.is_active
ORDER BY account.id"""


def today() -> dt.date:
    """The date in the site's time zone."""
    return timezone.localdate()


def actor_for(account: Account, on: dt.date | None = None) -> Actor:
    """The account with the roles that it holds on a day (today)."""
    return _actor(account.pk, account.name, account.language, on=on or today())


def _actor(account_id: int, name: str, language: str, *, on: dt.date) -> Actor:
    with connection.cursor() as cursor:
        cursor.execute(HELD, [account_id, on, account_id, on])
        rows = cursor.fetchall()
    holdings = tuple(
        Holding(ROLE_KINDS[role], pk, path, _ranges(ROLE_KINDS[role], path))
        for role, pk, path in rows
        if role
    )
    stands_for = tuple((pk, name) for role, pk, name in rows if not role)
    return Actor(account_id, name, holdings, language=language, stands_for=stands_for)


def _ranges(role: RoleKind, path: str) -> tuple[PathRange, ...]:
    if role.reach is Reach.BELOW:
        return (below(path),)
    if role.reach is Reach.UNIT:
        return (only(path),)
    start, end = below(path)
    inside = Unit.objects.filter(path__gt=start, path__lt=end)
    inside = inside.exclude(kind__in=LAYERS).exclude(kind=UnitKind.BRANCH)
    return (only(path), *(only(one) for one in inside.values_list("path", flat=True)))


def actor_of(request: HttpRequest) -> Actor:
    """Who sends a request, as the middleware found."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def actor_for_token(token: str) -> Actor | None:
    """The service account whose token this is, if it is valid today."""
    on = today()
    with connection.cursor() as cursor:
        cursor.execute(BEARER, [digest_of(token), on])
        found = cursor.fetchone()
    return _actor(*found, on=on) if found else None


def holders_of(role: str, unit: Unit, on: dt.date | None = None) -> list[Account]:
    """The active accounts that hold a role on exactly this unit."""
    return list(
        Account.objects.filter(
            is_active=True,
            roles__role=role,
            roles__unit=unit,
            roles__unit__closed_on=None,
            roles__valid__contains=on or today(),
        ).order_by("id")
    )


def people_of(units: Iterable[int], permission: str, on: dt.date) -> dict[int, list[Account]]:
    """The active accounts that hold a role with the permission on exactly these units; one query."""
    roles = [role.key for role in ROLE_KINDS.values() if permission in role.permissions]
    found: dict[int, list[Account]] = {}
    rows: Any = Account.objects.raw(PEOPLE_OF, [list(units), roles, on])
    for account in rows:
        found.setdefault(account.held_on, []).append(account)
    return found


def serves(account: str, unit: str | None, on: dt.date) -> Exists:
    """The condition that the account in a column holds a role, on the unit in a column or on any.

    Who was deactivated, or whose unit is closed, serves nowhere.
    """
    held = RoleHolding.objects.on(on).filter(
        account_id=OuterRef(account), account__is_active=True, unit__closed_on=None
    )
    return Exists(held.filter(unit_id=OuterRef(unit)) if unit else held)


def staffed(unit: str, permission: str, on: dt.date) -> Exists:
    """The condition that the unit in a column has somebody with the permission."""
    roles = [role.key for role in ROLE_KINDS.values() if permission in role.permissions]
    held = RoleHolding.objects.on(on).filter(
        unit_id=OuterRef(unit), role__in=roles, account__is_active=True, unit__closed_on=None
    )
    return Exists(held)


def deputies_of(accounts: Iterable[int], on: dt.date) -> dict[int, Account]:
    """Who stands in for which of the accounts on a day."""
    away = Absence.objects.filter(
        account_id__in=list(accounts), valid__contains=on, deputy__is_active=True
    )
    return {one.account_id: one.deputy for one in away.select_related("deputy")}


def digest_of(secret: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()
