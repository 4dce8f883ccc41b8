"""From the draft to the signature: submitted, commented, returned or approved, step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.notices.api import tell
from luodi.ground.scope.api import Account, Actor, Unit, people_of, today
from luodi.lib.errors import UserError
from luodi.rooms.reports.models import UNSIGNED, Act, Report, SigningRule, State, Step
from luodi.rooms.reports.verbs.reports import locked_report


@transaction.atomic
def submit_draft(
    *, actor: Actor, report: Report, comment: str = "", at: dt.datetime | None = None
) -> Report:
    """Hands a draft to those who approve it; until it is returned nobody writes in it."""
    report = locked_report(actor, report, "reports.write", State.DRAFT)
    report.state = State.SUBMITTED
    return _record_step(actor, report, Act.SUBMIT, comment, at, _approvers(report))


@transaction.atomic
def approve_draft(
    *, actor: Actor, report: Report, comment: str = "", at: dt.datetime | None = None
) -> Report:
    """Finds a submitted draft good to be signed. Nobody approves what he wrote."""
    report = locked_report(actor, report, "reports.review", State.SUBMITTED)
    if is_author(actor, report):
        raise UserError(_("自己写的报告要由别人审核。"))
    report.state, report.approved_by_id = State.APPROVED, actor.account_id or None
    return _record_step(actor, report, Act.APPROVE, comment, at, _writers(report))


@transaction.atomic
def return_draft(
    *, actor: Actor, report: Report, comment: str = "", at: dt.datetime | None = None
) -> Report:
    """Gives a submitted or approved draft back to be mended, saying what; who wrote it may take it
    back himself without a word."""
    own = is_author(actor, report)
    permission = "reports.write" if own else "reports.review"
    report = locked_report(actor, report, permission, State.SUBMITTED, State.APPROVED)
    if not own and not comment.strip():
        raise UserError(_("请写明退回的原因。"), "comment")
    report.state, report.approved_by = State.DRAFT, None
    return _record_step(actor, report, Act.RETURN, comment, at, _writers(report))


@transaction.atomic
def comment_draft(
    *, actor: Actor, report: Report, comment: str, at: dt.datetime | None = None
) -> Report:
    """Says something of what is not signed yet."""
    report = locked_report(actor, report, "reports.write", *UNSIGNED)
    if not comment.strip():
        raise UserError(_("请写下意见。"), "comment")
    return _record_step(actor, report, Act.NOTE, comment, at, _writers(report))


STEPS = {
    Act.SUBMIT: submit_draft,
    Act.APPROVE: approve_draft,
    Act.RETURN: return_draft,
    Act.NOTE: comment_draft,
}


def next_acts(actor: Actor, report: Report) -> list[Act]:
    """What the actor may do next on the report's way to be signed."""
    path, own = report.unit.path, is_author(actor, report)
    writes, reviews = actor.may("reports.write", path), actor.may("reports.review", path)
    may = {
        Act.SUBMIT: writes and report.state == State.DRAFT,
        Act.APPROVE: reviews and not own and report.state == State.SUBMITTED,
        Act.RETURN: (writes if own else reviews) and report.state in UNSIGNED[1:],
        Act.NOTE: writes and report.state in UNSIGNED,
    }
    return [act for act in Act if may[act]]


def is_author(actor: Actor, report: Report) -> bool:
    """Whether the report's words are the actor's."""
    return bool(actor.account_id) and actor.account_id in {
        report.drafted_by_id,
        report.written_by_id,
    }


def _record_step(
    actor: Actor,
    report: Report,
    act: Act,
    comment: str,
    at: dt.datetime | None,
    told: Iterable[Account],
) -> Report:
    """Keeps the step, and tells whom it concerns but the actor."""
    report.version += 1
    report.save(update_fields=["state", "approved_by", "version"])
    step = Step.objects.create(
        unit=report.unit,
        report=report,
        act=act,
        comment=comment.strip(),
        by_id=actor.account_id or None,
        at=at or timezone.now(),
    )
    text = _("报告《%(title)s》%(act)s") % {"title": report.title, "act": act.label}
    tell(
        accounts=[one for one in told if one.pk != actor.account_id],
        key=f"report-step:{step.pk}",
        text=f"{text}：{step.comment}" if step.comment else text,
        url=f"/reports/{report.pk}/",
        at=at,
    )
    return report


def _approvers(report: Report) -> list[Account]:
    """Who may approve it: of its unit, or of the nearest above that has somebody else for it."""
    units = list(Unit.objects.above(report.unit))[::-1]
    found = people_of([one.pk for one in units], "reports.review", today())
    own = {report.drafted_by_id, report.written_by_id}
    others = ([one for one in found.get(unit.pk, ()) if one.pk not in own] for unit in units)
    return next(filter(None, others), [])


def _writers(report: Report) -> list[Account]:
    return [one for one in (report.drafted_by, report.written_by) if one is not None]


# --- who may sign -----------------------------------------------------------------------------


@transaction.atomic
def set_signing_rule(*, actor: Actor, unit: Unit, another_approves: bool) -> SigningRule:
    """Says whether, in the unit and below it, who wrote a report signs it only after another's
    approval; the nearest rule above a unit holds."""
    actor.require("reports.signing", unit.path)
    rule, _made = SigningRule.objects.update_or_create(
        unit=unit, defaults={"another_approves": another_approves}
    )
    return rule


def require_signer(actor: Actor, report: Report) -> None:
    """Raises UserError where another must approve first what the actor wrote."""
    if not is_author(actor, report) or report.approved_by_id is not None:
        return
    above = Unit.objects.above(report.unit)
    rule = SigningRule.objects.filter(unit__in=above).order_by("-unit__path").first()
    if rule is not None and rule.another_approves:
        raise UserError(
            _("按%(unit)s的规定，自己写的报告要先经别人审核才能签发。请先“提交审核”。")
            % {"unit": Unit.objects.get(pk=rule.unit_id)}
        )
