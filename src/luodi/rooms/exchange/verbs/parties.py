"""What a party makes and uses, where it is, and who brokers for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Number, RecordOf, Text, UnitOf, Version, verb
from luodi.ground.scope.api import Actor, Unit, UnitKind, acting, unbounded
from luodi.lib.errors import UserError
from luodi.rooms.exchange.models import (
    Answer,
    Commodity,
    Contract,
    Delivery,
    Introduction,
    Offer,
    Party,
    Profile,
    Side,
)
from luodi.rooms.exchange.verbs.checks import locked, require_desk, require_side


@verb(permission="exchange.write")
def keep_profile(
    *,
    actor: Actor,
    party: Party,
    way: Annotated[str, Choice(_("生产或使用"), choices=Profile.Way.choices)],
    commodity: Annotated[Commodity, object, RecordOf(_("商品"), model=Commodity)],
    monthly: Annotated[
        Decimal,
        Number(
            _("每月数量"), places=2, least=0, most=Decimal("99999999999"), help=_("填 0 即去掉。")
        ),
    ],
) -> Profile | None:
    """Says what a party makes or uses as a rule; nothing of it any more with 0."""
    require_side(actor, party, desk=party.broker)
    found = Profile.objects.filter(party=party, way=way, commodity=commodity)
    if not monthly:
        found.delete()
        return None
    made, _new = Profile.objects.update_or_create(
        party=party,
        way=way,
        commodity=commodity,
        defaults={"monthly": monthly, "broker_id": party.broker_id},
    )
    return made


@verb(permission="exchange.write")
def change_party(
    *,
    actor: Actor,
    party: Party,
    place: Annotated[str, Text(_("所在地"), most=120)] = "",
    longitude: Annotated[
        Decimal | None,
        Number(_("经度"), places=6, least=-180, most=180, help=_("如 111.181；算运距用。")),
    ] = None,
    latitude: Annotated[Decimal | None, Number(_("纬度"), places=6, least=-90, most=90)] = None,
    contact: Annotated[
        str, Text(_("联系岗位"), most=60, help=_("写岗位，不写人名，如：供应部。"))
    ] = "",
    version: Annotated[int | None, Version()] = None,
) -> Party:
    """Says where a party is and which post answers. Raises Stale."""
    found = locked(party, version)
    require_side(actor, found, desk=found.broker)
    found.place, found.contact = place, contact
    found.longitude, found.latitude = longitude, latitude
    found.save(update_fields=["place", "contact", "longitude", "latitude"])
    found.refresh_from_db()
    return found


@verb(permission="exchange.broker")
def hand_over(
    *,
    actor: Actor,
    party: Party,
    desk: Annotated[Unit, object, UnitOf(_("交给哪个经办单位"), kinds=("zone", "district"))],
) -> Party:
    """Gives a party, with all that is under way for it, to another desk. The present one is responsible
    until then. Introductions go to the desk that then stands over both parties."""
    found = locked(party)
    require_desk(actor, found.broker)
    if desk.kind not in {UnitKind.ZONE, UnitKind.DISTRICT} or desk.closed_on:
        raise UserError(gettext("只能交给开发区或党建区。"), "desk")
    return give_to(actor, found, desk)


def give_to(actor: Actor, party: Party, desk: Unit) -> Party:
    """Moves a party and all that is under way for it; the rows leave the sight of who does it."""
    old = party.broker_id
    with acting(unbounded(actor)):
        Party.objects.filter(pk=party.pk).update(broker=desk)
        for model in (Profile, Offer, Answer):
            model.objects.filter(party=party).update(broker=desk)
        own = Q(supplier=party) | Q(buyer=party)
        for row in Introduction.objects.filter(own, broker_id=old):
            other = row.buyer if row.supplier_id == party.pk else row.supplier
            common = common_desk(desk, other.broker)
            if common is not None:
                _move(row, common)
        return Party.objects.get(pk=party.pk)


def common_desk(one: Unit, other: Unit) -> Unit | None:
    """The lowest desk that stands over two, or is one of them."""
    over = Unit.objects.above(one).filter(kind__in=[UnitKind.ZONE, UnitKind.DISTRICT])
    return over.filter(pk__in=Unit.objects.above(other).values("pk")).order_by("-path").first()


def _move(row: Introduction, desk: Unit) -> None:
    Introduction.objects.filter(pk=row.pk).update(broker=desk)
    Side.objects.filter(introduction=row).update(broker=desk)
    Contract.objects.filter(introduction=row).update(broker=desk)
    Delivery.objects.filter(contract__introduction=row).update(broker=desk)
