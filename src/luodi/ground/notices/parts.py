"""What the messages put on the workbench."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from luodi.ground.notices.models import Notice
from luodi.ground.scope.api import Request

SHOWN = 6


def unread(request: Request, _about: None) -> Mapping[str, Any] | None:
    """What has changed since the actor last looked: the unread messages, the newest first."""
    rows = Notice.objects.filter(account_id=request.actor.account_id, read_at=None)
    found = list(rows.order_by("-at")[: SHOWN + 1])
    return {"rows": found[:SHOWN], "more": len(found) > SHOWN} if found else None


def unread_count(request: Any) -> int:
    """How many messages wait behind the bell."""
    return Notice.objects.filter(account_id=request.actor.account_id, read_at=None).count()
