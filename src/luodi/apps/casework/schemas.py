"""What casework looks like over REST."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Generic, TypeVar

from ninja import Schema
from pydantic import Field, StringConstraints

from luodi.apps.casework.models import Case, Link, Template
from luodi.apps.casework.reading import Dossier
from luodi.lib.wire import Day, Id, Line, Moment, Page, Prose

Row = TypeVar("Row")
Code = Annotated[str, StringConstraints(max_length=24, pattern=r"^[A-Z]{2}[0-9]{4}-[0-9]{6,15}$")]
Name = Annotated[Line, Field(max_length=60)]


# --- what comes in ----------------------------------------------------------------------------


class CaseFilter(Page):
    """The same conditions as the list on the pages."""

    q: Line = Field("", description="words of the text, an answer or a file name; or a number")
    unit: Id | None = Field(None, description="of this unit and all below it")
    own: bool = Field(False, description="of this unit alone")
    category: Line = Field("", description="id of a category, or `none`")
    procedure: Line = ""
    state: Line = ""
    outcome: Line = Field("", description="solved, closed, withdrawn, rejected, merged")
    light: Line = Field("", description="red, amber, green, paused, none")
    channel: Line = Field("", description="liaison, behalf, excel, api, public")
    whose: Line = Field("", description="`me`: it waits for me; `others`: I wait for it")
    lead: Id | None = Field(None, description="the unit that leads")
    supervised: bool = False
    figure: Line = Field("", description="what a number of the statistics counts")
    since: Day | None = Field(None, description="first day of the period")
    until: Day | None = Field(None, description="last day of the period")
    sort: Annotated[str, Field(pattern=r"^-?(raised_at|due_at|next_due_at|closed_at|code)$")] = (
        "-raised_at"
    )

    def conditions(self) -> dict[str, str]:
        """As they stand in the address of the list."""
        given = self.model_dump(exclude={"limit", "offset", "sort"}, exclude_defaults=True)
        return {name: "1" if value is True else str(value) for name, value in given.items()}


class Period(Schema):
    unit: Id = Field(description="the unit; all below it are counted too")
    since: Day
    until: Day = Field(description="the last day, included")
    procedure: Line = "enterprise_problem"


class Raise(Schema):
    unit: Id = Field(description="whose problem it is")
    text: Prose = Field(description="which problem")
    title: Annotated[Line, Field(max_length=120)] = Field("", description="else its first sentence")
    category: Id | None = None
    procedure: Line = "enterprise_problem"
    phone: Annotated[Line, Field(max_length=40)] = Field("", description="shown masked")


class OnBehalf(Schema):
    unit: Id
    text: Prose
    reporter_name: Name = Field(description="who rang or came")
    reporter_phone: Annotated[Line, Field(max_length=40)] = ""
    title: Annotated[Line, Field(max_length=120)] = ""
    category: Id | None = None


class Step(Schema):
    version: int | None = Field(
        None, ge=0, le=2**31 - 1, description="of the case as you read it: 409 if it has changed"
    )


class WithReason(Step):
    reason: Prose = Field("", description="required where the procedure asks for it")


class WithText(Step):
    text: Prose


class Urge(Schema):
    text: Prose = ""


class HandOver(WithReason):
    unit: Id = Field(description="who shall have it")
    account: Id | None = Field(None, description="a named person of that unit")


class AskDepartment(WithText):
    unit: Id
    account: Id | None = None


class Submit(Step):
    note: Prose = Field("", description="the closing answer")


class Verify(Step):
    satisfied: bool
    words: Prose = Field("", description="required where not satisfied")


class SetDeadline(WithReason):
    due_at: Moment | None = Field(description="null: back to the procedure's own")


class ChangeProcedure(WithReason):
    procedure: Line


class LinkTo(Step):
    other: Code
    kind: Link.Kind = Link.Kind.RELATED


class MergeInto(WithReason):
    into: Code


class BulkAssign(Schema):
    cases: list[Code] = Field(min_length=1, max_length=200)
    unit: Id
    account: Id | None = None
    reason: Prose = ""


class MeasureIn(Step):
    text: Prose
    due_on: Day
    owner: Id | None = Field(None, description="the account of who will do it, or")
    owner_name: Name = Field("", description="the name of who has none")


class Finish(Step):
    result: Prose = ""


class Why(Schema):
    why: Prose = Field(description="goes into the trail")


class FilterIn(Schema):
    name: Annotated[Line, Field(max_length=40)]
    query: Annotated[Prose, Field(max_length=2_000)] = Field(description="what follows the `?`")


class CategoryIn(Schema):
    name: Annotated[Line, Field(max_length=40)]
    name_en: Name = ""
    unit: Id | None = Field(None, description="null: everyone's")
    position: int = Field(0, ge=0, le=10_000)
    is_active: bool = True


class TemplateIn(Schema):
    kind: Template.Kind
    name: Name
    text: Prose
    unit: Id | None = None
    is_active: bool = True


def path_of(verb: str) -> str:
    """How a verb is called in an address."""
    return verb.rstrip("_").replace("_", "-")


# --- what goes out ----------------------------------------------------------------------------


class Paged(Schema, Generic[Row]):
    count: int = Field(description="how many there are in all")
    items: list[Row]


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
    closed_at: dt.datetime | None
    confirmed_how: str
    reopened: int
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
        return f"/api/files/{file.pk}/content"


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
    """Something that you may do now: `POST /api/cases/{code}/{verb}`."""

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
    """A number, and the filter of `GET /api/cases` that lists what it counts."""

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
