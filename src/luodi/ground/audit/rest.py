"""The trail over REST, for auditors."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luodi.ground.audit.history import reached
from luodi.ground.audit.models import Entry, Seal
from luodi.ground.scope.api import actor_of
from luodi.lib.wire import Id, Line, Moment
from luodi.shell.rest import Listed, Paging, listed

router = Router(tags=["trail"])


class TrailFilter(Paging):
    """Which entries; the newest come first."""

    subject: Line = Field("", description="a table, such as casework_case")
    subject_id: Line = ""
    account: Id | None = None
    action: Line = Field("", description="insert, update, delete, sign-in, reveal, …")
    since: Moment | None = None
    until: Moment | None = Field(None, description="exclusive")


class EntryOut(Schema):
    """`changes` maps a column to its values before and after; `digest` is SHA-256 in hex."""

    id: int
    epoch: int
    xid: int
    at: dt.datetime
    account_id: int | None
    action: str
    subject: str
    subject_id: str
    path: str | None
    changes: dict[str, Any]
    why: str
    digest: str

    @staticmethod
    def resolve_digest(entry: Entry) -> str:
        return bytes(entry.digest).hex()


class SealOut(Schema):
    """A Merkle root over the entries of `xid_from` ≤ xid < `xid_to`; `digest` chains the seals."""

    id: int
    epoch: int
    xid_from: int
    xid_to: int
    entries: int
    root: str
    digest: str
    at: dt.datetime

    @staticmethod
    def resolve_root(seal: Seal) -> str:
        return bytes(seal.root).hex()

    @staticmethod
    def resolve_digest(seal: Seal) -> str:
        return bytes(seal.digest).hex()


@router.get("/trail", response=Listed[EntryOut])
def trail(request: HttpRequest, wanted: Query[TrailFilter]) -> Any:
    """What was changed, by whom, when and why; the newest first."""
    actor_of(request).require("trail.view")
    rows = reached(actor_of(request), Entry.objects.all())
    for lookup, value in {
        "subject": wanted.subject,
        "subject_id": wanted.subject_id,
        "account_id": wanted.account,
        "action": wanted.action,
        "at__gte": wanted.since,
        "at__lt": wanted.until,
    }.items():
        if value:
            rows = rows.filter(**{lookup: value})
    return listed(rows, wanted, "-id")


@router.get("/trail/seals", response=Listed[SealOut])
def seals(request: HttpRequest, wanted: Query[Paging]) -> Any:
    """The seals, the newest first: keep their digests elsewhere."""
    actor_of(request).require("trail.view")
    return listed(Seal.objects.all(), wanted, "-id")
