"""The cockpit over REST: a unit's figures on a day with their change in a week; which stand on it."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Query, Router, Schema
from pydantic import Field

from luodi.ground.scope.api import Unit, actor_of, today, units_of
from luodi.lib.errors import NotFound, UserError
from luodi.lib.wire import Day, Id
from luodi.rooms.cockpit import api

router = Router(tags=["cockpit"])


class CockpitQuery(Schema):
    unit: Id
    on: Day | None = Field(None, description="a day until today; today if none is given")


class CockpitFigure(Schema):
    key: str
    name: str
    text: str
    change: str = Field(description="in a week; empty where nothing changed")
    url: str


class CockpitOut(Schema):
    at: dt.datetime = Field(description="when the figures were read")
    figures: list[CockpitFigure]


class ChosenIn(Schema):
    figures: list[str] = Field(max_length=200)


@router.get("/cockpit", response=CockpitOut)
def get_cockpit(request: HttpRequest, asked: Query[CockpitQuery]) -> dict[str, object]:
    """The figures of a unit's cockpit on a day."""
    actor = actor_of(request)
    actor.require("cockpit.view")
    on = asked.on or today()
    if on > today():
        raise UserError(_("请选今天或更早的日期。"), "on")
    board = api.board_of(actor=actor, unit=_unit(request, "cockpit.view", asked.unit), on=on)
    return {"at": board.at, "figures": board.tiles}


@router.put("/cockpit/{pk}/figures", response=ChosenIn)
def choose_figures(request: HttpRequest, pk: Path[Id], data: ChosenIn) -> dict[str, list[str]]:
    """Which figures stand on a unit's cockpit, in this order."""
    actor = actor_of(request)
    actor.require("cockpit.choose")
    found = _unit(request, "cockpit.choose", pk)
    kept = api.choose_figures(actor=actor, unit=found, figures_of=data.figures)
    return {"figures": kept.figures}


def _unit(request: HttpRequest, permission: str, pk: int) -> Unit:
    found = units_of(actor_of(request), permission).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这个单位，或您无权查看。"))
    return found
