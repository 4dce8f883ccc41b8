"""Sessions in the database: found by a hash of their key, their contents encrypted.

Who reads the table, or a copy of it, can sign in as nobody and learns nothing that a page showed once.
Read at every request, so by a written-out query. Beside each stands who signed in, where and when.
"""

from __future__ import annotations

import hashlib
from typing import Any

from allauth.usersessions.models import UserSession
from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends import db
from django.db import connection
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from luodi.ground.scope.ciphers import Cipher

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
GONE = """
DELETE FROM usersessions_usersession AS told WHERE told.user_id = %s AND NOT EXISTS (
  SELECT 1 FROM django_session AS kept
  WHERE kept.session_key = told.session_key AND kept.expire_date > clock_timestamp())"""
CONTENTS = Cipher("luodi.session")


def kept(key: str | None) -> str:
    """What the database keeps of a session's key: 160 bits of its SHA-256, as long as a key."""
    return hashlib.sha256((key or "").encode()).hexdigest()[:40]


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(READ, [kept(self.session_key), timezone.now()])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None  # the next one that is kept gets a new key
            return {}
        data: dict[str, Any] = self.decode(found[0])
        return data

    def exists(self, session_key: str | None) -> bool:
        return self.model.objects.filter(session_key=kept(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        made = super().create_model_instance(data)
        made.session_key = kept(made.session_key)
        return made

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            _forget([kept(key)])

    def encode(self, session_dict: dict[str, Any]) -> str:
        return CONTENTS.sealed(self.serializer().dumps(session_dict).decode("latin-1"))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            plain = CONTENTS.opened(str(session_data)).encode("latin-1")
            found: dict[str, Any] = self.serializer().loads(plain)
        except (InvalidToken, ValueError):
            return {}
        return found


def begun(request: HttpRequest, user: Any) -> None:
    """Notes where and with what somebody signed in; what has ended meanwhile is forgotten."""
    if not request.session.session_key:
        request.session.save()
    with connection.cursor() as cursor:
        cursor.execute(GONE, [user.pk])
    UserSession.objects.update_or_create(
        session_key=kept(request.session.session_key),
        defaults={
            "user": user,
            "ip": request.META.get("REMOTE_ADDR") or "0.0.0.0",  # noqa: S104 - a local socket has none
            "user_agent": request.headers.get("User-Agent", "")[:200],
            "last_seen_at": timezone.now(),
        },
    )


def seen(request: HttpRequest) -> None:
    """Notes that somebody is still there."""
    UserSession.objects.filter(session_key=kept(request.session.session_key)).update(
        last_seen_at=timezone.now()
    )


def sessions_of(account_id: int) -> QuerySet[UserSession]:
    """The sessions of an account that have not ended, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(GONE, [account_id])
    found: QuerySet[UserSession] = UserSession.objects.filter(user_id=account_id)
    return found.order_by("-last_seen_at")


def end(sessions: QuerySet[UserSession]) -> int:
    """Ends these sessions at once; gives how many."""
    return _forget(list(sessions.values_list("session_key", flat=True)))


def _forget(keys: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM usersessions_usersession WHERE session_key = ANY(%s)", [keys])
        cursor.execute("DELETE FROM django_session WHERE session_key = ANY(%s)", [keys])
        return int(cursor.rowcount)
