"""Reports: drafted, written, withdrawn, compared with today; `review` and `publishing` have the rest."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.figures import api as figures
from luodi.ground.figures.api import Movement
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotFound, Stale, UserError
from luodi.lib.periods import in_reason
from luodi.rooms.reports.language import Document
from luodi.rooms.reports.models import Report, State
from luodi.rooms.reports.records import preview
from luodi.rooms.reports.sealing import frozen_of
from luodi.rooms.reports.verbs.templates import pattern

HEAD = ("issuer", "number", "addressee", "signer", "signed_on")


def report_of(pk: int) -> Report:
    """A report that the transaction sees. Raises NotFound."""
    people = ("unit", "drafted_by", "published_by", "approved_by")
    found = Report.objects.select_related(*people).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    return found


def locked_report(actor: Actor, report: Report, permission: str, *states: State) -> Report:
    """The report as it is now, locked, for who has the permission on its unit; in one of the states."""
    rows = Report.objects.select_for_update(of=("self",))  # the unit's row is not ours to lock
    found = rows.select_related("unit").filter(pk=report.pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    actor.require(permission, found.unit.path)
    if found.state not in states:
        raise UserError(
            _("这份报告的状态是“%(state)s”，不能这样做。") % {"state": found.get_state_display()}
        )
    return found


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
    source = pattern(template)
    span = {"since": since, "until": until}
    titled = preview(actor=actor, unit=unit, title=source.title, text="", **span)
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
    """Changes a draft's words; what waits to be approved or signed is returned first."""
    report = locked_report(actor, report, "reports.write", State.DRAFT)
    if version is not None and version != report.version:
        raise Stale(_("别人刚刚改过这份草稿。"), {"version": report.version, "text": report.text})
    if not title.strip():
        raise UserError(_("请填写标题。"), "title")
    report.title, report.text = title.strip(), text
    report.head = report.head | {k: v.strip() for k, v in (head or {}).items() if k in HEAD}
    report.written_by_id = actor.account_id or None
    report.version += 1
    report.save(update_fields=["title", "text", "head", "written_by", "version"])
    return report


def draft_of(actor: Actor, report: Report) -> Document:
    """A draft as it reads now."""
    words = {name: getattr(report, name) for name in ("unit", "title", "text", "since", "until")}
    return preview(actor=actor, **words)


@transaction.atomic
def withdraw_report(*, actor: Actor, report: Report, reason: str) -> Report:
    """Takes a published report back, saying why; it stays readable, marked as withdrawn."""
    report = locked_report(actor, report, "reports.publish", State.PUBLISHED)
    if not reason.strip():
        raise UserError(_("请写明撤回的原因。"), "reason")
    report.state, report.reason = State.WITHDRAWN, reason.strip()[:200]
    report.version += 1
    report.save(update_fields=["state", "reason", "version"])
    return report


@transaction.atomic
def drop_draft(*, actor: Actor, report: Report) -> None:
    """Throws a draft away."""
    locked_report(actor, report, "reports.write", State.DRAFT).delete()


def compare_report(*, actor: Actor, report: Report) -> list[Movement]:
    """Each reading of a published report beside the same question today, in the report's order."""
    actor.require("reports.view", report.unit.path)
    if report.is_draft:
        raise UserError(_("草稿还没有签发，没有可比的数据。"))
    return [
        figures.compare(actor=actor, frozen=frozen_of(one)) for one in report.sealed["readings"]
    ]


def sealed_bytes(*, actor: Actor, report: Report) -> bytes:
    """The sealed report as the file that one keeps: canonical JSON. It has the names behind the
    numbers, so it takes `reports.publish`."""
    actor.require("reports.publish", report.unit.path)
    if report.is_draft:
        raise UserError(_("草稿还没有签名。"))
    return zlib.decompress(bytes(report.packed))
