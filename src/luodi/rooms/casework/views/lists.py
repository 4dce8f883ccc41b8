"""The three lists, as tables; the problem list also as a board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import Account
from luodi.ground.scope.middleware import Request
from luodi.lib.names import loose
from luodi.rooms.casework import api
from luodi.rooms.casework.filters import CaseFilter, MeasureFilter, ResponsibilityFilter
from luodi.rooms.casework.forms import FilterNameForm
from luodi.rooms.casework.lines import lines
from luodi.rooms.casework.models import Case, Measure, Responsibility, SavedFilter
from luodi.rooms.casework.notify import url_of
from luodi.rooms.casework.procedure import procedures
from luodi.rooms.casework.queries import CaseQuerySet
from luodi.rooms.casework.templatetags.cases import light, measure_light, state, status_in, turn
from luodi.rooms.casework.together import TOGETHER, offered, take_together
from luodi.rooms.casework.views.sheet import PROBLEM_SHEET, whole
from luodi.shell.forms import carry_out
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

CARDS = 20  # of a column of the board


def searched(cases: Any, text: str) -> Any:
    """The cases that have the words, and those that are with somebody of that name."""
    found = cases.search(text)
    if people := named(text):
        return found | cases.filter(Q(lead_account__in=people) | Q(waiting_account__in=people))
    return found


def named(text: str) -> list[int]:
    """The accounts of that name, in any spelling."""
    people = Account.objects.filter(name__iregex=f"^{loose(text)}$", is_service=False)
    return list(people.values_list("pk", flat=True)[:CARDS])


def with_lines(rows: QuerySet[Any]) -> Callable[[Sequence[int]], dict[int, Any]]:
    """Rows of cases by their keys, each with the case's line as `line`."""

    def show(keys: Sequence[int]) -> dict[int, Any]:
        found = rows.in_bulk(keys)
        cases = lines([one.case_id for one in found.values()])
        for one in found.values():
            one.line = cases.get(one.case_id)
        return {key: one for key, one in found.items() if one.line}

    return show


def searched_by_case(owner: str) -> Callable[[Any, str], Any]:
    """Finds rows of the cases that the words find, what is written in a row among them; and those
    of somebody of that name, whom the column `owner` names."""

    def search(rows: Any, text: str) -> Any:
        found = Q(case__in=Case.objects.all().search(text))
        people = named(text)
        return rows.filter(found | Q(**{f"{owner}__in": people}) if people else found)

    return search


def day(at: dt.datetime | None) -> dt.date | None:
    return at and timezone.localdate(at)


PROBLEM_COLUMNS = [
    Column(
        "code",
        _("编号"),
        sort="id",
        link=url_of,
        phone="hide",
    ),
    Column("title", _("标题"), sort="title", link=url_of, phone="title"),
    Column("unit", _("单位"), sort="unit__sort_key"),
    Column("category", _("类别"), sort="category__position", phone="hide"),
    Column("state", _("状态"), sort="state", value=state),
    Column("turn", _("现在由谁办"), sort="waiting_unit__sort_key", value=turn),
    Column("light", _("时限"), sort="next_due_at", value=light),
    Column(
        "raised_at",
        _("反映时间"),
        sort="raised_at",
        value=lambda one: day(one.raised_at),
        export=lambda one: one.raised_at,
        phone="hide",
    ),
]


def problem_listing(
    request: Request, *, pick: str = "", cases: CaseQuerySet | None = None
) -> Listing:
    return Listing(
        request,
        Case.objects.all() if cases is None else cases,
        columns=PROBLEM_COLUMNS,
        sheet=PROBLEM_SHEET,
        sheet_show=whole,
        default_sort="-raised_at",
        name="problems",
        filters=partial(CaseFilter, actor=request.actor) if cases is None else None,
        search=searched,
        show=lines,
        empty=_("还没有问题。企业联络员可以直接反映，也可以代为登记来电。"),
        title=_("问题清单"),
        pick=pick,
    )


@login_required
def problems(request: Request) -> HttpResponseBase:
    """The problem list; ticked rows can be worked on together."""
    request.actor.require("cases.view")
    listing = problem_listing(request, pick="many")
    if file := listing.export():
        return file
    context = {
        "listing": listing,
        "together": offered(request.actor),
        "saved": list(SavedFilter.objects.filter(account_id=request.actor.account_id)),
        "query": _kept_query(request),
    }
    return show(request, "casework/problems.html", context)


def _kept_query(request: Request) -> str:
    """The filter in the address, without the page and the file's format."""
    pairs = parse_qsl(request.META.get("QUERY_STRING", ""))
    return urlencode([(key, value) for key, value in pairs if key not in {"page", "format"}])


@login_required
def board(request: Request) -> HttpResponse:
    """The open cases by state. Each column's count opens the same cases as a list."""
    request.actor.require("cases.view")
    listing = problem_listing(request)
    cases = cast(CaseQuerySet, listing.wanted).open()
    counts = dict(cases.order_by().values_list("state").annotate(count=Count("id")))
    states = open_states()
    keys = {key: _soonest(cases, key) if counts.get(key) else [] for key in states}
    cards = lines([one for column in keys.values() for one in column])
    columns = [
        (key, label, counts.get(key, 0), [cards[one] for one in keys[key] if one in cards])
        for key, label in states.items()
    ]
    context = {"columns": columns, "query": _kept_query(request), "most": CARDS}
    context |= {"form": listing.form, "refusal": listing.refusal}
    status = 422 if listing.refusal else 200
    return show(request, "casework/board.html", context, status=status)


def open_states() -> dict[str, str]:
    """The states of the shipped procedures in which a case is open, by their first name."""
    found: dict[str, str] = {}
    for procedure in reversed(procedures().values()):
        for one in procedure.states.values():
            if one.kind != "final":
                found[one.key] = str(one.label)
    return found


def _soonest(cases: CaseQuerySet, state: str) -> list[int]:
    """The keys of the cases in a state that come to their deadlines first."""
    found = cases.filter(state=state).order_by("next_due_at", "id")
    return list(found.values_list("pk", flat=True)[:CARDS])


@login_required
def responsibilities(request: Request) -> HttpResponseBase:
    """The responsibility list: who has what, and who was offered it."""
    request.actor.require("cases.view")
    shown = ("case_id", "role", "status", "at", "unit__name", "unit__short_name", "account__name")
    listing = Listing(
        request,
        Responsibility.objects.all(),
        columns=[
            Column(
                "case",
                _("问题"),
                sort="case_id",
                value=lambda one: one.line.title,
                link=lambda one: url_of(one.line),
                phone="title",
            ),
            Column("line.code", _("编号"), phone="hide"),
            Column("line.unit", _("单位"), phone="hide"),
            Column("unit", _("责任单位")),
            Column("account", _("责任人")),
            Column("role", _("分工")),
            Column("status", _("状态"), value=lambda one: status_in(one, one.line)),
            Column(
                "at",
                _("交办时间"),
                sort="at",
                value=lambda one: day(one.at),
                export=lambda one: one.at,
                phone="hide",
            ),
            Column("light", _("时限"), value=lambda one: light(one.line)),
        ],
        default_sort="-at",
        name="responsibilities",
        filters=partial(ResponsibilityFilter, actor=request.actor),
        search=searched_by_case("account"),
        show=with_lines(Responsibility.objects.select_related("unit", "account").only(*shown)),
        empty=_("没有正在承担的责任。问题受理或交办之后，这里列出由谁负责。"),
        title=_("责任清单"),
    )
    if file := listing.export():
        return file
    return show(request, "casework/list.html", {"listing": listing})


@login_required
def rectifications(request: Request) -> HttpResponseBase:
    """The rectification list: what is being done, by whom, until when."""
    request.actor.require("cases.view")
    listing = Listing(
        request,
        Measure.objects.all(),
        columns=[
            Column(
                "text",
                _("措施"),
                link=lambda one: f"{url_of(one.line)}#measures",
                phone="title",
            ),
            Column("case", _("问题"), sort="case_id", value=lambda one: one.line.title),
            Column("line.code", _("编号"), phone="hide"),
            Column("line.unit", _("单位"), phone="hide"),
            Column("owner_name", _("责任人")),
            Column("due_on", _("完成期限"), sort="due_on"),
            Column("status", _("状态"), value=measure_light),
            Column(
                "done_at",
                _("完成时间"),
                sort="done_at",
                value=lambda one: day(one.done_at),
                export=lambda one: one.done_at,
                phone="hide",
            ),
            Column("result", _("完成情况"), phone="hide"),
        ],
        default_sort="-due_on",
        name="rectifications",
        filters=partial(MeasureFilter, actor=request.actor),
        search=searched_by_case("owner"),
        show=with_lines(Measure.objects.all()),
        empty=_("还没有整改措施。责任单位在问题页里逐项添加。"),
        title=_("整改清单"),
    )
    if file := listing.export():
        return file
    return show(request, "casework/list.html", {"listing": listing})


# --- many at once, and what is kept -----------------------------------------------------------


@login_required
@require_POST
def many(request: Request) -> HttpResponseBase:
    """One step for all ticked cases: first asks what it needs, then says of each what became of it."""
    key = request.POST.get("do", "assign")
    label, right, kind = TOGETHER.get(key, TOGETHER["export"])
    request.actor.require(right)
    cases = Case.objects.filter(pk__in=_numbers(request.POST.getlist("pick"))).order_by("id")
    if not cases:
        messages.error(request, _("请先在列表里勾选问题。"))
        return redirect("cases:problems")
    if kind is None:
        return problem_listing(request, cases=cases).file()
    sent = "sent" in request.POST
    form = kind(
        request.POST if sent else None,
        actor=request.actor,
        initial={"pick": request.POST.getlist("pick")},
    )
    context = {"form": form, "cases": cases, "label": label, "do": key}
    if not sent:
        return show(request, "casework/assign.html", context)
    results = carry_out(request, form, partial(take_together, key, request.actor))
    if results and not any(one.problem for one in results):
        messages.success(
            request,
            _("%(label)s：%(count)s 个问题，全部完成。") % {"label": label, "count": len(results)},
        )
        return redirect("cases:problems")
    status = 422 if results is None else 200
    context["results"] = results
    return show(request, "casework/assign.html", context, status=status)


def _numbers(texts: list[str]) -> list[int]:
    return [int(one) for one in texts if one.isdecimal() and len(one) < 19]


@login_required
@require_POST
def keep_filter(request: Request) -> HttpResponse:
    """Keeps the filter of the problem list under a name."""
    form = FilterNameForm(request.POST)
    carry_out(request, form, lambda data: api.save_filter(actor=request.actor, **data))
    for problems_of in form.errors.values():
        messages.error(request, str(problems_of[0]))
    query = request.POST.get("query", "")[:2000]
    return redirect(f"{reverse('cases:problems')}?{query}")


@login_required
@require_POST
def drop_filter(request: Request, pk: int) -> HttpResponse:
    api.remove_filter(actor=request.actor, filter_id=pk)
    return redirect("cases:problems")
