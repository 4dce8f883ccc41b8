"""Figures over REST: which there are, and a reading with its rows, digest and evidence."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from luodi.ground.figures.chart import months_until
from luodi.ground.figures.checking_rest import CheckOut, check, check_file
from luodi.ground.figures.definition import Figure
from luodi.ground.figures.proof import files_behind
from luodi.ground.figures.reading import Reading, may_read, read, trend
from luodi.ground.figures.registry import figures
from luodi.ground.figures.search import found_by
from luodi.ground.figures.values import plain, written
from luodi.ground.scope.api import Unit, actor_of, today
from luodi.lib.errors import NotFound
from luodi.lib.wire import Day, Id
from luodi.shell.rest import Listed, listed_whole

router = Router(tags=["figures"])
router.post("/figures/check", response=CheckOut)(check)  # before /figures/{key}
router.post("/figures/check/file", response=CheckOut)(check_file)


class FigureDescription(Schema):
    key: str
    name: str
    unit: str
    kind: str
    time: str
    definition: str
    synonyms: list[str]
    parameters: list[str]
    version: int
    source: str


class ReadingFile(Schema):
    id: int
    name: str
    size: int
    sha256: str


class ReadingRow(Schema):
    key: str
    label: str
    amount: str | None
    side: bool | None
    on: dt.date | None
    word: str
    url: str
    evidence: list[ReadingFile]


class ReadingOut(Schema):
    figure: FigureDescription
    unit: int
    until: dt.date
    since: dt.date | None
    known_at: dt.datetime | None
    parameters: dict[str, str]
    value: str | bool | None = Field(description="a number as a decimal text; null for no data")
    text: str
    count: int
    digest: str
    may_open: bool
    page: int
    rows: list[ReadingRow]


class QuestionIn(Schema):
    """A figure's own parameters are sent as `p-…`, as in the address of its page."""

    prefix: ClassVar[str] = "p-"

    unit: int = Field(ge=1, le=2**63 - 1)
    until: dt.date | None = None
    since: dt.date | None = None
    known_at: AwareDatetime | None = None
    page: int = Field(1, ge=1, le=1_000_000)
    per_page: int = Field(50, ge=1, le=1000)


def figure_out(one: Figure) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": str(one.name),
        "unit": str(one.unit).strip(),
        "kind": str(one.kind),
        "time": str(one.time),
        "definition": str(one.definition),
        "synonyms": list(one.synonyms),
        "parameters": list(one.parameters),
        "version": one.version,
        "source": one.source,
    }


class SearchIn(Schema):
    q: str = Field("", max_length=100)


@router.get("/figures", response=Listed[FigureDescription])
def list_figures(request: HttpRequest, asked: Query[SearchIn]) -> Any:
    """The figures that the token may read of some unit; those that a text finds."""
    actor = actor_of(request)
    may = [one for one in figures() if may_read(actor, one)]
    found = found_by(may, asked.q) if asked.q else may
    return listed_whole([figure_out(one) for one in found])


@router.get("/figures/{key}", response=ReadingOut)
def get_reading(request: HttpRequest, key: str, asked: Query[QuestionIn]) -> Any:
    """A figure's value with a page of its rows, the digest over all of them, their evidence."""
    found = read(
        actor=actor_of(request),
        key=key,
        unit=_unit(asked.unit),
        until=asked.until or today(),
        since=asked.since,
        known_at=asked.known_at,
        parameters=_parameters(request),
        page=asked.page,
        per_page=asked.per_page,
    )
    return reading_out(found, asked.page)


class MonthsIn(Schema):
    """A figure's own parameters are sent as `p-…`."""

    prefix: ClassVar[str] = "p-"

    unit: Id
    until: Day | None = None
    known_at: AwareDatetime | None = None


class PointOut(Schema):
    on: dt.date
    value: str | bool | None


@router.get("/figures/{key}/trend", response=Listed[PointOut])
def get_trend(request: HttpRequest, key: str, asked: Query[MonthsIn]) -> Any:
    """A figure at the ends of twelve months; one of a period is read for each of these months."""
    points = trend(
        actor=actor_of(request),
        key=key,
        unit=_unit(asked.unit),
        days=months_until(asked.until or today()),
        known_at=asked.known_at,
        parameters=_parameters(request),
    )
    return listed_whole([{"on": day, "value": written(value)} for day, value in points])


def _unit(pk: int) -> Unit:
    found = Unit.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这个单位。"), "unit")
    return found


def _parameters(request: HttpRequest) -> dict[str, str]:
    return {
        name.removeprefix("p-"): str(value)
        for name, value in request.GET.items()
        if name.startswith("p-")
    }


def reading_out(found: Reading, page: int = 1) -> dict[str, Any]:
    """A reading as JSON has it; also what the command line prints."""
    question = found.question
    files = files_behind(found.rows)
    return {
        "figure": figure_out(found.figure),
        "unit": question.unit.pk,
        "until": question.until,
        "since": question.since,
        "known_at": question.known_at,
        "parameters": dict(question.parameters),
        "value": written(found.value),
        "text": found.text,
        "count": found.count,
        "digest": found.digest,
        "may_open": found.may_open,
        "page": page,
        "rows": [
            {
                "key": row.key,
                "label": row.label,
                "amount": None if row.amount is None else plain(row.amount),
                "side": row.side,
                "on": row.on,
                "word": row.word,
                "url": row.url,
                "evidence": [
                    {"id": one.pk, "name": one.name, "size": one.size, "sha256": one.sha256}
                    for one in files.get(row.key, ())
                ],
            }
            for row in found.rows
        ],
    }
