"""A gathering as an entry of a calendar (RFC 5545, RFC 5546): later changes update it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from icalendar import Calendar, Event, vCalAddress

from luodi.ground.scope.api import Request
from luodi.rooms.gatherings.models import Gathering, State
from luodi.rooms.gatherings.views.common import find, home_of, may_view


def uid_of(gathering: Gathering) -> str:
    """The name of the entry, the same for ever: so a change updates and never doubles."""
    return f"gathering-{gathering.pk}@{settings.SITE_URL.partition('://')[2] or 'luodi'}"


def calendar_of(gathering: Gathering) -> bytes:
    """The invitation: REQUEST, or CANCEL once it is cancelled, with the sequence of its last change."""
    cancelled = gathering.state == State.CANCELLED
    found = Calendar()
    found.add("prodid", "-//Luodi//luodi//ZH")
    found.add("version", "2.0")
    found.add("method", "CANCEL" if cancelled else "REQUEST")
    event = Event()
    event.add("uid", uid_of(gathering))
    event.add("sequence", gathering.sequence)
    event.add("dtstamp", gathering.changed_at)
    event.add("dtstart", gathering.starts_at)
    event.add("dtend", gathering.ends_at)
    event.add("summary", f"{gathering.title}（{gathering.unit}）")
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    event.add("url", settings.SITE_URL + home_of(gathering))
    if gathering.place:
        event.add("location", gathering.place)
    organizer = vCalAddress(f"mailto:noreply@{settings.SITE_URL.partition('://')[2] or 'luodi'}")
    organizer.params["cn"] = str(gathering.unit)
    event["organizer"] = organizer
    found.add_component(event)
    made: bytes = found.to_ical()
    return made


@login_required
def invitation(request: Request, pk: int) -> HttpResponse:
    row = find(pk)
    if not may_view(request, row):
        raise Http404
    method = "CANCEL" if row.state == State.CANCELLED else "REQUEST"
    kind = f"text/calendar; charset=utf-8; method={method}"
    response = HttpResponse(calendar_of(row), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="gathering-{row.pk}.ics"'
    return response
