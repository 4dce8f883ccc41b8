"""Certificates: slices of a batch, each in one hand, each claimed once."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import Choice, Number, Reason, Text, UnitOf, verb
from luodi.ground.scope.api import Actor, Unit, because, today
from luodi.lib.errors import UserError
from luodi.rooms.energy.models import PURPOSES, Certificate, Claim, Slice
from luodi.rooms.energy.models.carbon import expires_on

Receiver = Annotated[Unit, UnitOf(permission="energy.manage")]


@verb(permission="energy.manage", on="certificate")
def allot_certificates(
    *,
    actor: Actor,
    certificate: Certificate,
    unit: Receiver,
    count: Annotated[int, Number(gettext_lazy("张数"), least=1)],
) -> Slice:
    """Gives the next serial numbers of a batch to a unit. No number is ever given twice: the batch is
    held, and the database refuses what overlaps."""
    held = Certificate.objects.select_for_update().get(pk=certificate.pk)
    last = Slice.objects.filter(certificate=held).aggregate(last=Max("last"))["last"]
    first = held.first if last is None else last + 1
    left = held.last - first + 1
    if count > left:
        raise UserError(_("这一批只剩 %(left)s 张。") % {"left": max(left, 0)}, "count")
    return Slice.objects.create(
        unit=unit,
        certificate=held,
        batch=held.batch,
        month=held.month,
        first=first,
        last=first + count - 1,
        since=today(),
    )


@verb(permission="energy.read_in", on="slice")
def claim_slice(
    *,
    actor: Actor,
    slice: Slice,
    purpose: Annotated[str, Choice(gettext_lazy("用途"), choices=tuple(PURPOSES.items()))],
    year: Annotated[int, Number(gettext_lazy("用于哪一年"), least=2020, most=2100)],
    count: Annotated[int, Number(gettext_lazy("张数"), least=1)],
    text: Annotated[str, Text(gettext_lazy("说明"))] = "",
    at: dt.datetime | None = None,
) -> Claim:
    """Says what certificates of a slice are used for: the whole slice, or its first ones, which then are
    a slice of their own. Each is claimed once, and not after it has expired."""
    held = Slice.objects.select_for_update().get(pk=slice.pk)
    if held.month and today() >= expires_on(held.month):
        raise UserError(_("这些绿证已过有效期（%(day)s）。") % {"day": expires_on(held.month)})
    if Claim.objects.filter(slice=held, withdrawn_at=None).exists():
        raise UserError(_("这些绿证已经声明过用途，一张绿证只能用一次。"))
    if count > held.count:
        raise UserError(_("只有 %(count)s 张。") % {"count": held.count}, "count")
    used = held if count == held.count else _cut(held, count)
    try:
        with transaction.atomic():
            return Claim.objects.create(
                slice=used,
                purpose=purpose,
                year=year,
                text=text,
                claimed_at=at or timezone.now(),
                claimed_by_id=actor.account_id or None,
            )
    except IntegrityError:
        raise UserError(_("这些绿证已经声明过用途，一张绿证只能用一次。")) from None


def _cut(held: Slice, count: int) -> Slice:
    """Takes the first certificates of a slice as one of their own."""
    first = held.first
    held.first = first + count
    held.save()
    return Slice.objects.create(
        unit=held.unit,
        certificate_id=held.certificate_id,
        batch=held.batch,
        month=held.month,
        first=first,
        last=first + count - 1,
        since=held.since,
    )


@verb(permission="energy.manage", on="claim")
def withdraw_claim(
    *, actor: Actor, claim: Claim, reason: Annotated[str, Reason()], at: dt.datetime | None = None
) -> Claim:
    """Takes a claim back; it stays to be seen, and the slice is free again."""
    held = Claim.objects.select_for_update().get(pk=claim.pk)
    if held.withdrawn_at is not None:
        raise UserError(_("已经撤回了。"))
    because(reason)
    held.withdrawn_at = at or timezone.now()
    held.save()
    return held
