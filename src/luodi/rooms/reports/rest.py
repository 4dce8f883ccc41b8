"""Reports over REST: the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.http import FileResponse, HttpRequest
from ninja import Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from luodi.ground.scope.api import Unit, actor_of
from luodi.lib.wire import Day, Id, Line
from luodi.rooms.reports import api
from luodi.rooms.reports.anonymous import verify_upload
from luodi.rooms.reports.exports.article import Choice
from luodi.rooms.reports.language import Problem
from luodi.rooms.reports.models import Act, Report
from luodi.rooms.reports.verbs.templates import Pattern
from luodi.shell.rest import Listed, Paging, created, listed, listed_whole

router = Router(tags=["reports"])
Body = Annotated[str, StringConstraints(max_length=100_000, pattern=r"^[^\x00]*$")]
Version = Annotated[int | None, Field(ge=1, le=2**31 - 1, description="the version that was read")]


class ReportOut(Schema):
    id: int
    unit_id: int
    template: str
    title: str
    since: dt.date
    until: dt.date
    state: str
    version: int
    drafted_at: dt.datetime
    published_at: dt.datetime | None
    key_id: str
    trouble: str


class ReportNew(Schema):
    template: Line = Field(description="the key of a template")
    unit_id: Id
    since: Day
    until: Day


class Head(Schema):
    """What stands around the text of an official document; what is left out stays."""

    issuer: Line | None = None
    number: Line | None = None
    addressee: Line | None = None
    signer: Line | None = None
    signed_on: Line | None = None


class ReportWords(Schema):
    title: Line
    head: Head = Head()
    text: Body
    version: Version = None


class Reason(Schema):
    reason: Line


class StepIn(Schema):
    """What is done with a draft (submit, approve, return, note), and what is said of it."""

    act: Act
    comment: Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")] = ""


class StepOut(Schema):
    act: str
    comment: str
    by_id: int | None
    at: dt.datetime


class TemplateNew(Schema):
    unit_id: Id
    title: Line
    text: Body
    key: str = Field("", max_length=40, pattern=r"^[-\w]*$", description="of an own template")
    number: Version = None


class DocumentOut(Schema):
    """`parts`: kind, level, label, runs ([text, place of its reading or null]), rows."""

    title: str
    parts: list[dict[str, Any]]
    problems: list[Problem]


class MovedOut(Schema):
    key: str
    name: str
    old: str | bool | None
    new: str | bool | None
    added: list[str]
    removed: list[str]
    changed: list[str]


class ComparisonOut(Schema):
    """Of `count` readings, those that moved; rows by their keys."""

    count: int
    moved: list[MovedOut]


class PicturesOut(Schema):
    """`place` is what one chooses a picture by; `size` in bytes, of evidence."""

    charts: list[Choice]
    evidence: list[Choice]


class Chosen(Schema):
    """The places of the chosen pictures."""

    charts: list[int] = Field([], max_length=20)
    evidence: list[int] = Field([], max_length=20)


class KeyOut(Schema):
    algorithm: str = "Ed25519"
    key_id: str
    public_key: str


class VerdictOut(Schema):
    good: bool
    kind: str
    title: str
    key_id: str
    findings: list[str]


def seen(request: HttpRequest, pk: int) -> Report:
    report = api.report_of(pk)
    actor_of(request).require("reports.view", report.unit.path)
    return report


def on(request: HttpRequest, pk: int) -> dict[str, Any]:
    """Who asks, and about which report: what every verb takes."""
    return {"actor": actor_of(request), "report": seen(request, pk)}


@router.get("/reports", response=Listed[ReportOut])
def list_reports(request: HttpRequest, wanted: Query[Paging]) -> Any:
    """The reports that the token may see, the latest first."""
    actor_of(request).require("reports.view")
    return listed(Report.objects.defer("packed", "text"), wanted, "-drafted_at", "-pk")


@router.get("/reports/templates", response=Listed[Pattern])
def list_templates(request: HttpRequest) -> Any:
    """The templates that one may draw up a report from, the shipped ones first."""
    actor_of(request).require("reports.view")
    return listed_whole(api.patterns())


@router.post("/reports/templates", response={201: Pattern})
def write_template(request: HttpRequest, data: TemplateNew) -> Any:
    """Writes a template of a unit's own, or its next version."""
    unit = Unit.objects.get(pk=data.unit_id)
    made = api.write_template(actor=actor_of(request), unit=unit, **data.dict(exclude={"unit_id"}))
    return created(request, api.pattern(made.key), "/reports/templates")


@router.get("/reports/key", response=KeyOut, auth=None)
def public_key(request: HttpRequest) -> Any:
    """The site's public key."""
    public = api.public_of(api.signing_key())
    return {"public_key": public, "key_id": api.key_id(public)}


@router.post("/reports/verify", response=VerdictOut, auth=None)
def verify(request: HttpRequest, file: UploadedFile) -> Any:
    """Whether a file is as the site signed it, and if not, what was changed.

    Like the public key, for everybody; without a token smaller files, and fewer (429).
    """
    verdict = verify_upload(request, file, api.public_of(api.signing_key()))
    return {
        "good": verdict.good,
        "kind": verdict.kind,
        "title": verdict.title,
        "key_id": verdict.key_id,
        "findings": [api.finding_text(one) for one in verdict.findings],
    }


@router.post("/reports", response={201: ReportOut})
def draft_report(request: HttpRequest, data: ReportNew) -> Any:
    """Begins a report of a unit for a period from a template."""
    unit = Unit.objects.get(pk=data.unit_id)
    given = data.dict(exclude={"unit_id"})
    made = api.draft_report(actor=actor_of(request), unit=unit, **given)
    return created(request, made, f"/reports/{made.pk}")


@router.get("/reports/{pk}", response=ReportOut)
def get_report(request: HttpRequest, pk: Path[Id]) -> Any:
    return seen(request, pk)


@router.patch("/reports/{pk}", response=ReportOut)
def write_report(request: HttpRequest, pk: Path[Id], data: ReportWords) -> Any:
    """Changes a draft's words."""
    values = data.dict() | {"head": data.head.dict(exclude_none=True)}
    return api.write_report(**on(request, pk), **values)


@router.delete("/reports/{pk}", response={204: None})
def drop_draft(request: HttpRequest, pk: Path[Id]) -> Any:
    """Throws a draft away."""
    api.drop_draft(**on(request, pk))
    return Status(204, None)


@router.get("/reports/{pk}/document", response=DocumentOut)
def document(request: HttpRequest, pk: Path[Id]) -> Any:
    """What the report says: a draft as it reads now, with what stands in its margin."""
    report, actor = seen(request, pk), actor_of(request)
    if report.is_draft:
        made = api.draft_of(actor, report)
        parts = [one.as_json() for one in made.parts]
        return {"title": made.title, "parts": parts, "problems": made.problems}
    signed = report.sealed["document"]
    return {"title": signed["title"], "parts": signed["parts"], "problems": []}


@router.get("/reports/{pk}/steps", response=list[StepOut])
def list_steps(request: HttpRequest, pk: Path[Id]) -> Any:
    """What was done with the draft on its way to be signed, and what was said of it."""
    return seen(request, pk).steps.all()


@router.post("/reports/{pk}/steps", response=ReportOut)
def take_step(request: HttpRequest, pk: Path[Id], data: StepIn) -> Any:
    """Submits, approves or returns a draft, or says something of it."""
    verb = api.STEPS[data.act]
    return verb(**on(request, pk), comment=data.comment)


@router.post("/reports/{pk}/publish", response=ReportOut)
def publish_report(request: HttpRequest, pk: Path[Id]) -> Any:
    """Freezes and signs the draft: at once, or, where its rows are many, soon (state publishing).

    Where that is refused later the state is draft again, and `trouble` says why.
    """
    return api.ask_to_publish(**on(request, pk))


@router.post("/reports/{pk}/call-off", response=ReportOut)
def call_off(request: HttpRequest, pk: Path[Id]) -> Any:
    """Makes a report that waits to be published a draft again."""
    return api.call_off(**on(request, pk))


@router.post("/reports/{pk}/withdraw", response=ReportOut)
def withdraw_report(request: HttpRequest, pk: Path[Id], data: Reason) -> Any:
    """Takes a published report back, saying why."""
    return api.withdraw_report(**on(request, pk), reason=data.reason)


@router.get("/reports/{pk}/comparison", response=ComparisonOut)
def comparison(request: HttpRequest, pk: Path[Id]) -> Any:
    """What moved since the report was published, and because of which rows."""
    movements = api.compare_report(**on(request, pk))
    return {
        "count": len(movements),
        "moved": [
            {
                "key": one.frozen["key"],
                "name": one.frozen["names"]["zh-hans"],
                "old": one.old,
                "new": one.new,
                "added": [row.key for row in one.added],
                "removed": [row.key for row in one.removed],
                "changed": [row.key for row, _now in one.changed],
            }
            for one in movements
            if one.moved
        ],
    }


def _file(request: HttpRequest, pk: int, form: str) -> FileResponse:
    stream = api.file_of(**on(request, pk), form=form)
    name = f"report-{pk}.{api.FORMS[form]}"
    return FileResponse(stream, as_attachment=True, filename=name)


@router.get("/reports/{pk}/sealed", response={200: bytes})
def sealed(request: HttpRequest, pk: Path[Id]) -> FileResponse:
    """The sealed report: document, readings with all rows, manifest, signature (JSON)."""
    return _file(request, pk, "sealed")


@router.post("/reports/{pk}/pack", response={200: bytes})
def pack(request: HttpRequest, pk: Path[Id]) -> FileResponse:
    """The evidence pack (zip); a POST, as the trail tells that it left."""
    return _file(request, pk, "pack")


@router.get("/reports/{pk}/docx", response={200: bytes})
def docx(request: HttpRequest, pk: Path[Id]) -> FileResponse:
    """The official document as a Word file."""
    return _file(request, pk, "docx")


@router.get("/reports/{pk}/pdf", response={200: bytes})
def pdf(request: HttpRequest, pk: Path[Id]) -> FileResponse:
    """The official document as a PDF."""
    return _file(request, pk, "pdf")


@router.get("/reports/{pk}/article", response=PicturesOut)
def article_pictures(request: HttpRequest, pk: Path[Id]) -> Any:
    """The pictures that a published report's article may have."""
    report = seen(request, pk)
    may = actor_of(request).may("reports.publish", report.unit.path)
    return {"charts": api.charts_of(report), "evidence": api.evidence_of(report) if may else []}


@router.post("/reports/{pk}/article", response={200: bytes})
def article(request: HttpRequest, pk: Path[Id], data: Chosen) -> FileResponse:
    """The article for a public account with the chosen pictures (zip)."""
    stream = api.article_zip(**on(request, pk), **data.dict())
    return FileResponse(stream, as_attachment=True, filename=f"article-{pk}.zip")
