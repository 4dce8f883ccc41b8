"""Programmes over REST: the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field

from luodi.ground.figures.api import Value
from luodi.ground.scope.api import Account, Unit, actor_of, today
from luodi.lib.wire import Day, Id, Prose
from luodi.lib.wire import Line as Text
from luodi.rooms.casework.api import Case
from luodi.rooms.programmes import api
from luodi.rooms.programmes.api import (
    Chapter,
    Line,
    Measure,
    MeasureCase,
    Programme,
    Standing,
    Target,
)
from luodi.rooms.programmes.rest_statements import router as statements_router
from luodi.shell.rest import Listed, created, listed_whole, version_of

router = Router(tags=["programmes"])
router.add_router("", statements_router)


# --- reading ------------------------------------------------------------------------------------


class ProgrammeOut(Schema):
    id: int
    unit_id: int
    name: str
    name_en: str
    aim: str
    since: dt.date
    until: dt.date
    position: int
    version: int


class MeasureOut(Schema):
    id: int
    programme_id: int
    text: str
    owner_unit_id: int
    owner_id: int | None
    since: dt.date
    due_on: dt.date
    done_on: dt.date | None
    result: str
    version: int


class TargetOut(Schema):
    """How a target stands: `light` is met, on_the_way, behind, missed or no_data."""

    id: int
    figure: str
    name: str
    parameters: dict[str, str]
    comparison: str
    wanted: str
    value: Decimal | dt.date | str | bool | None
    read_on: dt.date
    light: str
    gap: Decimal | None
    due_on: dt.date
    owner_id: int | None
    reading: str
    case: str | None


class LineOut(MeasureOut):
    state: str
    cases: list[str]
    targets: list[TargetOut]


class ChapterOut(ProgrammeOut):
    measures: list[LineOut]


def target_out(one: Standing) -> dict[str, Any]:
    value: Value = one.reading.value if one.reading else None
    return {
        "id": one.target.pk,
        "figure": one.pledge.figure,
        "name": one.figure_name,
        "parameters": one.pledge.parameters,
        "comparison": one.pledge.comparison,
        "wanted": one.pledge.value,
        "value": value,
        "read_on": one.read_on,
        "light": one.light.value,
        "gap": one.course.gap,
        "due_on": one.pledge.due_on,
        "owner_id": one.pledge.owner_id,
        "reading": one.reading.url if one.reading else "",
        "case": one.case.code if one.case else None,
    }


def line_out(line: Line) -> dict[str, Any]:
    return MeasureOut.from_orm(line.measure).dict() | {
        "state": line.state,
        "cases": [link.case.code for link in line.links],
        "targets": [target_out(one) for one in line.standings],
    }


def chapter_out(chapter: Chapter) -> dict[str, Any]:
    lines = [line_out(line) for line in chapter.lines]
    return ProgrammeOut.from_orm(chapter.programme).dict() | {"measures": lines}


class Asked(Schema):
    unit: Id
    at: Day | None = None


@router.get("/programmes", response=Listed[ChapterOut])
def list_programmes(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The programmes of a unit begun by a day (today), with measures and targets as they stand."""
    chapters = api.chapters_of(
        actor=actor_of(request), unit=Unit.objects.get(pk=asked.unit), at=asked.at or today()
    )
    return listed_whole([chapter_out(one) for one in chapters])


@router.get("/programmes/{pk}", response=ChapterOut)
def get_programme(request: HttpRequest, pk: Path[Id], at: Day | None = None) -> Any:
    """One programme with its measures and targets."""
    row = Programme.objects.select_related("unit").get(pk=pk)
    return chapter_out(api.chapters_of(actor=actor_of(request), programme=row, at=at or today())[0])


# --- writing ------------------------------------------------------------------------------------


class ProgrammeNew(Schema):
    unit_id: Id
    name: Prose = Field(max_length=60)
    name_en: Prose = Field("", max_length=80)
    aim: Prose = Field("", max_length=2000)
    since: Day
    until: Day
    position: int = Field(0, ge=0, le=999)


class MeasureNew(Schema):
    text: Prose = Field(max_length=2000)
    owner_unit_id: Id
    owner_id: Id | None = None
    since: Day
    due_on: Day
    position: int = Field(0, ge=0, le=999)


class ProgrammeChange(Schema):
    """What is sent is changed."""

    name: Prose | None = Field(None, max_length=60)
    name_en: Prose | None = Field(None, max_length=80)
    aim: Prose | None = Field(None, max_length=2000)
    since: Day | None = None
    until: Day | None = None
    position: int | None = Field(None, ge=0, le=999)
    version: int | None = Field(None, ge=0, description="as read; 409 if it has changed")


class MeasureChange(Schema):
    """What is sent is changed; `owner_id` null: nobody by name."""

    text: Prose | None = Field(None, max_length=2000)
    owner_unit_id: Id | None = None
    owner_id: Id | None = None
    since: Day | None = None
    due_on: Day | None = None
    position: int | None = Field(None, ge=0, le=999)
    version: int | None = Field(None, ge=0, description="as read; 409 if it has changed")


class CaseLink(Schema):
    code: Text


class Dropped(Schema):
    on: Day
    reason: Prose = Field(max_length=2000)


class Done(Schema):
    on: Day
    result: Prose = Field("", max_length=2000)


class Promised(Schema):
    """`value`: a number, a day, a word, or yes / no, by the figure's kind."""

    figure: Prose = Field(max_length=120)
    comparison: str = Field(pattern="^(=|>=|<=|>|<)$")
    value: Prose = Field(max_length=60)
    due_on: Day
    owner_id: Id | None = None
    parameters: dict[Prose, Prose] = {}
    count_from: Day | None = None


class TargetNew(Promised):
    since: Day
    name: Prose = Field("", max_length=60)


class TargetChange(Promised):
    on: Day
    reason: Prose = Field(max_length=2000)
    version: int | None = Field(None, ge=0, description="id of the promise that was read")


class Made(Schema):
    id: int


class Opened(Schema):
    code: str


def owned(data: Schema) -> dict[str, Any]:
    """The values, with the account itself for its id."""
    values = data.dict()
    values["owner"] = account_of(values.pop("owner_id"))
    return values


def account_of(pk: int | None) -> Account | None:
    return Account.objects.get(pk=pk) if pk else None


@router.post("/programmes", response={201: ProgrammeOut})
def add_programme(request: HttpRequest, data: ProgrammeNew) -> Any:
    """Sets a programme up."""
    values = data.dict()
    unit = Unit.objects.get(pk=values.pop("unit_id"))
    made = api.save_programme(actor=actor_of(request), unit=unit, **values)
    return created(request, made, f"/programmes/{made.pk}")


@router.patch("/programmes/{pk}", response=ProgrammeOut)
def change_programme(request: HttpRequest, pk: Path[Id], data: ProgrammeChange) -> Any:
    """Changes a programme; its unit never changes."""
    row = Programme.objects.select_related("unit").get(pk=pk)
    values = {name: getattr(row, name) for name in ProgrammeChange.model_fields}
    values |= data.dict(exclude_none=True)
    values["version"] = version_of(request, data.version)
    return api.save_programme(actor=actor_of(request), unit=row.unit, programme=row, **values)


@router.post("/programmes/{pk}/measures", response={201: MeasureOut})
def add_measure(request: HttpRequest, pk: Path[Id], data: MeasureNew) -> Any:
    """Adds a measure."""
    values = owned(data)
    unit = Unit.objects.get(pk=values.pop("owner_unit_id"))
    row = Programme.objects.select_related("unit").get(pk=pk)
    made = api.save_measure(actor=actor_of(request), programme=row, owner_unit=unit, **values)
    return created(request, made, f"/programmes/{pk}")


def find_measure(pk: int) -> Measure:
    return Measure.objects.select_related("programme__unit", "owner_unit", "owner").get(pk=pk)


@router.patch("/programmes/measures/{pk}", response=MeasureOut)
def change_measure(request: HttpRequest, pk: Path[Id], data: MeasureChange) -> Any:
    """Changes a measure."""
    row = find_measure(pk)
    names = ("text", "owner_unit", "owner", "since", "due_on", "position")
    values = {name: getattr(row, name) for name in names}
    values |= data.dict(exclude_none=True, exclude={"owner_unit_id", "owner_id"})
    values["version"] = version_of(request, data.version)
    if data.owner_unit_id:
        values["owner_unit"] = Unit.objects.get(pk=data.owner_unit_id)
    if "owner_id" in data.model_fields_set:
        values["owner"] = account_of(data.owner_id)
    return api.save_measure(actor=actor_of(request), programme=row.programme, measure=row, **values)


@router.post("/programmes/measures/{pk}/finish", response=MeasureOut)
def finish_measure(request: HttpRequest, pk: Path[Id], data: Done) -> Any:
    """Records that a measure is done."""
    return api.finish_measure(actor=actor_of(request), measure=find_measure(pk), **data.dict())


@router.post("/programmes/measures/{pk}/reopen", response=MeasureOut)
def reopen_measure(request: HttpRequest, pk: Path[Id]) -> Any:
    """Takes back that a measure is done."""
    return api.reopen_measure(actor=actor_of(request), measure=find_measure(pk))


@router.post("/programmes/measures/{pk}/cases", response={204: None})
def link_case(request: HttpRequest, pk: Path[Id], data: CaseLink) -> Any:
    """Says that a case belongs to a measure."""
    case = Case.objects.get(code=data.code)
    api.link_case(actor=actor_of(request), measure=find_measure(pk), case=case)
    return Status(204, None)


@router.post("/programmes/measures/{pk}/cases/remove", response={204: None})
def unlink_case(request: HttpRequest, pk: Path[Id], data: CaseLink) -> Any:
    """Takes a case off a measure; one that was opened for a gap stays."""
    rows = MeasureCase.objects.select_related("measure__programme__unit")
    link = rows.get(measure=pk, case__code=data.code)
    api.unlink_case(actor=actor_of(request), link=link)
    return Status(204, None)


@router.post("/programmes/measures/{pk}/targets", response={201: Made})
def add_target(request: HttpRequest, pk: Path[Id], data: TargetNew) -> Any:
    """Promises something for a measure."""
    row = Measure.objects.select_related("programme__unit").get(pk=pk)
    made = api.set_target(actor=actor_of(request), measure=row, **owned(data))
    return created(request, made, f"/programmes/{row.programme_id}")


def find_target(pk: int) -> Target:
    return Target.objects.select_related("measure__programme__unit").get(pk=pk)


@router.post("/programmes/targets/{pk}/change", response=Made)
def change_target(request: HttpRequest, pk: Path[Id], data: TargetChange) -> Any:
    """Promises something else from a day on; what was promised before is kept."""
    row = find_target(pk)
    values = owned(data) | {"version": version_of(request, data.version)}
    api.change_target(actor=actor_of(request), target=row, **values)
    return row


@router.post("/programmes/targets/{pk}/case", response=Opened)
def open_case(request: HttpRequest, pk: Path[Id]) -> Any:
    """Opens a case for the target's gap; the open one where there is one."""
    return api.open_case(actor=actor_of(request), target=find_target(pk))


@router.post("/programmes/targets/{pk}/drop", response={204: None})
def drop_target(request: HttpRequest, pk: Path[Id], data: Dropped) -> Any:
    """Gives a target up from a day on, for a reason; until then it stands as it was promised."""
    api.drop_target(actor=actor_of(request), target=find_target(pk), **data.dict())
    return Status(204, None)
