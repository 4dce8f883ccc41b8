"""The pages of votes and tasks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import ReasonForm
from luodi.ground.scope.api import Request, today
from luodi.lib.errors import NotAllowed
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings.forms import CaseForm, CountForm, DoneForm, TaskForm, VoteForm
from luodi.rooms.gatherings.kinds.votes import rule_of
from luodi.rooms.gatherings.models import Choice, Gathering, Task, Vote
from luodi.rooms.gatherings.outcome import told
from luodi.rooms.gatherings.verbs import tasks, voting
from luodi.rooms.gatherings.verbs.checks import WRITE
from luodi.rooms.gatherings.views.common import LIST, find_for, home_of
from luodi.shell.forms import carry_out, form_page, posted, with_version
from luodi.shell.pages import show


def _crumbs(row: Gathering) -> list[tuple[str, object]]:
    return [(reverse(LIST), _("活动")), (home_of(row), row)]


@login_required
def new_vote(request: Request, pk: int) -> HttpResponseBase:
    row = find_for(request, pk)
    first = next((key for kind in row.kinds for key in kind.votes), None)
    secret = rule_of(first).secret if first else False
    form = VoteForm(**posted(request), gathering=row, initial={"secret": secret})
    return form_page(
        request,
        form,
        lambda data: voting.open_vote(actor=request.actor, gathering=row, **data),
        heading=_("表决"),
        submit=_("发起表决"),
        back=home_of(row, "votes"),
        done=lambda vote: reverse("gatherings:count", args=[vote.pk]),
        crumbs=_crumbs(row),
    )


def find_vote(request: Request, pk: int) -> Vote:
    vote = get_object_or_404(Vote.objects.select_related("gathering__unit"), pk=pk)
    request.actor.require(WRITE, vote.path)
    return vote


@login_required
def count(request: Request, pk: int) -> HttpResponseBase:
    """The sums of a vote; how many were there is preset from the list of attendance."""
    vote = find_vote(request, pk)
    row = vote.gathering
    people = voting.entitled_to(rule_of(vote.rule), row)
    present = len(voting.present_of(row, people)) if row.recorded_at else None
    if not vote.secret and not rule_of(vote.rule).election and row.recorded_at is not None:
        return _by_name(request, vote, voting.present_of(row, people))
    form = CountForm(**posted(request), vote=vote, initial={"present": present})
    known = told(vote)
    note = _("%(rule)s。有表决权 %(entitled)s 人。依据：%(source)s（%(certainty)s）。") % {
        "rule": known.rule,
        "entitled": len(people),
        "source": known.source,
        "certainty": known.certainty,
    }

    def verb(data: dict[str, Any]) -> object:
        version = data.get("version")
        return voting.close_vote(actor=request.actor, vote=vote, version=version, **form.sums())

    return form_page(
        request,
        form,
        verb,
        heading=vote.subject,
        submit=_("结束表决"),
        note=f"{note} {known.hint}".strip(),
        back=home_of(row, "votes"),
        crumbs=_crumbs(row),
        of=vote,
    )


def _by_name(request: Request, vote: Vote, people: list[Person]) -> HttpResponseBase:
    """How each voted who was there, preset to being in favour; only the others are tapped."""
    form = with_version(forms.Form(**posted(request)), vote)
    given = request.POST if request.method == "POST" else None
    said = {one.pk: given.get(f"v-{one.pk}", "") if given else Choice.YES for one in people}

    def verb(data: dict[str, Any]) -> object:
        version = data["version"]
        return voting.close_vote(actor=request.actor, vote=vote, ballots=said, version=version)

    if given is not None and carry_out(request, form, verb) is not None:
        return redirect(home_of(vote.gathering, "votes"))
    context = {
        "vote": vote,
        "known": told(vote),
        "form": form,
        "rows": [(one, said[one.pk]) for one in people],
        "choices": Choice.choices,
    }
    status = 200 if given is None else 422
    return show(request, "gatherings/ballots.html", context, status=status)


@login_required
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    vote = find_vote(request, pk)
    return form_page(
        request,
        ReasonForm(**posted(request)),
        lambda data: voting.withdraw_vote(
            actor=request.actor, vote=vote, why=data["reason"], version=data["version"]
        ),
        heading=_("撤回表决：%(name)s") % {"name": vote},
        submit=_("撤回"),
        note=_("登记错了的表决撤回后，另发起一次。原来的票数保留，标为已撤回。"),
        back=home_of(vote.gathering, "votes"),
        crumbs=_crumbs(vote.gathering),
        of=vote,
    )


@login_required
def new_task(request: Request, pk: int) -> HttpResponseBase:
    row = find_for(request, pk)
    start = {"text": request.GET.get("text", "")[:200]}
    return form_page(
        request,
        TaskForm(**posted(request), gathering=row, initial=start),
        lambda data: tasks.give_task(actor=request.actor, gathering=row, **data),
        heading=_("交办任务"),
        submit=_("交办"),
        back=home_of(row, "tasks"),
        crumbs=_crumbs(row),
    )


@login_required
def finish(request: Request, pk: int) -> HttpResponseBase:
    task = get_object_or_404(Task.objects.select_related("gathering__unit"), pk=pk)
    if not tasks.may_finish(request.actor, task):
        raise NotAllowed(_("这项任务由负责人或记录人登记完成。"))
    return form_page(
        request,
        DoneForm(**posted(request), initial={"on": today()}),
        lambda data: tasks.finish_task(actor=request.actor, task=task, **data),
        heading=_("完成：%(name)s") % {"name": task},
        submit=_("完成"),
        back=home_of(task.gathering, "tasks"),
        crumbs=_crumbs(task.gathering),
        of=task,
    )


@login_required
def new_case(request: Request, pk: int) -> HttpResponseBase:
    row = find_for(request, pk)
    start = {"text": request.GET.get("text", "")[:2000], "unit": row.unit.parent or row.unit}
    return form_page(
        request,
        CaseForm(**posted(request), actor=request.actor, gathering=row, initial=start),
        lambda data: tasks.raise_case(actor=request.actor, gathering=row, **data),
        heading=_("转入问题清单"),
        submit=_("转入"),
        note=_("按问题清单、责任清单、整改清单办理，办结后这里也看得到。"),
        back=home_of(row, "tasks"),
        crumbs=_crumbs(row),
    )
