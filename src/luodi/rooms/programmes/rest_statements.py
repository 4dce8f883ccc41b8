"""What documents from outside say, over REST: indicators, and statements of them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Path, Router, Schema, Status
from pydantic import Field

from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotFound
from luodi.lib.wire import Day, Id, Line, Prose
from luodi.rooms.programmes import api
from luodi.rooms.programmes.models import Indicator, Observation
from luodi.rooms.programmes.verbs.statements import indicators_of

router = Router(tags=["programmes"])


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined,no-any-return]


class IndicatorOut(Schema):
    id: int
    key: str
    name: str
    name_en: str
    kind: str
    measure: str
    places: int
    words: list[str]
    definition: str


class ObservationOut(Schema):
    id: int
    indicator_id: int
    unit_id: int
    since: dt.date
    until: dt.date
    base: Decimal | None
    current: Decimal | None
    place: int | None
    participants: int | None
    word: str
    organisation: str
    document: str
    remark: str

    @staticmethod
    def resolve_until(one: Observation) -> dt.date:
        """The last day, included, as it was entered."""
        last: dt.date = one.valid.upper - dt.timedelta(days=1)
        return last


class IndicatorWords(Schema):
    """`words`: the classes of an assessment, from the best down."""

    name: Line = Field(max_length=60)
    definition: Prose = Field(max_length=2000)
    name_en: Line = Field("", max_length=80)
    synonyms: list[Line] = Field([], max_length=20)
    measure: Line = Field("", max_length=16)
    places: int = Field(1, ge=0, le=6)
    words: list[Line] = Field([], max_length=20)
    source: Line = ""


class IndicatorNew(IndicatorWords):
    key: Line = Field(pattern=r"^[a-z][a-z0-9_]{1,58}$")
    kind: Indicator.Kind


class IndicatorChange(IndicatorWords):
    """What is sent is changed; never the key and the kind, as figures stand on them."""

    name: Line = Field("", max_length=60, description="left out: as it was")
    definition: Prose = Field("", max_length=2000, description="left out: as it was")


class Said(Schema):
    """What a document says: a growth as `base` and `current`, or a place, or a class."""

    base: Decimal | None = Field(None, max_digits=24, decimal_places=6)
    current: Decimal | None = Field(None, max_digits=24, decimal_places=6)
    place: int | None = Field(None, ge=1, le=100_000)
    participants: int | None = Field(None, ge=1, le=100_000)
    word: Prose = Field("", max_length=20)
    organisation: Prose = Field(max_length=120)
    document: Prose = Field(max_length=200)
    remark: Prose = Field("", max_length=300)


class ObservationNew(Said):
    unit_id: Id
    since: Day
    until: Day


@router.get("/indicators", response=list[IndicatorOut])
def list_indicators(request: HttpRequest) -> Any:
    """What outside statements are about; each is a figure `programmes.<key>`."""
    actor_of(request).require("programmes.view")
    return indicators_of(actor_of(request))


@router.post("/indicators", response=IndicatorOut)
def add_indicator(request: HttpRequest, data: IndicatorNew) -> Any:
    """Defines an indicator; it is the figure `programmes.<key>` everywhere."""
    return api.save_indicator(actor=actor_of(request), **data.dict())


@router.patch("/indicators/{pk}", response=IndicatorOut)
def change_indicator(request: HttpRequest, pk: Path[Id], data: IndicatorChange) -> Any:
    """Changes an indicator's words."""
    row = indicators_of(actor_of(request)).get(pk=pk)
    kept = {name: getattr(row, name) for name in ("key", "kind", *IndicatorWords.model_fields)}
    values = kept | data.dict(exclude_unset=True)
    return api.save_indicator(actor=actor_of(request), indicator=row, **values)


@router.get("/indicators/{pk}/observations", response=list[ObservationOut])
def list_observations(request: HttpRequest, pk: Path[Id]) -> Any:
    """The statements of an indicator as known now, the latest first."""
    actor_of(request).require("programmes.view")
    row = indicators_of(actor_of(request)).get(pk=pk)
    return Observation.objects.known().filter(indicator=row).order_by("-valid", "id")[:500]


@router.post("/indicators/{pk}/observations", response=ObservationOut)
def add_observation(request: HttpRequest, pk: Path[Id], data: ObservationNew) -> Any:
    """Enters what a document says; a growth as its two amounts."""
    values = data.dict()
    unit = Unit.objects.get(pk=values.pop("unit_id"))
    row = indicators_of(actor_of(request)).get(pk=pk)
    return api.observe(actor=actor_of(request), indicator=row, unit=unit, **values)


def _current(request: HttpRequest, pk: int) -> Observation:
    actor_of(request).require("programmes.view")
    row = Observation.objects.known().filter(pk=pk).select_related("unit", "indicator").first()
    if row is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    return row


@router.post("/observations/{pk}/correct", response=ObservationOut)
def correct_observation(request: HttpRequest, pk: Path[Id], data: Said) -> Any:
    """Enters a revised statement of the same period; what was known before can still be read."""
    row = _current(request, pk)
    return api.correct_observation(actor=actor_of(request), observation=row, **data.dict())


@router.post("/observations/{pk}/withdraw", response={204: None})
def withdraw_observation(request: HttpRequest, pk: Path[Id]) -> Any:
    """Takes back a statement that was entered by mistake."""
    api.withdraw_observation(actor=actor_of(request), observation=_current(request, pk))
    return Status(204, None)
