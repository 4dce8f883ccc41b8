"""An award's round: opened, nominated for, reviewed, noticed, voted on, objected to, awarded."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotAllowed, NotFound, Stale, UserError
from luodi.rooms.directory.api import dating
from luodi.rooms.registers.models import Ballot, Candidacy, Objection, Register, Round
from luodi.rooms.registers.procedure import Does, Jury, Plan, Stage, plan_of, results
from luodi.rooms.registers.verbs.recording import draft, may_write, write

KEPT_YEARS = 3


def organises(actor: Actor, round_: Round) -> bool:
    """Whether the actor carries the round on: who may write for the organising unit itself."""
    return may_write(actor, round_.register, round_.unit.path)


def counted(actor: Actor, round_: Round) -> bool:
    """Whether the actor may see how the votes stand: who organises, once the vote is over."""
    stage = plan_of(round_.plan).stage(round_.stage)
    return stage.does in (Does.OBJECT, Does.AWARD) and organises(actor, round_)


def _require_organiser(actor: Actor, round_: Round) -> None:
    if not organises(actor, round_):
        raise NotAllowed(_("只有组织评选的单位能做这件事。"))


def _locked(round_: Round, *does: Does) -> tuple[Round, Plan, Stage]:
    """The round, held until the transaction ends, in one of these stages.

    Who puts a candidate forward holds the round of a superior, whose row they may not write, and so
    not lock either: the lock is on its number.
    """
    with connection.cursor() as cursor:
        key = "hashtextextended('registers_round', %s)"
        cursor.execute(f"SELECT pg_advisory_xact_lock({key})", [round_.pk])
    rows = Round.objects.select_related("register__unit", "unit")
    found = rows.filter(pk=round_.pk).first()
    if found is None:
        raise NotFound(_("没有这次评选，或您无权查看。"))
    plan = plan_of(found.plan)
    stage = plan.stage(found.stage)
    if found.closed_at is not None:
        raise UserError(_("这次评选已经结束。"))
    if does and stage.does not in does:
        raise UserError(_("现在是“%(stage)s”阶段，还不能或已不能这样做。") % {"stage": stage})
    return found, plan, stage


@transaction.atomic
def open_round(
    *,
    actor: Actor,
    register: Register,
    unit: Unit,
    name: str,
    seats: int | None = None,
    threshold: object = None,
    notice_days: int | None = None,
    weights: Mapping[str, int] | None = None,
    at: dt.datetime | None = None,
) -> Round:
    """Opens a round with the register's procedure; what is given replaces its parameters."""
    if not may_write(actor, register, unit.path) or not unit.path.startswith(register.unit.path):
        raise NotAllowed(_("只有组织评选的单位能做这件事。"))
    if register.procedure is None or register.retired_at is not None:
        raise UserError(_("这本台账没有评选程序，或已停用。"))
    data = copy.deepcopy(register.procedure)
    if seats is not None:
        data["seats"] = seats
    if threshold is not None:
        data["threshold"] = str(threshold)
    for stage in data["stages"]:
        if notice_days is not None and stage["does"] == Does.NOTICE:
            stage["days"] = notice_days
    for jury in data["juries"]:
        jury["weight"] = (weights or {}).get(jury["key"], jury["weight"])
    plan = plan_of(data)
    day = timezone.localdate(dating.moment(at))
    plain = name.strip()
    if not plain or len(plain) > 60:
        raise UserError(_("请写评选的名称，最多60个字。"), "name")
    round_ = Round(register=register, unit=unit, name=plain, plan=data, opened_on=day)
    _enter(round_, plan.stages[0], day)
    try:
        with transaction.atomic():
            round_.save()
    except IntegrityError:
        raise UserError(_("已有同名的评选。"), "name") from None
    return round_


def _enter(round_: Round, stage: Stage, day: dt.date) -> None:
    """A stage of n working days lasts through the n-th working day after the day it begins."""
    until = None
    if stage.days:
        midnight = timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))
        ends = calendar_for(round_.unit).add_working_days(midnight, stage.days)
        until = timezone.localdate(ends)
    round_.stage, round_.stage_until = stage.key, until
    line = {"stage": stage.key, "since": day.isoformat(), "until": until and until.isoformat()}
    round_.log = [*round_.log, line]


@transaction.atomic
def nominate(*, actor: Actor, round_: Round, unit: Unit, name: str, reason: str) -> Candidacy:
    """Puts a candidate of a unit forward."""
    round_, _plan, _stage = _locked(round_, Does.NOMINATE)
    if not unit.path.startswith(round_.unit.path):
        raise UserError(_("这个单位不在组织单位之下。"), "unit")
    if not may_write(actor, round_.register, unit.path):
        raise NotAllowed(_("您只能推荐本单位的。"))
    for text, most, field in ((name, 60, "name"), (reason, 500, "reason")):
        if not text.strip() or len(text) > most or "\0" in text:
            raise UserError(_("请填写，最多 %(most)s 个字。") % {"most": most}, field)
    try:
        with transaction.atomic():
            return Candidacy.objects.create(
                round=round_,
                unit=unit,
                name=name.strip(),
                reason=reason.strip(),
                account_id=actor.account_id or None,
            )
    except IntegrityError:
        raise UserError(_("这个候选已经推荐过了。"), "name") from None


@transaction.atomic
def review(*, actor: Actor, candidacy: Candidacy, passed: bool, words: str = "") -> Candidacy:
    """Says whether a candidate goes on; a refusal has its reason."""
    round_, _plan, _stage = _locked(candidacy.round, Does.REVIEW)
    _require_organiser(actor, round_)
    if not passed and not words.strip():
        raise UserError(_("不通过要写明原因。"), "words")
    if len(words) > 300:
        raise UserError(_("最多 %(most)s 个字。") % {"most": 300}, "words")
    candidacy.passed, candidacy.review = passed, words.strip()
    candidacy.save(update_fields=["passed", "review"])
    return candidacy


def jury_of(actor: Actor, plan: Plan) -> Jury | None:
    """The jury in which the actor votes: the first that has one of the actor's roles."""
    return next((one for one in plan.juries if actor.roles & set(one.roles)), None)


@transaction.atomic
def cast_ballot(
    *,
    actor: Actor,
    round_: Round,
    approves: Collection[int],
    at: dt.datetime | None = None,
) -> int:
    """One account's one ballot: yes to these candidacies, no to the others; how many it names."""
    round_, plan, _stage = _locked(round_, Does.VOTE)
    jury = jury_of(actor, plan)
    if jury is None or not actor.account_id:
        raise NotAllowed(_("您不在这次评选的评审组里。"))
    standing = list(round_.candidacies.filter(passed=True))
    wanted = set(approves)
    if wanted - {one.pk for one in standing}:
        raise UserError(_("选票上有不在候选名单里的。"), "approves")
    if len(wanted) > plan.seats:
        raise UserError(_("最多选 %(seats)s 个。") % {"seats": plan.seats}, "approves")
    if Ballot.objects.filter(candidacy__round=round_, account=actor.account_id).exists():
        raise UserError(_("您已经投过票了。"))
    Ballot.objects.bulk_create(
        Ballot(
            candidacy=one,
            jury=jury.key,
            account_id=actor.account_id,
            approves=one.pk in wanted,
            at=dating.moment(at),
        )
        for one in standing
    )
    return len(wanted)


@transaction.atomic
def object_to(
    *,
    actor: Actor,
    candidacy: Candidacy,
    text: str,
    by: str = "",
    at: dt.datetime | None = None,
) -> Objection:
    """Brings something against a candidate, from the public notice until the award."""
    _locked(candidacy.round, Does.NOTICE, Does.VOTE, Does.OBJECT)
    actor.require("registers.view")
    if not candidacy.passed:
        raise UserError(_("它没有通过审核。"))
    if not text.strip() or len(text) > 500 or "\0" in text:
        raise UserError(_("请填写，最多 %(most)s 个字。") % {"most": 500}, "text")
    return Objection.objects.create(
        candidacy=candidacy,
        text=text.strip(),
        by=(by.strip() or actor.name)[:60],
        raised_at=dating.moment(at),
    )


@transaction.atomic
def resolve(
    *,
    actor: Actor,
    objection: Objection,
    upheld: bool,
    answer: str,
    at: dt.datetime | None = None,
) -> Objection:
    """Says whether an objection holds, and why; one that does bars the candidate."""
    round_, _plan, _stage = _locked(objection.candidacy.round)
    _require_organiser(actor, round_)
    fresh = Objection.objects.select_for_update().get(pk=objection.pk)
    if fresh.resolved_at is not None:
        raise Stale(_("这条异议已经处理过了。"))
    if not answer.strip() or len(answer) > 500:
        raise UserError(_("请写处理意见，最多500个字。"), "answer")
    fresh.upheld, fresh.answer, fresh.resolved_at = upheld, answer.strip(), dating.moment(at)
    fresh.save(update_fields=["upheld", "answer", "resolved_at"])
    return fresh


@transaction.atomic
def advance(*, actor: Actor, round_: Round, at: dt.datetime | None = None) -> Round:
    """Goes on to the next stage when this one has done its work; the last one awards."""
    round_, plan, stage = _locked(round_)
    _require_organiser(actor, round_)
    day = timezone.localdate(dating.moment(at))
    if round_.stage_until is not None and day <= round_.stage_until:
        raise UserError(
            _("“%(stage)s”到 %(day)s 为止，还没有结束。")
            % {"stage": stage, "day": round_.stage_until}
        )
    if problem := _unfinished(round_, plan, stage):
        raise UserError(problem)
    following = plan.after(stage.key)
    assert following is not None  # the last stage closes the round as it is entered
    if following.does is Does.AWARD:
        if _open_objections(round_):
            raise UserError(_("还有没处理的异议，处理完才能授予。"))
        _award(actor, round_, plan, dating.moment(at))
        round_.closed_at = dating.moment(at)
    _enter(round_, following, day)
    round_.version += 1
    round_.save()
    return round_


def _open_objections(round_: Round) -> bool:
    return Objection.objects.filter(candidacy__round=round_, resolved_at=None).exists()


def _unfinished(round_: Round, plan: Plan, stage: Stage) -> str:
    """What a stage still lacks; "" for nothing."""
    candidates = round_.candidacies.all()
    if stage.does is Does.NOMINATE and not candidates.exists():
        return _("还没有候选。")
    if stage.does is Does.REVIEW and candidates.filter(passed=None).exists():
        return _("还有没审核的候选。")
    if stage.does is Does.REVIEW and not candidates.filter(passed=True).exists():
        return _("没有通过审核的候选。")
    if stage.does is Does.VOTE:
        ballots = Ballot.objects.filter(candidacy__round=round_)
        voted = set(ballots.values_list("jury", flat=True))
        missing = [str(one) for one in plan.juries if one.key not in voted]
        if missing:
            return _("还没有投票的评审组：%(names)s。") % {"names": _("、").join(missing)}
    return ""


def _award(actor: Actor, round_: Round, plan: Plan, at: dt.datetime) -> None:
    """Writes the awarded into the register, each as an entry of the unit that put it forward."""
    won = [one.candidacy for one in results(round_) if one.awarded]
    day = timezone.localdate(at)
    drafts = []
    for one in won:
        sources: dict[str, Any] = {"name": one.name, "reason": one.reason, "round": round_.name}
        values = {column: sources[source] for column, source in plan.record.items()}
        drafts.append(
            draft(actor=actor, register=round_.register, unit=one.unit, values=values, since=day)
        )
    for one, entry in zip(won, write(actor, round_.register, drafts, at), strict=True):
        one.entry = entry
        one.save(update_fields=["entry"])


@transaction.atomic
def forget_objectors(at: dt.datetime | None = None) -> int:
    """Takes away who raised objections in rounds that closed three years ago; how many.

    What was objected and answered stays. Background only; see `privacy.py`.
    """
    edge = timezone.localdate(dating.moment(at))
    edge = edge.replace(year=edge.year - KEPT_YEARS, day=min(edge.day, 28))
    old = Objection.objects.filter(candidacy__round__closed_at__date__lt=edge).exclude(by="")
    return old.update(by="")
