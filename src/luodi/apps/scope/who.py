"""From an account or a token to the actor of a day, and back from a role to its holders."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.utils import timezone

from luodi.apps.scope.actor import Actor, Holding, PathRange, below, only
from luodi.apps.scope.models import Account, ApiToken, Unit
from luodi.apps.scope.permissions import LAYERS, Reach, RoleKind, UnitKind


def today() -> dt.date:
    """The date in the site's time zone."""
    return timezone.localdate()


def actor_for(account: Account, on: dt.date | None = None) -> Actor:
    """The account with the roles that it holds on a day (today)."""
    rows = account.roles.on(on or today()).select_related("unit").order_by("unit__path")
    rows = rows.only("account", "role", "unit__kind", "unit__path")
    holdings = tuple(
        Holding(row.kind, row.unit_id, row.unit.path, _ranges(row.kind, row.unit)) for row in rows
    )
    return Actor(account.pk, account.name, holdings, language=account.language)


def _ranges(role: RoleKind, unit: Unit) -> tuple[PathRange, ...]:
    if role.reach is Reach.BELOW:
        return (below(unit.path),)
    if role.reach is Reach.UNIT:
        return (only(unit.path),)
    inside = Unit.objects.below(unit).exclude(kind__in=LAYERS).exclude(kind=UnitKind.BRANCH)
    return (only(unit.path), *(only(path) for path in inside.values_list("path", flat=True)))


def actor_for_token(token: str) -> Actor | None:
    """The service account whose token this is, if it is valid today."""
    found = (
        ApiToken.objects.select_related("account")
        .filter(digest=digest_of(token), expires_on__gte=today(), account__is_active=True)
        .first()
    )
    return actor_for(found.account) if found else None


def holders_of(role: str, unit: Unit, on: dt.date | None = None) -> list[Account]:
    """The active accounts that hold a role on exactly this unit."""
    return list(
        Account.objects.filter(
            is_active=True,
            roles__role=role,
            roles__unit=unit,
            roles__valid__contains=on or today(),
        ).order_by("id")
    )


def digest_of(secret: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()
