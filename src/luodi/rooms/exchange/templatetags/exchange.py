"""What the exchange's templates ask."""

from __future__ import annotations

from django import template

from luodi.ground.scope.api import Actor

register = template.Library()


@register.filter
def brokers(actor: Actor) -> bool:
    """Whether somebody brokers at any desk."""
    return actor.may("exchange.broker")
