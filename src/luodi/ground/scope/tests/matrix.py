"""What the tests that try every address know of scope."""

from __future__ import annotations

import datetime as dt

from tests.expect import (
    ALL,
    CONFIGURE,
    FOUNDED,
    POST_ONLY,
    Ids,
    Operation,
    Page,
    anyone,
    holders,
    reading,
)
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit

PAGES: dict[str, Page] = {
    "scope:me": anyone(),
    "scope:tree": anyone(),
    "scope:unit": anyone(),
    "scope:unit_new": holders(*CONFIGURE),
    "scope:unit_change": holders(*CONFIGURE),
    "scope:unit_move": holders(*CONFIGURE),
    "scope:unit_close": holders(*CONFIGURE),
    "scope:accounts": holders("security_admin"),
    "scope:account_new": holders("security_admin"),
    "scope:account": holders("security_admin"),
    "scope:account_change": holders("security_admin"),
    "scope:grant": holders("security_admin"),
    "scope:password": POST_ONLY,
    "scope:second_factor": POST_ONLY,
    "scope:active": POST_ONLY,
    "scope:sessions": anyone(),
    "scope:sessions_end": POST_ONLY,
    "scope:token": POST_ONLY,
    "scope:revoke": POST_ONLY,
    "scope:role_end": POST_ONLY,
}
OPERATIONS: dict[str, Operation] = {
    "GET /me": reading(ALL),
    "GET /units": reading(ALL),
}
MEANINGS: dict[tuple[str, str], str] = {
    ("scope:unit", "pk"): "unit",
    ("scope:grant", "unit_pk"): "unit",
    ("scope:revoke", "pk"): "api_token",
    ("scope:role_end", "pk"): "role",
    ("scope:", "pk"): "service",
    ("mfa_", "pk"): "account",
}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """An account of the unit with a role that can be ended, a token that can be revoked."""
    account = scope.create_account(
        actor=SYSTEM, username=f"example-{number}", name="示例账号", is_service=True
    )
    role = scope.grant_role(actor=SYSTEM, account=account, unit=unit, role="liaison", since=FOUNDED)
    token, _secret = scope.issue_token(
        actor=SYSTEM,
        account=account,
        name="示例",
        expires_on=scope.today() + dt.timedelta(days=30),
    )
    return {
        "service": account.pk,
        "role": role.pk,
        "api_token": token.pk,
        "entry": account.pk,
    }
