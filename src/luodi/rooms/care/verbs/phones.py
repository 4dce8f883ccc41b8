"""What a phone kept without network arrives here: acts, observations, notes; nothing else may queue.

The phone's clock may be wrong by a day: it says what it thinks it is now, and each time is put right by
the difference; what it said stays beside it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from pydantic import AwareDatetime, BaseModel, Field

from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.lib.wire import Id
from luodi.rooms.care.models import Due, Note, Observation, Outcome, Resident
from luodi.rooms.care.verbs.common import own
from luodi.rooms.care.verbs.rounds import confirm, observe, write_note

SLACK = dt.timedelta(minutes=2)  # of a phone's clock that is taken to be right
OLDEST = dt.timedelta(days=3)
Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]


class Kept(BaseModel):
    """One item: `id` was made on the phone, `at` is the phone's time."""

    id: uuid.UUID
    kind: Literal["act", "note", "observation"]
    at: AwareDatetime
    due: Id | None = None
    routine: bool = False
    resident: Id | None = None
    text: Text = ""
    measure: Annotated[str, Field(max_length=12)] = ""
    one: Decimal | None = None
    two: Decimal | None = None
    three: Decimal | None = None


class Sent(BaseModel):
    """What a phone sends: its present time, and what it kept."""

    now: AwareDatetime
    items: Annotated[list[Kept], Field(max_length=500)]


def receive(actor: Actor, sent: Sent) -> list[dict[str, Any]]:
    """Writes each item in a transaction of its own; tells of each its id, and the sentence where it
    was refused."""
    now = timezone.now()
    drift = now - sent.now
    if abs(drift) <= SLACK:
        drift = dt.timedelta(0)
    told: list[dict[str, Any]] = []
    for one in sent.items:
        said: dict[str, Any] = {"id": str(one.id)}
        try:
            with transaction.atomic():
                _one(actor, one, min(one.at + drift, now), now)
        except UserError as problem:
            said |= {"error": str(problem), "text": one.text}
        told.append(said)
    return told


def _one(actor: Actor, one: Kept, at: dt.datetime, now: dt.datetime) -> None:
    if at < now - OLDEST:
        raise UserError(gettext("这一项太早，请按纸上的记录补登。"))
    if one.kind == "act":
        due = Due.objects.select_related("resident").filter(pk=one.due or 0).first()
        if due is None:
            raise UserError(gettext("没有这条记录，或您无权查看。"))
        mine = due.by_id is not None and due.by_id == own(actor)
        if not (mine and due.outcome == Outcome.DONE):
            confirm(actor=actor, due=due, outcome=Outcome.DONE, at=at)
        return
    # what arrived before is found under its identifier, whoever sends it again
    model: Any = Note if one.kind == "note" else Observation
    if model.objects.filter(client=one.id).exists():
        return
    person = Resident.objects.filter(pk=one.resident or 0).defer("picture").first()
    if person is None:
        raise UserError(gettext("没有这条记录，或您无权查看。"))
    common: dict[str, Any] = {
        "actor": actor,
        "resident": person,
        "at": at,
        "client": one.id,
        "phone_at": one.at,
    }
    if one.kind == "note":
        write_note(text=one.text, **common)
    elif one.one is None:
        raise UserError(gettext("请填写或选择。"))
    else:
        observe(
            kind=one.measure, one=one.one, two=one.two, three=one.three, text=one.text, **common
        )
