"""One case: where it stands, what I may do now, its three lists and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import render

from luodi.apps.casework.models import Case, Event, Link, Measure, Responsibility, Share
from luodi.apps.casework.procedure import Transition
from luodi.apps.casework.standing import Standing, available
from luodi.apps.casework.steps import Step, step_of
from luodi.apps.casework.timeline import lines
from luodi.apps.casework.verbs.progress import CASE_TABLE, MEASURE_TABLE
from luodi.apps.casework.views.common import SHOWN_WITH, find_case
from luodi.apps.evidence.api import files_of
from luodi.apps.scope.middleware import Request
from luodi.shell.pages import show


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that the actor may do now."""

    transition: Transition
    step: Step


@login_required
def case(request: Request, code: str) -> HttpResponse:
    """The case page; `?format=print` gives it as a sheet of paper."""
    found = find_case(code, *SHOWN_WITH, "escalated_unit", "merged_into", "reporter_unit")
    context = _context(request, found)
    if request.GET.get("format") == "print":
        return render(request, "casework/case_print.html", context)
    return show(request, "casework/case.html", context)


def _context(request: Request, case: Case) -> dict[str, Any]:
    responsibilities = list(
        Responsibility.objects.filter(case=case).select_related("unit", "account", "by")
    )
    standing = Standing([one for one in responsibilities if one.status in {"offered", "accepted"}])
    measures = list(Measure.objects.filter(case=case))
    still_open = sum(one.is_open for one in measures)
    choices = _choices(request, case, standing, still_open)
    files = files_of(MEASURE_TABLE, [one.pk for one in measures])
    events = Event.objects.filter(case=case).order_by("version").select_related("account")
    keys = {one.transition.key for one in choices}
    me = request.actor.account_id
    return {
        "case": case,
        "choices": [one for one in choices if not one.step.of_measure],
        "responsibilities": responsibilities,
        "measures": [
            (one, files.get(one.pk, []), _measure_steps(one, keys, me)) for one in measures
        ],
        "open_measures": still_open,
        "files": files_of(CASE_TABLE, [case.pk]).get(case.pk, []),
        "timeline": lines(case, events),
        "verifications": case.verifications.select_related("account"),
        "links": _linked(case),
        "merged": list(Case.objects.filter(merged_into=case).order_by("id")),
        "shares": [one.unit for one in Share.objects.filter(case=case).select_related("unit")],
        "may_reveal": bool(case.reporter_phone)
        and request.actor.may("cases.receive", case.unit.path),
    }


def _choices(request: Request, case: Case, standing: Standing, still_open: int) -> list[Choice]:
    """What may be done, in the procedure's order; what still waits for measures comes last."""
    found = [(one, step_of(one)) for one in available(request.actor, case, standing)]
    choices = [Choice(transition, step) for transition, step in found if step]
    return sorted(choices, key=lambda one: bool(still_open and "measures_done" in one.transition.needs))


def _measure_steps(measure: Measure, allowed: set[str], me: int) -> list[str]:
    """Which steps of a measure are offered: its owner may always finish it."""
    if not measure.is_open:
        return []
    steps = [key for key in ("finish_measure", "change_measure", "drop_measure") if key in allowed]
    if measure.owner_id == me and "finish_measure" not in steps:
        steps.insert(0, "finish_measure")
    return steps


def _linked(case: Case) -> list[tuple[str, Case]]:
    """The cases linked with this one, from either side, that the actor may see."""
    rows = Link.objects.filter(Q(case=case) | Q(other=case)).order_by("id")
    pairs = [(one.get_kind_display(), one.other_id if one.case_id == case.pk else one.case_id) for one in rows]
    seen = Case.objects.in_bulk([pk for _kind, pk in pairs])
    return [(kind, seen[pk]) for kind, pk in pairs if pk in seen]
