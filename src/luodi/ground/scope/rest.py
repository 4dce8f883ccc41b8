"""Units and oneself over REST."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luodi.ground.scope.api import Unit, UnitKind, actor_of, units_known
from luodi.shell.rest import Listed, Paging, listed

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


class UnitFilter(Paging):
    kind: UnitKind | None = None
    below: int | None = Field(None, ge=1, le=MOST_ID, description="id of the unit above")


@router.get("/me", response=Me)
def me(request: HttpRequest) -> dict[str, Any]:
    """Who this token stands for, and in which roles."""
    actor = actor_of(request)
    return {
        "account_id": actor.account_id,
        "name": actor.name,
        "roles": [
            {"role": held.role.key, "label": str(held.role.label), "unit_id": held.unit_id}
            for held in actor.holdings
        ],
    }


@router.get("/units", response=Listed[UnitOut])
def units(request: HttpRequest, wanted: Query[UnitFilter]) -> Any:
    """The organisations, the highest first."""
    known = Unit.objects.filter(units_known(actor_of(request)))
    rows = known.open()
    if wanted.kind:
        rows = rows.of_kind(wanted.kind)
    if wanted.below:
        rows = rows.below(known.get(pk=wanted.below))
    return listed(rows, wanted, "path")
