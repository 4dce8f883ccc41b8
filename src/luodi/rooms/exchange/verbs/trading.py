"""Contracts and deliveries: what was agreed, and what has come of it month by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Date, Files, Number, Prose, Reason, Text, Version, verb
from luodi.ground.scope.api import Actor, because
from luodi.lib.errors import UserError
from luodi.rooms.exchange.models import (
    Contract,
    Delivery,
    Document,
    Introduction,
    Stage,
    month_of,
)
from luodi.rooms.exchange.notify import tell_broker, tell_parties
from luodi.rooms.exchange.verbs.checks import locked, require_desk, require_side
from luodi.rooms.exchange.verbs.introducing import require_stage, to_stage

MOST_BYTES = 10 * 1024 * 1024
QUANTITY = Number(_("数量"), places=2, least=Decimal("0.01"), most=Decimal("99999999999"))


@verb(permission="exchange.write")
def sign(
    *,
    actor: Actor,
    introduction: Introduction,
    quantity: Annotated[
        Decimal, Number(_("约定总量"), places=2, least=Decimal("0.01"), most=Decimal("99999999999"))
    ],
    since: Annotated[dt.date, Date(_("开始"))],
    until: Annotated[dt.date, Date(_("结束"))],
    signed_on: Annotated[dt.date, Date(_("签订日期"))],
    price_formula: Annotated[
        str,
        Text(_("价格公式"), most=300, help=_("如：当月网价×0.95＋运费。只有双方和经办人看得到。")),
    ] = "",
    number: Annotated[str, Text(_("合同编号"), most=60)] = "",
    terms: Annotated[
        str,
        Prose(
            _("条款要点"),
            most=2000,
            help=_(
                "对照民法典第四百七十条：质量、履行期限地点和方式、违约责任、解决争议的方法。"
                "大型企业向中小企业采购，自交付之日起六十日内付款（保障中小企业款项支付条例，2025年修订）。"
            ),
        ),
    ] = "",
    files: Annotated[Sequence[Any], Files(_("合同文件"))] = (),
    at: dt.datetime | None = None,
) -> Contract:
    """Enters the contract that came of an introduction. Raises UserError, NotAllowed."""
    found = locked(introduction)
    require_side(actor, found.supplier, found.buyer, desk=found.broker)
    require_stage(found, Stage.CONTRACT)
    at = at or timezone.now()
    if until < since:
        raise UserError(gettext("结束日期不能早于开始日期。"), "until")
    if signed_on > timezone.localdate(at):
        raise UserError(gettext("签订日期不能在将来。"), "signed_on")
    contract = Contract.objects.create(
        introduction=found,
        quantity=quantity,
        measure=found.commodity.measure,
        price_formula=price_formula,
        number=number,
        since=since,
        until=until,
        signed_on=signed_on,
        terms=terms,
        **_parties(found),
    )
    for one in files:
        _keep(contract, one)
    to_stage(found, Stage.CONTRACT, actor, at, signed_on)
    tell_parties(found, "contract", gettext("%(code)s已签约") % {"code": found.code}, at)
    return contract


def _parties(row: Any) -> dict[str, Any]:
    return {
        "supplier_id": row.supplier_id,
        "buyer_id": row.buyer_id,
        "broker_id": row.broker_id,
    }


def _keep(contract: Contract, upload: UploadedFile[bytes]) -> Document:
    content = upload.read()
    if len(content) > MOST_BYTES:
        raise UserError(gettext("合同文件最大 10 MB，请压缩或分开。"), "files")
    return Document.objects.create(
        contract=contract,
        name=(upload.name or gettext("合同"))[:200],
        content_type=(upload.content_type or "application/octet-stream")[:100],
        sha256=Document.digest(content),
        content=content,
        **_parties(contract),
    )


@verb(permission="exchange.write")
def attach_document(
    *,
    actor: Actor,
    contract: Contract,
    files: Annotated[Sequence[Any], Files(_("合同文件"), required=True)],
) -> list[Document]:
    """Adds signed files to a contract; none is ever replaced."""
    require_side(actor, contract.supplier, contract.buyer, desk=contract.broker)
    return [_keep(contract, one) for one in files]


@verb(permission="exchange.write")
def record_delivery(
    *,
    actor: Actor,
    contract: Contract,
    month: Annotated[dt.date, Date(_("月份"), help=_("填该月任意一天。"))],
    quantity: Annotated[Decimal, QUANTITY],
    at: dt.datetime | None = None,
) -> Delivery:
    """Enters what came in a month. The first delivery brings the introduction to “delivering”.

    The same entered twice is entered once; another number for the month is refused, because it may be
    somebody else's: `correct_delivery`.
    """
    held, at = locked(contract), at or timezone.now()
    require_side(actor, held.supplier, held.buyer, desk=held.broker)
    first = month_of(month)
    if first > timezone.localdate(at):
        raise UserError(gettext("还没有到这个月。"), "month")
    if first < month_of(held.since):
        raise UserError(gettext("合同从 %(day)s 开始。") % {"day": held.since}, "month")
    found = held.deliveries.filter(month=first).first()
    if found is not None:
        if found.quantity == quantity:
            return found
        said = {"month": f"{first:%Y-%m}", "quantity": found.quantity}
        raise UserError(
            gettext("%(month)s 已登记 %(quantity)s，要改请点那一行更正。") % said, "quantity"
        )
    made = Delivery.objects.create(
        contract=held,
        month=first,
        quantity=quantity,
        by_id=actor.account_id or None,
        recorded_at=at,
        **_parties(held),
    )
    introduction = locked(held.introduction)
    if introduction.stage == Stage.CONTRACT:
        on = min(max(month, held.since), timezone.localdate(at))
        to_stage(introduction, Stage.DELIVERING, actor, at, on)
        text = gettext("%(code)s有了第一次到货") % {"code": introduction.code}
        tell_broker(introduction, "delivering", text, at)
    return made


@verb(permission="exchange.write")
def correct_delivery(
    *,
    actor: Actor,
    delivery: Delivery,
    quantity: Annotated[Decimal, QUANTITY],
    reason: Annotated[str, Reason()],
    version: Annotated[int | None, Version()] = None,
) -> Delivery:
    """Puts a month's quantity right. Raises Stale."""
    found = locked(delivery, version)
    require_side(actor, found.supplier, found.buyer, desk=found.broker)
    because(reason)
    found.quantity = quantity
    found.save(update_fields=["quantity"])
    found.refresh_from_db()
    return found


@verb(permission="exchange.broker")
def remove_delivery(
    *,
    actor: Actor,
    delivery: Delivery,
    reason: Annotated[str, Reason()],
    at: dt.datetime | None = None,
) -> None:
    """Removes what was entered under the wrong contract. Without any delivery left, the introduction
    is back at “contract”."""
    found = locked(delivery)
    require_desk(actor, found.broker)
    because(reason)
    contract = found.contract
    found.delete()
    introduction = locked(contract.introduction)
    if introduction.stage == Stage.DELIVERING and not contract.deliveries.exists():
        to_stage(introduction, Stage.CONTRACT, actor, at or timezone.now(), contract.signed_on)
