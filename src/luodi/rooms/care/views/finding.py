"""The rows that addresses name: those that the database shows, else 404."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.urls import reverse

from luodi.rooms.care.models import (
    Assessment,
    Batch,
    Bill,
    Contact,
    Dose,
    Due,
    Fact,
    Handover,
    Incident,
    Plan,
    Posting,
    Prescription,
    Resident,
    Step,
)

M = TypeVar("M", bound=Model)
# The name that a verb gives to what it is about, and the model.
ABOUT: dict[str, type[Model]] = {
    "resident": Resident,
    "step": Step,
    "fact": Fact,
    "contact": Contact,
    "assessment": Assessment,
    "plan": Plan,
    "due": Due,
    "dose": Dose,
    "prescription": Prescription,
    "batch": Batch,
    "incident": Incident,
    "handover": Handover,
    "bill": Bill,
    "posting": Posting,
}


def find(model: type[M], pk: int) -> M:
    """A row, with its resident where it has one."""
    rows: Any = model._default_manager.all()
    if model is Resident or model is Handover:
        return get_object_or_404(rows.select_related("unit"), pk=pk)  # type: ignore[no-any-return]
    return get_object_or_404(rows.select_related("resident__unit"), pk=pk)  # type: ignore[no-any-return]


def resident_of(row: Any) -> Resident:
    """Whom a row is about."""
    found: Resident = row if isinstance(row, Resident) else row.resident
    return found


def file_url(resident: Resident, part: str = "") -> str:
    """The address of a resident's file, at a part of it."""
    return reverse("care:resident", args=[resident.pk]) + (f"#{part}" if part else "")
