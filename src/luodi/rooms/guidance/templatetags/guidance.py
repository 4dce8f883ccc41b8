"""How templates write a document's texts and numbers."""

from decimal import Decimal

from django import template

from luodi.rooms.guidance import evaluating
from luodi.rooms.guidance.document import Part

register = template.Library()


@register.filter
def said(part: Part, name: str) -> str:
    """A text in the language of the page."""
    return part.said(name)


@register.filter
def plain(number: Decimal) -> str:
    """A number as people write it."""
    return evaluating.plain(number)
