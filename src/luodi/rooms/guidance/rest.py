"""Guides over REST: what the public may read is open to everybody, answers are kept nowhere."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Path, Router, Schema
from pydantic import StringConstraints

from luodi.ground.records.api import operation_of
from luodi.ground.scope.api import actor_of, today
from luodi.lib.wire import Day, Id
from luodi.rooms.guidance import answering, published, telling, verbs
from luodi.rooms.guidance.checking import faults_of
from luodi.rooms.guidance.document import Document, as_json
from luodi.rooms.guidance.evaluating import answers_of, evaluate
from luodi.rooms.guidance.models import Edition, Guide
from luodi.rooms.guidance.published import Published, document_in

router = Router(tags=["guidance"])
Short = Annotated[str, StringConstraints(max_length=100)]


class OfferedOut(Schema):
    id: int
    key: str
    title: str
    summary: str
    standing: str
    since: dt.date | None
    until: dt.date | None
    edition: int
    published_at: dt.datetime
    reviewed_on: dt.date | None


class GuideOut(OfferedOut):
    """`document`: texts, numbers with their days and sources, questions, rules, cases."""

    document: dict[str, Any]


class Answers(Schema):
    """`answers`: by question; "?" for "I don't know". `edition`: with which one began."""

    answers: dict[Short, bool | Short | list[Short]] = {}
    edition: Id | None = None
    on: Day | None = None


class CitedOut(Schema):
    title: str
    clause: str
    issued_on: dt.date | None
    url: str
    doubt: str


class NextOut(Schema):
    key: str
    kind: str
    text: str
    options: list[tuple[str, str]]


class EvaluationOut(Schema):
    """`asking` is the next question; without one, `outcome` is what came out."""

    edition: int
    standing: str
    read_on: dt.date
    asking: NextOut | None
    remaining: int
    possible: list[str]
    outcome: str | None
    title: str
    steps: list[str]
    why: str
    source: CitedOut | None
    since: dt.date | None
    depends: list[str]
    lapsed: list[str]
    worse: str
    emergency: str


def offered_out(one: Published) -> dict[str, Any]:
    return {
        "id": one.pk,
        "key": one.key,
        "title": one.document.said("title"),
        "summary": one.document.said("summary"),
        "standing": one.standing,
        "since": one.document.since,
        "until": one.document.until,
        "edition": one.edition,
        "published_at": one.published_at,
        "reviewed_on": one.reviewed_on,
    }


@router.get("/guidance", response=list[OfferedOut], auth=None)
def list_offered(request: HttpRequest) -> Any:
    """The guides that are offered to the public."""
    return [offered_out(one) for one in published.current()]


@router.get("/guidance/{pk}", response=GuideOut, auth=None)
def get_offered(request: HttpRequest, pk: Path[Id]) -> Any:
    """A guide as it was published last, whole."""
    found = published.of_pk(pk)
    return offered_out(found) | {"document": as_json(found.document)}


@router.post("/guidance/{pk}/evaluation", response=EvaluationOut, auth=None)
def evaluate_guide(request: HttpRequest, pk: Path[Id], data: Answers) -> Any:
    """What follows from answers. Nothing of them is stored or logged."""
    answering.admit(request)
    found = published.of_pk(pk)
    if data.edition is not None:
        found = published.of_edition(found.key, data.edition) or found
    document = found.document
    done = evaluate(document, answers_of(document, data.answers), data.on or today())
    return evaluation_out(found, document, done)


def evaluation_out(found: Published, document: Document, done: Any) -> dict[str, Any]:
    asking, end = done.asking, done.outcome
    told = telling.outcome(document, done) if end else {}
    return {
        "edition": found.edition,
        "standing": found.standing,
        "read_on": done.day,
        "asking": {
            "key": asking.key,
            "kind": asking.kind,
            "text": asking.said("text"),
            "options": telling.options(asking),
        }
        if asking
        else None,
        "remaining": done.remaining,
        "possible": list(done.possible),
        "outcome": end.key if end else None,
        "title": told.get("headline", ""),
        "steps": told.get("steps", []),
        "why": told.get("why", ""),
        "source": told.get("source"),
        "since": told.get("since"),
        "depends": [one.key for one in done.depends],
        "lapsed": telling.lapsed(document, done),
        "worse": document.said("worse"),
        "emergency": document.emergency_number(done.day),
    }


# --- who keeps guides ---------------------------------------------------------------------------


class EditionOut(Schema):
    id: int
    number: int
    version: int
    note: str
    published_at: dt.datetime | None
    withdrawn_at: dt.datetime | None


class DraftOut(EditionOut):
    document: dict[str, Any]
    faults: list[str] = []


class ReviewedOut(Schema):
    id: int
    reviewed_on: dt.date | None
    review_on: dt.date | None
    version: int


class DocumentIn(Schema):
    document: dict[str, Any]
    version: Id | None = None


def find(request: HttpRequest, pk: int) -> dict[str, Any]:
    return {"guide": Guide.objects.select_related("unit").get(pk=pk)}


def draft_out(edition: Edition) -> dict[str, Any]:
    told = EditionOut.from_orm(edition).dict()
    faults = faults_of(document_in(edition), today())
    return told | {"document": edition.document, "faults": faults}


@router.get("/guides/{pk}/document", response=DraftOut)
def get_document(request: HttpRequest, pk: Path[Id]) -> Any:
    """The draft of a guide, or what is read now; with what stands in the way of publishing it."""
    row = find(request, pk)["guide"]
    actor_of(request).require("guidance.view", row.path)
    edition = verbs.draft_of(row) or verbs.newest(row)
    if edition is None:
        raise Edition.DoesNotExist
    return draft_out(edition)


@router.put("/guides/{pk}/document", response=DraftOut)
def put_document(request: HttpRequest, pk: Path[Id], data: DocumentIn) -> Any:
    """Keeps a whole document as the guide's draft; 409 if the draft has changed since `version`."""
    row = find(request, pk)["guide"]
    actor = actor_of(request)
    made = verbs.save_document(actor=actor, guide=row, document=data.document, version=data.version)
    return draft_out(made)


operation_of(
    router, "POST", "/guides/{pk}/publish", verbs.publish_draft, response=EditionOut, find=find
)
operation_of(
    router, "POST", "/guides/{pk}/review", verbs.review_guide, response=ReviewedOut, find=find
)
operation_of(
    router,
    "POST",
    "/guides/editions/{pk}/withdraw",
    verbs.withdraw_edition,
    response=EditionOut,
    find=lambda request, pk: {"edition": Edition.objects.select_related("guide__unit").get(pk=pk)},
)
