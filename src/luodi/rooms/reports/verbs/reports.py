"""Reports: drafted, published under the site's signature, withdrawn, compared with today."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from luodi.ground.evidence import api as evidence
from luodi.ground.figures import api as figures
from luodi.ground.figures.api import Frozen, Movement, Reading
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotFound, Stale, UserError
from luodi.lib.periods import in_reason
from luodi.rooms.reports import progress
from luodi.rooms.reports.keys import signing_key
from luodi.rooms.reports.language import Document, Span
from luodi.rooms.reports.models import Report, State
from luodi.rooms.reports.records import Rendered, rendered
from luodi.rooms.reports.sealing import canonical, frozen_of, seal
from luodi.rooms.reports.verbs.templates import pattern, preview

HEAD = ("issuer", "number", "addressee", "signer", "signed_on")


@transaction.atomic
def draft_report(
    *,
    actor: Actor,
    template: str,
    unit: Unit,
    since: dt.date,
    until: dt.date,
    at: dt.datetime | None = None,
) -> Report:
    """Begins a report of the unit for a period from a template; its text is the draft's own."""
    actor.require("reports.write", unit.path)
    for field, day_of in (("since", since), ("until", until)):
        if not in_reason(day_of):
            raise UserError(_("年份不对，请核对日期。"), field)
    if since > until:
        raise UserError(_("开始日期不能晚于结束日期。"), "since")
    source = pattern(template)
    titled = rendered(actor, unit, source.title, "", Span(since, until)).document
    day = f"{until.year}年{until.month}月{until.day}日"
    return Report.objects.create(
        unit=unit,
        template=source.key,
        title=source.title if titled.problems else titled.title,
        text=source.text,
        since=since,
        until=until,
        head=dict.fromkeys(HEAD, "") | {"signer": unit.name, "signed_on": day},
        drafted_by_id=actor.account_id or None,
        drafted_at=at or timezone.now(),
    )


@transaction.atomic
def write_report(
    *,
    actor: Actor,
    report: Report,
    title: str,
    text: str,
    head: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Report:
    """Changes a draft's words; a published report is never changed."""
    report = locked(report)
    actor.require("reports.write", report.unit.path)
    must_be(report, State.DRAFT)
    if version is not None and version != report.version:
        raise Stale(_("别人刚刚改过这份草稿。"), {"version": report.version, "text": report.text})
    if not title.strip():
        raise UserError(_("请填写标题。"), "title")
    report.title, report.text = title.strip(), text
    report.head = report.head | {k: v.strip() for k, v in (head or {}).items() if k in HEAD}
    report.version += 1
    report.save(update_fields=["title", "text", "head", "version"])
    return report


def draft_of(actor: Actor, report: Report) -> Rendered:
    """A draft as it reads now."""
    return preview(
        actor=actor,
        unit=report.unit,
        title=report.title,
        text=report.text,
        since=report.since,
        until=report.until,
    )


@transaction.atomic
def publish_report(*, actor: Actor, report: Report, at: dt.datetime | None = None) -> Report:
    """Freezes and signs a draft: its words, its readings with all rows, its rows' evidence files.

    Raises UserError while a line is in error: no false sentence is signed.
    """
    report, at = locked(report), at or timezone.now()
    actor.require("reports.publish", report.unit.path)
    must_be(report, State.DRAFT, State.PUBLISHING)
    with override("zh-hans"):  # a report is in the language of its template
        document = draft_of(actor, report).document
    require_true(document)
    readings = _frozen(report, document.readings)
    content = {
        "title": document.title,
        "unit": {"id": report.unit.pk, "name": report.unit.name},
        "since": report.since.isoformat(),
        "until": report.until.isoformat(),
        "template": report.template,
        "published_at": at.astimezone(dt.UTC).isoformat(),
        "head": report.head,
        "parts": [part.as_json() for part in document.parts],
    }
    sealed = seal(content, readings, _files(readings), signing_key())
    report.packed = zlib.compress(canonical(sealed), 3)
    report.title, report.state, report.published_at = document.title[:200], State.PUBLISHED, at
    report.published_by_id, report.trouble = actor.account_id or None, ""
    report.key_id = sealed["signature"]["key_id"]
    report.version += 1
    report.save()
    report.__dict__.pop("sealed", None)
    return report


def _frozen(report: Report, readings: Sequence[Reading]) -> list[Frozen]:
    """The readings as they are kept, one after the other: with all their rows."""
    kept = []
    for done, read in enumerate(readings):
        progress.tell(report.pk, done, len(readings))
        frozen = figures.freeze(read)
        if frozen["value"] != _plain(read.value):
            raise UserError(_("记录刚刚又变了，请再看一遍再签发。"))
        kept.append(frozen)
    progress.tell(report.pk, len(readings), len(readings))
    return kept


def require_true(document: Document) -> None:
    """Raises UserError while a line is in error."""
    if document.errors:
        first = document.errors[0]
        raise UserError(
            _("还有%(count)s处错误，不能签发。第%(line)s行：%(message)s")
            % {"count": len(document.errors), "line": first.line, "message": first.message}
        )


def _plain(value: object) -> object:
    match value:
        case None | bool() | str():
            return value
        case dt.date():
            return value.isoformat()
    return format(value, "f")


def _files(readings: list[Frozen]) -> list[dict[str, Any]]:
    """The evidence files of every row, each once: what a pack brings along."""
    ids: dict[str, set[int]] = {}
    for row in (row for one in readings for row in one["rows"]):
        table, _colon, pk = row["key"].partition(":")
        if pk.isdecimal():
            ids.setdefault(table, set()).add(int(pk))
    return [
        {"row": f"{table}:{pk}", "name": file.name, "sha256": file.sha256, "size": file.size}
        for (table, pk), files in sorted(evidence.files_of(ids).items())
        for file in files
    ]


@transaction.atomic
def withdraw_report(*, actor: Actor, report: Report, reason: str) -> Report:
    """Takes a published report back, saying why; it stays readable, marked as withdrawn."""
    report = locked(report)
    actor.require("reports.publish", report.unit.path)
    must_be(report, State.PUBLISHED)
    if not reason.strip():
        raise UserError(_("请写明撤回的原因。"), "reason")
    report.state, report.reason = State.WITHDRAWN, reason.strip()[:200]
    report.version += 1
    report.save(update_fields=["state", "reason", "version"])
    return report


@transaction.atomic
def drop_draft(*, actor: Actor, report: Report) -> None:
    """Throws a draft away."""
    report = locked(report)
    actor.require("reports.write", report.unit.path)
    must_be(report, State.DRAFT)
    report.delete()


def compare_report(*, actor: Actor, report: Report) -> list[Movement]:
    """Each reading of a published report beside the same question today, in the report's order."""
    actor.require("reports.view", report.unit.path)
    if report.is_draft:
        raise UserError(_("草稿还没有签发，没有可比的数字。"))
    return [
        figures.compare(actor=actor, frozen=frozen_of(one)) for one in report.sealed["readings"]
    ]


def locked(report: Report) -> Report:
    # the unit's row is not ours to lock
    rows = Report.objects.select_for_update(of=("self",)).select_related("unit")
    found = rows.filter(pk=report.pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    return found


def must_be(report: Report, *states: State) -> None:
    if report.state not in states:
        raise UserError(
            _("这份报告的状态是“%(state)s”，不能这样做。") % {"state": report.get_state_display()}
        )


def sealed_bytes(report: Report) -> bytes:
    """The sealed report as the file that one keeps: canonical JSON."""
    if report.is_draft:
        raise UserError(_("草稿还没有签名。"))
    return zlib.decompress(bytes(report.packed))
