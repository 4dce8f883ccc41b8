"""Bringing two together: idea, talking, negotiating, and where it ends."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Annotated

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import (
    Choice,
    Money,
    Number,
    Prose,
    RecordOf,
    Text,
    verb,
)
from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.exchange import reasons
from luodi.rooms.exchange.models import (
    Commodity,
    Introduction,
    Lost,
    Offer,
    Party,
    Profile,
    Side,
    Stage,
    Step,
)
from luodi.rooms.exchange.notify import tell_broker, tell_parties
from luodi.rooms.exchange.verbs.checks import (
    locked,
    own_desks,
    require_desk,
    require_side,
    speaks_for,
)

# From which stage one may come to which by hand; a contract and a delivery are entered (`trading`).
ALLOWED: dict[str, frozenset[str]] = {
    Stage.IDEA: frozenset({Stage.TALKING, Stage.LOST}),
    Stage.TALKING: frozenset({Stage.NEGOTIATING, Stage.CONTRACT, Stage.LOST}),
    Stage.NEGOTIATING: frozenset({Stage.CONTRACT, Stage.LOST}),
    Stage.CONTRACT: frozenset({Stage.DELIVERING, Stage.LOST}),
    Stage.DELIVERING: frozenset({Stage.CONTRACT, Stage.DONE, Stage.LOST}),
    Stage.DONE: frozenset(),
    Stage.LOST: frozenset(),
}
COMMODITY = RecordOf(_("商品"), model=Commodity)
QUANTITY = Number(_("拟每月数量"), places=2, least=0, most=Decimal("99999999999"))


def desk_for(actor: Actor, supplier: Party, buyer: Party) -> Unit:
    """Who brokers between two parties: their common desk, else the actor's that stands over both."""
    if supplier.broker_id == buyer.broker_id:
        return supplier.broker
    both = (supplier.broker.path, buyer.broker.path)
    over = [one for one in own_desks(actor) if all(path.startswith(one.path) for path in both)]
    return over[-1] if over else supplier.broker


@verb(permission="exchange.broker")
def introduce(
    *,
    actor: Actor,
    supplier: Annotated[Party, object, RecordOf(_("供方"), model=Party)],
    buyer: Annotated[Party, object, RecordOf(_("需方"), model=Party)],
    commodity: Annotated[Commodity, object, COMMODITY],
    monthly: Annotated[Decimal | None, QUANTITY] = None,
    have: Offer | None = None,
    want: Offer | None = None,
    at: dt.datetime | None = None,
) -> Introduction:
    """Notes the idea that a supplier and a buyer should talk; nobody but the broker sees it yet.

    have, want: the offers it comes from. Raises UserError where the two are being brought together
    for the same already.
    """
    if supplier.pk == buyer.pk:
        raise UserError(gettext("供方和需方不能是同一家。"), "buyer")
    desk = desk_for(actor, supplier, buyer)
    require_desk(actor, desk)
    same = Introduction.objects.filter(supplier=supplier, buyer=buyer, commodity=commodity)
    if found := same.exclude(stage__in=[Stage.DONE, Stage.LOST]).first():
        raise UserError(
            gettext("这两家就%(what)s已在对接：%(code)s。")
            % {"what": commodity, "code": found.code}
        )
    at = at or timezone.now()
    made = Introduction.objects.create(
        supplier=supplier,
        buyer=buyer,
        broker=desk,
        brought_by_id=actor.account_id or None,
        commodity=commodity,
        monthly=monthly,
        at=at,
    )
    for party, offer, way in ((supplier, have, Profile.Way.MAKES), (buyer, want, Profile.Way.USES)):
        Side.objects.create(
            introduction=made,
            party=party,
            broker=desk,
            offer=offer,
            reason=_reason(party, offer, commodity, way),
            contact=offer.contact if offer else party.contact,
        )
    note_step(made, Stage.IDEA, actor, at)
    return made


def _reason(party: Party, offer: Offer | None, commodity: Commodity, way: str) -> str:
    if offer is not None:
        return reasons.of_offer(offer)[:300]
    profile = Profile.objects.filter(party=party, way=way, commodity=commodity).first()
    return reasons.of_profile(profile)[:300] if profile else ""


@verb(permission="exchange.broker")
def tell_sides(
    *, actor: Actor, introduction: Introduction, at: dt.datetime | None = None
) -> Introduction:
    """Opens an idea to both parties: from now on each knows of the other, and of its contact."""
    found = locked(introduction)
    require_desk(actor, found.broker)
    require_stage(found, Stage.TALKING)
    at = at or timezone.now()
    found.stage, found.told_at = Stage.TALKING, at
    found.save(update_fields=["stage", "told_at"])
    note_step(found, Stage.TALKING, actor, at)
    text = gettext("经办人把您和对方就%(what)s牵上了线：%(code)s") % {
        "what": found.commodity,
        "code": found.code,
    }
    tell_parties(found, "talking", text, at)
    return found


@verb(permission="exchange.write")
def negotiate(
    *, actor: Actor, introduction: Introduction, at: dt.datetime | None = None
) -> Introduction:
    """Says that the two have begun to negotiate."""
    found = _of_side(actor, introduction)
    require_stage(found, Stage.NEGOTIATING)
    return to_stage(found, Stage.NEGOTIATING, actor, at or timezone.now())


@verb(permission="exchange.write")
def lose(
    *,
    actor: Actor,
    introduction: Introduction,
    lost: Annotated[str, Choice(_("未成原因"), choices=Lost.choices)],
    why: Annotated[str, Text(_("说明"), most=300)] = "",
    at: dt.datetime | None = None,
) -> Introduction:
    """Ends an introduction that came to nothing, with its reason."""
    found = _of_side(actor, introduction)
    require_stage(found, Stage.LOST)
    found.lost, found.lost_why = lost, why
    found.save(update_fields=["lost", "lost_why"])
    at = at or timezone.now()
    made = to_stage(found, Stage.LOST, actor, at)
    if found.told_at and not _brokers(actor, found):
        text = gettext("%(code)s未成：%(lost)s") % {
            "code": found.code,
            "lost": found.get_lost_display(),
        }
        tell_broker(found, "lost", text, at)
    return made


@verb(permission="exchange.broker")
def finish(
    *,
    actor: Actor,
    introduction: Introduction,
    tonnes: Annotated[
        Decimal | None,
        Number(
            _("成交数量"),
            places=2,
            least=0,
            most=Decimal("99999999999"),
            help=_("空着即为到货合计。"),
        ),
    ] = None,
    yuan: Annotated[
        Decimal | None, Money(_("为双方节约（元）"), least=0, most=Decimal("99999999999"))
    ] = None,
    co2: Annotated[
        Decimal | None,
        Number(_("减排二氧化碳（吨）"), places=2, least=0, most=Decimal("999999999")),
    ] = None,
    jobs: Annotated[int | None, Number(_("带动就业（人）"), least=0)] = None,
    at: dt.datetime | None = None,
) -> Introduction:
    """Ends an introduction whose contract has been carried out, with what it brought."""
    found = locked(introduction)
    require_desk(actor, found.broker)
    require_stage(found, Stage.DONE)
    if tonnes is None:
        tonnes = sum((one.quantity for one in found.contract.deliveries.all()), Decimal(0))
    found.tonnes, found.yuan, found.co2, found.jobs = tonnes, yuan, co2, jobs
    found.save(update_fields=["tonnes", "yuan", "co2", "jobs"])
    return to_stage(found, Stage.DONE, actor, at or timezone.now())


@verb(permission="exchange.write")
def raise_case(
    *,
    actor: Actor,
    introduction: Introduction,
    text: Annotated[str, Prose(_("什么问题"), most=2000)],
    at: dt.datetime | None = None,
) -> casework.Case:
    """Makes a case of a problem on the way. It is the enterprise's, so write into it only what the
    enterprise's own superiors may read; the other side is not named."""
    found = _of_side(actor, introduction)
    party = next(
        (one for one in (found.buyer, found.supplier) if speaks_for(actor, one) and one.unit), None
    ) or next((one for one in (found.buyer, found.supplier) if one.unit), None)
    if party is None or party.unit is None:
        raise UserError(gettext("双方都不在开发区，不能立为企业问题。"))
    title = gettext("供需对接 %(code)s 遇到问题") % {"code": found.code}
    with transaction.atomic():
        case = casework.raise_problem(actor=actor, unit=party.unit, text=text, title=title, at=at)
        found.case = case
        found.save(update_fields=["case"])
    return case


def _brokers(actor: Actor, introduction: Introduction) -> bool:
    return any(one.pk == introduction.broker_id for one in own_desks(actor))


def _of_side(actor: Actor, introduction: Introduction) -> Introduction:
    found = locked(introduction)
    require_side(actor, found.supplier, found.buyer, desk=found.broker)
    return found


def require_stage(introduction: Introduction, to: str) -> None:
    """Raises UserError where one cannot come to a stage from the present one."""
    if to not in ALLOWED[introduction.stage]:
        raise UserError(
            gettext("%(code)s现在是“%(now)s”，不能改为“%(to)s”。")
            % {
                "code": introduction.code,
                "now": introduction.get_stage_display(),
                "to": Stage(to).label,
            }
        )


def to_stage(
    introduction: Introduction, stage: str, actor: Actor, at: dt.datetime, on: dt.date | None = None
) -> Introduction:
    """Puts an introduction at a stage and notes it."""
    introduction.stage = stage
    introduction.save(update_fields=["stage"])
    note_step(introduction, stage, actor, at, on)
    return introduction


def note_step(
    introduction: Introduction, stage: str, actor: Actor, at: dt.datetime, on: dt.date | None = None
) -> None:
    Step.objects.create(
        introduction=introduction,
        broker_id=introduction.broker_id,
        code=introduction.commodity.code,
        stage=stage,
        on=on or timezone.localdate(at),
        by_id=actor.account_id or None,
        recorded_at=at,
    )
