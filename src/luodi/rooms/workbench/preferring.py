"""What an account has pinned: places of the navigation, figures of the workbench."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from luodi.ground.scope.api import SYSTEM, Account, Actor, acting
from luodi.rooms.workbench.models import Preference
from luodi.shell.navigation import PINS

MOST = 12
# What the workbench shows to who has chosen nothing: four of the shipped figures.
FIRST = ["casework.received", "casework.solved", "casework.overdue", "directory.members"]


def preference_of(account_id: int) -> Preference:
    """What the account prefers; empty where it has said nothing."""
    found = Preference.objects.filter(account_id=account_id).first()
    return found or Preference(account_id=account_id, figures=FIRST)


def prefer_places(*, actor: Actor, request: HttpRequest, pins: Sequence[str]) -> None:
    """Keeps the places that stand first in the navigation, in the order given, at most MOST."""
    kept = list(dict.fromkeys(pins))[:MOST]
    _keep(actor, pins=kept)
    request.session[PINS] = kept


def prefer_figures(*, actor: Actor, figures: Sequence[str]) -> None:
    """Keeps the figures of the workbench, in the order given, at most MOST."""
    kept = list(dict.fromkeys(figures))[:MOST]
    _keep(actor, figures=kept)


def _keep(actor: Actor, **kept: list[str]) -> None:
    first = {"figures": FIRST, **kept}
    Preference.objects.update_or_create(
        account_id=actor.account_id, defaults=kept, create_defaults=first
    )


@receiver(user_logged_in)
def remember_pins(request: HttpRequest, user: Account, **rest: object) -> None:
    """Puts the pins into the session, where every page finds them without a query of its own."""
    with acting(SYSTEM):
        request.session[PINS] = preference_of(user.pk).pins
