"""What is on, as iCalendar (RFC 5545) and RSS 2.0."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from email.utils import format_datetime
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from luodi.rooms.public.reading import Show


def feed_of(shows: Iterable[Show]) -> bytes:
    """A calendar of whole days; a cancelled show stays in it, said to be so."""
    calendar = Calendar()
    calendar.add("prodid", "-//Luodi//public//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("演出和活动"))
    house = urlsplit(settings.SITE_URL).hostname or "luodi"
    for one in shows:
        event = Event()
        event.add("uid", f"show-{one.key}@{house}")
        event.add("dtstamp", dt.datetime.combine(one.on, dt.time(), dt.UTC))
        event.add("dtstart", one.on)
        event.add("summary", one.title)
        event.add("location", one.where)
        event.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        calendar.add_component(event)
    found: bytes = calendar.to_ical()
    return found


def rss_of(shows: Iterable[Show], address: str) -> bytes:
    """The same for readers of news."""
    root = Element("rss", version="2.0")
    channel = SubElement(root, "channel")
    for name, text in (
        ("title", _("演出和活动")),
        ("link", address),
        ("description", _("近期安排")),
    ):
        SubElement(channel, name).text = text
    for one in shows:
        item = SubElement(channel, "item")
        state = _("（取消）") if one.cancelled else ""
        SubElement(item, "title").text = f"{one.on:%Y-%m-%d} {one.where} {one.title}{state}"
        SubElement(item, "link").text = f"{address}?on={one.on}"
        SubElement(item, "guid", isPermaLink="false").text = f"show-{one.key}"
        at = timezone.make_aware(dt.datetime.combine(one.on, dt.time(9)))
        SubElement(item, "pubDate").text = format_datetime(at)
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found
