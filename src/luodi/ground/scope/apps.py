from typing import Any

from allauth.usersessions.apps import UserSessionsConfig
from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in
from django.db import connection
from django.db.models.signals import post_migrate


def _settle(**rest: Any) -> None:
    """After the last migration: the database becomes what the models declare and knows the key, and
    the schema's role owns what was made."""
    from luodi.ground.scope.actor import signing_key
    from luodi.ground.tables.api import pending, reconcile

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, to_regclass('scope_key') IS NOT NULL")
        user, has_key = cursor.fetchone()
        if user != "luodi_migrate":
            return
        if not pending():
            reconcile()
        if has_key:
            cursor.execute("DELETE FROM scope_key")
            cursor.execute("INSERT INTO scope_key VALUES (%s)", [signing_key()])
        cursor.execute("REASSIGN OWNED BY luodi_migrate TO luodi_owner")


def _signed_in(sender: type, user: Any, **rest: Any) -> None:
    """As Django's own receiver; a request that began as nobody's may write as who has signed in."""
    from django.contrib.auth.models import update_last_login

    from luodi.ground.scope.actor import Actor, acting

    with acting(Actor(account_id=user.pk)):
        update_last_login(sender, user)


class ScopeConfig(AppConfig):
    default = True
    name = "luodi.ground.scope"
    label = "scope"

    def ready(self) -> None:
        from luodi.ground.scope import instants, lookups  # noqa: F401 - makes them known to Django

        post_migrate.connect(_settle, sender=self)
        # in the place of Django's, whichever comes first
        user_logged_in.disconnect(dispatch_uid="update_last_login")
        user_logged_in.connect(_signed_in, dispatch_uid="update_last_login")


class SessionsConfig(UserSessionsConfig):  # type: ignore[misc]
    """allauth's table of sessions, kept by `sessions.py`: with hashes of their keys."""

    def ready(self) -> None:
        from allauth.account.signals import password_changed, password_set, user_logged_in

        from luodi.ground.scope.sessions import begun

        def note(sender: object, request: Any, user: Any, **rest: Any) -> None:
            begun(request, user)

        for signal in (user_logged_in, password_changed, password_set):
            signal.connect(note, weak=False)
