"""Times in words, in templates."""

from __future__ import annotations

import datetime as dt

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from luodi.rooms.places.reading import Row, Stretch, Taking
from luodi.rooms.places.words import when

register = template.Library()


@register.filter(name="when")
def when_filter(starts_at: dt.datetime, ends_at: dt.datetime) -> str:
    """A time with its day: `12月22日 周四 09:00—11:00`."""
    return when(starts_at, ends_at)


@register.simple_tag
def day_cells(row: Row, *, may_book: bool) -> SafeString:
    """The cells of a room's day. Written here, not in a template: a day has hundreds."""
    book = _("预订")
    return format_html_join("", "{}", ((_cell(row, one, book, may_book),) for one in row.cells))


def _cell(row: Row, one: Stretch, book: str, may_book: bool) -> SafeString:
    if one.taking:
        return _taken(one.taking, one.width)
    if one.url and may_book:
        return format_html(
            '<td colspan="{}" class="free"><a href="{}" aria-label="{} {} {}">＋</a></td>',
            one.width,
            one.url,
            book,
            row.room,
            one.clock,
        )
    return format_html(
        '<td colspan="{}" class="{}"></td>', one.width, "shut" if one.closed else "gone"
    )


def _taken(one: Taking, width: int) -> SafeString:
    link = format_html('<a href="{0}" title="{1}">{1}</a>', one.url, one.title) if one.url else ""
    return format_html(
        '<td colspan="{}" class="{}">{}<span>{}</span><small>{}—{}</small></td>',
        width,
        "taken waits" if one.waits else "taken",
        link,
        one.unit,
        f"{timezone.localtime(one.starts_at):%H:%M}",
        f"{timezone.localtime(one.ends_at):%H:%M}",
    )
