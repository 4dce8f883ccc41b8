"""A file is opened, its steps are entered and put right; the directory's stages follow by themselves."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import (
    Choice,
    Date,
    Number,
    Reason,
    RecordOf,
    Text,
    Version,
    verb,
)
from luodi.ground.scope.api import Actor, because, today
from luodi.lib.errors import NotFound, Stale, UserError
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import (
    Branch,
    BranchOf,
    BranchType,
    Membership,
    Person,
    PersonOf,
    Stage,
    Standing,
)
from luodi.rooms.gatherings.api import Vote
from luodi.rooms.pathways.models import SUCCESS, End, Fact, Helper, Journey
from luodi.rooms.pathways.models.development import OUTCOMES
from luodi.rooms.pathways.reading import done_of, rank, standing_of
from luodi.rooms.pathways.rules import STEPS, Outcome, Step, Who, obstacles, stages
from luodi.rooms.pathways.verbs import telling
from luodi.rooms.pathways.words import sentence

# Who may enter a step: by who acts in it.
PERMISSIONS = {
    Who.BRANCH: "pathways.write",
    Who.SUPERIOR: "pathways.approve",
    Who.HIGHER: "pathways.file",
}
EXCEPT = "pathways.except"
TEMPORARY_NOT = frozenset({"candidate", "meeting"})  # what a temporary organisation does not do
ENTRANCE = frozenset({Stage.APPLICANT, Stage.ACTIVIST, Stage.CANDIDATE})
DayOf = Annotated[dt.date, Date(_("日期"))]
PaperOf = Annotated[
    str,
    Text(
        _("材料"),
        required=False,
        default="",
        most=200,
        help=_("材料名称、日期和存放处，例如“入党申请书，存支部档案柜”。"),
    ),
]
NoteOf = Annotated[str, Text(_("说明"), required=False, default="", most=500)]
YearOf = Annotated[
    int | None, Number(_("列入哪一年度的计划"), required=False, least=2000, most=2199)
]
GroundOf = Annotated[
    str, Reason(_("依据和理由"), most=300, help=_("写明条款，例如“《细则》第三十二条”。"))
]


def may_act(actor: Actor, step: Step, path: str) -> bool:
    """Whether somebody may enter a step of a file there."""
    return actor.may(PERMISSIONS[step.who], path)


def may_read_papers(actor: Actor, step: Step, path: str) -> bool:
    """Application papers are for who handles the step, and for the superior that reviews them all."""
    return may_act(actor, step, path) or actor.may(PERMISSIONS[Who.SUPERIOR], path)


@verb(permission="pathways.write", on="branch")
@transaction.atomic
def open_journey(
    *,
    actor: Actor,
    person: Annotated[
        Person, object, PersonOf(_("申请人"), help=_("先在人员里登记；填写姓名后从提示中选择。"))
    ],
    branch: Annotated[Branch, object, BranchOf()],
    on: Annotated[dt.date, Date(_("申请日期"))],
    paper: PaperOf = "",
    plan_year: YearOf = None,
    at: dt.datetime | None = None,
) -> Journey:
    """Opens the file of somebody who applied: step 1, and the stage in the directory."""
    when = at or timezone.now()
    held = Membership.objects.on(max(on, today())).filter(person=person)
    now = held.select_related("branch__unit").first()
    if now is not None and now.stage not in ENTRANCE:
        raise UserError(gettext("%(name)s已是党员，不用再申请。") % {"name": person}, "person")
    if now is not None and now.branch_id != branch.pk:
        raise UserError(
            gettext("%(name)s现在由%(branch)s培养：请先办理转接。")
            % {"name": person, "branch": now.branch},
            "branch",
        )
    if Journey.objects.filter(person=person, ended_on=None).exists():
        raise UserError(gettext("%(name)s已有没有结束的培养材料。") % {"name": person}, "person")
    journey = Journey.objects.create(person=person, plan_year=plan_year, opened_at=when)
    journey.refresh_from_db()
    record_step(
        actor=actor, journey=journey, step="apply", on=on, paper=paper, branch=branch, at=when
    )
    return journey


@verb(permission="pathways.view", on="journey")
@transaction.atomic
def record_step(
    *,
    actor: Actor,
    journey: Journey,
    step: Annotated[str, Choice(_("步骤"), choices=[(s.key, s.title) for s in STEPS.values()])],
    on: DayOf,
    outcome: Annotated[
        str, Choice(_("结果"), required=False, default="passed", choices=OUTCOMES)
    ] = "passed",
    first: Annotated[Person | None, PersonOf(_("第一人"), required=False)] = None,
    second: Annotated[Person | None, PersonOf(_("第二人"), required=False)] = None,
    days: Annotated[
        Decimal, Number(_("培训天数"), required=False, default=0, places=1, least=0, most=99)
    ] = Decimal(0),
    hours: Annotated[
        Decimal, Number(_("培训学时"), required=False, default=0, places=1, least=0, most=999)
    ] = Decimal(0),
    entitled: Annotated[
        int, Number(_("应到会有表决权人数"), required=False, default=0, least=0, most=999)
    ] = 0,
    present: Annotated[
        int, Number(_("实到会有表决权人数"), required=False, default=0, least=0, most=999)
    ] = 0,
    favour: Annotated[int, Number(_("赞成人数"), required=False, default=0, least=0, most=999)] = 0,
    months: Annotated[int, Number(_("延长月数"), required=False, default=0, least=0, most=12)] = 0,
    vote: Annotated[
        Vote | None,
        RecordOf(
            _("会议表决"),
            required=False,
            model=Vote,
            by=("subject",),
            help=_("从会议记录中选，人数和结果不用再填。"),
        ),
    ] = None,
    paper: PaperOf = "",
    note: NoteOf = "",
    exception: Annotated[
        str, Reason(_("作为例外处理的理由"), required=False, default="", most=300)
    ] = "",
    branch: Branch | None = None,
    at: dt.datetime | None = None,
) -> Fact:
    """Enters that a step was taken on a day.

    Refused with the article where it is too early, or something is missing; whoever is above may let
    that pass with a reason. What a stage follows from is written to the directory.
    """
    held = _held(journey)
    _require(actor, STEPS[step], held.path)
    when, fact = at or timezone.now(), Fact(journey=held, step=step)
    people = [one for one in (first, second) if one is not None]
    values = {
        "on": on, "outcome": outcome, "days": days, "hours": hours, "entitled": entitled,
        "present": present, "favour": favour, "months": months, "paper": paper, "note": note,
    }  # fmt: skip
    if vote is not None:
        values |= _decided(vote, STEPS[step], outcome)
    _fill(fact, values, actor, when)
    _check(actor, held, fact, people, exception, branch)
    ahead = _is_ahead(held)
    fact.save()
    _name(fact, people)
    _follow(actor, held, ahead=ahead, branch=branch, at=when)
    telling.tell_next(held, fact)
    return fact


@verb(permission="pathways.view", on="fact")
@transaction.atomic
def correct_step(
    *,
    actor: Actor,
    fact: Fact,
    on: DayOf,
    paper: PaperOf = "",
    note: NoteOf = "",
    reason: Annotated[str, Reason(_("为什么更正"))],
    exception: Annotated[
        str, Reason(_("作为例外处理的理由"), required=False, default="", most=300)
    ] = "",
    version: Annotated[int | None, Version()] = None,
    at: dt.datetime | None = None,
) -> Fact:
    """Puts right what was entered of a step; what follows from its day moves with it."""
    row, held = _fact(fact, version)
    _require(actor, STEPS[row.step], held.path)
    because(reason)
    ahead = _is_ahead(held)
    row.on, row.paper, row.note = on, paper, note
    people = [one.person for one in row.helpers.select_related("person")]
    _check(actor, held, row, people, exception or row.exception, None)
    row.save()
    _follow(actor, held, ahead=ahead, at=at or timezone.now())
    return row


@verb(permission="pathways.view", on="fact")
@transaction.atomic
def withdraw_step(
    *,
    actor: Actor,
    fact: Fact,
    reason: Annotated[str, Reason()],
    version: Annotated[int | None, Version()] = None,
    at: dt.datetime | None = None,
) -> Journey:
    """Takes back a step that was entered by mistake; none may follow from it. The trail keeps it."""
    row, held = _fact(fact, version)
    step = STEPS[row.step]
    _require(actor, step, held.path)
    taken = {one.step for one in held.facts.all() if one.pk != row.pk}
    others = held.facts.filter(step=row.step, outcome=Outcome.PASSED).exclude(pk=row.pk)
    after = [one.title for one in STEPS.values() if step.key in one.after and one.key in taken]
    if after and row.outcome == Outcome.PASSED and not others.exists():
        raise UserError(gettext("后面的“%(step)s”已经登记，请先撤回它。") % {"step": after[0]})
    if step.key == "apply":
        raise UserError(gettext("申请不能撤回，请结束这份材料。"))
    because(reason)
    ahead = _is_ahead(held)
    row.delete()
    _follow(actor, held, ahead=ahead, at=at or timezone.now())
    return held


@verb(permission="pathways.write", on="journey")
@transaction.atomic
def interrupt(
    *,
    actor: Actor,
    journey: Journey,
    since: Annotated[dt.date, Date(_("自"))],
    until: Annotated[dt.date | None, Date(_("至（不含）"), required=False)] = None,
    reason: Annotated[str, Reason(most=200)],
) -> Journey:
    """Notes a time that does not count as cultivation; without an end it lasts."""
    held = _held(journey)
    _in_time(since, "since")
    if until is not None and until <= since:
        raise UserError(gettext("结束日期必须晚于开始日期。"), "until")
    for one in held.interruptions.all():
        if (one.until is None or since < one.until) and (until is None or one.since < until):
            raise UserError(gettext("这段时间已登记中断：%(period)s。") % {"period": one}, "since")
    held.interruptions.create(since=since, until=until, reason=reason)
    return held


@verb(permission="pathways.write", on="journey")
@transaction.atomic
def resume(
    *, actor: Actor, journey: Journey, on: Annotated[dt.date, Date(_("恢复培养日期"))]
) -> Journey:
    """Ends the interruption that lasts."""
    held = _held(journey)
    row = held.interruptions.filter(until=None).first()
    if row is None:
        raise UserError(gettext("没有未结束的中断。"))
    if on <= row.since:
        raise UserError(gettext("恢复日期必须晚于中断日期%(day)s。") % {"day": row.since}, "on")
    row.until = on
    row.save(update_fields=["until"])
    return held


@verb(permission="pathways.write", on="journey")
@transaction.atomic
def plan_journey(
    *,
    actor: Actor,
    journey: Journey,
    plan_year: YearOf = None,
    version: Annotated[int | None, Version()] = None,
) -> Journey:
    """Puts a person into a year's plan, or out of any."""
    held = _held(journey, version)
    held.plan_year = plan_year
    held.save(update_fields=["plan_year"])
    return held


@verb(permission="pathways.write", on="journey")
@transaction.atomic
def move_journey(
    *,
    actor: Actor,
    journey: Journey,
    branch: Annotated[Branch, object, BranchOf(_("转入党组织"))],
    on: Annotated[dt.date, Date(_("转接日期"))],
    reason: Annotated[str, Reason(_("说明"), required=False, default="")] = "",
    at: dt.datetime | None = None,
) -> Journey:
    """Hands a person and the file over to another organisation: cultivation goes on counting (第十二条)."""
    held = _held(journey)
    row = Membership.objects.on(on).filter(person=held.person).first()
    if row is None:
        raise UserError(gettext("那一天不属于任何党组织。"), "on")
    if reason:
        because(reason)
    directory.transfer(actor=actor, membership=row, branch=branch, on=on, at=at)
    held.refresh_from_db()
    return held


@verb(permission="pathways.write", on="journey")
@transaction.atomic
def end_journey(
    *,
    actor: Actor,
    journey: Journey,
    end: Annotated[
        str, Choice(_("结果"), choices=[one for one in End.choices if one[0] != End.MEMBER])
    ],
    on: Annotated[dt.date, Date(_("结束日期"))],
    ground: GroundOf,
    version: Annotated[int | None, Version()] = None,
    at: dt.datetime | None = None,
) -> Journey:
    """Ends a file that does not lead to full membership, with its grounds; so does the stage."""
    held = _held(journey, version)
    _in_time(on, "on")
    reached = stages(standing_of(held).file)
    if end == End.CANCELLED and not any(stage is Stage.PROBATIONARY for stage, _day in reached):
        raise UserError(gettext("还不是预备党员，请选择别的结果。"), "end")
    if reached and on <= reached[-1][1]:
        raise UserError(
            gettext("结束日期应晚于最近一次阶段变化%(day)s。") % {"day": reached[-1][1]}, "on"
        )
    held.end, held.ended_on, held.ground = end, on, ground
    held.save()
    directory.lay_stages(actor=actor, person=held.person, stages=reached, until=on, at=at)
    return held


def _decided(vote: Vote, step: Step, outcome: str) -> dict[str, Any]:
    """What a closed vote of a gathering says: its numbers, whether it was carried, its minutes."""
    if not step.vote:
        raise UserError(gettext("这一步不由支部大会表决。"), "vote")
    if vote.state != Vote.State.CLOSED:
        raise UserError(gettext("这次表决还没有结束。"), "vote")
    held = timezone.localdate(vote.gathering.starts_at)
    said = {
        "vote": vote,
        "on": held,
        "entitled": len(vote.entitled),
        "present": vote.present or 0,
        "favour": vote.yes or 0,
        "outcome": outcome if vote.carried else Outcome.FAILED.value,
        "paper": gettext("会议记录：%(title)s") % {"title": vote.gathering.title},
    }
    return {key: value[:200] if isinstance(value, str) else value for key, value in said.items()}


# --- what the verbs share ---------------------------------------------------------------------------


def _held(journey: Journey, version: int | None = None) -> Journey:
    """The file, held until the transaction ends. Raises where it has ended or was changed."""
    rows = Journey.objects.select_for_update(of=("self",)).select_related("person__unit")
    row = rows.filter(pk=journey.pk).first()
    if row is None:
        raise NotFound(gettext("没有这份材料，或您无权查看。"))
    if row.ended_on is not None:
        raise UserError(gettext("这份材料已于%(day)s结束。") % {"day": row.ended_on})
    if version is not None and version != row.version:
        raise Stale(gettext("别人刚刚改过这份材料。"), {"version": row.version})
    return row


def _fact(fact: Fact, version: int | None) -> tuple[Fact, Journey]:
    held = _held(fact.journey)
    row = Fact.objects.select_for_update().filter(pk=fact.pk).first()
    if row is None:
        raise Stale(gettext("这一步刚被别人撤回，请刷新后再试。"))
    if version is not None and version != row.version:
        theirs = {"on": row.on, "paper": row.paper, "note": row.note, "version": row.version}
        raise Stale(gettext("别人刚刚改过这一步。"), theirs)
    return row, held


def _require(actor: Actor, step: Step, path: str) -> None:
    actor.require(PERMISSIONS[step.who], path)


def _in_time(day: dt.date, field: str) -> None:
    if day > today():
        raise UserError(gettext("日期不能晚于今天。"), field)


def _fill(fact: Fact, values: dict[str, Any], actor: Actor, when: dt.datetime) -> None:
    for name, value in values.items():
        setattr(fact, name, value)
    fact.recorded_by_id = actor.account_id or None
    fact.recorded_at = when


def _check(
    actor: Actor,
    journey: Journey,
    fact: Fact,
    people: list[Person],
    exception: str,
    branch: Branch | None,
) -> None:
    """Refuses what the rules do not let happen, or notes who let it pass, and why."""
    _in_time(fact.on, "on")
    step, now = STEPS[fact.step], standing_of(journey)
    if fact.outcome not in step.outcomes:
        raise UserError(gettext("这一步没有这种结果。"), "outcome")
    others = [one for one in journey.facts.all() if one.pk != fact.pk]
    if any(one.step == fact.step and one.on == fact.on for one in others):
        raise UserError(gettext("这一步在%(day)s已经登记过。") % {"day": fact.on}, "on")
    file = now.file if fact.pk is None else _without(now.file, journey, fact)
    new = done_of(fact, len({one.pk for one in people}))
    found = obstacles(file, new)
    sentences = [sentence(one, new) for one in found]
    waivable = all(one.waivable for one in found)
    place = branch or now.branch
    if fact.step in TEMPORARY_NOT and place is not None and _is_temporary(place, fact.on):
        sentences.append(
            gettext(
                "临时党支部一般不发展党员，请由正式组织关系所在党组织办理。（《支部工作条例（试行）》第二章）"
            )
        )
    _formal(people, fact.on)
    if not sentences:
        fact.exception, fact.excepted_by = "", None
        return
    if not waivable or not exception:
        field = _field_of(found)
        raise UserError(" ".join(sentences), field)
    if not actor.may(EXCEPT, journey.path) and exception != fact.exception:
        raise UserError(" ".join([*sentences, gettext("确需例外的，请上级党组织登记并写明理由。")]))
    if exception != fact.exception:
        fact.exception, fact.excepted_by_id = exception, actor.account_id or None


def _field_of(found: list[Any]) -> str | None:
    fields = {"early": "on", "late": "on", "paper": "paper", "people": "first", "training": "days"}
    fields |= {"quorum": "present", "majority": "favour", "extension": "months"}
    return fields.get(found[0].why.value) if found else None


def _without(file: Any, journey: Journey, fact: Fact) -> Any:
    """The file without what the fact said before it was put right."""
    said = next(one for one in standing_facts(journey) if one[0] == fact.pk)[1]
    return file.without(said)


def standing_facts(journey: Journey) -> list[tuple[int, Any]]:
    """The stored facts of a journey by their keys, as the rules see them."""
    rows = Fact.objects.filter(journey=journey).prefetch_related("helpers")
    return [(one.pk, done_of(one)) for one in rows]


def _is_temporary(branch: Branch, on: dt.date) -> bool:
    rows = Standing.objects.on(on).filter(branch=branch, type=BranchType.TEMPORARY)
    return rows.exists()


def _formal(people: list[Person], on: dt.date) -> None:
    """Contacts and introducers are full members on that day (第九条、第十四条)."""
    for one in people:
        held = Membership.objects.on(on).filter(person=one, stage=Stage.FORMAL)
        if not held.exists():
            raise UserError(
                gettext("%(name)s在%(day)s不是正式党员，不能担任。（第九条、第十四条）")
                % {"name": one, "day": on},
                "first",
            )


def _name(fact: Fact, people: list[Person]) -> None:
    for one in {person.pk: person for person in people}.values():
        Helper.objects.create(fact=fact, person=one)


def _is_ahead(journey: Journey) -> bool:
    """Whether the directory knows a later stage than the file: it was entered there before."""
    now = standing_of(journey)
    reached = stages(now.file)
    return rank(now.stage) > (rank(reached[-1][0]) if reached else -1) and now.stage is not None


def _follow(
    actor: Actor,
    journey: Journey,
    *,
    ahead: bool,
    branch: Branch | None = None,
    at: dt.datetime,
) -> None:
    """Lets the directory say what the file says; a file that is complete has ended."""
    now = standing_of(journey)
    reached = stages(now.file)
    if now.stage is not None and rank(now.stage) > rank(reached[-1][0]) and ahead:
        return
    directory.lay_stages(actor=actor, person=journey.person, stages=reached, branch=branch, at=at)
    done = now.file.on("archive")
    if done is not None and journey.ended_on is None:
        journey.end, journey.ended_on = End.MEMBER, done
        journey.save(update_fields=["end", "ended_on"])


def forget_unsuccessful(day: dt.date, at: dt.datetime | None = None) -> int:
    """Clears what was kept of applications that led nowhere, once their time has run out; days and
    steps stay, without papers, words and names. Returns how many files."""
    from luodi.rooms.pathways.privacy import erasable_before

    rows = Journey.objects.filter(ended_on__lte=erasable_before(day), erased_at=None)
    count = 0
    for row in rows.exclude(end__in=SUCCESS):
        Helper.objects.filter(fact__journey=row).delete()
        row.facts.update(paper="", note="", exception="")
        row.interruptions.update(reason="")
        row.ground, row.erased_at = "", at or timezone.now()
        row.save(update_fields=["ground", "erased_at"])
        count += 1
    return count
