"""A cohort: its timetable and its people, how it finishes; a certificate to be printed."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.classes.models import Certificate, Cohort
from luodi.rooms.classes.verbs import enrolling
from luodi.shell.forms import form_page, posted
from luodi.shell.pages import show


def find_cohort(request: Request, pk: int) -> Cohort:
    request.actor.require("classes.view")
    return get_object_or_404(Cohort.objects.select_related("course__unit"), pk=pk)


@login_required
def roll(request: Request, pk: int) -> HttpResponseBase:
    """The timetable by days, and who is in it, by pinyin."""
    cohort = find_cohort(request, pk)
    days = defaultdict(list)
    for one in cohort.sessions.select_related("room"):
        days[timezone.localtime(one.starts_at).date()].append(one)
    people = cohort.trainees.select_related("person", "unit", "certificate")
    path = cohort.course.unit.path
    context = {
        "cohort": cohort,
        "days": sorted(days.items()),
        "people": list(people.order_by("person__sort_key", "pk")),
        "may_write": request.actor.may(enrolling.WRITE, path),
        "may_finish": request.actor.may(enrolling.WRITE, path)
        and not cohort.finished_at
        and cohort.ends_on <= today(),
    }
    return show(request, "classes/roll.html", context)


class FinishForm(forms.Form):
    """Who of a cohort did not finish."""

    def __init__(self, *args: Any, cohort: Cohort, **options: Any) -> None:
        super().__init__(*args, **options)
        people = cohort.trainees.select_related("person").order_by("person__sort_key", "pk")
        self.fields["unfinished"] = forms.TypedMultipleChoiceField(
            label=_("没有结业的人"),
            help_text=_("其他人都结业，记学时、发证书；选中的人回到名单，以后再安排。"),
            required=False,
            coerce=int,
            choices=[(one.pk, str(one.person)) for one in people],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "inline"}),
        )


@login_required
def finish(request: Request, pk: int) -> HttpResponseBase:
    """Records that a cohort is over, with who did not finish."""
    cohort = find_cohort(request, pk)
    request.actor.require(enrolling.WRITE, cohort.course.unit.path)
    return form_page(
        request,
        FinishForm(**posted(request), cohort=cohort),
        lambda data: enrolling.finish_cohort(
            actor=request.actor, cohort=cohort, unfinished=data["unfinished"]
        ),
        heading=_("登记结业：%(cohort)s") % {"cohort": cohort},
        back=reverse("classes:roll", args=[cohort.pk]),
        submit=_("登记结业"),
        said=_("已登记结业，证书已生成。"),
    )


def find_certificate(request: Request, pk: int) -> dict[str, Any]:
    request.actor.require("classes.view")
    rows = Certificate.objects.select_related(
        "unit", "trainee__person", "trainee__course__unit", "trainee__cohort"
    )
    return {"certificate": get_object_or_404(rows, pk=pk)}


@login_required
def certificate(request: Request, pk: int) -> HttpResponseBase:
    """A certificate as it is printed, with its code and where to verify it."""
    row = find_certificate(request, pk)["certificate"]
    url = f"{settings.SITE_URL.rstrip('/')}{reverse('classes:verify')}"
    picture = segno.make(f"{url}?code={row.code}", error="m", micro=False).svg_inline(
        scale=4, border=1, omitsize=True
    )
    context = {
        "certificate": row,
        "url": url,
        "picture": mark_safe(picture),  # noqa: S308 - drawn here
        "may_revoke": request.actor.may(enrolling.WRITE, row.unit.path) and not row.revoked_on,
    }
    return show(request, "classes/certificate.html", context)


revoke = page_of(
    enrolling.revoke_certificate,
    find=find_certificate,
    heading=lambda given: _("撤销证书：%(name)s") % {"name": given["certificate"].trainee},
    back=lambda given: reverse("classes:certificate", args=[given["certificate"].pk]),
    note=gettext_lazy("撤销后，凭编号核验会显示已撤销，学时不再计算。"),
)
