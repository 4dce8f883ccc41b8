"""Who writes what a scope is found from; the tables of the libraries that sign-in and tasks stand on."""

# ruff: noqa: S608 - every part is a constant of the program
from __future__ import annotations

from luodi.ground.tables.api import More, Public, Table, Unwatched, Watch, WrittenBy, has_power

ACCOUNTS = has_power("accounts")
# Oneself. Whoever has given the password is signed as oneself at once, so that nobody (account 0)
# writes nothing here.
ONESELF = "(SELECT luodi_account()) = {owner}"
# Whom the power over accounts reaches: by the account's home, and by the unit of a role.
OVER = f"({ACCOUNTS} AND luodi_reaches({{table}}.home_id))"
OVER_HOLDER = (
    f"({ACCOUNTS} AND luodi_reaches("
    "(SELECT holder.home_id FROM scope_account AS holder WHERE holder.id = {table}.{owner})))"
)
ENDING = f"{ACCOUNTS} AND luodi_reaches({{table}}.unit_id)"
GRANTING = f"{ENDING} AND {{table}}.account_id <> (SELECT luodi_account())"  # not to oneself


def _bare(reason: str) -> Table:
    """A table that anybody may read and that no figure is about."""
    return Table(guard=Public(reason), watch=Unwatched(reason, timeless=True))


TABLES = {
    "mfa_authenticator": Table(
        guard=WrittenBy(write=f"{OVER_HOLDER} OR {ONESELF}".replace("{owner}", "user_id")),
        watch=Watch(hidden=["data"], ignored=["last_used_at"]),
    ),
    "scope_key": Table(
        guard=Public("no role of the application may read it: there is no grant"),
        watch=Unwatched("the key of the signature", timeless=True),
        more=More(rights=[]),
    ),
    "account_emailaddress": _bare("part of sign-in; unused for ordinary accounts"),
    "account_emailconfirmation": _bare("part of sign-in; unused for ordinary accounts"),
    "usersessions_usersession": _bare("part of sign-in; pages show a person's own sessions only"),
    "django_session": _bare("part of sign-in"),
    "django_migrations": _bare("Django's own"),
    "django_content_type": _bare("Django's own"),
    "auth_permission": _bare("Django's own, unused"),
    "auth_group": _bare("Django's own, unused"),
    "auth_group_permissions": _bare("Django's own, unused"),
    "luodi_cache": _bare("counters of failed sign-ins"),
    "procrastinate_jobs": _bare("the task queue; arguments are ids only"),
    "procrastinate_events": _bare("the task queue"),
    "procrastinate_periodic_defers": _bare("the task queue"),
    "procrastinate_workers": _bare("the task queue"),
}
