"""Who writes what a scope is found from; the tables of the libraries that sign-in and tasks stand on."""

from __future__ import annotations

from luodi.ground.tables.api import More, Public, Table, Unwatched, Watch, WrittenBy, has_power

ACCOUNTS = has_power("accounts")
# Oneself, or, at the sign-in, somebody whom nobody is yet: signed as account 0.
ONESELF = "(SELECT luodi_account()) IN ({owner}, 0)"


def _bare(reason: str) -> Table:
    """A table that anybody may read and that no figure is about."""
    return Table(guard=Public(reason), watch=Unwatched(reason, timeless=True))


TABLES = {
    "mfa_authenticator": Table(
        guard=WrittenBy(write=f"{ACCOUNTS} OR {ONESELF.format(owner='user_id')}"),
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
