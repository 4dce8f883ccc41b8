"""What a party has or wants: entered by itself, or by whoever it rang."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Date, Number, Reason, Text, UnitOf, Version, verb
from luodi.ground.scope.api import Actor, Unit, because
from luodi.lib.errors import UserError
from luodi.rooms.exchange.amounts import amount_of, qualities_of
from luodi.rooms.exchange.models import DAYS, Commodity, Offer, Party
from luodi.rooms.exchange.notify import tell_desk
from luodi.rooms.exchange.verbs.checks import (
    commodity_of,
    locked,
    own_desks,
    own_units,
    party_of,
    require_side,
    speaks_for,
)

WAY = Choice(_("供应还是需求"), choices=Offer.Way.choices)
WORDS = Text(
    _("品名"),
    most=60,
    help=_("怎么叫就怎么写，也可以写海关商品编码。"),
    synonyms=("商品", "产品", "货物"),
)
AMOUNT = Text(_("数量"), most=60, help=_("如：每月3000吨、3万吨/年、一次200吨。"))
PRICE = Number(
    _("单价（元）"),
    places=2,
    least=0,
    most=Decimal("9999999999"),
    help=_("供应写报价，需求写最高到厂价。只有本企业和经办人看得到，可以不填。"),
)
QUALITY = Text(_("质量"), most=200, help=_("如：灰分≤10.5%、铝硅比5~7。"))
PLACE = Text(_("交货地点"), most=120)
SINCE, UNTIL = Date(_("从哪天起")), Date(_("到哪天止"))
LOT = Number(_("最小批量"), places=2, least=0, most=Decimal("99999999999"))
CONTACT = Text(_("联系岗位"), most=60, help=_("写岗位，不写人名，如：供应部。"))
PAPER = Text(
    _("固体废物手续"),
    most=120,
    help=_("管理台账编号；跨省转移另写批准文号；危险废物写经营许可证号和转移联单号。"),
)
NOTE = Text(_("备注"), most=300)
UNIT = UnitOf(
    _("替哪家企业登记"),
    permission="exchange.write",
    kinds=("enterprise",),
    synonyms=("企业", "单位"),
)
OUTSIDER = Text(_("区外企业名称"), most=120, help=_("不在开发区里的企业，写它的名称。"))


@verb(permission="exchange.write", on="unit")
def post_offer(
    *,
    actor: Actor,
    way: Annotated[str, WAY],
    words: Annotated[str, WORDS],
    amount: Annotated[str, AMOUNT],
    price: Annotated[Decimal | None, PRICE] = None,
    unit: Annotated[Unit | None, UNIT] = None,
    outsider: Annotated[str, OUTSIDER] = "",
    quality: Annotated[str, QUALITY] = "",
    place: Annotated[str, PLACE] = "",
    since: Annotated[dt.date | None, SINCE] = None,
    until: Annotated[dt.date | None, UNTIL] = None,
    min_lot: Annotated[Decimal | None, LOT] = None,
    contact: Annotated[str, CONTACT] = "",
    paper: Annotated[str, PAPER] = "",
    note: Annotated[str, NOTE] = "",
    came: str = "",
    at: dt.datetime | None = None,
) -> Offer:
    """Enters an offer or a need of an enterprise; it lasts 90 days. Raises NotAllowed, UserError.

    Without `unit` it is the actor's own enterprise, where there is one only; a broker may enter one
    of an enterprise outside by its name.
    """
    party = party_for(actor, unit, outsider)
    at = at or timezone.now()
    on = timezone.localdate(at)
    said = _read(words, amount, quality, since, until, paper)
    offer = Offer.objects.create(
        party=party,
        broker=party.broker,
        way=way,
        price=price,
        place=place or party.place,
        min_lot=min_lot,
        contact=contact or party.contact,
        note=note,
        came=came or (Offer.Came.SELF if speaks_for(actor, party) else Offer.Came.CALL),
        entered_by_id=actor.account_id or None,
        entered_at=at,
        expires_on=on + dt.timedelta(days=DAYS),
        **said,
    )
    if speaks_for(actor, party):
        tell_desk(offer, at)
    return offer


def party_for(actor: Actor, unit: Unit | None, outsider: str) -> Party:
    """Whose it is: the named enterprise's, an outside one's, or the actor's only one's."""
    if unit is not None and outsider:
        raise UserError(gettext("区内企业和区外企业只填一个。"), "outsider")
    if unit is not None:
        return party_of(actor, unit)
    if outsider:
        return outsider_of(actor, outsider)
    own = own_units(actor)
    if len(own) != 1:
        raise UserError(gettext("请选择替哪家企业登记。"), "unit")
    return party_of(actor, own[0])


def outsider_of(actor: Actor, name: str) -> Party:
    """An enterprise outside the zone, known by its name at the broker's desk."""
    actor.require("exchange.broker")
    found = Party.objects.filter(unit=None, name=name).select_related("broker").first()
    if found is not None:
        return found
    desks = own_desks(actor)
    if not desks:
        raise UserError(gettext("请选择替哪家企业登记。"), "unit")
    return Party.objects.create(name=name, broker=desks[0])


def _read(
    words: str, amount: str, quality: str, since: Any, until: Any, paper: str
) -> dict[str, Any]:
    """What was said, as it is kept. Raises UserError at what cannot be."""
    if since and until and until < since:
        raise UserError(gettext("结束日期不能早于开始日期。"), "until")
    commodity = commodity_of(words)
    read = amount_of(amount, commodity)
    _require_paper(commodity, paper)
    return {
        "words": words if not words.isdecimal() or commodity is None else commodity.name,
        "commodity": commodity,
        "quantity": read.quantity,
        "measure": read.measure,
        "per": read.per,
        "quality": qualities_of(quality),
        "since": since,
        "until": until,
        "paper": paper,
    }


def _require_paper(commodity: Commodity | None, paper: str) -> None:
    """A waste goes with its paper: 固体废物污染环境防治法 (2020) Art. 36 (ledger), 22 (across
    provinces), 80 and 82 (hazardous: permit, transfer form)."""
    if commodity is not None and commodity.waste and not paper:
        raise UserError(
            gettext(
                "%(what)s属于%(waste)s，请填写手续：管理台账编号，跨省转移的批准文号，危险废物的许可证号"
                "（固体废物污染环境防治法第二十二、三十六、八十、八十二条）。"
            )
            % {"what": commodity, "waste": commodity.get_waste_display()},
            "paper",
        )


@verb(permission="exchange.write")
def change_offer(
    *,
    actor: Actor,
    offer: Offer,
    words: Annotated[str, WORDS],
    amount: Annotated[str, AMOUNT],
    price: Annotated[Decimal | None, PRICE] = None,
    quality: Annotated[str, QUALITY] = "",
    place: Annotated[str, PLACE] = "",
    since: Annotated[dt.date | None, SINCE] = None,
    until: Annotated[dt.date | None, UNTIL] = None,
    min_lot: Annotated[Decimal | None, LOT] = None,
    contact: Annotated[str, CONTACT] = "",
    paper: Annotated[str, PAPER] = "",
    note: Annotated[str, NOTE] = "",
    version: Annotated[int | None, Version()] = None,
) -> Offer:
    """Puts an offer right. Raises NotAllowed, UserError, Stale."""
    found = _held(actor, offer, version)
    values = _read(words, amount, quality, since, until, paper) | {
        "price": price,
        "place": place,
        "min_lot": min_lot,
        "contact": contact,
        "note": note,
    }
    for name, value in values.items():
        setattr(found, name, value)
    found.save(update_fields=list(values))
    found.refresh_from_db()
    return found


@verb(permission="exchange.write")
def renew_offer(*, actor: Actor, offer: Offer, at: dt.datetime | None = None) -> Offer:
    """Lets an offer last for another 90 days from today; also one that has run out."""
    found = _held(actor, offer)
    found.expires_on = timezone.localdate(at or timezone.now()) + dt.timedelta(days=DAYS)
    found.save(update_fields=["expires_on"])
    return found


@verb(permission="exchange.write")
def withdraw_offer(
    *,
    actor: Actor,
    offer: Offer,
    reason: Annotated[str, Reason()] = "",
    at: dt.datetime | None = None,
) -> Offer:
    """Takes an offer back; it stays, with what came of it."""
    found = _held(actor, offer)
    if reason:
        because(reason)
    found.closed_on, found.closed_why = timezone.localdate(at or timezone.now()), reason[:200]
    found.save(update_fields=["closed_on", "closed_why"])
    return found


def _held(actor: Actor, offer: Offer, version: int | None = None) -> Offer:
    """The offer as it stands, for who may change it."""
    found = locked(offer, version)
    require_side(actor, found.party, desk=found.broker)
    if found.closed_on is not None:
        raise UserError(gettext("这条供需已经撤下，请另外登记。"))
    return found
