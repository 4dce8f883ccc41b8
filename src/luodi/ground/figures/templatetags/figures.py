"""Numbers on pages: each a link to its reading.

`{% figure "directory.members" unit=unit until=day %}` reads; `{% reading one %}` shows one that was
read; `{% figure_link "casework.solved" 24 unit=unit until=day %}` links a number that the page has.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from luodi.ground.figures.definition import Question
from luodi.ground.figures.reading import Reading, address, read_values
from luodi.ground.scope.api import Unit, today
from luodi.lib.errors import UserError

register = template.Library()


@register.simple_tag(takes_context=True)
def figure(
    context: Any,
    key: str,
    unit: Unit,
    until: dt.date | None = None,
    since: dt.date | None = None,
    **parameters: object,
) -> SafeString:
    """Reads a figure as the request's actor; a dash where it is not for them."""
    actor = context["request"].actor
    question = asked(unit, until, since, parameters)
    try:
        [found] = read_values(actor=actor, questions=[(key, question)])
    except UserError as problem:
        return format_html('<span title="{}">—</span>', problem)
    return reading(found)


@register.simple_tag
def reading(one: Reading) -> SafeString:
    """A reading's value, linked to its page."""
    return linked(one.text, one.url, str(one.figure.name))


@register.simple_tag
def figure_link(
    key: str,
    value: object,
    unit: Unit,
    until: dt.date | None = None,
    since: dt.date | None = None,
    **parameters: object,
) -> SafeString:
    """A number that the page has computed, linked to the reading that says how; no query."""
    return linked(value, address(key, asked(unit, until, since, parameters)))


def asked(
    unit: Unit, until: dt.date | None, since: dt.date | None, parameters: dict[str, object]
) -> Question:
    given = {name: str(value) for name, value in parameters.items() if value not in (None, "")}
    return Question(unit, until or today(), since, None, given)


def linked(value: object, url: str, name: str = "") -> SafeString:
    if name:
        return format_html('<a class="reading" href="{}" title="{}">{}</a>', url, name, value)
    return format_html('<a class="reading" href="{}">{}</a>', url, value)
