"""What relatives see, by the resident's consent, and what they book and say."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Instant, Prose, Text, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.care.models import Contact, Visit, Word
from luodi.rooms.care.verbs.common import day_of, locked, own
from luodi.rooms.care.verbs.way import consents

LASTS = dt.timedelta(days=180)
AT_ONCE = 6  # visits that the home takes at one time: a parameter of ours
HOURS = (9, 17)


def digest_of(key: str) -> str:
    """What is kept of a key: nobody who reads the table can use it."""
    return hashlib.sha256(key.encode()).hexdigest()


@verb(permission="care.contacts", on="contact")
def invite(*, actor: Actor, contact: Contact) -> str:
    """Makes a relative's own key, shown once; only while the resident consents. A new one ends the old."""
    found, today = locked(contact), day_of(timezone.now())
    if found.ended_on is not None:
        raise UserError(gettext("已不再与这位联系。"))
    if not consents(found.resident, "consent_family", today):
        raise UserError(gettext("请先登记“同意家属查看情况”。"))
    key = secrets.token_urlsafe(24)
    found.key, found.key_until = digest_of(key), today + LASTS
    found.save(update_fields=["key", "key_until"])
    return key


@verb(permission="", on="contact")
def book_visit(
    *,
    actor: Actor,
    contact: Contact,
    at: Annotated[dt.datetime, Instant(_("到访时间"))],
    note: Annotated[str, Text(_("说明"), most=200)] = "",
) -> Visit:
    """Books an hour's visit, within visiting hours, while there is room."""
    now, local = timezone.now(), timezone.localtime(at)
    if at <= now or at > now + dt.timedelta(days=60):
        raise UserError(gettext("请选择今后60天内的时间。"), "at")
    if not HOURS[0] <= local.hour < HOURS[1]:
        raise UserError(
            gettext("探访时间为%(begin)s时至%(end)s时。") % {"begin": HOURS[0], "end": HOURS[1]},
            "at",
        )
    home = locked(contact.resident.unit)  # one books after the other
    end = at + dt.timedelta(hours=1)
    there = Visit.objects.filter(resident__unit=home, ended_at=None, during__overlap=(at, end))
    if there.filter(contact=contact).exists():
        raise UserError(gettext("您已预约这段时间。"), "at")
    if there.count() >= AT_ONCE:
        raise UserError(gettext("这段时间已约满，请换一个时间。"), "at")
    return Visit.objects.create(
        resident=contact.resident,
        contact=contact,
        who=str(contact),
        during=(at, end),
        note=note,
        at=now,
    )


@verb(permission="", on="contact")
def say(
    *, actor: Actor, contact: Contact, text: Annotated[str, Prose(_("留言"), most=1000)]
) -> Word:
    """Leaves a message for the home, or (by staff) an answer."""
    return Word.objects.create(
        resident=contact.resident, contact=contact, text=text, at=timezone.now(), by_id=own(actor)
    )


@verb(permission="care.contacts", on="contact")
def answer(
    *, actor: Actor, contact: Contact, text: Annotated[str, Prose(_("回复"), most=1000)]
) -> Word:
    """Answers a relative's message."""
    return Word.objects.create(
        resident=contact.resident, contact=contact, text=text, at=timezone.now(), by_id=own(actor)
    )
