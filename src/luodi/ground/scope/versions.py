"""Nobody saves over somebody's work unknowingly: what a verb asks of a record with a version."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from luodi.lib.errors import Stale


def unchanged(row: Model, version: int | None, *names: str) -> None:
    """Holds a row until the transaction ends. Raises Stale where it is no longer at `version`.

    `names` are the fields whose present values the user is shown beside his own. Without a
    version nothing is compared: the caller has not read the row before.
    """
    manager = type(row)._default_manager
    now: Any = manager.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if version is None or now is None or now.version == version:
        return
    raise stale({name: _spoken(now, name) for name in names} | {"version": now.version})


def stale(theirs: dict[str, object]) -> Stale:
    """Says that somebody was quicker, and what stands now."""
    return Stale(_("您打开这一页之后，别人更改了它。请看对方的内容再保存。"), theirs)


def _spoken(row: Any, name: str) -> object:
    words = getattr(row, f"get_{name}_display", None)
    return words() if words else getattr(row, name)
