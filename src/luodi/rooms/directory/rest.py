"""The directory over REST: the same verbs as the pages, masked values as on the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luodi.ground.audit.api import changed_since
from luodi.ground.scope.api import Unit, actor_of, called, today
from luodi.lib.wire import Line
from luodi.rooms.directory import api
from luodi.rooms.directory.forms.enterprises import searched_enterprises
from luodi.rooms.directory.forms.people import searched_people
from luodi.rooms.directory.models import (
    Branch,
    BranchType,
    Chain,
    Enterprise,
    Membership,
    Person,
    Post,
    PostKind,
    Stage,
    Standing,
)
from luodi.shell.rest import (
    Following,
    Listed,
    created,
    listed,
    listed_whole,
    version_of,
)

router = Router(tags=["directory"])
MOST_ID = 2**63 - 1
Id = Field(ge=1, le=MOST_ID)
OptionalId = Field(None, ge=1, le=MOST_ID)


class Wanted(Following):
    """Which rows of a list: those that a text finds."""

    q: str = Field("", max_length=200)


# --- enterprises ------------------------------------------------------------------------------


class EnterpriseOut(Schema):
    id: int
    unit_id: int
    name: str = Field(alias="unit.name")
    short_name: str = Field(alias="unit.short_name")
    district_id: int | None = Field(alias="unit.parent_id")
    code: str | None
    chain_id: int | None
    above_size: bool
    non_public: bool
    address: str
    contact_name: str
    contact_phone: str
    opened_on: dt.date | None = Field(alias="unit.opened_on")
    closed_on: dt.date | None = Field(alias="unit.closed_on")
    version: int


class EnterpriseFacts(Schema):
    name: str | None = None
    short_name: str | None = Field(None, max_length=40)
    code: str | None = None
    chain_id: int | None = OptionalId
    above_size: bool | None = None
    non_public: bool | None = None
    address: str | None = Field(None, max_length=200)
    contact_name: str | None = Field(None, max_length=60)
    contact_phone: str | None = Field(None, max_length=30)
    opened_on: dt.date | None = None


class EnterpriseNew(EnterpriseFacts):
    district_id: int = Id
    name: Line = Field(max_length=120)


class EnterpriseChange(EnterpriseFacts):
    version: int | None = Field(None, description="the version that was read; 409 if it changed")


def given(data: Schema, *without: str) -> dict[str, Any]:
    """What the caller said, with the chain itself for its id."""
    values = {
        key: value
        for key, value in data.dict(exclude_unset=True).items()
        if value is not None and key not in without
    }
    if "chain_id" in values:
        values["chain"] = Chain.objects.get(pk=values.pop("chain_id"))
    return values


@router.get("/enterprises", response=Listed[EnterpriseOut])
def list_enterprises(request: HttpRequest, paging: Query[Wanted], closed: bool = False) -> Any:
    """The enterprises that the token may see, by name; those closed too if asked."""
    rows = changed_since(Enterprise.objects.select_related("unit"), paging.changed_since)
    rows = rows if closed else rows.filter(unit__closed_on=None)
    found = searched_enterprises(rows, paging.q) if paging.q else rows
    return listed(found, paging, "unit__sort_key")


@router.get("/enterprises/{pk}", response=EnterpriseOut)
def get_enterprise(request: HttpRequest, pk: int) -> Any:
    return Enterprise.objects.select_related("unit").get(pk=pk)


@router.post("/enterprises", response={201: EnterpriseOut})
def add_enterprise(request: HttpRequest, data: EnterpriseNew) -> Any:
    """Adds an enterprise to a district."""
    made = api.add_enterprise(
        actor=actor_of(request),
        parent=Unit.objects.get(pk=data.district_id),
        **given(data, "district_id"),
    )
    return created(request, made, f"/enterprises/{made.pk}")


@router.patch("/enterprises/{pk}", response=EnterpriseOut)
def change_enterprise(request: HttpRequest, pk: int, data: EnterpriseChange) -> Any:
    """Changes what is given."""
    row = Enterprise.objects.get(pk=pk)
    said = given(data) | {"version": version_of(request, data.version)}
    return api.change_enterprise(actor=actor_of(request), enterprise=row, **said)


# --- party organisations ----------------------------------------------------------------------


class BranchOut(Schema):
    id: int = Field(alias="branch_id")
    unit_id: int = Field(alias="branch.unit_id")
    name: str = Field(alias="branch.unit.name")
    parent_id: int | None = Field(alias="branch.unit.parent_id")
    type: BranchType
    since: dt.date


class RemarkOut(Schema):
    rule: str
    verdict: str
    sentence: str
    citation: str
    certainty: str


class BranchNew(Schema):
    parent_id: int = Id
    name: Line = Field(max_length=120)
    type: BranchType
    founded_on: dt.date
    superior_id: int | None = OptionalId
    spans: list[int] = Field([], max_length=50, description="ids of enterprises")
    term_started_on: dt.date | None = None


@router.get("/branches", response=Listed[BranchOut])
def list_branches(
    request: HttpRequest, paging: Query[Wanted], type: BranchType | None = None
) -> Any:
    """The party organisations of today."""
    rows = Standing.objects.on(today()).select_related("branch__unit")
    rows = rows.filter(type=type) if type else rows
    rows = rows.filter(called(paging.q, "branch__unit")) if paging.q else rows
    return listed(changed_since(rows, paging.changed_since), paging, "branch__unit__sort_key")


@router.get("/branches/{pk}", response=BranchOut)
def get_branch(request: HttpRequest, pk: int) -> Any:
    return Standing.objects.on(today()).select_related("branch__unit").get(branch=pk)


@router.get("/branches/{pk}/remarks", response=Listed[RemarkOut])
def branch_remarks(request: HttpRequest, pk: int) -> Any:
    """What the rules say of the organisation today, each with its source."""
    remarks = [
        {
            "rule": remark.rule.key,
            "verdict": remark.verdict,
            "sentence": remark.sentence,
            "citation": remark.rule.citation,
            "certainty": remark.rule.certainty,
        }
        for remark in api.assess(Branch.objects.get(pk=pk), today())
    ]
    return listed_whole(remarks)


@router.post("/branches", response={201: BranchOut})
def found_branch(request: HttpRequest, data: BranchNew) -> Any:
    """Founds a party organisation under an enterprise, a district or the zone."""
    branch = api.found_branch(
        actor=actor_of(request),
        parent=Unit.objects.get(pk=data.parent_id),
        superior=Branch.objects.get(pk=data.superior_id) if data.superior_id else None,
        spans=[Enterprise.objects.get(pk=pk) for pk in data.spans],
        **data.dict(include={"name", "type", "founded_on", "term_started_on"}),
    )
    made = Standing.objects.known().select_related("branch__unit").get(branch=branch)
    return created(request, made, f"/branches/{branch.pk}")


# --- people -----------------------------------------------------------------------------------


class MembershipOut(Schema):
    id: int
    person_id: int
    branch_id: int
    stage: Stage
    since: dt.date
    until: dt.date | None


class PostOut(Schema):
    id: int
    person_id: int
    unit_id: int
    kind: PostKind
    title: str
    since: dt.date
    until: dt.date | None


class PersonOut(Schema):
    id: int
    unit_id: int
    name: str
    sex: str
    born_on: dt.date | None
    education: str
    identity_masked: str
    phone_masked: str
    version: int


class PersonFull(PersonOut):
    memberships: list[MembershipOut] = Field(alias="known_memberships")
    posts: list[PostOut] = Field(alias="known_posts")


class PersonFacts(Schema):
    name: Line | None = Field(None, max_length=60)
    sex: str | None = None
    born_on: dt.date | None = None
    education: str | None = None
    identity: str | None = Field(None, max_length=30)
    phone: str | None = Field(None, max_length=30)


class PeopleFilter(Wanted):
    unit: int | None = OptionalId


class PersonNew(PersonFacts):
    unit_id: int = Id
    name: Line = Field(max_length=60)


class PersonChange(PersonFacts):
    unit_id: int | None = OptionalId
    version: int | None = None


class MembershipNew(Schema):
    branch_id: int = Id
    stage: Stage
    since: dt.date


class PostNew(Schema):
    unit_id: int = Id
    kind: PostKind
    since: dt.date
    until: dt.date | None = None
    title: str = Field("", max_length=60)


class Day(Schema):
    on: dt.date


class Move(Day):
    branch_id: int = Id


def person_of(request: HttpRequest, pk: int) -> Person:
    person = Person.objects.select_related("unit").get(pk=pk)
    actor_of(request).require("people.view", person.unit.path)
    return person


@router.get("/people", response=Listed[PersonOut])
def list_people(request: HttpRequest, wanted: Query[PeopleFilter]) -> Any:
    """The people that the token may see, by the pinyin of their names; of one unit if asked."""
    actor_of(request).require("people.view")
    rows = changed_since(Person.objects.filter(erased_at=None), wanted.changed_since)
    rows = rows.filter(unit=wanted.unit) if wanted.unit else rows
    return listed(searched_people(rows, wanted.q) if wanted.q else rows, wanted, "sort_key")


@router.get("/people/{pk}", response=PersonFull)
def get_person(request: HttpRequest, pk: int) -> Any:
    """A person with all memberships and posts, the past ones too."""
    actor_of(request).require("people.view")
    ties = Membership.objects.known().order_by("valid")
    posts = Post.objects.known().order_by("valid")
    rows = Person.objects.prefetch_related(Prefetch("memberships", ties, "known_memberships"))
    rows = rows.prefetch_related(Prefetch("posts", posts, "known_posts"))
    return rows.get(pk=person_of(request, pk).pk)


@router.post("/people", response={201: PersonOut})
def add_person(request: HttpRequest, data: PersonNew) -> Any:
    unit = Unit.objects.get(pk=data.unit_id)
    made = api.add_person(actor=actor_of(request), unit=unit, **given(data, "unit_id"))
    return created(request, made, f"/people/{made.pk}")


@router.patch("/people/{pk}", response=PersonOut)
def change_person(request: HttpRequest, pk: int, data: PersonChange) -> Any:
    """Changes what is given; an empty `identity` or `phone` removes it."""
    unit = Unit.objects.get(pk=data.unit_id) if data.unit_id else None
    return api.change_person(
        actor=actor_of(request),
        person=person_of(request, pk),
        unit=unit,
        **given(data, "unit_id") | {"version": version_of(request, data.version)},
    )


@router.post("/people/{pk}/memberships", response={201: MembershipOut})
def start_membership(request: HttpRequest, pk: int, data: MembershipNew) -> Any:
    made = api.start_membership(
        actor=actor_of(request),
        person=person_of(request, pk),
        branch=Branch.objects.get(pk=data.branch_id),
        stage=data.stage,
        since=data.since,
    )
    return created(request, made, f"/people/{pk}")


@router.post("/memberships/{pk}/advance", response=MembershipOut)
def advance_membership(request: HttpRequest, pk: int, data: Day) -> Any:
    """To the next stage."""
    row = Membership.objects.known().get(pk=pk)
    return api.advance_membership(actor=actor_of(request), membership=row, on=data.on)


@router.post("/memberships/{pk}/transfer", response=MembershipOut)
def transfer(request: HttpRequest, pk: int, data: Move) -> Any:
    """To another party organisation."""
    return api.transfer(
        actor=actor_of(request),
        membership=Membership.objects.known().get(pk=pk),
        branch=Branch.objects.get(pk=data.branch_id),
        on=data.on,
    )


@router.post("/memberships/{pk}/end", response=MembershipOut)
def end_membership(request: HttpRequest, pk: int, data: Day) -> Any:
    row = Membership.objects.known().get(pk=pk)
    return api.end_membership(actor=actor_of(request), membership=row, on=data.on)


@router.post("/people/{pk}/posts", response={201: PostOut})
def appoint(request: HttpRequest, pk: int, data: PostNew) -> Any:
    made = api.appoint(
        actor=actor_of(request),
        person=person_of(request, pk),
        unit=Unit.objects.get(pk=data.unit_id),
        **data.dict(exclude={"unit_id"}),
    )
    return created(request, made, f"/people/{pk}")


@router.post("/posts/{pk}/end", response=PostOut)
def end_post(request: HttpRequest, pk: int, data: Day) -> Any:
    row = Post.objects.known().get(pk=pk)
    return api.end_post(actor=actor_of(request), post=row, on=data.on)
