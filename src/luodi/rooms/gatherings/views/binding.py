"""The page that binds a quarter's record book."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Request, UnitField, today, units_of
from luodi.rooms.gatherings.book import book_of, held_in
from luodi.rooms.gatherings.kinds import kinds
from luodi.rooms.gatherings.verbs.checks import VIEW
from luodi.shell.pages import show

QUARTERS = [(one, str(one)) for one in range(1, 5)]


class BookForm(forms.Form):
    unit = UnitField(label=_("单位"))
    year = forms.IntegerField(label=_("年份"), min_value=2000, max_value=2100)
    quarter = forms.TypedChoiceField(label=_("季度"), choices=QUARTERS, coerce=int)


@login_required
def book(request: Request) -> HttpResponseBase:
    """Asks for unit and quarter; `format=pdf` gives the book."""
    request.actor.require(VIEW)
    units = units_of(request.actor, VIEW).filter(
        kind__in={holder for kind in kinds().values() for holder in kind.holders}
    )
    day = today()
    start: dict[str, Any] = {"year": day.year, "quarter": (day.month + 2) // 3}
    branches = list(units.filter(kind="branch").order_by("path")[:2])
    if len(branches) == 1:
        start["unit"] = branches[0]
    form = BookForm(request.GET if "unit" in request.GET else None, initial=start)
    form.fields["unit"].offer(units.order_by("path"))  # type: ignore[attr-defined]
    context: dict[str, Any] = {"form": form, "rows": None}
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        if request.GET.get("format") == "pdf":
            made = book_of(actor=request.actor, **asked)
            name = f"{asked['unit'].name}-{asked['year']}-{asked['quarter']}.pdf"
            response = HttpResponse(made, content_type="application/pdf")
            header = content_disposition_header(as_attachment=True, filename=name)
            response["Content-Disposition"] = header or "attachment"
            return response
        rows = held_in(asked["unit"], asked["year"], asked["quarter"])
        query = request.GET.copy()
        query["format"] = "pdf"
        context |= {"rows": list(rows[:300]), "pdf": f"?{query.urlencode()}"}
    status = 422 if form.is_bound and not form.is_valid() else 200
    return show(request, "gatherings/book.html", context, status=status)
