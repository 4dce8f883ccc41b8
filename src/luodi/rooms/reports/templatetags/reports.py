"""What the pages of reports need beside the shell's tags."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.translation import get_language

register = template.Library()


@register.filter
def in_language(names: Mapping[str, str]) -> str:
    """A frozen name in the page's language."""
    return names.get(get_language() or "") or names["zh-hans"]
