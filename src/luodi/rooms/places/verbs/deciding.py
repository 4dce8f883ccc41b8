"""What keepers decide: to approve, to refuse; and what they tell each other."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, because
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.places import telling
from luodi.rooms.places.models import Booking, Hold, KeeperNote, Occurrence, State
from luodi.rooms.places.people import KEEPS
from luodi.rooms.places.taking import lock
from luodi.rooms.places.verbs.waiting import offer_freed, resources_waiting


def approve(*, actor: Actor, booking: Booking, at: dt.datetime) -> Booking:
    """Approves all dates of a booking that wait for it."""
    with transaction.atomic():
        found, dates = _asked(actor, booking)
        for one in dates:
            one.state, one.why, one.changed_at = State.HELD, "", at
            one.save(update_fields=["state", "why", "changed_at"])
    telling.decided(found, dates, at, actor.account_id)
    return found


def refuse(*, actor: Actor, booking: Booking, why: str, at: dt.datetime) -> Booking:
    """Refuses all dates of a booking that wait for approval, with the reason; others may have them."""
    if not why.strip():
        raise UserError(_("请写明理由，预订人会看到。"), "why")
    with transaction.atomic():
        found, dates = _asked(actor, booking)
        because(why)
        held = list(Hold.objects.filter(occurrence__in=[one.pk for one in dates]))
        spans = [(one.starts_at, one.ends_at) for one in held]
        lock({one.resource for one in held} | resources_waiting(found.venue_id, spans, at))
        for one in dates:
            one.state, one.why, one.changed_at = State.REFUSED, why.strip()[:200], at
            one.save(update_fields=["state", "why", "changed_at"])
        Hold.objects.filter(pk__in=[one.pk for one in held]).update(holding=False)
        offer_freed(found.venue, held, at)
    telling.decided(found, dates, at, actor.account_id)
    return found


def _asked(actor: Actor, booking: Booking) -> tuple[Booking, list[Occurrence]]:
    rows = Booking.objects.select_for_update(of=("self",), no_key=True)
    found = rows.select_related("venue__unit", "unit").filter(pk=booking.pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    actor.require(KEEPS, found.venue.path)
    dates = list(found.occurrences.filter(state=State.ASKED))
    if not dates:
        raise UserError(_("没有等待批准的日期。"))
    return found, dates


def note_booking(*, actor: Actor, booking: Booking, text: str) -> KeeperNote | None:
    """Keeps what keepers tell each other of a booking; an empty text removes it."""
    actor.require(KEEPS, booking.venue.path)
    note = KeeperNote.objects.filter(booking=booking).first()
    if not text.strip():
        if note:
            note.delete()
        return None
    if note is None:
        return KeeperNote.objects.create(venue=booking.venue, booking=booking, text=text.strip())
    note.text = text.strip()
    note.save(update_fields=["text"])
    return note
