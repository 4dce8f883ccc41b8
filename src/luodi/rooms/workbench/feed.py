"""My deadlines as iCalendar, for the calendar of a phone or of a mail program."""

from __future__ import annotations

import datetime as dt
import secrets

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from luodi.ground.scope.api import SYSTEM, Account, Actor, acting, actor_for
from luodi.rooms.casework.api import Case, Measure, url_of
from luodi.rooms.workbench.models import Feed

SALT = "luodi.calendar"
MOST = 500
LENGTH = dt.timedelta(minutes=30)


def token_of(account_id: int) -> str:
    """The secret part of an account's calendar address."""
    feed, _made = Feed.objects.get_or_create(account_id=account_id, defaults=_fresh())
    return signing.dumps([account_id, feed.nonce], salt=SALT)


def change_token(account_id: int) -> None:
    """Makes the present address useless."""
    Feed.objects.update_or_create(account_id=account_id, defaults=_fresh())


def _fresh() -> dict[str, str]:
    return {"nonce": secrets.token_urlsafe(12)}


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


def calendar_of(actor: Actor, at: dt.datetime) -> bytes:
    """The deadlines of what waits for the actor or is led by them, and of their measures."""
    calendar = Calendar()
    calendar.add("prodid", "-//Luodi//Deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("落地：我的期限"))
    with acting(actor):
        mine = Case.objects.waiting_for(actor) | Case.objects.open().filter(
            lead_account_id=actor.account_id
        )
        for case in mine.filter(next_due_at__isnull=False).order_by("next_due_at")[:MOST]:
            calendar.add_component(_of_case(case, at))
        measures = Measure.objects.filter(
            owner_id=actor.account_id, done_at__isnull=True, dropped_at__isnull=True
        )
        for measure in measures.select_related("case").order_by("due_on")[:MOST]:
            calendar.add_component(_of_measure(measure, at))
    ical: bytes = calendar.to_ical()
    return ical


def _of_case(case: Case, at: dt.datetime) -> Event:
    event = _event(f"case-{case.code}", _("期限：%(case)s") % {"case": case}, url_of(case), at)
    event.add("dtstart", case.next_due_at - LENGTH)  # type: ignore[operator]
    event.add("dtend", case.next_due_at)
    return event


def _of_measure(measure: Measure, at: dt.datetime) -> Event:
    what = _("措施到期：%(text)s") % {"text": measure.text[:80]}
    event = _event(f"measure-{measure.pk}", what, url_of(measure.case), at)
    event.add("dtstart", measure.due_on)
    event.add("dtend", measure.due_on + dt.timedelta(days=1))
    return event


def _event(uid: str, summary: str, path: str, at: dt.datetime) -> Event:
    event = Event()
    event.add("uid", f"{uid}@luodi")
    event.add("dtstamp", at.astimezone(dt.UTC))
    event.add("summary", summary)
    event.add("url", settings.SITE_URL.rstrip("/") + path)
    return event
