"""One person's file: where it stands, what can be entered, the whole of it on paper."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.audit.api import note
from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.directory.api import Membership, Stage
from luodi.rooms.pathways.forms import StepForm
from luodi.rooms.pathways.models import Fact, Helper, Journey
from luodi.rooms.pathways.reading import Standing, standing_of
from luodi.rooms.pathways.rules import STAGE_LABELS, STEPS, Done, StepState, findings
from luodi.rooms.pathways.rules.standing import late
from luodi.rooms.pathways.verbs import development
from luodi.rooms.pathways.verbs.development import may_act, may_read_papers
from luodi.rooms.pathways.words import sentence
from luodi.shell.forms import form_page, posted
from luodi.shell.pages import show


def find(request: Request, pk: int) -> Journey:
    rows = Journey.objects.select_related("person__unit")
    row = get_object_or_404(rows, pk=pk)
    request.actor.require("pathways.view", row.path)
    return row


@dataclass(frozen=True)
class Line:
    """One entered fact, as the page shows it."""

    fact: Fact
    names: list[str]
    papers: bool
    late: int
    faults: list[str]


@dataclass(frozen=True)
class StepRow:
    """One step on the page, with what was entered of it."""

    state: StepState
    lines: list[Line]
    may: bool
    is_next: bool
    is_late: bool
    projected: bool


def rows_of(request: Request, now: Standing) -> Iterator[tuple[Stage, Any, list[StepRow]]]:
    """The steps by stage, each with its facts."""
    journey, actor = now.journey, request.actor
    names: dict[int, list[str]] = {}
    for one in Helper.objects.filter(fact__journey=journey).select_related("person"):
        names.setdefault(one.fact_id, []).append(str(one.person))
    faults = _faults(now)
    following = {one.step.key for one in now.next}
    overdue = {one.step.key for one in now.late}
    facts = list(journey.facts.all())
    for stage, label in STAGE_LABELS.items():
        rows = []
        for state in now.steps.values():
            if state.step.stage is not stage:
                continue
            papers = may_read_papers(actor, state.step, journey.path)
            lines = [
                Line(one, names.get(one.pk, []), papers, *_told(now, one, faults))
                for one in facts
                if one.step == state.step.key
            ]
            rows.append(
                StepRow(
                    state,
                    lines,
                    now.is_open and state.open and may_act(actor, state.step, journey.path),
                    state.step.key in following,
                    state.step.key in overdue,
                    not state.done and not state.sure,
                )
            )
        yield stage, label, rows


def _key(done: Done) -> tuple[str, Any, str]:
    return done.step, done.on, done.outcome


def _faults(now: Standing) -> dict[tuple[str, Any, str], list[str]]:
    return {
        _key(done): [sentence(one, done) for one in found] for done, found in findings(now.file)
    }


def _told(now: Standing, fact: Fact, faults: dict[Any, list[str]]) -> tuple[int, list[str]]:
    done = next(one for one in now.file.facts if (one.step, one.on) == (fact.step, fact.on))
    return late(now.file, done), [] if fact.exception else faults.get(_key(done), [])


@login_required
def journey(request: Request, pk: int) -> HttpResponseBase:
    """Where a person stands: what was done, what is next and when, what is missing."""
    row = find(request, pk)
    now = standing_of(row)
    held = Membership.objects.known().filter(person=row.person).select_related("branch__unit")
    context = _context(request, now) | {
        "memberships": held.order_by("valid"),
        "may_write": now.is_open and request.actor.may("pathways.write", row.path),
        "pause": next((one for one in now.journey.interruptions.all() if one.until is None), None),
    }
    return show(request, "pathways/journey.html", context)


def _context(request: Request, now: Standing) -> dict[str, Any]:
    return {
        "journey": now.journey,
        "now": now,
        "today": today(),
        "stages": list(rows_of(request, now)),
        "reached": [(stage.label, day) for stage, day in now.since.items()],
    }


@login_required
def paper(request: Request, pk: int) -> HttpResponseBase:
    """The whole file on paper."""
    row = find(request, pk)
    now = standing_of(row)
    if request.GET.get("format") == "print":
        note("export", "pathways_journey", row.pk, path=row.path, kind="print")
    return show(request, "pathways/paper.html", _context(request, now))


@login_required
def step(request: Request, pk: int, key: str) -> HttpResponseBase:
    """The form of a step."""
    row = find(request, pk)
    if key not in STEPS:
        raise Http404
    one = STEPS[key]
    request.actor.require(development.PERMISSIONS[one.who], row.path)
    state = standing_of(row).steps[key]
    form = StepForm(one, request.actor, row.path, initial={"on": today()}, **posted(request))
    return form_page(
        request,
        form,
        lambda data: development.record_step(actor=request.actor, journey=row, step=key, **data),
        heading=one.title,
        note=_when(state),
        back=row.get_absolute_url(),
        crumbs=_crumbs(row),
        said=_("已登记。"),
    )


def _crumbs(row: Journey) -> list[tuple[str, Any]]:
    return [(reverse("pathways:journeys"), _("发展党员")), (row.get_absolute_url(), row)]


def _when(state: StepState) -> str:
    """When the step may be, and when it should."""
    words = [gettext("依据：%(citation)s。") % {"citation": state.step.citation}]
    if state.earliest and state.sure:
        words.append(gettext("最早%(day)s。") % {"day": state.earliest})
    if state.latest:
        words.append(gettext("最迟%(day)s。") % {"day": state.latest})
    return "".join(words)


def fact_of(request: Request, pk: int) -> Fact:
    row = get_object_or_404(Fact.objects.select_related("journey__person__unit"), pk=pk)
    request.actor.require(development.PERMISSIONS[STEPS[row.step].who], row.path)
    return row


def _about(request: Request, pk: int) -> dict[str, Any]:
    return {"journey": find(request, pk)}


def _of_journey(verb: Any, heading: Any, **words: Any) -> Any:
    return page_of(
        verb,
        heading=lambda given: f"{heading}：{given['journey']}",
        back=lambda given: given["journey"].get_absolute_url(),
        find=_about,
        said=_("已保存。"),
        **words,
    )


begin = page_of(
    development.open_journey,
    heading=_("登记入党申请"),
    back=lambda given: reverse("pathways:journeys"),
    initial=lambda request, given: {"on": today()},
    done=lambda made: made.get_absolute_url(),
    note=_("申请人先在人员里登记，这里不用再填身份和单位。"),
    said=_("已登记。"),
)
interrupt = _of_journey(development.interrupt, _("登记培养中断"))
resume = _of_journey(
    development.resume, _("恢复培养"), initial=lambda request, given: {"on": today()}
)
move = _of_journey(
    development.move_journey,
    _("转接组织关系"),
    note=_("培养教育时间连续计算（第十二条）；材料随人转交。"),
)
plan = _of_journey(
    development.plan_journey,
    _("列入年度计划"),
    initial=lambda request, given: {
        "plan_year": given["journey"].plan_year or today().year,
        "version": given["journey"].version,
    },
)
end = _of_journey(
    development.end_journey,
    _("结束培养"),
    initial=lambda request, given: {"on": today(), "version": given["journey"].version},
    note=_("结束后阶段同时结束。未被接收的，材料满一年后自动清除。"),
)


@login_required
def correct(request: Request, pk: int) -> HttpResponseBase:
    """Puts right what was entered of a step."""
    row = fact_of(request, pk)
    return _fact_page(
        request, row, development.correct_step, _("更正：%(step)s"),
        {"on": row.on, "paper": row.paper, "note": row.note, "version": row.version},
    )  # fmt: skip


@login_required
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """Takes back a step that was entered by mistake."""
    row = fact_of(request, pk)
    return _fact_page(
        request, row, development.withdraw_step, _("撤回：%(step)s"), {"version": row.version}
    )


def _fact_page(
    request: Request, row: Fact, verb: Any, heading: Any, initial: dict[str, Any]
) -> HttpResponseBase:
    from luodi.ground.records.api import form_of

    given = {"fact": row}
    form = form_of(verb, request.actor, given, initial=initial, **posted(request))
    back = row.journey.get_absolute_url()
    return form_page(
        request,
        form,
        lambda data: verb(actor=request.actor, fact=row, **data),
        heading=str(heading) % {"step": STEPS[row.step].title},
        back=back,
        crumbs=_crumbs(row.journey),
        said=_("已保存。"),
    )
