"""What goes out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema
from pydantic import Field

from luodi.rooms.casework.models import Case
from luodi.rooms.casework.reading import Dossier


def path_of(verb: str) -> str:
    """How a verb is called in an address."""
    return verb.rstrip("_").replace("_", "-")


class Named(Schema):
    id: int
    name: str


class CaseOut(Schema):
    """A case. `version` counts its events; `light` is green, amber, red, paused or none."""

    id: int
    code: str
    version: int
    procedure: str
    title: str
    text: str
    unit: Named
    category: Named | None
    state: str
    state_label: str
    outcome: str
    light: str | None = None
    channel: str
    reporter_name: str
    reporter_phone: str = Field(description="masked")
    lead_unit: Named
    lead_account: Named | None
    waits_on: str
    waiting_unit: Named | None
    waiting_account: Named | None
    raised_at: dt.datetime
    first_due_at: dt.datetime | None
    responded_at: dt.datetime | None
    due_at: dt.datetime | None
    next_due_at: dt.datetime | None
    met_at: dt.datetime | None
    confirm_at: dt.datetime | None
    paused_until: dt.date | None
    closed_at: dt.datetime | None
    confirmed_how: str
    reopened: int
    extended: int
    missed_at: dt.datetime | None
    supervised_at: dt.datetime | None
    merged_into_id: int | None
    is_example: bool

    @staticmethod
    def resolve_state_label(case: Case) -> str:
        return str(case.state_now.label)

    @staticmethod
    def resolve_reporter_phone(case: Case) -> str:
        return case.phone_masked


class ResponsibilityOut(Schema):
    unit: Named
    account: Named | None
    by: Named | None
    role: str
    status: str
    at: dt.datetime
    ended_at: dt.datetime | None
    reason: str


class FileOut(Schema):
    id: int
    name: str
    content_type: str
    size: int
    sha256: str
    uploaded_at: dt.datetime
    url: str

    @staticmethod
    def resolve_url(file: Any) -> str:
        return f"/api/v1/files/{file.pk}/content"


class MeasureOut(Schema):
    id: int
    text: str
    owner: Named | None
    owner_name: str
    due_on: dt.date
    created_at: dt.datetime
    done_at: dt.datetime | None
    result: str
    dropped_at: dt.datetime | None
    dropped_why: str
    files: list[FileOut] = []


class VerificationOut(Schema):
    satisfied: bool
    by_time: bool
    words: str
    account: Named | None
    at: dt.datetime


class EventOut(Schema):
    version: int
    at: dt.datetime
    account: Named | None
    transition: str
    label: str
    from_state: str
    to_state: str
    note: str


class StepOut(Schema):
    """Something that you may do now: `POST /api/v1/cases/{code}/{verb}`."""

    verb: str
    label: str
    needs: list[str]


class LinkedOut(Schema):
    kind: str
    code: str
    title: str


class DossierOut(Schema):
    """A case with its three lists, its timeline, and what you may do now, the likeliest first."""

    case: CaseOut
    available: list[StepOut]
    responsibilities: list[ResponsibilityOut]
    measures: list[MeasureOut]
    verifications: list[VerificationOut]
    events: list[EventOut]
    files: list[FileOut]
    linked: list[LinkedOut]
    merged: list[str]

    @staticmethod
    def resolve_available(found: Dossier) -> list[dict[str, object]]:
        return [
            {"verb": path_of(one.verb), "label": str(one.label), "needs": sorted(one.needs)}
            for one in found.available
        ]

    @staticmethod
    def resolve_measures(found: Dossier) -> list[dict[str, object]]:
        return [
            {**MeasureOut.from_orm(one.measure).dict(), "files": one.files}
            for one in found.measures
        ]

    @staticmethod
    def resolve_linked(found: Dossier) -> list[dict[str, str]]:
        return [
            {"kind": link.kind, "code": case.code, "title": case.title}
            for link, case in found.linked
        ]

    @staticmethod
    def resolve_merged(found: Dossier) -> list[str]:
        return [case.code for case in found.merged]


class AssignedOut(Schema):
    code: str
    problem: str = Field(description="why it was not handed over; empty where it was")


class PhoneOut(Schema):
    phone: str


class FigureOut(Schema):
    """A number, and the filter of `GET /api/v1/cases` that lists what it counts."""

    key: str
    label: str
    value: float | None = Field(description="a count, or seconds")
    params: dict[str, str]

    @staticmethod
    def resolve_label(figure: Any) -> str:
        return str(figure.label)

    @staticmethod
    def resolve_value(figure: Any) -> float | None:
        value = figure.value
        return value.total_seconds() if isinstance(value, dt.timedelta) else value


class FiguresOut(Schema):
    label: str
    cells: list[FigureOut]


class StatisticsOut(Schema):
    figures: list[FigureOut]
    times: list[FigureOut]
    by_category: list[FiguresOut]
    by_unit: list[FiguresOut]


class CategoryOut(Schema):
    id: int
    name: str
    name_en: str
    unit_id: int | None
    position: int
    is_active: bool


class TemplateOut(Schema):
    id: int
    kind: str
    name: str
    text: str
    unit_id: int | None
    is_active: bool


class FilterOut(Schema):
    id: int
    name: str
    query: str


class IntakeOut(Schema):
    unit_id: int
    token: str = Field(description="the last part of the public form's address")
    is_active: bool
    rotated_at: dt.datetime


class StateOut(Schema):
    key: str
    label: str
    kind: str
    outcome: str

    @staticmethod
    def resolve_label(state: Any) -> str:
        return str(state.label)


class ProcedureOut(Schema):
    key: str
    version: int
    label: str
    states: list[StateOut]

    @staticmethod
    def resolve_label(procedure: Any) -> str:
        return str(procedure.label)

    @staticmethod
    def resolve_states(procedure: Any) -> list[Any]:
        return list(procedure.states.values())
