"""Definitions of registers over REST: their facts, columns and figures."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Query, Router, Schema, Status
from pydantic import Field, StringConstraints

from luodi.ground.scope.api import Unit, actor_of
from luodi.lib.wire import Id, Line, Prose
from luodi.rooms.registers import api
from luodi.rooms.registers.models import Column, Register, RegisterFigure
from luodi.shell.rest import Listed, Paging, created, listed, version_of

router = Router(tags=["registers"])
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class ColumnOut(Schema):
    """`choices` are [value, Chinese, English]; a `lookup` is shown and never sent."""

    id: int
    key: str
    label: str
    label_en: str
    kind: str
    required: bool
    measure: str
    places: int
    choices: list[list[str]]
    version: int
    lookup: str
    via: str


class FigureOut(Schema):
    """`key`: what the figure is read by."""

    id: int
    key: str = Field(alias="full_key")
    name: str
    kind: str
    version: int


class RegisterOut(Schema):
    id: int
    key: str
    unit_id: int
    name: str
    name_en: str
    description: str
    dated: bool
    evidence: str
    version: int
    columns: list[ColumnOut] = Field(alias="living")
    figures: list[FigureOut] = Field(alias="living_figures")


class ColumnNew(Schema):
    label: Line
    kind: Line
    key: Line = ""
    label_en: Line = ""
    required: bool = False
    help: Line = ""
    measure: Line = ""
    places: int = Field(0, ge=0, le=6)
    choices: list[tuple[Line, Line, Line]] = Field([], max_length=100)
    listed: bool = True
    lookup: Line = ""
    via: Line = ""


class RegisterNew(Schema):
    unit_id: Id
    name: Line
    date_label: Line
    key: Line = ""
    name_en: Line = ""
    description: Prose = ""
    unit_label: Line = ""
    date_label_en: Line = ""
    dated: bool = False
    evidence: Line = "optional"
    write_roles: list[Line] = Field([], max_length=20)
    columns: list[ColumnNew] = Field([], max_length=40)


class FigureNew(Schema):
    """`conditions` and `side`: [{"column", "test", "value"}], all to be met."""

    name: Line
    kind: Line
    key: Line = ""
    name_en: Line = ""
    synonyms: list[Line] = Field([], max_length=20)
    time: Line = "day"
    amount: Line = ""
    measure: Line = ""
    places: int = Field(0, ge=0, le=6)
    conditions: list[dict[Key, Line]] = Field([], max_length=10)
    side: list[dict[Key, Line]] = Field([], max_length=10)


class Shipped(Schema):
    """Which register of those that the product brings, and which unit keeps it."""

    unit_id: Id
    key: Line


class RegisterChange(Schema):
    """What is sent is changed."""

    name: Line = ""
    name_en: Line = ""
    description: Prose = ""
    unit_label: Line = ""
    unit_label_en: Line = ""
    date_label: Line = ""
    date_label_en: Line = ""
    title_column: Line = ""
    dated: bool = False
    evidence: Line = ""
    write_roles: list[Line] = Field([], max_length=20)
    version: int | None = Field(None, ge=0, description="as read; 409 if it has changed")


class ColumnChange(Schema):
    """What is sent is changed; never the kind."""

    label: Line = ""
    label_en: Line = ""
    required: bool = False
    help: Line = ""
    measure: Line = ""
    places: int = Field(0, ge=0, le=6)
    choices: list[tuple[Line, Line, Line]] = Field([], max_length=100)
    listed: bool = True
    version: int | None = Field(None, ge=0, description="as read; 409 if it has changed")


class EffectOut(Schema):
    """How many entries stand, and how many lack what is now required."""

    entries: int
    incomplete: int


class FigureChange(Schema):
    """What is sent is changed; the version rises where the meaning changes."""

    name: Line = ""
    name_en: Line = ""
    kind: Line = ""
    synonyms: list[Line] = Field([], max_length=20)
    time: Line = ""
    amount: Line = ""
    measure: Line = ""
    places: int = Field(0, ge=0, le=6)
    conditions: list[dict[Key, Line]] = Field([], max_length=10)
    side: list[dict[Key, Line]] = Field([], max_length=10)


class Move(Schema):
    up: bool


def register_of(request: HttpRequest, pk: int) -> Register:
    actor_of(request).require("registers.view")
    return Register.objects.select_related("unit").get(pk=pk)


def _column(request: HttpRequest, pk: int) -> Column:
    actor_of(request).require("registers.define")
    return Column.objects.select_related("register__unit").get(pk=pk)


def _figure(request: HttpRequest, pk: int) -> RegisterFigure:
    actor_of(request).require("registers.define")
    rows = RegisterFigure.objects.filter(retired_at=None).select_related("register__unit")
    return rows.get(pk=pk)


@router.get("/registers", response=Listed[RegisterOut])
def list_registers(request: HttpRequest, wanted: Query[Paging]) -> Any:
    """The registers in use, with their columns."""
    actor_of(request).require("registers.view")
    rows = Register.objects.filter(retired_at=None).prefetch_related("columns", "figures")
    return listed(rows, wanted, "name")


@router.post("/registers", response={201: RegisterOut})
def define_register(request: HttpRequest, data: RegisterNew) -> Any:
    """Opens a register with its columns."""
    unit = Unit.objects.get(pk=data.unit_id)
    given = data.dict(exclude={"unit_id"})
    made = api.define_register(actor=actor_of(request), unit=unit, **given)
    return created(request, made, f"/registers/{made.pk}")


@router.post("/registers/install", response={201: RegisterOut})
def install_register(request: HttpRequest, data: Shipped) -> Any:
    """Opens one of the registers that the product brings."""
    unit = Unit.objects.get(pk=data.unit_id)
    made = api.install(actor=actor_of(request), unit=unit, key=data.key)
    return created(request, made, f"/registers/{made.pk}")


@router.get("/registers/{pk}", response=RegisterOut)
def get_register(request: HttpRequest, pk: Path[Id]) -> Any:
    return register_of(request, pk)


@router.patch("/registers/{pk}", response=RegisterOut)
def change_register(request: HttpRequest, pk: Path[Id], data: RegisterChange) -> Any:
    """Changes a register's facts."""
    facts = data.dict(exclude_unset=True) | {"version": version_of(request, data.version)}
    return api.change_register(actor=actor_of(request), register=register_of(request, pk), **facts)


@router.post("/registers/{pk}/retire", response={204: None})
def retire_register(request: HttpRequest, pk: Path[Id]) -> Any:
    """Takes a register out of use; its entries can still be read."""
    api.retire_register(actor=actor_of(request), register=register_of(request, pk))
    return Status(204, None)


@router.post("/registers/{pk}/columns", response={201: ColumnOut})
def add_column(request: HttpRequest, pk: Path[Id], data: ColumnNew) -> Any:
    """Adds a column at the end."""
    register = register_of(request, pk)
    made = api.add_column(actor=actor_of(request), register=register, **data.dict())
    return created(request, made, f"/registers/{pk}")


@router.patch("/registers/columns/{pk}", response=EffectOut)
def change_column(request: HttpRequest, pk: Path[Id], data: ColumnChange) -> Any:
    """Changes a column; refused where values that stand would no longer fit."""
    facts = data.dict(exclude_unset=True) | {"version": version_of(request, data.version)}
    return api.change_column(actor=actor_of(request), column=_column(request, pk), **facts)


@router.post("/registers/columns/{pk}/move", response={204: None})
def move_column(request: HttpRequest, pk: Path[Id], data: Move) -> Any:
    """Changes places with the column before it, or after it."""
    api.move_column(actor=actor_of(request), column=_column(request, pk), up=data.up)
    return Status(204, None)


@router.post("/registers/columns/{pk}/retire", response={204: None})
def retire_column(request: HttpRequest, pk: Path[Id]) -> Any:
    """Takes a column out of forms and lists; what entries hold in it stays."""
    api.retire_column(actor=actor_of(request), column=_column(request, pk))
    return Status(204, None)


@router.post("/registers/{pk}/figures", response={201: FigureOut})
def define_figure(request: HttpRequest, pk: Path[Id], data: FigureNew) -> Any:
    """Defines a figure over the register."""
    register = register_of(request, pk)
    made = api.define_figure(actor=actor_of(request), register=register, **data.dict())
    return created(request, made, f"/registers/{pk}")


@router.patch("/registers/figures/{pk}", response=FigureOut)
def change_figure(request: HttpRequest, pk: Path[Id], data: FigureChange) -> Any:
    """Changes a figure."""
    return api.change_figure(
        actor=actor_of(request), figure=_figure(request, pk), **data.dict(exclude_unset=True)
    )


@router.post("/registers/figures/{pk}/retire", response={204: None})
def retire_figure(request: HttpRequest, pk: Path[Id]) -> Any:
    """Takes a figure out of use."""
    api.retire_figure(actor=actor_of(request), figure=_figure(request, pk))
    return Status(204, None)
