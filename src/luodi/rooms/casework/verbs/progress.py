"""Carrying a case on: progress, evidence, pauses, submitting, and what the reporter says."""

from __future__ import annotations

import datetime as dt

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.evidence.api import File
from luodi.ground.evidence.api import attach as keep_file
from luodi.ground.scope.api import SYSTEM, Actor
from luodi.lib.errors import NotFound, UserError
from luodi.lib.periods import in_reason
from luodi.rooms.casework.engine import Work, lay_down, record, take
from luodi.rooms.casework.models import Case, Measure, Verification

CASE_TABLE, MEASURE_TABLE = "casework_case", "casework_measure"


@transaction.atomic
def answer(
    *,
    actor: Actor,
    case: Case,
    text: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Says how far it is; the reporter can read it."""
    work = take(actor, case, "answer", at=at, version=version)
    record(work, text)
    return lay_down(work)


@transaction.atomic
def attach(
    *,
    actor: Actor,
    case: Case,
    upload: UploadedFile[bytes],
    measure: Measure | None = None,
    at: dt.datetime | None = None,
) -> File:
    """Adds a file to a case, or to one of its measures, as evidence."""
    mine = "owner" if measure is not None and measure.owner_id == actor.account_id else ""
    work = take(actor, case, "attach", at=at, relation=mine)
    if measure is not None and measure.case_id != work.case.pk:
        raise NotFound(_("没有这项措施。"))
    file = keep_file(
        actor=actor,
        unit=work.case.unit,
        upload=upload,
        subject=MEASURE_TABLE if measure else CASE_TABLE,
        subject_id=measure.pk if measure else work.case.pk,
        at=work.at,
    )
    work.texts.append(file.name)
    record(work, file=file.pk, name=file.name, measure=measure.pk if measure else None)
    lay_down(work)
    return file


@transaction.atomic
def pause(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    until: dt.date | None = None,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Suspends a case; its clocks stand still until it is resumed.

    `until` ends nothing: from that day on, whoever has the case is reminded to resume it.
    """
    work = take(actor, case, "pause", at=at, version=version)
    if until is None:
        record(work, reason)
        return lay_down(work)
    if until <= timezone.localdate(work.at):
        raise UserError(_("恢复日期应晚于今天。"), "until")
    if not in_reason(until):
        raise UserError(_("日期应在1900年至2199年之间。"), "until")
    record(work, reason, until=str(until))
    return lay_down(work)


@transaction.atomic
def resume(
    *,
    actor: Actor,
    case: Case,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Takes a suspended case up again; its clocks go on where they stood."""
    work = take(actor, case, "resume", at=at, version=version)
    record(work, reason)
    return lay_down(work)


@transaction.atomic
def submit(
    *,
    actor: Actor,
    case: Case,
    note: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """Says that it is solved, and asks the reporter. Refused while something needed is missing.

    `note` is the closing answer.
    """
    work = take(actor, case, "submit", at=at, version=version)
    missing = _missing(work, note)
    if missing:
        raise UserError(missing)
    record(work, note)
    return lay_down(work)


def _missing(work: Work, note: str) -> str:
    """What submitting still needs, as a sentence; empty where nothing is missing."""
    needs = work.transition.needs
    measures = list(Measure.objects.filter(case=work.case))
    still_open = [one for one in measures if one.is_open]
    if "measures_done" in needs and still_open:
        return _("还有 %(count)s 项整改措施没有完成，完成或取消后才能提交：%(which)s。") % {
            "count": len(still_open),
            "which": "；".join(str(one) for one in still_open),
        }
    done = [one.pk for one in measures if one.done_at]
    if "measure" in needs and not done:
        return _("至少要有一项完成的整改措施。")
    if "evidence" in needs and not _has_evidence(work.case, done):
        return _("请先上传佐证材料。")
    answered = any(event.transition == "answer" for event in work.events)
    if "answer" in needs and not (note.strip() or answered or done):
        return _("请写明办理结果。")
    return ""


def _has_evidence(case: Case, measures: list[int]) -> bool:
    of_case = Q(subject=CASE_TABLE, subject_id=case.pk)
    of_measures = Q(subject=MEASURE_TABLE, subject_id__in=measures)
    return File.objects.filter(of_case | of_measures).exists()


@transaction.atomic
def verify(
    *,
    actor: Actor,
    case: Case,
    satisfied: bool,
    words: str = "",
    publicly: bool = False,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Case:
    """The reporter's word: satisfied closes the case, not satisfied sends it back to the lead.

    Sent back, it keeps its history, and its clock goes on where it stood when it was submitted.
    `publicly`: a reporter without an account said it (see `public.answer_publicly`).
    """
    key = "satisfied" if satisfied else "unsatisfied"
    work = take(actor, case, "verify", at=at, version=version, key=key)
    by = {"public": True} if publicly else {}
    if satisfied:
        record(work, words, confirmed=Case.ConfirmedHow.SATISFIED.value, **by)
    else:
        record(work, words, reopened=True, **by)
    _say(work, satisfied=satisfied, words=words)
    return lay_down(work)


@transaction.atomic
def confirm_by_time(*, case: Case, at: dt.datetime | None = None) -> Case:
    """Counts a submitted case as confirmed because its reporter was silent, and says so on it."""
    work = take(SYSTEM, case, "confirm_by_time", at=at)
    if work.case.confirm_at is None or work.at < work.case.confirm_at:
        raise UserError(_("还没有到视为确认的时间。"))
    record(work, confirmed=Case.ConfirmedHow.TIME.value)
    _say(work, satisfied=True, by_time=True)
    return lay_down(work)


def _say(work: Work, *, satisfied: bool, words: str = "", by_time: bool = False) -> None:
    Verification.objects.create(
        case=work.case,
        satisfied=satisfied,
        by_time=by_time,
        words=words.strip(),
        account_id=work.actor.account_id or None,
        at=work.at,
    )
