"""Dues, terms and pairs over REST: the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Schema, Status
from pydantic import Field

from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of, today
from luodi.lib.wire import Day, Id
from luodi.rooms.directory.api import Branch, Person
from luodi.rooms.pathways.models import DuesMonth, Pairing, PairingStep
from luodi.rooms.pathways.rules.dues import amount_of
from luodi.rooms.pathways.verbs import dues, pairing, terms
from luodi.shell.rest import Listed, listed_whole

router = Router(tags=["pathways"])
Year = Annotated[int, Field(ge=2000, le=2199)]


class Made(Schema):
    id: int


class MonthOut(Schema):
    id: int
    month: dt.date
    amount: Decimal
    paid_on: dt.date
    waiver: str
    receipt: str


class MemberOut(Schema):
    """A member's year. `monthly`: what is due a month by the base that holds now; null without one."""

    person_id: int
    name: str
    due: list[dt.date]
    paid: list[MonthOut]
    monthly: Decimal | None


class Collected(Schema):
    month: Day
    people: list[Id] = Field(max_length=500)
    on: Day | None = None


class TermOut(Schema):
    """`held_by`: the day before which the election is to be held; `due_on` without what moved it."""

    branch_id: int
    branch: str
    type: str
    started_on: dt.date | None
    due_on: dt.date | None
    held_by: dt.date | None
    reason: str
    remarks: list[str]


def _branch(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"branch": Branch.objects.select_related("unit").get(pk=pk)}


@router.get("/pathways/dues/{pk}/years/{year}", response=Listed[MemberOut])
def list_dues(request: HttpRequest, pk: Path[Id], year: Path[Year]) -> Any:
    """The members of a branch with the months of a year, by name."""
    branch = _branch(request, pk)["branch"]
    actor_of(request).require(dues.KEEP, branch.path)
    return listed_whole([_member(line) for line in dues.lines_of(branch, year)])


def _member(line: dues.Line) -> dict[str, Any]:
    base = line.base
    return {
        "person_id": line.person.pk,
        "name": line.person.name,
        "due": line.due,
        "paid": list(line.paid.values()),
        "monthly": amount_of(base.category, base.base, today()) if base else None,
    }


@router.post("/pathways/dues/{pk}/collect", response={201: list[MonthOut]})
def collect_dues(request: HttpRequest, pk: Path[Id], data: Collected) -> Any:
    """Ticks that members paid for a month; who is ticked already stays as he is."""
    actor, branch = actor_of(request), _branch(request, pk)["branch"]
    actor.require(dues.KEEP, branch.path)
    people = list(Person.objects.filter(pk__in=data.people).order_by("pk"))
    if len(people) != len(set(data.people)):
        raise Person.DoesNotExist
    made = dues.collect(actor=actor, branch=branch, month=data.month, people=people, on=data.on)
    return Status(201, made)


@router.get("/pathways/terms", response=Listed[TermOut])
def list_terms(request: HttpRequest) -> Any:
    """When each organisation's election is due, and what the rules say that it should become."""
    actor_of(request).require("pathways.view")
    return listed_whole(
        [
            {
                "branch_id": one.branch.pk,
                "branch": str(one.branch),
                "type": one.standing.type,
                "started_on": one.branch.term_started_on,
                "due_on": one.due_on,
                "held_by": one.held_by,
                "reason": one.shift.reason if one.shift else "",
                "remarks": [remark.sentence for remark in one.remarks],
            }
            for one in terms.terms_of(today())
        ]
    )


def _row(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"row": DuesMonth.objects.select_related("branch__unit").get(pk=pk)}


def _pairing(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"pairing": Pairing.objects.get(pk=pk)}


def _step(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"step": PairingStep.objects.select_related("pairing").get(pk=pk)}


for _path, _verb, _find in (
    ("/pathways/dues/{pk}/bases", dues.set_base, _branch),
    ("/pathways/dues/{pk}/waivers", dues.waive, _branch),
    ("/pathways/dues/rows/{pk}/take-back", dues.take_back_dues, _row),
    ("/pathways/terms/{pk}/shift", terms.shift_term, _branch),
    ("/pathways/pairings/{pk}/steps", pairing.agree_on_step, _pairing),
    ("/pathways/pairings/{pk}/end", pairing.end_pairing, _pairing),
    ("/pathways/pairings/steps/{pk}/done", pairing.finish_pairing_step, _step),
):
    operation_of(router, "POST", _path, _verb, response=Made, find=_find)
operation_of(router, "POST", "/pathways/pairings", pairing.begin_pairing, response=Made, status=201)
