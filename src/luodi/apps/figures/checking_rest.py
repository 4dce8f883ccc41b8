"""Checking a text over REST. Neither the text nor the answer is kept, not even in a receipt."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from luodi.apps.figures.checking import LONGEST, check_text
from luodi.apps.scope.api import Unit, today


class CheckIn(Schema):
    """A text, the unit that it speaks of, and the day (else today)."""

    text: str = Field(max_length=LONGEST)
    unit: int = Field(ge=1, le=2**63 - 1)
    at: dt.date | None = None
    since: dt.date | None = None


class QuantityOut(Schema):
    text: str
    start: int
    end: int
    value: float
    upper: float | None
    unit: str
    comparison: str
    subject: str
    figure: str | None
    ledger_value: float | str | None
    verdict: str
    why: str
    nearest: list[str]


class CheckOut(Schema):
    quantities: list[QuantityOut]


def check(request: HttpRequest, response: HttpResponse, data: CheckIn) -> Any:
    """Every quantity of a text with what the records say: agrees, differs, no-ledger, unsure."""
    actor = request.actor  # type: ignore[attr-defined]
    actor.require("cases.view")
    unit = Unit.objects.get(pk=data.unit)
    actor.require("cases.view", unit.path)
    response["Cache-Control"] = "no-store"
    found = check_text(
        actor=actor, text=data.text, unit=unit, at=data.at or today(), since=data.since
    )
    return {"quantities": [one.as_json() for one in found]}
