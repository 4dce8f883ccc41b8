"""Dues: a branch's year as ticks, a month to tick, a member's receipt."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.directory.api import Branch, Person
from luodi.rooms.pathways.models import DuesMonth
from luodi.rooms.pathways.rules.dues import RATES, REGULATION, amount_of, first_of
from luodi.rooms.pathways.verbs import dues
from luodi.shell.cells import sheet_response
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show

EARLIEST = 2000


def find(request: Request, pk: int) -> Branch:
    row = get_object_or_404(Branch.objects.select_related("unit"), pk=pk)
    request.actor.require(dues.KEEP, row.path)
    return row


@login_required
def branches(request: Request) -> HttpResponseBase:
    """The organisations whose dues the actor keeps; the only one at once."""
    request.actor.require(dues.KEEP)
    rows = Branch.objects.filter(unit__closed_on=None).select_related("unit").order_by("unit__path")
    mine = [one for one in rows if request.actor.may(dues.KEEP, one.path)]
    if len(mine) == 1:
        return redirect("pathways:dues_year", mine[0].pk, today().year)
    return show(request, "pathways/dues_branches.html", {"branches": mine, "year": today().year})


def _year(year: int) -> int:
    if not EARLIEST <= year <= today().year:
        raise Http404
    return year


@login_required
def year(request: Request, pk: int, year: int) -> HttpResponseBase:
    """A year: the members by name, their months as ticks; as a file too."""
    branch, day = find(request, pk), today()
    lines = dues.lines_of(branch, _year(year))
    if request.GET.get("format") == "xlsx":
        return _sheet(branch, year, lines)
    here = first_of(day)
    months = [dt.date(year, number, 1) for number in range(1, 13)]
    rows = [
        (
            line,
            [
                (month, line.paid.get(month), month in line.due and month <= here)
                for month in months
            ],
        )
        for line in lines
    ]
    context = {
        "branch": branch,
        "year": year,
        "months": months,
        "rows": rows,
        "past": [month for month in months if month <= here],
        "last": here if year == day.year else months[-1],
        "total": sum((line.total for line in lines), start=0),
        "before": year - 1,
        "after": year + 1 if year < day.year else None,
        "rates": RATES,
        "regulation": REGULATION,
    }
    return show(request, "pathways/dues_year.html", context)


def _sheet(branch: Branch, year: int, lines: list[dues.Line]) -> HttpResponseBase:
    headings = [gettext("姓名"), *(f"{year}-{n:02d}" for n in range(1, 13)), gettext("合计")]
    rows = [
        [
            line.person.name,
            *(
                (paid.amount if (paid := line.paid.get(dt.date(year, n, 1))) else "")
                for n in range(1, 13)
            ),
            line.total,
        ]
        for line in lines
    ]
    response, _count = sheet_response(f"{branch} {year} {gettext('党费')}", headings, rows)
    return response


class MonthForm(forms.Form):
    """Who paid for a month: ticks."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("已交"), widget=forms.CheckboxSelectMultiple
    )
    on = forms.DateField(label=_("交纳日期"), widget=forms.DateInput())

    def __init__(self, lines: list[dues.Line], month: dt.date, **options: Any) -> None:
        super().__init__(**options)
        open_ = [one for one in lines if month in one.due and month not in one.paid]
        rows = Person.objects.filter(pk__in=[one.person.pk for one in open_])
        field: Any = self.fields["people"]
        field.queryset = rows.order_by("sort_key", "pk")
        said = {one.person.pk: _said(one, month) for one in open_}
        field.label_from_instance = lambda person: said.get(person.pk, str(person))


def _said(line: dues.Line, month: dt.date) -> str:
    """A member with the amount due, for whom the base is known."""
    if line.base is None:
        return gettext("%(name)s（还没有登记基数）") % {"name": line.person}
    amount = amount_of(line.base.category, line.base.base, month)
    return gettext("%(name)s %(amount)s元") % {"name": line.person, "amount": amount}


@login_required
def month(request: Request, pk: int, year: int, month: int) -> HttpResponseBase:
    """Ticks who paid for a month; below, who did."""
    branch = find(request, pk)
    if not 1 <= month <= 12 or dt.date(_year(year), month, 1) > today():
        raise Http404
    first = dt.date(year, month, 1)
    lines = dues.lines_of(branch, year)
    form = MonthForm(lines, first, initial={"on": today()}, **posted(request))
    if request.method == "POST":
        done = carry_out(
            request,
            form,
            lambda data: dues.collect(actor=request.actor, branch=branch, month=first, **data),
        )
        if done is not None:
            return redirect("pathways:dues_month", pk, year, month)
    context = {
        "branch": branch,
        "month": first,
        "form": form,
        "open": form.fields["people"].queryset.exists(),  # type: ignore[attr-defined]
        "paid": [(one.person, one.paid[first]) for one in lines if first in one.paid],
        "unset": [one.person for one in lines if one.base is None],
    }
    return show(
        request,
        "pathways/dues_month.html",
        context,
        status=422 if request.method == "POST" else 200,
    )


@login_required
def receipt(request: Request, pk: int, year: int, person: int) -> HttpResponseBase:
    """A member's year on paper: months, amounts, days, numbers of receipts."""
    branch = find(request, pk)
    lines = [one for one in dues.lines_of(branch, _year(year)) if one.person.pk == person]
    if not lines:
        raise Http404
    return show(
        request, "pathways/receipt.html", {"branch": branch, "year": year, "line": lines[0]}
    )


@login_required
def mine(request: Request) -> HttpResponseBase:
    """One's own dues: what was paid, and what it was computed from."""
    rows = DuesMonth.objects.filter(person__account=request.actor.account_id)
    bases = Person.objects.filter(account=request.actor.account_id).first()
    context = {
        "rows": rows.select_related("branch__unit").order_by("-month")[:60],
        "bases": list(bases.dues_bases.order_by("-since")) if bases else [],
    }
    return show(request, "pathways/dues_mine.html", context)


def _branch(request: Request, pk: int) -> dict[str, Any]:
    return {"branch": find(request, pk)}


def _back(given: Any) -> str:
    return reverse("pathways:dues_year", args=[given["branch"].pk, today().year])


base = page_of(
    dues.set_base,
    heading=_("登记党费基数"),
    back=_back,
    find=_branch,
    initial=lambda request, given: {"since": first_of(today())},
    note=_("基数加密保存，只有收党费的人和本人能看。已经登记的月份不变。"),
    said=_("已保存。"),
)
waive = page_of(
    dues.waive,
    heading=_("登记免交"),
    back=_back,
    find=_branch,
    initial=lambda request, given: {"month": today()},
    said=_("已保存。"),
)


def _row(request: Request, pk: int) -> dict[str, Any]:
    row = get_object_or_404(DuesMonth.objects.select_related("branch__unit", "person"), pk=pk)
    request.actor.require(dues.KEEP, row.path)
    return {"row": row}


take_back = page_of(
    dues.take_back_dues,
    heading=lambda given: f"{gettext('撤销登记')}：{given['row']}",
    back=lambda given: reverse(
        "pathways:dues_year", args=[given["row"].branch_id, given["row"].month.year]
    ),
    find=_row,
    said=_("已撤销。"),
)
