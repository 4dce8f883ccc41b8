"""The trail: what other apps may use of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, TypeVar

from django.db import connection
from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast

from luodi.ground.audit.anchors import set_aside, write_down
from luodi.ground.audit.history import register_history
from luodi.ground.audit.known import as_known, require_begun
from luodi.ground.audit.models import Entry, Seal
from luodi.ground.audit.seal import Finding, Verdict, seal, verify
from luodi.ground.audit.words import ACTIONS, FACTS, PARTS, VALUES

Rows = TypeVar("Rows", bound=QuerySet[Any])

__all__ = [
    "ACTIONS",
    "FACTS",
    "PARTS",
    "VALUES",
    "Entry",
    "Finding",
    "Seal",
    "Verdict",
    "as_known",
    "changed_since",
    "note",
    "register_history",
    "require_begun",
    "seal",
    "set_aside",
    "verify",
    "write_down",
]


KEY = 40  # characters of a record's key in the trail


def changed_since(rows: Rows, instant: dt.datetime | None) -> Rows:
    """The rows of a watched table that were made or changed at or after an instant; all for None."""
    if instant is None:
        return rows
    entries = Entry.objects.filter(subject=rows.model._meta.db_table, at__gte=instant)
    touched = entries.annotate(touched=Cast("subject_id", BigIntegerField())).values("touched")
    return rows.filter(pk__in=touched)


def note(
    action: str, subject: str, subject_id: object = "", path: str | None = None, **facts: Any
) -> None:
    """Writes an event that changes no watched row: a sign-in, an export, an opened masked value.

    `facts` are shown with the entry; never put a personal value among them. An app that notes an
    action of its own puts its label into `ACTIONS` (and its facts' into `FACTS`).
    """
    key = str(subject_id)
    if len(key) > KEY:  # the key of a figure may be longer than any row's
        facts, key = {"key": key, **facts}, key[:KEY]
    changes = {name: [None, value] for name, value in facts.items()}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT luodi_note(%s, %s, %s, %s, %s::jsonb)",
            [
                action,
                subject,
                key,
                path,
                json.dumps(changes, ensure_ascii=False, default=str),
            ],
        )
