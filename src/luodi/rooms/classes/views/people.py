"""Who is to be trained in a course, the proposal of who goes when, and what is done with each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from luodi.ground.evidence.api import files_of
from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.classes.models import Cohort, Course, Plan, Trainee
from luodi.rooms.classes.verbs import enrolling, planning
from luodi.shell.forms import carry_out, form_page, posted, with_version
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

STATES = {
    "open": (gettext_lazy("还没有期次"), Q(trained_on=None, dropped_on=None, cohort=None)),
    "placed": (gettext_lazy("已安排"), Q(trained_on=None, dropped_on=None, cohort__isnull=False)),
    "trained": (gettext_lazy("已结业"), Q(trained_on__isnull=False)),
    "dropped": (gettext_lazy("不再参训"), Q(dropped_on__isnull=False)),
}


def state_of(one: Trainee) -> str:
    """Where somebody stands, as a key of STATES."""
    if one.dropped_on:
        return "dropped"
    if one.trained_on:
        return "trained"
    return "placed" if one.cohort_id else "open"


class PeopleFilter(forms.Form):
    """Which of them: in a state, in a cohort."""

    def __init__(self, data: QueryDict, *, cohorts: list[Cohort]) -> None:
        super().__init__(data)
        states = [("", _("全部")), *((key, words) for key, (words, _q) in STATES.items())]
        self.fields["state"] = forms.ChoiceField(label=_("状态"), required=False, choices=states)
        runs = [("", _("全部")), *((str(one.pk), one.name) for one in cohorts)]
        self.fields["cohort"] = forms.ChoiceField(label=_("期次"), required=False, choices=runs)

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        if state := self.cleaned_data.get("state"):
            rows = rows.filter(STATES[state][1])
        if cohort := self.cleaned_data.get("cohort"):
            rows = rows.filter(cohort=cohort)
        return rows


def find_course(request: Request, pk: int) -> Course:
    request.actor.require("classes.view")
    return get_object_or_404(Course.objects.select_related("unit"), pk=pk)


def find_trainee(request: Request, pk: int) -> Trainee:
    rows = Trainee.objects.select_related("course", "unit", "person", "cohort")
    return get_object_or_404(rows, pk=pk)


@login_required
def people(request: Request, pk: int) -> HttpResponseBase:
    """The list of a course: everybody with their cohort, and who is still to go until all have been."""
    course = find_course(request, pk)
    cohorts = list(course.cohorts.all())
    rows = Trainee.objects.filter(course=course).select_related("person", "unit", "cohort")
    may_write = request.actor.may(planning.WRITE, course.unit.path)
    may_send = request.actor.may(enrolling.SEND)
    listing = Listing(
        request,
        rows,
        columns=[
            Column("person", _("姓名"), sort="person__sort_key", phone="title", link=_person),
            Column("unit", _("选送单位"), sort="unit__sort_key"),
            Column("level", _("层级"), sort="level"),
            Column("cohort", _("期次"), sort="cohort__starts_on", value=_cohort),
            Column("away", _("不便日期"), phone="hide"),
            Column("state", _("状态"), value=lambda one: STATES[state_of(one)][0]),
            Column("trained_on", _("结业日期"), sort="trained_on", phone="hide"),
            Column("hours", _("学时"), align="end", phone="hide"),
            Column(
                "do",
                _("办理"),
                value=lambda one: _("办理") if may_send and not one.trained_on else "",
                link=lambda one: (
                    reverse(
                        "classes:place"
                        if request.actor.may(planning.WRITE, one.unit.path)
                        else "classes:away",
                        args=[one.pk],
                    )
                    if may_send and not one.trained_on
                    else ""
                ),
                export=lambda one: "",
            ),
        ],
        default_sort="person",
        name="trainees",
        filters=lambda data: PeopleFilter(data, cohorts=cohorts),
        search=lambda found, text: found.filter(
            Q(person__name__icontains=text) | Q(person__spelling__icontains=text.lower())
        ),
        title=_("%(course)s培训对象") % {"course": course},
        empty=_("名单还是空的。由选送单位列入人员。"),
    )
    if file := listing.export():
        return file
    found = rows.aggregate(
        **{key: Count("pk", filter=condition) for key, (_words, condition) in STATES.items()}
    )
    asked = found["open"] + found["placed"] + found["trained"]
    context = {
        "course": course,
        "cohorts": _filled(cohorts, rows),
        "listing": listing,
        "counts": [(key, words, found[key]) for key, (words, _q) in STATES.items() if found[key]],
        "asked": asked,
        "left": asked - found["trained"],
        "plan": _plan_of(course) if may_write else None,
        "files": files_of({enrolling.COURSE: [course.pk]}).get((enrolling.COURSE, course.pk), []),
        "may_write": may_write,
        "may_send": may_send,
        "today": today(),
    }
    return show(request, "classes/people.html", context)


def _person(one: Trainee) -> str:
    return reverse("directory:person", args=[one.person_id])


def _cohort(one: Trainee) -> str:
    return one.cohort.name if one.cohort else ""


def _filled(cohorts: list[Cohort], rows: QuerySet[Trainee]) -> list[tuple[Cohort, int]]:
    """The cohorts, each with how many are in it."""
    counted = Counter(rows.exclude(cohort=None).values_list("cohort", flat=True))
    return [(one, counted[one.pk]) for one in cohorts]


def _plan_of(course: Course) -> Mapping[str, Any] | None:
    """The latest proposal, in words: who would go where, who could not and why."""
    plan = course.plans.first()
    if plan is None or plan.state in {Plan.State.ACCEPTED, Plan.State.STALE}:
        return None
    names = {one.pk: one.name for one in course.cohorts.all()}
    sizes = Counter(plan.placed.values())
    left = Trainee.objects.filter(pk__in=[int(key) for key in plan.left]).select_related("person")
    return {
        "plan": plan,
        "ready": plan.state == Plan.State.READY,
        "busy": plan.state in {Plan.State.WAITING, Plan.State.RUNNING},
        "sizes": [(names[pk], sizes[pk]) for pk in names if pk in sizes],
        "left": [(str(one.person), plan.left[str(one.pk)]) for one in left],
        "placed": len(plan.placed),
    }


def _list_of(given: Mapping[str, Any]) -> str:
    return reverse("classes:people", args=[_course_of(given).pk])


def _course_of(given: Mapping[str, Any]) -> Course:
    course: Course = given["course"] if "course" in given else given["trainee"].course
    return course


enrol = page_of(
    enrolling.enrol,
    find=lambda request, pk: {"course": find_course(request, pk), "persons": None},
    heading=lambda given: _("列入培训名单：%(course)s") % {"course": given["course"]},
    back=_list_of,
    note=gettext_lazy("列入这个单位登记的全部人员；已经在名单里的不变。不需要的再逐个移出。"),
    said=gettext_lazy("已列入名单。"),
)
away = page_of(
    enrolling.change_away,
    find=lambda request, pk: {"trainee": find_trainee(request, pk)},
    heading=lambda given: _("不便日期：%(name)s") % {"name": given["trainee"]},
    back=_list_of,
    initial=lambda request, given: {"away": " ".join(given["trainee"].away)},
)
drop = page_of(
    enrolling.drop_trainee,
    find=lambda request, pk: {"trainee": find_trainee(request, pk)},
    heading=lambda given: _("移出名单：%(name)s") % {"name": given["trainee"]},
    back=_list_of,
    note=gettext_lazy("名额空出来，其他人的安排不变。"),
)
ask = page_of(
    planning.ask_plan,
    find=lambda request, pk: {"course": find_course(request, pk)},
    heading=lambda given: _("计算分班方案：%(course)s") % {"course": given["course"]},
    back=_list_of,
    submit=gettext_lazy("开始计算"),
    note=gettext_lazy(
        "按紧迫程度、不便日期、期次人数和同一单位同时最多，安排每人一次。算完先看方案，再决定采用。"
    ),
)


materials = page_of(
    enrolling.add_materials,
    find=lambda request, pk: {"course": find_course(request, pk)},
    heading=lambda given: _("添加培训材料：%(course)s") % {"course": given["course"]},
    back=_list_of,
    note=gettext_lazy("课件、讲义、日程等；看得到这门课程的人都能打开。"),
)


class PlaceForm(forms.Form):
    """Into which cohort somebody goes."""

    def __init__(self, *args: Any, cohorts: list[Cohort], **options: Any) -> None:
        super().__init__(*args, **options)
        runs = [("", _("不安排")), *((str(one.pk), _run(one)) for one in cohorts)]
        self.fields["cohort"] = forms.ChoiceField(label=_("期次"), required=False, choices=runs)


def _run(one: Cohort) -> str:
    return f"{one.name} {one.starts_on} — {one.ends_on}"


@login_required
def place(request: Request, pk: int) -> HttpResponseBase:
    """Puts somebody into a cohort by hand; leads to the other things that can be done."""
    row = find_trainee(request, pk)
    request.actor.require(enrolling.SEND, row.unit.path)
    request.actor.require(planning.WRITE, row.unit.path)
    cohorts = [one for one in row.course.cohorts.all() if not one.finished_at]
    start = {"cohort": row.cohort_id or ""}
    form = with_version(PlaceForm(**posted(request), cohorts=cohorts, initial=start), row)

    def carry(data: dict[str, Any]) -> object:
        wanted = next((one for one in cohorts if str(one.pk) == data["cohort"]), None)
        return enrolling.place_trainee(
            actor=request.actor, trainee=row, cohort=wanted, version=data["version"]
        )

    return form_page(
        request,
        form,
        carry,
        heading=_("安排期次：%(name)s") % {"name": row},
        back=_list_of({"course": row.course}),
        template="classes/place.html",
        trainee=row,
    )


@login_required
@require_POST
def accept(request: Request, pk: int) -> HttpResponseBase:
    """Places everybody as the proposal says; a refusal is said on the course's page."""
    plan = get_object_or_404(Plan.objects.select_related("unit"), pk=pk)
    form = forms.Form(request.POST)
    done = carry_out(
        request, form, lambda _data: planning.accept_plan(actor=request.actor, plan=plan)
    )
    if done is None:
        for error in form.non_field_errors():
            messages.error(request, str(error))
    else:
        messages.success(request, _("已采用，安排了%(count)s人。") % {"count": int(done)})
    return redirect("classes:people", plan.course_id)
