"""What the exchange's templates ask."""

from __future__ import annotations

from decimal import Decimal

from django import template

from luodi.ground.scope.api import Actor
from luodi.rooms.exchange import amounts

register = template.Library()


@register.filter
def brokers(actor: Actor) -> bool:
    """Whether somebody brokers at any desk."""
    return actor.may("exchange.broker")


@register.filter
def plain(value: Decimal | None) -> str:
    """A quantity or a price without the noughts that say nothing."""
    return amounts.number(value)
