"""What the tests that try every address know: what each app's `tests/matrix.py` says, and what follows
from its kinds of records.

An app's module may have `PAGES`, `OPERATIONS`, `MEANINGS` (what an argument of an address stands for, by
the address's name or its beginning), `KEYS`, `NUMBERS` (pages with numbers that need not open, and why),
`REFERENCES` (fields of a body that hold the id of something) and `things(zone, unit, number)`, which
makes one of everything that belongs to a unit, by kind. Nothing central is edited for a new app.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from luodi.ground.scope.api import Unit
from luodi.manifest import brought
from tests import records
from tests.expect import CLOSED, Ids, Operation, Page, account_of, anyone
from tests.zone import Zone

SIGN_IN: dict[str, Page] = {
    "set_language": anyone(302, nobody=302),
    "account_login": anyone(302, nobody=200),
    "account_logout": anyone(),
    "account_inactive": anyone(nobody=200),
    "account_signup": anyone(302, nobody=200),
    "account_reauthenticate": anyone(),
    "closed": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_change_password": anyone(),
    "account_set_password": CLOSED,
    "account_reset_password": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_confirm_email": CLOSED,
    "account_reset_password_from_key_done": CLOSED,
    "account_reset_password_from_key": CLOSED,
    "account_reset_password_done": CLOSED,
    "mfa_index": anyone(),
    "mfa_authenticate": anyone(302),
    "mfa_reauthenticate": anyone(302),
    "mfa_activate_totp": anyone(302),
    "mfa_deactivate_totp": anyone(404),
    "mfa_view_recovery_codes": anyone(404),
    "mfa_generate_recovery_codes": anyone(302),
    "mfa_download_recovery_codes": anyone(404),
    "mfa_list_webauthn": anyone(),
    "mfa_add_webauthn": anyone(302),
    "mfa_edit_webauthn": CLOSED,
    "mfa_remove_webauthn": anyone(302),
    "mfa_reauthenticate_webauthn": anyone(302),
    "usersessions_list": CLOSED,
}


def _modules() -> list[ModuleType]:
    names = (f"{config.name}.tests.matrix" for config, _manifest in brought())
    return [import_module(name) for name in names if _is_there(name)]


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:
        return False


MODULES = _modules()


def _collected(name: str) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for module in MODULES:
        said = getattr(module, name, {})
        assert not found.keys() & said.keys(), f"{module.__name__} says again what {name} has"
        found |= said
    return found


PAGES: dict[str, Page] = {**SIGN_IN, **records.pages(), **_collected("PAGES")}
# The pages of the rooms, with what they tell; those of the ground are forms and settings.
TELLING = {*records.pages(), "figures:catalogue", "figures:check", "figures:reading"} | {
    page for module in MODULES if ".rooms." in module.__name__ for page in module.PAGES
}
OPERATIONS: dict[str, Operation] = {**records.operations(), **_collected("OPERATIONS")}
MEANINGS: dict[tuple[str, str], str] = {**records.meanings(), **_collected("MEANINGS")}
KEYS: dict[str, str] = _collected("KEYS")
NUMBERS: dict[str, str] = _collected("NUMBERS")
REFERENCES: dict[str, str] = {**records.references(), **_collected("REFERENCES")}


def things(zone: Zone, unit: Unit, number: int) -> Ids:
    """One of everything that belongs to a unit (0: the one inside), by kind."""
    made: Ids = {
        "unit": unit.pk,
        "zone": zone.zone.pk,
        "department": zone.department.pk,
        "district": unit.parent_id,
        "account": account_of(zone, number).pk,
    }
    for module in MODULES:
        if make := getattr(module, "things", None):
            made |= make(zone, unit, number)
    return made | records.things(unit, number)
