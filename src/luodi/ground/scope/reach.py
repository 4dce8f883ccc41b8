"""How far a power reaches: over units, over accounts, over the whole site."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor, PathRange, below
from luodi.ground.scope.models import Account, Unit
from luodi.ground.scope.permissions import UnitKind
from luodi.lib.errors import NotAllowed


def within(ranges: tuple[PathRange, ...], column: str = "path") -> Q:
    """The rows whose path, in this column, lies in one of the ranges."""
    found = Q(pk__in=[])
    for start, end in ranges:
        found |= Q(**{f"{column}__gte": start, f"{column}__lt": end})
    return found


def is_site_wide(actor: Actor, permission: str) -> bool:
    """Whether the actor has the permission on all there is: a role on the only highest unit, or on each.

    What belongs to no unit (shared words, accounts without a home) is only such an actor's to change.
    """
    if actor.everything:
        return True
    if not actor.may(permission):
        return False
    roots = Unit.objects.filter(parent=None).values_list("path", flat=True)
    return all(
        any(
            permission in held.role.permissions and below(path) in held.ranges
            for held in actor.holdings
        )
        for path in roots
    )


def require_site_wide(actor: Actor, permission: str) -> None:
    """Raises NotAllowed for who has the permission on a part of the site only."""
    actor.require(permission)
    if not is_site_wide(actor, permission):
        raise NotAllowed(_("这是全站共用的，只有管理全站的人可以改；您可以为本单位另设。"))


def require_over(actor: Actor, permission: str, account: Account) -> None:
    """The permission on the account's home; where it has none, on the whole site.

    Roles that the account holds elsewhere add nobody and take nobody away.
    """
    if account.home is None:
        require_site_wide(actor, permission)
    else:
        actor.require(permission, account.home.path)


def is_over(actor: Actor, permission: str, account: Account) -> bool:
    """Whether the actor has the power over the account."""
    if account.home is None:
        return is_site_wide(actor, permission)
    return actor.may(permission, account.home.path)


def accounts_seen(actor: Actor, permission: str) -> Q:
    """The accounts that the actor may know of: those at home in reach, or with a role in reach."""
    if is_site_wide(actor, permission):
        return Q()
    ranges = actor.ranges_of(permission)
    here = Account.objects.filter(within(ranges, "roles__unit__path")).values("pk")
    return within(ranges, "home__path") | Q(pk__in=here)


def units_known(actor: Actor) -> Q:
    """The units that there are for the actor: not what lies in a zone in which they have no part.

    Who serves in a county or one of its departments works with all its zones.
    """
    if actor.everything:
        return Q()
    zones = list(Unit.objects.of_kind(UnitKind.ZONE).values_list("path", flat=True))
    inside, outside = set(), set()
    for held in actor.holdings:
        own = [path for path in zones if held.path.startswith(path)]
        inside.update(own)
        if not own:
            outside.add(_root(held.path))
    hidden = [below(path) for path in zones if path not in inside and _root(path) not in outside]
    return ~within(tuple(hidden)) if hidden else Q()


def knows(actor: Actor, unit: Unit) -> bool:
    """Whether there is such a unit for the actor."""
    return Unit.objects.filter(units_known(actor), pk=unit.pk).exists()


def _root(path: str) -> str:
    return path.partition(".")[0]
