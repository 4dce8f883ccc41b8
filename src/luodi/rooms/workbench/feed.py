"""My deadlines as iCalendar, for the calendar of a phone or of a mail program."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.core import signing
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from luodi.ground.scope.api import SYSTEM, Account, Actor, acting, actor_for, password_reset
from luodi.manifest import Deadline, manifests
from luodi.rooms.workbench.models import Feed

SALT = "luodi.calendar"
LENGTH = dt.timedelta(minutes=30)
REFRESH = dt.timedelta(hours=1)
BEGINNING = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)  # of what does not say when it changed


def token_of(account_id: int) -> str:
    """The secret part of an account's calendar address."""
    feed, _made = Feed.objects.get_or_create(account_id=account_id, defaults=_fresh())
    return signing.dumps([account_id, feed.nonce], salt=SALT)


def change_token(account_id: int) -> None:
    """Makes the present address useless."""
    Feed.objects.update_or_create(account_id=account_id, defaults=_fresh())


def _fresh() -> dict[str, str]:
    return {"nonce": secrets.token_urlsafe(12)}


@receiver(password_reset)
def address_ended(sender: object, account: Account, **rest: object) -> None:
    """Whoever had the password may also have taken the calendar's address."""
    with acting(SYSTEM):
        Feed.objects.filter(account_id=account.pk).update(nonce=secrets.token_urlsafe(12))


def actor_of(token: str) -> Actor | None:
    """Whose calendar a token opens, if it is the present one of an active account."""
    try:
        account_id, nonce = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    with acting(SYSTEM):
        current = Feed.objects.filter(account_id=account_id, nonce=nonce).exists()
        account = Account.objects.filter(pk=account_id, is_active=True).first()
        return actor_for(account) if current and account else None


def calendar_of(actor: Actor) -> bytes:
    """The actor's deadlines, of every room.

    The same until something changes: DTSTAMP and SEQUENCE (RFC 5545, 3.8.7) are of the last change,
    so that a calendar program sees at once that there is nothing new.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Luodi//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("落地：我的期限"))
    # RFC 7986, 5.7, and what programs knew before it
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    with acting(actor):
        for manifest in manifests():
            for one in manifest.deadlines(actor, timezone.now()) if manifest.deadlines else ():
                calendar.add_component(_event(one))
    ical: bytes = calendar.to_ical()
    return ical


def _event(one: Deadline) -> Event:
    event = Event()
    event.add("uid", f"{one.uid}@luodi")
    if one.until is not None:
        event.add("dtstart", one.at)
        event.add("dtend", one.until)
    elif isinstance(one.at, dt.datetime):
        event.add("dtstart", one.at - LENGTH)
        event.add("dtend", one.at)
    else:
        event.add("dtstart", one.at)
        event.add("dtend", one.at + dt.timedelta(days=1))
    changed_at = (one.changed_at or BEGINNING).astimezone(dt.UTC)
    event.add("dtstamp", changed_at)
    event.add("last-modified", changed_at)
    event.add("sequence", one.version)
    event.add("summary", one.summary)
    event.add("url", settings.SITE_URL.rstrip("/") + one.url)
    return event
