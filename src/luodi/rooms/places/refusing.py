"""What is said to who comes too late: who has it, when it is free next, what else is free then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.rooms.places.models import Hold, Room
from luodi.rooms.places.opening import Opening, free_next
from luodi.rooms.places.taking import Span, Thing
from luodi.rooms.places.verbs.searching import rooms_like
from luodi.rooms.places.words import when

SHOWN = 5  # collisions that a sentence names

Trouble = tuple[Span, Sequence[Hold], str]


class Taken(UserError):
    """Somebody else has it. `next_at`: when the same is free for as long; `others`: rooms free now."""

    status = 409

    def __init__(
        self,
        message: object,
        field: str | None = None,
        next_at: dt.datetime | None = None,
        others: Sequence[Room] = (),
    ) -> None:
        super().__init__(message, field)
        self.next_at, self.others = next_at, list(others)


def told_taken(
    troubles: Sequence[Trouble],
    rooms: Sequence[Room],
    things: Sequence[Thing],
    opening: Opening,
    people: int,
    *,
    keeper: bool,
) -> Taken:
    """The refusal of a booking, with what each date collides with."""
    said = [_collision(*one) for one in troubles[:SHOWN]]
    if len(troubles) > SHOWN:
        said.append(_("另有 %(count)s 次冲突。") % {"count": len(troubles) - SHOWN})
    if len(troubles) > 1:
        return Taken(" ".join(said), "rooms")
    span = troubles[0][0]
    next_at = free_next(opening, rooms, things, span, keeper=keeper)
    others = rooms_like(rooms, span, people, keeper=keeper)
    if next_at:
        again = when(next_at, next_at + (span[1] - span[0]))
        said.append(_("最近的空闲时间：%(when)s。") % {"when": again})
    if others:
        names = _("、").join(map(str, others))
        said.append(_("同一时间还空着：%(rooms)s。") % {"rooms": names})
    return Taken(" ".join(said), "rooms", next_at, others)


def _collision(span: Span, holds: Sequence[Hold], closed: str) -> str:
    if closed:
        return closed
    hold = holds[0]
    return _("%(what)s %(when)s 已被%(unit)s预订。") % {
        "what": hold.room or hold.item,
        "when": when(*span),
        "unit": hold.unit,
    }
