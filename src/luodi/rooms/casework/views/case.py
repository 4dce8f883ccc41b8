"""One case: where it stands, what I may do now, its three lists and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luodi.ground.evidence.api import File
from luodi.ground.scope.api import Request
from luodi.rooms.casework.api import Dossier, dossier, may_forget_on
from luodi.rooms.casework.models import Measure, Share
from luodi.rooms.casework.procedure import Transition
from luodi.rooms.casework.reading import MeasureView
from luodi.rooms.casework.standing import Standing
from luodi.rooms.casework.steps import Step, step_of
from luodi.rooms.casework.timeline import lines
from luodi.shell.pages import show

ADD = "add_measure"
LIVING = {"offered", "accepted"}


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that the actor may do now."""

    transition: Transition
    step: Step


@login_required
def case(request: Request, code: str) -> HttpResponse:
    """The case page; `?format=print` gives it as a sheet of paper."""
    context = _context(request, dossier(actor=request.actor, code=code.upper()))
    if request.GET.get("format") == "print":
        return render(request, "casework/case_print.html", context)
    return show(request, "casework/case.html", context)


def _context(request: Request, found: Dossier) -> dict[str, Any]:
    """What the page shows. `first`: the primary button, beside it what is of the same verb (a
    verdict is asked for with both answers in sight); while steps are open, to finish one of them
    comes before adding another."""
    case = found.case
    still_open = sum(one.measure.is_open for one in found.measures)
    choices = _choices(request, found, still_open)
    offered = [one for one in choices if not one.step.of_measure]
    keys = {one.transition.key for one in choices}
    measures = [(one.measure, one.files, _steps(one, keys)) for one in found.measures]
    finish = _next_to_finish(measures) if offered and offered[0].transition.key == ADD else None
    same = [one for one in offered if one.transition.verb == offered[0].transition.verb]
    first = [] if finish else same
    shares = Share.objects.filter(case=case).select_related("unit")
    return {
        "case": case,
        "found": found,
        "finish": finish,
        "first": first,
        "more": [one for one in offered if one not in first],
        "beside": {one.transition.key: one for one in offered},
        "measures": measures,
        "open_measures": still_open,
        "timeline": lines(case, found.events),
        "says_more": case.text.strip().rstrip("。.") != case.title,
        "result": _result(found) if case.waits_on == "reporter" else "",
        "shares": [one.unit for one in shares],
        "may_forget": request.actor.may("people.reveal", case.unit.path)
        and (day := may_forget_on(case)) is not None
        and day <= timezone.localdate(),
        "may_trace": request.actor.may("cases.view", case.unit.path),
        "may_reveal": bool(case.reporter_phone)
        and request.actor.may("cases.receive", case.unit.path),
    }


def _result(found: Dossier) -> str:
    """What was submitted last, for who is asked whether it is good."""
    notes = [one.note for one in found.events if one.transition == "submit"]
    return notes[-1] if notes else ""


def _choices(request: Request, found: Dossier, still_open: int) -> list[Choice]:
    """What may be done, in the procedure's order, what fits the actor's part first; what still waits
    for measures comes last."""
    part = _part(request, found)
    steps = [(one, step_of(one)) for one in found.available]
    choices = [Choice(transition, step) for transition, step in steps if step]
    return sorted(
        choices,
        key=lambda one: (
            bool(still_open and "measures_done" in one.transition.needs),
            one.transition.key != part,
        ),
    )


def _part(request: Request, found: Dossier) -> str:
    """The step that is the actor's own: of who helps, to answer; of who is above, where it is late
    in another unit's hands, to supervise. "": the procedure's first."""
    case, actor = found.case, request.actor
    living = Standing([one for one in found.responsibilities if one.status in LIVING])
    keys = {one.key for one in found.available}
    if "join" in keys or not case.is_open:
        return ""
    if case.waiting_account_id == actor.account_id:
        return ""
    units = {held.unit_id for held in actor.holdings}
    if living.lead.unit_id in units or case.waiting_unit_id in units:
        return ""
    if any(one.unit_id in units for one in living.helpers):
        return "answer"
    return "supervise" if found.light == "red" else ""


def _next_to_finish(measures: list[tuple[Measure, list[File], list[str]]]) -> Measure | None:
    """The open measure that is due first, of those that the actor may finish."""
    mine = [measure for measure, _files, steps in measures if "finish_measure" in steps]
    return min(mine, key=lambda one: one.due_on, default=None)


def _steps(view: MeasureView, allowed: set[str]) -> list[str]:
    """Which steps of a measure are offered: its owner may always finish it."""
    if not view.measure.is_open:
        return []
    steps: list[str] = [
        key for key in ("finish_measure", "change_measure", "drop_measure") if key in allowed
    ]
    if view.mine and "finish_measure" not in steps:
        steps.insert(0, "finish_measure")
    return steps
