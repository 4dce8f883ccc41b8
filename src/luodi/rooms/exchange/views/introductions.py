"""Introductions: the list, one's page with contract and deliveries, the forms."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from luodi.ground.records.api import page_of
from luodi.ground.scope.api import Request, today
from luodi.rooms.casework.api import url_of
from luodi.rooms.exchange.models import Commodity, Document, Introduction, Stage
from luodi.rooms.exchange.standing import light_of, standing_of
from luodi.rooms.exchange.verbs import introducing, trading
from luodi.rooms.exchange.verbs.checks import sits_at, speaks_for
from luodi.rooms.exchange.verbs.introducing import ALLOWED
from luodi.rooms.exchange.views.common import (
    act,
    find_contract,
    find_delivery,
    find_introduction,
    find_offer,
    find_party,
)
from luodi.rooms.exchange.views.common import introductions as rows
from luodi.shell.listing import Column, Listing
from luodi.shell.pages import show


class IntroductionFilter(forms.Form):
    """Which introductions are wanted."""

    stage = forms.ChoiceField(
        label=_("阶段"),
        required=False,
        choices=[("", _("进行中")), *Stage.choices, ("all", _("全部"))],
    )
    commodity = forms.ModelChoiceField(
        label=_("商品"), required=False, queryset=Commodity.objects.all(), empty_label=_("全部")
    )

    def apply(self, wanted: Any) -> Any:
        given = self.cleaned_data
        if given.get("commodity"):
            wanted = wanted.filter(commodity=given["commodity"])
        match given.get("stage"):
            case "":
                return wanted.exclude(stage__in=[Stage.DONE, Stage.LOST])
            case "all":
                return wanted
        return wanted.filter(stage=given["stage"])


def _light(row: Introduction) -> object:
    light = light_of(row, today())
    return light.words if light else "—"


COLUMNS = [
    Column(
        "code",
        _("编号"),
        sort="pk",
        value=lambda i: i.code,
        link=lambda i: reverse("exchange:introduction", args=[i.pk]),
        phone="title",
    ),
    Column("commodity", _("商品"), sort="commodity__code", value=lambda i: i.commodity),
    Column("supplier", _("供方"), value=lambda i: i.supplier),
    Column("buyer", _("需方"), value=lambda i: i.buyer),
    Column("stage", _("阶段"), sort="stage", value=lambda i: i.get_stage_display()),
    Column("light", _("提醒"), value=_light),
    Column("at", _("牵线日期"), sort="at", value=lambda i: i.at.date()),
]


@login_required
def listing(request: Request) -> HttpResponseBase:
    request.actor.require("exchange.view")
    made = Listing(
        request,
        rows(),
        columns=COLUMNS,
        default_sort="-at",
        name="introductions",
        title=gettext("对接清单"),
        filters=IntroductionFilter,
        empty=gettext("还没有对接。"),
    )
    return made.export() or show(request, "exchange/introductions.html", {"listing": made})


@login_required
def introduction(request: Request, pk: int) -> HttpResponseBase:
    """One introduction, on one page from the idea to what it brought."""
    row = find_introduction(request, pk)
    contract = getattr(row, "contract", None)
    sides = list(row.sides.select_related("party__unit", "offer"))
    brokers = sits_at(request.actor, row.broker)
    context = {
        "row": row,
        "contract": contract,
        "sides": sides,
        "contacts": [(one, one.contact) for one in (row.supplier, row.buyer) if one.contact],
        "stages": _stages(row),
        "steps": list(row.steps.select_related("by")),
        "standing": standing_of(contract, today()) if contract else None,
        "documents": list(contract.documents.defer("content")) if contract else [],
        "light": light_of(row, today()),
        "brokers": brokers,
        "is_side": any(speaks_for(request.actor, one) for one in (row.supplier, row.buyer)),
        "may": {stage.value for stage in Stage if stage in ALLOWED[row.stage]},
        "case_url": url_of(row.case) if row.case_id and row.case else "",
    }
    return show(request, "exchange/introduction.html", context)


def _stages(row: Introduction) -> list[tuple[str, str]]:
    """The way from idea to done, each with `done`, `here` or nothing."""
    order: list[Stage] = [one for one in Stage if one != Stage.LOST]
    if row.stage == Stage.LOST:
        return [(str(Stage.LOST.label), "here")]
    place = order.index(Stage(row.stage))
    return [
        (str(one.label), "done" if at < place else "here" if at == place else "")
        for at, one in enumerate(order)
    ]


def _here(given: Any) -> str:
    return reverse("exchange:introduction", args=[given["introduction"].pk])


def _found(request: Request, pk: int) -> dict[str, Any]:
    return {"introduction": find_introduction(request, pk)}


@login_required
@require_POST
def introduce(request: Request, pk: int) -> HttpResponseBase:
    """Notes the idea to bring an offer together with another, or with a party."""
    offer = find_offer(request, pk)
    other = request.POST.get("offer", "")
    party = request.POST.get("party", "")
    given: dict[str, Any] = {"monthly": None}
    if other.isdecimal() and len(other) < 19:
        second = find_offer(request, int(other))
        second_party = second.party
        given["monthly"] = min(offer.monthly, second.monthly)
    else:
        second = None
        second_party = find_party(
            request, int(party) if party.isdecimal() and len(party) < 19 else 0
        )
    have_first = offer.way == offer.Way.HAVE
    supplier, buyer = (offer.party, second_party) if have_first else (second_party, offer.party)
    have, want = (offer, second) if have_first else (second, offer)
    return act(
        request,
        introducing.introduce,
        reverse("exchange:offer", args=[pk]),
        _("已记为设想，只有经办人看得到。确认后再告知双方。"),
        supplier=supplier,
        buyer=buyer,
        commodity=(have or want or offer).commodity or offer.commodity,
        have=have,
        want=want,
        **given,
    )


@login_required
@require_POST
def tell(request: Request, pk: int) -> HttpResponseBase:
    given = _found(request, pk)
    return act(request, introducing.tell_sides, _here(given), _("已告知双方。"), **given)


@login_required
@require_POST
def negotiate(request: Request, pk: int) -> HttpResponseBase:
    given = _found(request, pk)
    return act(request, introducing.negotiate, _here(given), _("已转入商谈。"), **given)


lose = page_of(
    introducing.lose,
    find=_found,
    heading=lambda given: gettext("未成：%(code)s") % {"code": given["introduction"].code},
    back=_here,
    submit=_("记为未成"),
)
finish = page_of(
    introducing.finish,
    find=_found,
    heading=lambda given: gettext("完成：%(code)s") % {"code": given["introduction"].code},
    back=_here,
    submit=_("完成"),
    note=_("写下这次对接带来了什么；不知道的可以空着。"),
)
raise_case = page_of(
    introducing.raise_case,
    find=_found,
    heading=lambda given: gettext("反映问题：%(code)s") % {"code": given["introduction"].code},
    back=_here,
    submit=_("提交"),
    note=_("立为企业问题后，本企业的上级单位也能看到，请不要写价格和对方的情况。"),
    said=_("已立为企业问题，按问题清单办理。"),
)
sign = page_of(
    trading.sign,
    find=_found,
    heading=lambda given: gettext("登记合同：%(code)s") % {"code": given["introduction"].code},
    back=_here,
    done=lambda made: reverse("exchange:introduction", args=[made.introduction_id]),
)


def _of_contract(request: Request, pk: int) -> dict[str, Any]:
    return {"contract": find_contract(request, pk)}


def _to_introduction(given: Any) -> str:
    return reverse("exchange:introduction", args=[given["contract"].introduction_id])


deliver = page_of(
    trading.record_delivery,
    find=_of_contract,
    heading=lambda given: gettext("登记到货：%(contract)s") % {"contract": given["contract"]},
    back=_to_introduction,
    initial=lambda request, given: {"month": today()},
    said=_("已登记。"),
)
attach = page_of(
    trading.attach_document,
    find=_of_contract,
    heading=lambda given: gettext("合同文件：%(contract)s") % {"contract": given["contract"]},
    back=_to_introduction,
)


def _of_delivery(request: Request, pk: int) -> dict[str, Any]:
    return {"delivery": find_delivery(request, pk)}


def _from_delivery(given: Any) -> str:
    return reverse("exchange:introduction", args=[given["delivery"].contract.introduction_id])


correct_delivery = page_of(
    trading.correct_delivery,
    find=_of_delivery,
    heading=lambda given: (
        gettext("更正到货：%(month)s") % {"month": f"{given['delivery'].month:%Y-%m}"}
    ),
    back=_from_delivery,
    initial=lambda request, given: {
        "quantity": given["delivery"].quantity,
        "version": given["delivery"].version,
    },
    said=_("已更正。"),
)
remove_delivery = page_of(
    trading.remove_delivery,
    find=_of_delivery,
    heading=lambda given: (
        gettext("删除到货：%(month)s") % {"month": f"{given['delivery'].month:%Y-%m}"}
    ),
    back=_from_delivery,
    submit=_("删除"),
)


@login_required
def document(request: Request, pk: int) -> HttpResponseBase:
    """A contract's file; always to be kept, never run in our name."""
    request.actor.require("exchange.view")
    row = get_object_or_404(Document, pk=pk)
    response = HttpResponse(bytes(row.content), content_type=row.content_type)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = _attachment(row.name)
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(True, name) or "attachment"
