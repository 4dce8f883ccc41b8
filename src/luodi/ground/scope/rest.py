"""Units and oneself over REST."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luodi.ground.scope.api import Unit, UnitKind, units_known

router = Router(tags=["units"])
MOST_ID = 2**63 - 1


class UnitOut(Schema):
    id: int
    kind: str
    name: str
    short_name: str
    parent_id: int | None
    path: str


class RoleOut(Schema):
    role: str
    label: str
    unit_id: int


class Me(Schema):
    account_id: int
    name: str
    roles: list[RoleOut]


class UnitFilter(Schema):
    kind: UnitKind | None = None
    below: int | None = Field(None, ge=1, le=MOST_ID, description="id of the unit above")


@router.get("/me", response=Me)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who this token stands for, and in which roles."""
    actor = request.actor  # type: ignore[attr-defined]
    return {
        "account_id": actor.account_id,
        "name": actor.name,
        "roles": [
            {"role": held.role.key, "label": str(held.role.label), "unit_id": held.unit_id}
            for held in actor.holdings
        ],
    }


@router.get("/units", response=list[UnitOut])
def units(request: HttpRequest, wanted: Query[UnitFilter]) -> Any:
    """The organisations, the highest first."""
    known = Unit.objects.filter(units_known(request.actor))  # type: ignore[attr-defined]
    rows = known.open().order_by("path")
    if wanted.kind:
        rows = rows.of_kind(wanted.kind)
    if wanted.below:
        rows = rows.below(known.get(pk=wanted.below))
    return rows[:10_000]
