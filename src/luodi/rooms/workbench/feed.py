"""My deadlines as iCalendar, for the calendar of a phone or of a mail program."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core import signing
from django.db.models import OuterRef
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vDuration

from luodi.ground.scope.api import SYSTEM, Account, Actor, acting, actor_for
from luodi.rooms.casework.api import Case, Measure, url_of
from luodi.rooms.casework.api import Event as CaseEvent
from luodi.rooms.workbench.models import Feed, new_nonce

SALT = "luodi.calendar"
MOST = 500
LENGTH = dt.timedelta(minutes=30)
REFRESH = dt.timedelta(hours=1)


def token_of(account_id: int) -> str:
    """The secret part of an account's calendar address."""
    feed, _made = Feed.objects.get_or_create(account_id=account_id)
    return signing.dumps([account_id, feed.nonce], salt=SALT)


def change_token(account_id: int) -> None:
    """Makes the present address useless."""
    Feed.objects.update_or_create(account_id=account_id, defaults={"nonce": new_nonce()})


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
    """The deadlines of what waits for the actor or is led by them, and of their measures.

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
        for case in _cases(actor):
            calendar.add_component(_of_case(case))
        measures = list(
            Measure.objects.waiting_for(actor)
            .select_related("case")
            .order_by("due_on", "id")[:MOST]
        )
        changes = _changes(measures)
        for measure in measures:
            calendar.add_component(_of_measure(measure, *changes[measure.pk]))
    ical: bytes = calendar.to_ical()
    return ical


def _cases(actor: Actor) -> Any:
    mine = Case.objects.waiting_for(actor) | Case.objects.open().filter(
        lead_account_id=actor.account_id
    )
    latest = CaseEvent.objects.filter(case_id=OuterRef("pk")).order_by("-version")
    dated = mine.filter(next_due_at__isnull=False).annotate(changed_at=latest.values("at")[:1])
    return dated.order_by("next_due_at", "id")[:MOST]


def _changes(measures: Iterable[Measure]) -> dict[int, tuple[dt.datetime, int]]:
    """When each measure was made or last changed, and in which version of its case; one query."""
    found = {one.pk: (one.created_at, 0) for one in measures}
    events = CaseEvent.objects.filter(
        case_id__in={one.case_id for one in measures},
        transition__in=["add_measure", "change_measure"],
    )
    for at, version, payload in events.order_by("version").values_list("at", "version", "payload"):
        if payload.get("measure") in found:
            found[payload["measure"]] = (at, version)
    return found


def _of_case(case: Any) -> Event:
    event = _event(
        f"case-{case.code}",
        _("期限：%(case)s") % {"case": case},
        url_of(case),
        case.changed_at,
        case.version,
    )
    event.add("dtstart", case.next_due_at - LENGTH)
    event.add("dtend", case.next_due_at)
    return event


def _of_measure(measure: Measure, changed_at: dt.datetime, version: int) -> Event:
    what = _("措施到期：%(text)s") % {"text": measure.text[:80]}
    event = _event(f"measure-{measure.pk}", what, url_of(measure.case), changed_at, version)
    event.add("dtstart", measure.due_on)
    event.add("dtend", measure.due_on + dt.timedelta(days=1))
    return event


def _event(uid: str, summary: str, path: str, changed_at: dt.datetime, version: int) -> Event:
    event = Event()
    event.add("uid", f"{uid}@luodi")
    event.add("dtstamp", changed_at.astimezone(dt.UTC))
    event.add("last-modified", changed_at.astimezone(dt.UTC))
    event.add("sequence", version)
    event.add("summary", summary)
    event.add("url", settings.SITE_URL.rstrip("/") + path)
    return event
