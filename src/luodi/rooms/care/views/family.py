"""A relative's page, by a key of their own: what the resident has consented to, and no more."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.scope.api import NOBODY, SYSTEM, Request, acting, today
from luodi.rooms.care.models import (
    MEALS,
    Absence,
    Contact,
    Dish,
    Due,
    Observation,
    Outcome,
    Visit,
    Word,
)
from luodi.rooms.care.reading import bed_of
from luodi.rooms.care.verbs import family as verbs
from luodi.rooms.care.verbs.way import consents
from luodi.rooms.care.views.finding import find
from luodi.shell.forms import carry_out, posted
from luodi.shell.pages import show


class VisitForm(forms.Form):
    at = forms.DateTimeField(label=_("到访时间"), widget=forms.DateTimeInput)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)


class WordForm(forms.Form):
    text = forms.CharField(
        label=_("留言"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


@login_required
@require_POST
def invite(request: Request, pk: int) -> HttpResponseBase:
    """Makes the key and shows it, once."""
    row = find(Contact, pk)
    key = verbs.invite(actor=request.actor, contact=row)
    address = request.build_absolute_uri(reverse("care:family", args=[key]))
    return show(request, "care/invited.html", {"contact": row, "address": address})


def _contact(key: str) -> Contact:
    """The relative whose key this is. Raises Http404 for one that is unknown, over, or withdrawn."""
    rows = Contact.objects.filter(key=verbs.digest_of(key), ended_on=None, key_until__gte=today())
    found = rows.select_related("resident__unit").first() if key else None
    if found is None or not consents(found.resident, "consent_family", today()):
        raise Http404
    return found


def family(request: Request, token: str) -> HttpResponseBase:
    """What a relative sees: how the days go, in plain words; the menu; visits; messages.

    No diagnosis, no medicine, no other resident. Without the key there is nothing here.
    """
    with acting(SYSTEM):
        contact = _contact(token)
        visit = VisitForm(**posted(request) if "at" in request.POST else {})
        word = WordForm(**posted(request) if "text" in request.POST else {})
        if request.method == "POST":
            form: Any = visit if "at" in request.POST else word
            verb = verbs.book_visit if form is visit else verbs.say
            if carry_out(request, form, lambda data: verb(actor=NOBODY, contact=contact, **data)):
                return redirect("care:family", token)
        context = {"contact": contact, "visit": visit, "word": word, **_told(contact)}
        answer = show(
            request, "care/family.html", context, status=422 if request.method == "POST" else 200
        )
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer


def _told(contact: Contact) -> dict[str, Any]:
    resident, now = contact.resident, timezone.now()
    done = Due.objects.filter(
        resident=resident, outcome=Outcome.DONE, done_at__gt=now - dt.timedelta(days=2)
    ).select_related("act")
    weights = Observation.objects.filter(resident=resident, kind="weight", replaced_by=None)
    dishes = Dish.objects.filter(
        unit=resident.unit_id, on__gte=today(), on__lt=today() + dt.timedelta(days=3)
    )
    return {
        "resident": resident,
        "bed": bed_of(resident, today()),
        "out": Absence.objects.filter(resident=resident, during__endswith=None).first(),
        "done": done.order_by("-done_at")[:12],
        "weight": weights.first(),
        "menu": [(one, MEALS[one.meal]) for one in dishes],
        "visits": Visit.objects.filter(contact=contact, ended_at=None, during__endswith__gt=now),
        "words": Word.objects.filter(contact=contact).order_by("-at", "-pk")[:20],
    }
