"""Offers and needs from Excel, as offices send them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Model
from django.urls import reverse

from luodi.ground.imports.api import Declared
from luodi.ground.scope.api import Actor, UnitField, units_of
from luodi.lib.errors import UserError
from luodi.lib.excel import Choice, Column, Kind
from luodi.rooms.exchange.amounts import spoken, written
from luodi.rooms.exchange.models import Offer, Party
from luodi.rooms.exchange.verbs.checks import own_units
from luodi.rooms.exchange.verbs.offers import change_offer, post_offer

COLUMNS = (
    Column(
        "way",
        "供应或需求",
        "Offer or need",
        kind=Kind.CHOICE,
        required=True,
        choices=(Choice("have", "供应", "offer"), Choice("want", "需求", "need")),
        synonyms=("供需", "类型", "供/需"),
    ),
    Column("party", "企业", "Enterprise", synonyms=("企业名称", "单位", "单位名称")),
    Column("words", "品名", "Goods", required=True, synonyms=("商品", "产品", "货物", "物资名称")),
    Column("amount", "数量", "Quantity", required=True, synonyms=("供需数量", "数量及周期")),
    Column(
        "price", "单价（元）", "Price (yuan)", kind=Kind.DECIMAL, synonyms=("价格", "报价", "单价")
    ),
    Column("quality", "质量", "Quality", synonyms=("质量要求", "指标")),
    Column("place", "交货地点", "Place", synonyms=("地点",)),
    Column("since", "开始", "From", kind=Kind.DATE, synonyms=("开始日期",)),
    Column("until", "结束", "Until", kind=Kind.DATE, synonyms=("结束日期", "截止日期")),
    Column("min_lot", "最小批量", "Minimum lot", kind=Kind.DECIMAL, synonyms=("起订量",)),
    Column("contact", "联系岗位", "Contact", synonyms=("联系部门",)),
    Column("paper", "固体废物手续", "Waste papers"),
    Column("note", "备注", "Note", synonyms=("说明",)),
)
NAMES = [one.key for one in COLUMNS]


def whose(actor: Actor, name: str | None) -> dict[str, Any]:
    """Whose row it is: a unit by any of its names, one outside for a broker, else the own one."""
    if not name:
        return {}
    field = UnitField()
    field.offer(units_of(actor, "exchange.write").filter(kind="enterprise"))
    try:
        return {"unit": field.clean(name)}
    except forms.ValidationError as problem:
        if actor.may("exchange.broker"):
            return {"outsider": name}
        raise UserError(problem.messages[0], "party") from None


def find(actor: Actor, values: dict[str, Any]) -> Offer | None:
    """The open offer of the same enterprise, way and goods: a row puts it right."""
    found = whose(actor, values.get("party"))
    rows = Offer.objects.filter(closed_on=None, way=values["way"], words=values["words"])
    rows = rows.select_related("party__unit").order_by("-entered_at")
    if unit := found.get("unit"):
        return rows.filter(party__unit=unit).first()
    if outsider := found.get("outsider"):
        return rows.filter(party__unit=None, party__name=outsider).first()
    return rows.filter(party__unit__in=own_units(actor)).first()


def write(actor: Actor, offer: Offer | None, values: dict[str, Any]) -> Model:
    """Posts a new offer, or changes what the row fills of one."""
    given = dict(values)
    mine = whose(actor, given.pop("party", None))
    if offer is None:
        return post_offer(actor=actor, came=Offer.Came.FILE, **mine, **given)
    now = before(offer)
    kept = {name: now[name] for name in NAMES if name not in {"way", "party"}}
    given.pop("way", None)
    return change_offer(actor=actor, offer=offer, **{**kept, **given})


def before(offer: Offer) -> dict[str, Any]:
    """What an offer says, as its row would."""
    said = {name: getattr(offer, name) for name in NAMES if hasattr(offer, name)}
    return said | {
        "party": _name(offer.party),
        "amount": spoken(offer.quantity, offer.measure, offer.per),
        "quality": written(offer.quality),
    }


def _name(party: Party) -> str:
    return party.unit.name if party.unit else party.name


OFFERS = Declared(
    name="exchange_offer",
    title=("供需", "Offers and needs"),
    columns=COLUMNS,
    permission="exchange.write",
    find=find,
    write=write,
    back=lambda: reverse("exchange:offers"),
    before=before,
)
