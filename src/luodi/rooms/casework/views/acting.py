"""Each step of a case as a small form of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from luodi.ground.scope.middleware import Request
from luodi.rooms.casework import api
from luodi.rooms.casework.forms import ForgetForm, PhoneForm, measure_initial
from luodi.rooms.casework.models import Case, Measure
from luodi.rooms.casework.reading import similar
from luodi.rooms.casework.standing import available, standing_of
from luodi.rooms.casework.steps import step_of, take_step
from luodi.rooms.casework.timeline import handed
from luodi.rooms.casework.views.common import find_case, templates_of
from luodi.shell.forms import carry_out
from luodi.shell.pages import show


@login_required
def act(request: Request, code: str, key: str, measure_id: int | None = None) -> HttpResponse:
    """Shows the form of a step, or carries it out and goes back to the case."""
    case = find_case(code)
    transition = next((one for one in case.plan.transitions if one.key == key), None)
    step = step_of(transition) if transition else None
    if transition is None or step is None or step.of_measure != (measure_id is not None):
        raise Http404
    measure = get_object_or_404(Measure, pk=measure_id, case=case) if measure_id else None
    standing = standing_of(case.pk)
    texts, text = templates_of(request, step.form.kind)
    initial: dict[str, Any] = {"version": case.version}
    if key == "change_measure" and measure:
        initial |= measure_initial(measure)
    if text:
        initial |= {"text": text, "note": text}
    posted, gone = request.method == "POST", False
    form = step.form(
        request.POST if posted else None,
        request.FILES if posted else None,
        case=case,
        standing=standing,
        actor=request.actor,
        initial=initial,
    )
    if request.htmx and (fields := form.visible_fields()):  # type: ignore[attr-defined]
        fields[0].field.widget.attrs["autofocus"] = True
    if posted:
        done = carry_out(
            request,
            form,
            lambda data: take_step(step, request.actor, case, measure, data),
        )
        if done is not None:
            return _landed(request, case, transition)
        if step.bare or not _still_mine(
            request, found := find_case(code), None, transition, measure
        ):
            gone = True
            if step.unwritten:  # nothing was typed: what has happened meanwhile is seen on the case
                return _meanwhile(request, case, form)
            case = found
    elif not _still_mine(request, case, standing, transition, measure):
        messages.info(
            request,
            _("这个问题现在的状态是“%(state)s”，不需要这一步了。")
            % {"state": case.state_now.label},
        )
        return redirect("cases:case", case.code)
    context = {
        "case": case,
        "transition": transition,
        "measure": measure,
        "form": form,
        "texts": texts,
        "gone": gone,
        "alike": similar(case) if key == "receive" else [],
        "tone": "btn-danger" if step.tone else "btn-primary",
    }
    return show(
        request, "casework/act.html", context, fragment="act", status=422 if posted else 200
    )


def _still_mine(
    request: Request,
    case: Case,
    standing: Any,
    transition: api.Transition,
    measure: Measure | None,
) -> bool:
    mine = measure is not None and measure.owner_id == request.actor.account_id
    return mine or transition in available(request.actor, case, standing)


def _meanwhile(request: Request, case: Case, form: Any) -> HttpResponse:
    """Back to the case, with the sentence why the step was not taken."""
    for problems in form.errors.values():
        messages.warning(request, str(problems[0]))
    return redirect("cases:case", case.code)


def _landed(request: Request, case: Case, transition: api.Transition) -> HttpResponse:
    """Says what has happened. Who gave a case back may not see it any more: then to the list."""
    what = handed(case, transition) or transition.done or transition.label
    messages.success(request, _("%(code)s：%(what)s。") % {"code": case.code, "what": what})
    last = case.events.order_by("-version").first()
    if last is not None and transition.key == "urge" and "gone" in last.payload:
        messages.info(request, _("%(gone)s。") % {"gone": last.payload["gone"]})
    seen = Case.objects.filter(pk=case.pk).exists()
    return redirect("cases:case", case.code) if seen else redirect("cases:problems")


@login_required
def phone(request: Request, code: str) -> HttpResponse:
    """Shows the reporter's whole number, once a reason has gone into the trail."""
    case = find_case(code)
    request.actor.require("cases.receive", case.unit.path)
    form = PhoneForm(request.POST or None)
    number = None
    if request.method == "POST":
        number = carry_out(
            request,
            form,
            lambda data: api.reveal_phone(actor=request.actor, case=case, why=data["why"]),
        )
    failed = request.method == "POST" and number is None
    context = {"case": case, "form": form, "number": number}
    return show(request, "casework/phone.html", context, status=422 if failed else 200)


@login_required
def forget(request: Request, code: str) -> HttpResponse:
    """Removes who reported, when the time to keep it has run out."""
    case = find_case(code)
    request.actor.require("people.reveal", case.unit.path)
    form = ForgetForm(request.POST or None)
    posted = request.method == "POST"
    if posted and carry_out(
        request,
        form,
        lambda data: api.forget_reporter(actor=request.actor, case=case, why=data["why"]),
    ):
        messages.success(request, _("已清除反映人的姓名和电话；问题和统计不变。"))
        return redirect("cases:case", case.code)
    context = {"case": case, "form": form, "day": api.may_forget_on(case)}
    return show(request, "casework/forget.html", context, status=422 if posted else 200)
