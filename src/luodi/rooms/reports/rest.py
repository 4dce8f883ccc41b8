"""Reports over REST: the same verbs as the pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Path, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from luodi.ground.scope.api import Unit, actor_of
from luodi.lib.wire import Day, Id, Line
from luodi.rooms.reports import api
from luodi.rooms.reports.models import Report
from luodi.rooms.reports.strangers import verified
from luodi.shell.rest import Listed, Paging, created, listed, listed_whole

router = Router(tags=["reports"])


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
    text: str = Field(max_length=100_000, pattern=r"^[^\x00]*$")
    version: int | None = Field(None, ge=1, le=2**31 - 1, description="the version that was read")


class Reason(Schema):
    reason: Line


class PatternOut(Schema):
    """A template; `number` is 0 for a shipped one."""

    key: str
    number: int
    name: str
    title: str
    text: str


class TemplateNew(Schema):
    unit_id: Id
    title: Line
    text: str = Field(max_length=100_000, pattern=r"^[^\x00]*$")
    key: str = Field("", max_length=40, pattern=r"^[-\w]*$", description="of an own template")
    number: int | None = Field(None, ge=1, le=2**31 - 1, description="the version that was read")


class ProblemOut(Schema):
    line: int
    message: str
    warning: bool


class DocumentOut(Schema):
    """`parts`: kind, level, label, runs ([text, place of its reading or null]), rows."""

    title: str
    parts: list[dict[str, Any]]
    problems: list[ProblemOut]


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


class PictureOut(Schema):
    """`place` is what one chooses it by; `size` in bytes, of evidence."""

    place: int
    label: str
    size: int


class PicturesOut(Schema):
    charts: list[PictureOut]
    evidence: list[PictureOut]


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
    report = Report.objects.select_related("unit").get(pk=pk)
    actor_of(request).require("reports.view", report.unit.path)
    return report


@router.get("/reports", response=Listed[ReportOut])
def list_reports(request: HttpRequest, wanted: Query[Paging]) -> Any:
    """The reports that the token may see, the latest first."""
    actor_of(request).require("reports.view")
    return listed(Report.objects.defer("packed", "text"), wanted, "-drafted_at", "-pk")


@router.get("/reports/templates", response=Listed[PatternOut])
def list_templates(request: HttpRequest) -> Any:
    """The templates that one may draw up a report from, the shipped ones first."""
    actor_of(request).require("reports.view")
    return listed_whole(api.patterns())


@router.post("/reports/templates", response={201: PatternOut})
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
    verdict = verified(request, file, api.public_of(api.signing_key()))
    return {
        "good": verdict.good,
        "kind": verdict.kind,
        "title": verdict.title,
        "key_id": verdict.key_id,
        "findings": [api.sentence(one) for one in verdict.findings],
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
    return api.write_report(actor=actor_of(request), report=seen(request, pk), **values)


@router.delete("/reports/{pk}", response={204: None})
def drop_draft(request: HttpRequest, pk: Path[Id]) -> Any:
    """Throws a draft away."""
    api.drop_draft(actor=actor_of(request), report=seen(request, pk))
    return Status(204, None)


@router.get("/reports/{pk}/document", response=DocumentOut)
def document(request: HttpRequest, pk: Path[Id]) -> Any:
    """What the report says: a draft as it reads now, with what stands in its margin."""
    report, actor = seen(request, pk), actor_of(request)
    if report.is_draft:
        made = api.draft_of(actor, report).document
        parts = [one.as_json() for one in made.parts]
        return {"title": made.title, "parts": parts, "problems": made.problems}
    signed = report.sealed["document"]
    return {"title": signed["title"], "parts": signed["parts"], "problems": []}


@router.post("/reports/{pk}/publish", response=ReportOut)
def publish_report(request: HttpRequest, pk: Path[Id]) -> Any:
    """Freezes and signs the draft: at once, or, where its rows are many, soon (state publishing).

    Where that is refused later the state is draft again, and `trouble` says why.
    """
    return api.ask_to_publish(actor=actor_of(request), report=seen(request, pk))


@router.post("/reports/{pk}/call-off", response=ReportOut)
def call_off(request: HttpRequest, pk: Path[Id]) -> Any:
    """Makes a report that waits to be published a draft again."""
    return api.call_off(actor=actor_of(request), report=seen(request, pk))


@router.post("/reports/{pk}/withdraw", response=ReportOut)
def withdraw_report(request: HttpRequest, pk: Path[Id], data: Reason) -> Any:
    """Takes a published report back, saying why."""
    return api.withdraw_report(
        actor=actor_of(request), report=seen(request, pk), reason=data.reason
    )


@router.get("/reports/{pk}/comparison", response=ComparisonOut)
def comparison(request: HttpRequest, pk: Path[Id]) -> Any:
    """What moved since the report was published, and because of which rows."""
    movements = api.compare_report(actor=actor_of(request), report=seen(request, pk))
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


@router.get("/reports/{pk}/sealed", response={200: bytes})
def sealed(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """The sealed report: document, readings with all rows, manifest, signature (JSON)."""
    report = seen(request, pk)
    actor_of(request).require("reports.publish", report.unit.path)
    return HttpResponse(api.sealed_bytes(report), content_type="application/json")


@router.post("/reports/{pk}/pack", response={200: bytes})
def pack(request: HttpRequest, pk: Path[Id]) -> HttpResponseBase:
    """The evidence pack (zip); a POST, as the trail tells that it left."""
    stream = api.pack(actor=actor_of(request), report=seen(request, pk))
    return FileResponse(stream, as_attachment=True, filename=f"report-{pk}.zip")


@router.get("/reports/{pk}/article", response=PicturesOut)
def article_pictures(request: HttpRequest, pk: Path[Id]) -> Any:
    """The pictures that a published report's article may have."""
    report = seen(request, pk)
    may = actor_of(request).may("reports.publish", report.unit.path)
    return {"charts": api.charts_of(report), "evidence": api.evidence_of(report) if may else []}


@router.post("/reports/{pk}/article", response={200: bytes})
def article(request: HttpRequest, pk: Path[Id], data: Chosen) -> HttpResponseBase:
    """The article for a public account with the chosen pictures (zip)."""
    stream = api.article_zip(actor=actor_of(request), report=seen(request, pk), **data.dict())
    return FileResponse(stream, as_attachment=True, filename=f"article-{pk}.zip")


@router.get("/reports/{pk}/docx", response={200: bytes})
def docx(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """The official document as a Word file."""
    made = api.output(actor=actor_of(request), report=seen(request, pk)).docx()
    return HttpResponse(made, content_type="application/octet-stream")


@router.get("/reports/{pk}/pdf", response={200: bytes})
def pdf(request: HttpRequest, pk: Path[Id]) -> HttpResponse:
    """The official document as a PDF."""
    made = api.output(actor=actor_of(request), report=seen(request, pk)).pdf()
    return HttpResponse(made, content_type="application/pdf")
