"""The meeting where people really meet: cards to print, and a table that takes them in again."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Request
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.exchange.models import Offer
from luodi.rooms.exchange.sheets import whose
from luodi.rooms.exchange.verbs.offers import post_offer
from luodi.shell.pages import show

ROWS = 8
CARDS = 4  # on a sheet of A4: two have, two want


class CardForm(forms.Form):
    """One card, as it was filled in by hand."""

    party = forms.CharField(label=_("企业"), max_length=120, required=False)
    way = forms.ChoiceField(label=_("供应还是需求"), choices=Offer.Way.choices, required=False)
    words = forms.CharField(label=_("品名"), max_length=60, required=False)
    amount = forms.CharField(label=_("数量"), max_length=60, required=False)
    price = forms.DecimalField(
        label=_("单价（元）"), max_digits=12, decimal_places=2, min_value=0, required=False
    )
    contact = forms.CharField(label=_("联系岗位"), max_length=60, required=False)

    def is_blank(self) -> bool:
        return not any(
            self.data.get(self.add_prefix(name)) for name in ("party", "words", "amount")
        )


@login_required
def cards(request: Request) -> HttpResponseBase:
    """Cards for a meeting, four on a sheet of A4."""
    request.actor.require("exchange.broker")
    ways = [Offer.Way.HAVE, Offer.Way.WANT] * (CARDS // 2)
    return show(request, "exchange/cards.html", {"ways": ways})


@login_required
def workshop(request: Request) -> HttpResponseBase:
    """The table into which the cards are typed; each row is entered, or comes back with what is wrong.

    A row that was entered is gone from the table, so that sending it again enters nothing twice.
    """
    request.actor.require("exchange.broker")
    if request.method != "POST":
        return show(
            request,
            "exchange/workshop.html",
            {"forms": [CardForm(prefix=f"c{place}") for place in range(ROWS)]},
        )
    rows, entered = [], 0
    for place in range(ROWS):
        form = CardForm(request.POST, prefix=f"c{place}")
        if form.is_blank():
            rows.append(CardForm(prefix=f"c{place}"))
        elif _enter(request, form):
            entered += 1
            rows.append(CardForm(prefix=f"c{place}"))
        else:
            rows.append(form)
    if entered:
        messages.success(request, gettext("已登记 %(count)s 张卡片。") % {"count": entered})
    if not any(form.is_bound for form in rows):
        return redirect("exchange:workshop")
    return show(request, "exchange/workshop.html", {"forms": rows, "bad": True}, status=422)


def _enter(request: Request, form: CardForm) -> bool:
    """Enters a card; False where it comes back, with the sentence at its field."""
    if not form.is_valid():
        return False
    said = form.cleaned_data
    try:
        with transaction.atomic():
            found = whose(request.actor, said["party"])
            if not found:
                raise UserError(gettext("请写企业名称。"), "party")
            post_offer(
                actor=request.actor,
                came=Offer.Came.CARD,
                **found,
                **{name: said[name] for name in ("way", "words", "amount", "price", "contact")},
            )
    except NotAllowed:
        raise
    except UserError as error:
        form.add_error(error.field if error.field in form.fields else "words", str(error))
        return False
    return True
