"""Publishing that takes longer than a page may: asked for, carried out by the worker, called off.

Nothing is written before all is done, so that a job which is killed and taken up again begins anew;
one that runs twice waits for the other at the report's row, and finds it published.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import SYSTEM, Actor, acting, actor_for
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.reports.models import Report, State
from luodi.rooms.reports.verbs.reports import (
    draft_of,
    locked,
    must_be,
    publish_report,
    require_true,
)

ROWS_AT_ONCE = 10_000  # about half a second


@transaction.atomic
def ask_to_publish(*, actor: Actor, report: Report, at: dt.datetime | None = None) -> Report:
    """Publishes a report of few rows at once; one of many is left to the worker (state publishing).

    What `publish_report` refuses is refused here already.
    """
    report = locked(report)
    actor.require("reports.publish", report.unit.path)
    must_be(report, State.DRAFT)
    with override("zh-hans"):
        document = draft_of(actor, report).document
    require_true(document)
    if sum(one.count for one in document.readings) <= ROWS_AT_ONCE or not actor.account_id:
        return publish_report(actor=actor, report=report, at=at)
    report.state, report.asked_at, report.trouble = State.PUBLISHING, at or timezone.now(), ""
    report.published_by_id = actor.account_id
    report.save(update_fields=["state", "asked_at", "trouble", "published_by"])
    app.configure_task("reports.publish").defer(report_id=report.pk)
    return report


@transaction.atomic
def call_off(*, actor: Actor, report: Report) -> Report:
    """Makes a report that waits to be published a draft again; it waits for who is at work on it."""
    report = locked(report)
    actor.require("reports.publish", report.unit.path)
    must_be(report, State.PUBLISHING)
    report.state, report.published_by = State.DRAFT, None
    report.save(update_fields=["state", "published_by"])
    return report


def carry_out_publishing(pk: int) -> bool:
    """Publishes a report that waits for it, as who asked for it; False where none waits.

    Where it is refused it is a draft again, and says why. Background only.
    """
    with acting(SYSTEM):
        rows = Report.objects.select_for_update(of=("self",)).select_related("unit")
        report = rows.filter(pk=pk, state=State.PUBLISHING).first()
        if report is None or report.published_by is None:
            return False
        account = report.published_by
        try:
            if not account.is_active:
                raise NotAllowed(_("提交签发的账号已停用。"))
            with acting(actor_for(account)) as actor:
                publish_report(actor=actor, report=report)
            told = _("报告已签发：%(title)s") % {"title": report.title}
        except UserError as problem:
            report.state, report.trouble = State.DRAFT, str(problem)[:300]
            report.published_by = None
            report.save(update_fields=["state", "trouble", "published_by"])
            told = _("报告没有签发：%(title)s。%(why)s") % {"title": report.title, "why": problem}
        key = f"report:{pk}:{report.asked_at}"
        tell(accounts=[account], key=key, text=told, url=f"/reports/{pk}/")
    return True
