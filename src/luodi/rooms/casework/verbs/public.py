"""The public way in, without an account: an enterprise's QR code."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import SYSTEM, Actor, Unit, UnitKind, acting
from luodi.lib.errors import NotFound, UserError
from luodi.lib.neighbours import sender_of
from luodi.rooms.casework.models import Case, Intake, PublicAttempt
from luodi.rooms.casework.verbs.raising import Report, begin

PER_TOKEN_PER_HOUR = 60
PER_ADDRESS_PER_HOUR = 5


@dataclass(frozen=True, slots=True)
class Receipt:
    """What somebody without an account gets: the number to ask with."""

    code: str
    unit_name: str


def intake_of(*, actor: Actor, unit: Unit, at: dt.datetime | None = None) -> Intake:
    """The enterprise's public form, made when first asked for."""
    actor.require("cases.raise", unit.path)
    if unit.kind != UnitKind.ENTERPRISE:
        raise UserError(_("只有企业有扫码入口。"), "unit")
    found, _made = Intake.objects.get_or_create(
        unit=unit,
        defaults={"token": _new_token(), "rotated_at": at or timezone.now()},
    )
    return found


def rotate_token(*, actor: Actor, unit: Unit, at: dt.datetime | None = None) -> Intake:
    """Gives the form a new address; codes printed with the old one lead nowhere."""
    intake = intake_of(actor=actor, unit=unit, at=at)
    intake.token, intake.rotated_at = _new_token(), at or timezone.now()
    intake.save(update_fields=["token", "rotated_at"])
    return intake


def _new_token() -> str:
    return secrets.token_urlsafe(24)


def unit_of_token(token: str) -> Unit:
    """Whose form it is. Raises NotFound where the token is of none."""
    with acting(SYSTEM):
        found = Intake.objects.select_related("unit").filter(token=token, is_active=True).first()
        if found is None or found.unit.closed_on is not None:
            raise NotFound(_("这个二维码已经失效，请向企业联络员要新的。"))
        return found.unit


def report_publicly(
    *,
    token: str,
    text: str,
    who: str,
    contact: str = "",
    address: str = "",
    at: dt.datetime | None = None,
) -> Receipt:
    """Raises a problem through an enterprise's public form, as nobody in particular.

    `address` is the sender's network address; only a hash of it with the day is kept, for hours.
    Raises UserError with a sentence when too many reports came lately.
    """
    moment = at or timezone.now()
    unit = unit_of_token(token)
    if not who.strip():
        raise UserError(_("请填写您是谁，便于回复。"), "who")
    with acting(SYSTEM), transaction.atomic():
        _count(f"token:{token}", moment, PER_TOKEN_PER_HOUR)
        if address:
            _count(_hashed(address, moment), moment, PER_ADDRESS_PER_HOUR)
        report = Report(
            unit=unit,
            text=text,
            channel=Case.Channel.PUBLIC,
            reporter_unit_id=unit.pk,
            reporter_name=who,
            reporter_phone=contact,
        )
        return Receipt(begin(SYSTEM, report, moment).code, unit.name)


def _hashed(address: str, at: dt.datetime) -> str:
    message = f"{sender_of(address)}|{timezone.localdate(at)}"
    return hmac.new(settings.SECRET_KEY.encode(), message.encode(), hashlib.sha256).hexdigest()


def _count(key: str, at: dt.datetime, most: int) -> None:
    """Counts one attempt of this hour; raises UserError past the limit. Sure under concurrency."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO casework_publicattempt (key, hour, count) VALUES (%s, %s, 1)"
            " ON CONFLICT (key, hour) DO UPDATE SET count = casework_publicattempt.count + 1"
            " RETURNING count",
            [key[:64], at.replace(minute=0, second=0, microsecond=0)],
        )
        (count,) = cursor.fetchone()
    if count > most:
        raise UserError(_("这一小时内收到的反映太多，请稍后再试，或直接致电园区。"))


def forget_attempts(before: dt.datetime) -> int:
    """Removes counters of hours long past."""
    return PublicAttempt.objects.filter(hour__lt=before).delete()[0]
