"""Offers and needs: the list, one's page, the forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import F, Q
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.records.api import form_of, page_of
from luodi.ground.scope.api import Actor, Request, Unit, UnitKind, today, units_known
from luodi.rooms.exchange.amounts import number, spoken, written
from luodi.rooms.exchange.models import Commodity, Offer, Total
from luodi.rooms.exchange.partners import candidates_for
from luodi.rooms.exchange.verbs import offers as verbs
from luodi.rooms.exchange.verbs.checks import own_units, sits_at
from luodi.rooms.exchange.views.common import act, find_offer
from luodi.rooms.exchange.views.common import offers as rows
from luodi.shell.forms import form_page, posted
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show

FIRST = ("unit", "outsider", "way", "words", "amount", "price")  # what stands open on a phone
STATES = [("", _("有效")), ("expired", _("过期未续")), ("closed", _("已撤下")), ("all", _("全部"))]


class OfferFilter(forms.Form):
    """Which offers are wanted."""

    way = forms.ChoiceField(
        label=_("供应还是需求"), required=False, choices=[("", _("全部")), *Offer.Way.choices]
    )
    commodity = forms.ModelChoiceField(
        label=_("商品"), required=False, queryset=Commodity.objects.all(), empty_label=_("全部")
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES)

    def apply(self, wanted: Any) -> Any:
        given = self.cleaned_data
        for name in ("way", "commodity"):
            if given.get(name):
                wanted = wanted.filter(**{name: given[name]})
        match given.get("state"):
            case "":
                return wanted.open(today())
            case "expired":
                return wanted.expired(today())
            case "closed":
                return wanted.exclude(closed_on=None)
        return wanted


def amount_in_words(offer: Offer) -> str:
    return spoken(offer.quantity, offer.measure, offer.per)


def state_of(offer: Offer) -> str:
    if offer.closed_on:
        return gettext("已撤下")
    if offer.expires_on < today():
        return gettext("已过期")
    return gettext("至 %(day)s") % {"day": offer.expires_on}


COLUMNS = [
    Column(
        "words",
        _("品名"),
        sort="words",
        value=lambda o: str(o),
        link=lambda o: reverse("exchange:offer", args=[o.pk]),
        phone="title",
    ),
    Column("party", _("企业"), value=lambda o: o.party),
    Column("amount", _("数量"), value=amount_in_words, align="end"),
    Column("price", _("单价（元）"), sort="price", value=lambda o: number(o.price), align="end"),
    Column("quality", _("质量"), value=lambda o: written(o.quality), phone="hide"),
    Column("state", _("有效期"), sort="expires_on", value=state_of),
    Column("entered", _("登记日期"), sort="entered_at", value=lambda o: o.entered_at.date()),
]


@login_required
def listing(request: Request) -> HttpResponseBase:
    """What the reader may see: an enterprise its own, a broker those of its desk."""
    request.actor.require("exchange.view")
    made = Listing(
        request,
        rows(),
        columns=COLUMNS,
        default_sort="-entered",
        name="offers",
        title=gettext("供需清单"),
        filters=OfferFilter,
        search=lambda found, text: found.filter(words__icontains=text),
        empty=gettext("还没有供需。登记一条，经办人就能帮您找对接的企业。"),
    )
    return made.export() or show(request, "exchange/offers.html", {"listing": made})


TOTALS = [
    Column("month", _("月份"), sort="month", value=lambda t: f"{t.month:%Y-%m}", phone="title"),
    Column("commodity", _("商品"), sort="commodity__code", value=lambda t: t.commodity),
    Column("way", _("供应还是需求"), sort="way", value=lambda t: t.get_way_display()),
    Column(
        "monthly",
        _("每月数量"),
        sort="monthly",
        value=lambda t: f"{number(t.monthly)} {t.commodity.measure}",
        align="end",
    ),
]


@login_required
def totals(request: Request) -> HttpResponseBase:
    """The sums that may be shown to all: late, of many, and never so that one could be told."""
    request.actor.require("exchange.view")
    made = Listing(
        request,
        Total.objects.filter(within_zones(request.actor)).select_related("commodity"),
        columns=TOTALS,
        default_sort="-month",
        name="totals",
        title=gettext("供需总量"),
        empty=gettext("还没有可以公布的总量。"),
    )
    return made.export() or show(request, "exchange/totals.html", {"listing": made})


def within_zones(actor: Actor) -> Q:
    """The zones in which the actor has a part."""
    return Q(zone__in=Unit.objects.filter(units_known(actor), kind=UnitKind.ZONE))


def may_change(request: Request, offer: Offer) -> bool:
    return request.actor.may("exchange.write") and offer.closed_on is None


@login_required
def offer(request: Request, pk: int) -> HttpResponseBase:
    """One offer: what was said, whom it could be brought together with, what has come of it."""
    row = find_offer(request, pk)
    brokers = sits_at(request.actor, row.broker)
    context = {
        "offer": row,
        "amount": amount_in_words(row),
        "quality": written(row.quality),
        "state": state_of(row),
        "is_open": row.is_open(today()),
        "may_change": may_change(request, row),
        "brokers": brokers,
        "candidates": candidates_for(row) if brokers and row.is_open(today()) else [],
        "answer": getattr(row, "answer", None),
        "introductions": [
            side.introduction
            for side in row.sides.select_related(
                "introduction__supplier__unit",
                "introduction__buyer__unit",
                "introduction__commodity",
            ).order_by(F("pk").desc())
        ],
    }
    return show(request, "exchange/offer.html", context)


@login_required
def post(request: Request) -> HttpResponseBase:
    """The form of a new one: four fields, the rest folded."""
    request.actor.require("exchange.write")
    own = own_units(request.actor)
    given: dict[str, Any] = {}
    if not request.actor.may("exchange.broker"):
        given["outsider"] = ""
        if len(own) == 1:
            given["unit"] = own[0]
    way = request.GET.get("way", "")
    initial = {"way": way} if way in Offer.Way.values else {}
    form = form_of(verbs.post_offer, request.actor, given, initial=initial, **posted(request))
    return form_page(
        request,
        form,
        lambda data: verbs.post_offer(actor=request.actor, **given, **data),
        heading=gettext("登记供需"),
        back=reverse("exchange:offers"),
        done=lambda made: reverse("exchange:offer", args=[made.pk]),
        said=_("已登记，90 天内有效。"),
        template="exchange/post.html",
        **folded(form),
    )


def folded(form: forms.Form) -> dict[str, Any]:
    """A form's fields in two parts: what everybody fills in, and the rest."""
    fields = form.visible_fields()
    rest = [one for one in fields if one.name not in FIRST]
    return {
        "first": [one for one in fields if one.name in FIRST],
        "rest": rest,
        "unfold": any(one.errors or one.value() not in (None, "") for one in rest),
    }


@login_required
def change(request: Request, pk: int) -> HttpResponseBase:
    row = find_offer(request, pk)
    initial = {
        **{name: getattr(row, name) for name in ("words", "price", "place", "since", "until")},
        **{name: getattr(row, name) for name in ("min_lot", "contact", "paper", "note", "version")},
        "amount": amount_in_words(row),
        "quality": written(row.quality),
    }
    form = form_of(
        verbs.change_offer, request.actor, {"offer": row}, initial=initial, **posted(request)
    )
    here = reverse("exchange:offer", args=[row.pk])
    return form_page(
        request,
        form,
        lambda data: verbs.change_offer(actor=request.actor, offer=row, **data),
        heading=gettext("更改：%(name)s") % {"name": row},
        back=here,
        crumbs=[(reverse("exchange:offers"), _("供需清单")), (here, row)],
        said=_("已保存。"),
        template="exchange/post.html",
        **folded(form),
    )


@login_required
@require_POST
def renew(request: Request, pk: int) -> HttpResponseBase:
    row = find_offer(request, pk)
    back = reverse("exchange:offer", args=[pk])
    return act(request, verbs.renew_offer, back, _("已续期 90 天。"), offer=row)


withdraw = page_of(
    verbs.withdraw_offer,
    find=lambda request, pk: {"offer": find_offer(request, pk)},
    heading=lambda given: gettext("撤下：%(name)s") % {"name": given["offer"]},
    back=lambda given: reverse("exchange:offer", args=[given["offer"].pk]),
    submit=_("撤下"),
    note=_("撤下后不再参加对接，已经开始的对接不受影响。"),
    said=_("已撤下。"),
)
