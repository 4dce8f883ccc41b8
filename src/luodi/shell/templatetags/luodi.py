"""Tags that every template has without loading them."""

from __future__ import annotations

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag
def once() -> SafeString:
    """The hidden key that makes a form's writing happen once, however often it is sent."""
    return format_html('<input type="hidden" name="_once" value="{}">', uuid.uuid4())
