"""Publishing: a draft is rendered once, its readings frozen with all their rows, and signed.

What takes longer than a page may is asked for, carried out by the worker, or called off. Nothing is
written before all is done, so that a job which is killed and taken up again begins anew; one that
runs twice waits for the other at the report's row, and finds it published.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import zlib
from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from luodi.ground.evidence import api as evidence
from luodi.ground.figures import api as figures
from luodi.ground.figures.api import Frozen, Reading
from luodi.ground.notices.api import tell
from luodi.ground.scope.api import SYSTEM, Actor, acting, actor_for, defer
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.reports.keys import signing_key
from luodi.rooms.reports.language import Document
from luodi.rooms.reports.models import UNSIGNED, Report, State
from luodi.rooms.reports.sealing import canonical, seal
from luodi.rooms.reports.verbs.reports import draft_of, locked_report
from luodi.rooms.reports.verbs.review import require_signer

ROWS_AT_ONCE = 10_000  # about half a second
# All of a publication is one transaction, of which nobody sees anything before its end, except the
# name of its connection: PostgreSQL shows that to the others at once, and takes it back at the end.
PROGRESS = "luodi report {pk} {done}/{count}"


@transaction.atomic
def publish_report(*, actor: Actor, report: Report, at: dt.datetime | None = None) -> Report:
    """Freezes and signs a draft: its words, its readings with all rows, its rows' evidence files.

    Raises UserError while a line is in error: no false sentence is signed.
    """
    report, document = _checked(actor, report, *UNSIGNED, State.PUBLISHING)
    return _sign(actor, report, document, at or timezone.now())


@transaction.atomic
def ask_to_publish(*, actor: Actor, report: Report, at: dt.datetime | None = None) -> Report:
    """Publishes a report of few rows at once; one of many is left to the worker (state publishing).

    What `publish_report` refuses is refused here already.
    """
    at = at or timezone.now()
    report, document = _checked(actor, report, *UNSIGNED)
    if sum(one.count for one in document.readings) <= ROWS_AT_ONCE or not actor.account_id:
        return _sign(actor, report, document, at)
    report.state, report.asked_at, report.trouble = State.PUBLISHING, at, ""
    report.published_by_id = actor.account_id
    report.save(update_fields=["state", "asked_at", "trouble", "published_by"])
    defer("reports.publish", report_id=report.pk, order=order_of(report))
    return report


@transaction.atomic
def call_off(*, actor: Actor, report: Report) -> Report:
    """Makes a report that waits to be published a draft again; it waits for who is at work on it."""
    return _back_to_draft(locked_report(actor, report, "reports.publish", State.PUBLISHING), "")


def order_of(report: Report) -> list[str]:
    """What somebody asks to have published: who, when, and a digest of the draft.

    A job is signed for this alone: whoever writes another's name into a report finds no job for it.
    """
    said = [report.title, report.text, report.template, report.head, report.since, report.until]
    digest = hashlib.sha256(json.dumps(said, default=str, sort_keys=True).encode()).hexdigest()
    asked = report.asked_at.astimezone(dt.UTC).isoformat() if report.asked_at else ""
    return [str(report.published_by_id), asked, digest]


def carry_out_publishing(pk: int, order: list[str]) -> bool:
    """Publishes a report that waits for it, as who asked for it; False where none waits, or where it
    is not as it was asked for (`order_of`).

    Where it is refused it is a draft again, and says why. Background only.
    """
    with acting(SYSTEM):
        rows = Report.objects.select_for_update(of=("self",)).select_related("unit")
        report = rows.filter(pk=pk, state=State.PUBLISHING).first()
        if report is None or report.published_by is None or order_of(report) != order:
            return False
        account = report.published_by
        try:
            if not account.is_active:
                raise NotAllowed(_("提交签发的账号已停用。"))
            with acting(actor_for(account)) as actor:
                publish_report(actor=actor, report=report)
            told = _("报告已签发：%(title)s") % {"title": report.title}
        except UserError as problem:
            _back_to_draft(report, str(problem))
            told = _("报告没有签发：%(title)s。%(why)s") % {"title": report.title, "why": problem}
        key = f"report:{pk}:{report.asked_at}"
        tell(accounts=[account], key=key, text=told, url=f"/reports/{pk}/")
    return True


def _back_to_draft(report: Report, trouble: str) -> Report:
    report.state = State.DRAFT if report.approved_by_id is None else State.APPROVED
    report.published_by, report.trouble = None, trouble[:300]
    report.save(update_fields=["state", "trouble", "published_by"])
    return report


def _checked(actor: Actor, report: Report, *states: State) -> tuple[Report, Document]:
    """The report, locked, with what it says now. Raises UserError while a line is in error."""
    report = locked_report(actor, report, "reports.publish", *states)
    require_signer(actor, report)
    with override("zh-hans"):  # a report is in the language of its template
        document = draft_of(actor, report)
    if document.errors:
        first = document.errors[0]
        raise UserError(
            _("还有%(count)s处错误，不能签发。第%(line)s行：%(message)s")
            % {"count": len(document.errors), "line": first.line, "message": first.message}
        )
    return report, document


def _sign(actor: Actor, report: Report, document: Document, at: dt.datetime) -> Report:
    readings = _freeze(report, document.readings)
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


def _freeze(report: Report, readings: Sequence[Reading]) -> list[Frozen]:
    """The readings as they are kept, one after the other: with all their rows."""
    kept = []
    for done, read in enumerate(readings):
        _tell_progress(report.pk, done, len(readings))
        frozen = figures.freeze(read)
        if frozen["value"] != figures.written(read.value):
            raise UserError(_("记录刚刚又变了，请再看一遍再签发。"))
        kept.append(frozen)
    _tell_progress(report.pk, len(readings), len(readings))
    return kept


def _tell_progress(pk: int, done: int, count: int) -> None:
    """Says that so many readings of a report have been read, until the transaction ends."""
    name = PROGRESS.format(pk=pk, done=done, count=count)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, true)", [name])


def progress_of(pk: int) -> tuple[int, int] | None:
    """Readings done and to be done; None while nobody is at work on them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name LIKE %s",
            [PROGRESS.format(pk=pk, done="%", count="%")],
        )
        row = cursor.fetchone()
    found = re.search(r"(\d+)/(\d+)$", row[0]) if row else None
    return (int(found[1]), int(found[2])) if found else None


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
