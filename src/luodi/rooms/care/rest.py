"""The home over REST: the same verbs as the pages, for a phone's or a device's program."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Path, Query, Router, Schema

from luodi.ground.audit.api import changed_since
from luodi.ground.records.api import Files, operation_of
from luodi.ground.scope.api import Unit, actor_of
from luodi.lib.wire import Id
from luodi.rooms.care import api
from luodi.rooms.care.models import Resident
from luodi.rooms.care.reading import home_for, round_of
from luodi.rooms.care.verbs.file import opened
from luodi.rooms.care.verbs.phones import Sent, receive
from luodi.rooms.care.views.finding import ABOUT, find
from luodi.rooms.care.views.forms import VERBS
from luodi.shell.rest import Following, Listed, listed

router = Router(tags=["care"])


class Made(Schema):
    """What a verb wrote: its id."""

    id: int


class ResidentOut(Schema):
    id: int
    unit_id: int
    name: str
    sex: str
    born_on: dt.date
    state: str
    admitted_on: dt.date | None
    ended_on: dt.date | None
    assess_by: dt.date | None
    version: int


class ActOut(Schema):
    """Something that is due: an act, or a dose."""

    id: int
    kind: str
    text: str
    due_at: dt.datetime
    routine: bool


class RoundOut(Schema):
    """One resident of a round, with why to look at them first and what is open."""

    resident: int
    name: str
    born: int
    bed: str
    same_name: bool
    first: list[str]
    alerts: list[str]
    open: list[ActOut]


@router.get("/care/residents", response=Listed[ResidentOut])
def list_residents(request: HttpRequest, wanted: Query[Following]) -> Any:
    """Those whom a home knows, as the database shows them."""
    actor_of(request).require("care.view")
    rows = changed_since(Resident.objects.defer("picture"), wanted.changed_since)
    return listed(rows, wanted)


@router.get("/care/residents/{pk}", response=ResidentOut)
def get_resident(request: HttpRequest, pk: Path[Id]) -> Any:
    """One resident; that the file was opened is noted."""
    row = Resident.objects.defer("picture").get(pk=pk)
    actor_of(request).require("care.view", row.path)
    opened(actor_of(request), row, "rest", timezone.now())
    return row


@router.get("/care/round", response=list[RoundOut])
def get_round(request: HttpRequest, home: Id | None = None) -> Any:
    """What is open now, room by room."""
    unit: Unit = home_for(actor_of(request), "care.round", str(home or ""))
    found = round_of(unit, timezone.now())
    return [
        {
            "resident": one.resident.pk,
            "name": one.resident.name,
            "born": one.resident.born_on.year,
            "bed": one.bed.name if one.bed else "",
            "same_name": one.twin,
            "first": one.first,
            "alerts": one.alert_words,
            "open": [
                *(
                    {
                        "id": d.pk,
                        "kind": "dose",
                        "text": d.prescription.medicine,
                        "due_at": d.due_at,
                        "routine": False,
                    }
                    for d in one.doses
                ),
                *(
                    {
                        "id": d.pk,
                        "kind": "act",
                        "text": d.act.text,
                        "due_at": d.due_at,
                        "routine": d.act.routine,
                    }
                    for d in (*one.acts, *one.routine)
                ),
            ],
        }
        for room in found.rooms
        for one in room.people
    ]


class Told(Schema):
    """What came of an item that a phone had kept; without `error` it is written."""

    id: str
    error: str = ""
    text: str = ""


@router.post("/care/round/send", response=list[Told])
def send_kept(request: HttpRequest, sent: Sent) -> Any:
    """Takes in what a phone kept without network: acts, observations, notes; each arrives once."""
    actor_of(request).require("care.round")
    return receive(actor_of(request), sent)


def _finder(on: str) -> Any:
    return lambda request, pk: {on: find(ABOUT[on], pk)}


SENT = [
    (f"/care/{at.replace('<int:pk>', '{pk}').rstrip('/')}", verb)
    for at, verb, _words, _part in VERBS
    if not any(isinstance(one, Files) for one in verb.fields)
] + [
    ("/care/dues/{pk}/confirm", api.confirm),
    ("/care/doses/{pk}/give", api.give),
    ("/care/assessments/{pk}/countersign", api.countersign),
    ("/care/handovers/{pk}/read", api.take_handover),
]
MANY = {"receive_payment", "settle_departure"}

operation_of(router, "POST", "/care/residents", api.enquire, response=Made, status=201)
for _path, _verb in SENT:
    operation_of(
        router,
        "POST",
        _path,
        _verb,
        response=list[Made] if _verb.name in MANY else Made,
        find=_finder(_verb.on),
        given=(_verb.on,),
    )
