"""Checking a text over REST. Neither the text nor the answer is kept, not even in a receipt."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import File, Form, Schema
from ninja.files import UploadedFile
from pydantic import Field

from luodi.ground.figures.checking import LONGEST, check_text, text_in
from luodi.ground.scope.api import Unit, today


class CheckAbout(Schema):
    """The unit that a text speaks of, and the day (else today)."""

    unit: int = Field(ge=1, le=2**63 - 1)
    at: dt.date | None = None
    since: dt.date | None = None


class CheckIn(CheckAbout):
    text: str = Field(max_length=LONGEST)


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
    return _checked(request, response, data, data.text)


def check_file(
    request: HttpRequest, response: HttpResponse, data: Form[CheckAbout], file: File[UploadedFile]
) -> Any:
    """The same of the text in a .txt, .docx, .xlsx or .pdf file."""
    request.actor.require("cases.view")  # type: ignore[attr-defined]
    return _checked(request, response, data, text_in(file))


def _checked(request: HttpRequest, response: HttpResponse, about: CheckAbout, text: str) -> Any:
    actor = request.actor  # type: ignore[attr-defined]
    actor.require("cases.view")
    unit = Unit.objects.get(pk=about.unit)
    actor.require("cases.view", unit.path)
    response["Cache-Control"] = "no-store"
    found = check_text(actor=actor, text=text, unit=unit, at=about.at or today(), since=about.since)
    return {"quantities": [one.as_json() for one in found]}
