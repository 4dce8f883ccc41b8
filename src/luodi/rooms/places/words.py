"""Times in words, and who is told of what."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _


def when(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """A time as people read it: `12月22日 周四 09:00—11:00`; the year where it is another."""
    start, end = timezone.localtime(starts_at), timezone.localtime(ends_at)
    if start.date() == end.date() or (end.time() == dt.time() and end - start <= dt.timedelta(1)):
        last = "24:00" if end.date() != start.date() else f"{end:%H:%M}"
        return f"{day_in_words(start.date())} {start:%H:%M}—{last}"
    return f"{day_in_words(start.date())} {start:%H:%M} — {day_in_words(end.date())} {end:%H:%M}"


def day_in_words(day: dt.date) -> str:
    """A day with its weekday: `12月22日 周四`."""
    said = _("%(month)s月%(day)s日 %(weekday)s") % {
        "month": day.month,
        "day": day.day,
        "weekday": weekday(day),
    }
    if day.year == timezone.localdate().year:
        return said
    return _("%(year)s年%(day)s") % {"year": day.year, "day": said}


def weekday(day: dt.date) -> str:
    names = (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    return names[day.weekday()]
