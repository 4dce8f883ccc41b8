"""Times in words, in templates."""

from __future__ import annotations

import datetime as dt

from django import template

from luodi.rooms.places.words import when

register = template.Library()


@register.filter(name="when")
def when_filter(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """A time with its day: `12月22日 周四 09:00—11:00`."""
    return when(starts_at, ends_at)
