"""A look-up that templates lack."""

from __future__ import annotations

from collections.abc import Mapping

from django import template

register = template.Library()


@register.filter
def get(mapping: Mapping[int, object] | str, key: int) -> object:
    """What a mapping holds under a key; "" where there is nothing (no trends were read)."""
    return mapping.get(key, "") if isinstance(mapping, Mapping) else ""
