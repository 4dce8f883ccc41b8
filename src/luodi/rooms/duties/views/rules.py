"""What is asked: the duties with their sources; set, changed for the future, ended; excused."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, Unit, today, units_of
from luodi.lib.errors import UserError
from luodi.rooms.duties import verbs
from luodi.rooms.duties.held import fulfilling
from luodi.rooms.duties.models import Duty, Edition, Excuse
from luodi.rooms.duties.reading import period_label
from luodi.rooms.duties.shipped import SHIPPED
from luodi.rooms.gatherings.api import kind_of
from luodi.shell.pages import show

RULES = "duties:rules"


@login_required
def rules(request: Request) -> HttpResponseBase:
    """The duties that the actor sees, each as it is asked now, with its source; and the shipped ones."""
    request.actor.require("duties.view")
    duties = [one for one in _duties() if one.all_editions]
    keepers = list(units_of(request.actor, verbs.WRITE).filter(kind__in=["zone", "county"]))
    there = {(one.unit_id, one.key) for one in duties}
    context = {
        "living": [(one, _kinds(one.latest)) for one in duties if not _over(one)],
        "ended": [one for one in duties if _over(one)],
        "shipped": [
            (unit, [(k, one) for k, one in SHIPPED.items() if (unit.pk, k) not in there])
            for unit in keepers
        ],
        "may_write": bool(keepers),
    }
    return show(request, "duties/rules.html", context)


def _duties() -> Any:
    rows = Duty.objects.select_related("unit").prefetch_related("editions")
    return rows.order_by("unit__path", "position", "pk")


def _over(duty: Duty) -> bool:
    return duty.ended_on is not None and duty.ended_on <= today()


def _kinds(edition: Edition) -> list[str]:
    """The kinds of gatherings that fulfil it, in words."""
    return [str(kind_of(key)) for key in sorted(fulfilling(edition))]


def find_duty(request: Request, pk: int) -> Mapping[str, Any]:
    return {"duty": get_object_or_404(_duties(), pk=pk)}


@login_required
def duty(request: Request, pk: int) -> HttpResponseBase:
    """A duty with its editions."""
    row: Duty = find_duty(request, pk)["duty"]
    request.actor.require("duties.view")
    context = {
        "duty": row,
        "editions": [(one, _kinds(one)) for one in reversed(row.all_editions)],
        "today": today(),
        "may_write": request.actor.may(verbs.WRITE, row.unit.path),
    }
    return show(request, "duties/duty.html", context)


def _of_duty(given: Mapping[str, Any]) -> str:
    return reverse("duties:duty", args=[given["duty"].pk])


new = page_of(
    verbs.add_duty,
    heading=_("新设应办事项"),
    back=lambda given: reverse(RULES),
    done=lambda made: reverse("duties:duty", args=[made.pk]),
    initial=lambda request, given: {"since": today(), "kinds": ["branch"]},
    note=_("写明依据和它的把握：页面上处处显示。新的事项从今天起，不追溯过去。"),
)


def _latest(request: Request, given: Mapping[str, Any]) -> Mapping[str, Any]:
    row: Duty = given["duty"]
    names = (
        "every", "times", "month", "day", "gatherings", "kinds", "types", "least_members",
        "remind", "regulation", "clause", "certainty",
    )  # fmt: skip
    latest = {name: getattr(row.latest, name) for name in names}
    latest["gatherings"] = latest["gatherings"] or sorted(fulfilling(row.latest))
    return {**latest, "since": today(), "version": row.version}


renew = page_of(
    verbs.renew_duty,
    find=find_duty,
    heading=lambda given: gettext("更改规定：%(name)s") % {"name": given["duty"]},
    back=_of_duty,
    done=lambda made: reverse("duties:duty", args=[made.duty_id]),
    initial=_latest,
    note=_("只改变以后：过去的期间，和已经开始的这一期，仍按原来的规定。"),
)
rename = page_of(
    verbs.rename_duty,
    find=find_duty,
    heading=lambda given: gettext("更改名称：%(name)s") % {"name": given["duty"]},
    back=_of_duty,
    done=lambda made: reverse("duties:duty", args=[made.pk]),
    initial=lambda request, given: {
        name: getattr(given["duty"], name) for name in ("name", "name_en", "position", "version")
    },
)
end = page_of(
    verbs.end_duty,
    find=find_duty,
    heading=lambda given: gettext("停止：%(name)s") % {"name": given["duty"]},
    back=_of_duty,
    done=lambda made: reverse("duties:duty", args=[made.pk]),
    initial=lambda request, given: {"on": today()},
)


@login_required
@require_POST
def install(request: Request) -> HttpResponseBase:
    """Takes over a shipped duty, from this year on."""
    unit = get_object_or_404(Unit, pk=_number(request.POST.get("unit")))
    key = request.POST.get("key", "")
    made = verbs.install(actor=request.actor, unit=unit, key=key, since=dt.date(today().year, 1, 1))
    return redirect("duties:duty", made.pk)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


# --- excused ------------------------------------------------------------------------------------------


def find_excused(request: Request, pk: int, unit: int) -> Mapping[str, Any]:
    """What is excused: the duty, the unit, and the day of the address."""
    try:
        on = dt.date.fromisoformat(request.GET.get("on", "") or request.POST.get("on", ""))
    except ValueError:
        on = today()
    found = get_object_or_404(Unit, pk=unit)
    return {**find_duty(request, pk), "unit": found, "on": on}


def _excusing(given: Mapping[str, Any]) -> str:
    window = verbs.window_on(given["duty"], given["unit"], given["on"])
    if window is None:
        raise UserError(gettext("这个单位这一期没有这项要求，不用说明。"))
    words = {
        "unit": given["unit"],
        "name": given["duty"],
        "period": period_label(window),
    }
    return gettext("免办说明：%(unit)s %(name)s（%(period)s）") % words


def _year(given: Mapping[str, Any]) -> str:
    return f"{reverse('duties:year', args=[given['unit'].pk])}?year={given['on'].year}"


excuse = page_of(
    verbs.excuse,
    find=find_excused,
    heading=_excusing,
    back=_year,
    note=_(
        "说明为什么这一期不用完成，例如停产、班子空缺。它和理由一起显示，不算完成，也不算未完成。"
    ),
)


@login_required
@require_POST
def end_excuse(request: Request, pk: int) -> HttpResponseBase:
    """Takes an excuse back."""
    row = get_object_or_404(Excuse.objects.select_related("unit"), pk=pk)
    verbs.end_excuse(actor=request.actor, excuse=row)
    return redirect(f"{reverse('duties:year', args=[row.unit_id])}?year={row.since.year}")
