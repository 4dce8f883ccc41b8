"""What would become of a booking, before anything is booked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor
from luodi.rooms.places.models import State
from luodi.rooms.places.opening import opening_of
from luodi.rooms.places.people import BOOKS, is_keeper
from luodi.rooms.places.taking import taken, things_of
from luodi.rooms.places.verbs.booking import Planned, Wish, check_wish
from luodi.rooms.places.verbs.searching import rooms_like


def foreseen(
    *, actor: Actor, wish: Wish, dates: Sequence[Planned], at: dt.datetime
) -> list[Planned]:
    """The dates of a wish, each with what stands in its way (`why`) and, as `instead`, a room that is free.

    Nothing is held: somebody else may be quicker. Raises as a booking does.
    """
    actor.require(BOOKS, wish.unit.path)
    venue = check_wish(wish, dates, at)
    keeper = is_keeper(actor, venue)
    things = things_of(wish.rooms, wish.items)
    opening = opening_of(venue.pk, dates[0].starts_at, dates[-1].ends_at)
    held = taken(things, [one.span for one in dates])
    for n, one in enumerate(dates):
        if one.state != State.HELD:
            continue
        closed = (opening.problem(room, *one.span, keeper=keeper) for room in wish.rooms)
        if problem := next(filter(None, closed), ""):
            one.state, one.why = State.SKIPPED, problem
        elif n in held:
            one.state = State.WAITING
            one.why = _("已被%(unit)s预订") % {"unit": held[n][0].unit}
            others = rooms_like(wish.rooms, one.span, wish.people or 0, keeper=keeper)
            one.instead = others[0] if others else None
    return list(dates)
