"""What comes in."""

from __future__ import annotations

from typing import Annotated

from ninja import Schema
from pydantic import Field, StringConstraints

from luodi.lib.wire import Day, Id, Line, Moment, Prose
from luodi.rooms.casework.models import Link, Template
from luodi.shell.rest import Following

Code = Annotated[str, StringConstraints(max_length=24, pattern=r"^[A-Z]{2}[0-9]{4}-[0-9]{6,15}$")]
Name = Annotated[Line, Field(max_length=60)]


class CaseFilter(Following):
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
    person: Id | None = Field(None, description="the account that leads it, or for which it waits")
    supervised: bool = False
    unsupervised: bool = False
    figure: Line = Field("", description="what a number of the statistics counts")
    since: Day | None = Field(None, description="first day of the period")
    until: Day | None = Field(None, description="last day of the period")
    sort: Annotated[str, Field(pattern=r"^-?(raised_at|due_at|next_due_at|closed_at|code)$")] = (
        "-raised_at"
    )

    def conditions(self) -> dict[str, str]:
        """As they stand in the address of the list."""
        given = self.model_dump(exclude={*Following.model_fields, "sort"}, exclude_defaults=True)
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


class Pause(WithReason):
    until: Day | None = Field(None, description="the day from which on one is reminded to resume")


class WithText(Step):
    text: Prose


class Urge(Schema):
    text: Prose = ""


class Receive(Step):
    """With a title or a category where the case's is to be corrected."""

    title: str = ""
    category: Id | None = None


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
