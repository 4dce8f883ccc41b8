"""What keepers do with the places themselves: closed spells, photographs, the door's address."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.evidence import api as evidence
from luodi.ground.records.api import Instant, RecordOf, Text, YesNo, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.places import telling
from luodi.rooms.places.models import (
    HOLDING,
    Closure,
    Hold,
    Item,
    Occurrence,
    OpeningHours,
    Room,
    State,
    Venue,
)
from luodi.rooms.places.people import KEEPS
from luodi.rooms.places.taking import lock
from luodi.rooms.places.words import when

SHOWN = 3
PICTURES = frozenset({"image/jpeg", "image/png", "image/webp", "image/gif"})


OfVenue = Annotated[Venue, RecordOf(gettext_lazy("场所"), model=Venue)]


@verb(permission=KEEPS, on="venue")
def close_spell(
    *,
    actor: Actor,
    venue: OfVenue,
    room: Annotated[
        Room | None,
        RecordOf(gettext_lazy("房间"), model=Room, help=gettext_lazy("不填则整个场所停用。")),
    ] = None,
    starts_at: Annotated[dt.datetime, Instant(gettext_lazy("开始"))],
    ends_at: Annotated[dt.datetime, Instant(gettext_lazy("结束"))],
    reason: Annotated[str, Text(gettext_lazy("原因"), most=100)],
    displace: Annotated[
        bool,
        YesNo(
            gettext_lazy("收回这段时间的预订"),
            help=gettext_lazy("预订人会收到消息和原因；开放后他们可以恢复。"),
        ),
    ] = False,
) -> Closure:
    """Closes a venue or a room for a spell. What is booked then is taken back, if that is wanted.

    Dates taken back are skipped, not lost: their holders are told and can put them back elsewhere or
    later. Raises UserError where something is booked and is not to be taken back.
    """
    if ends_at <= starts_at:
        raise UserError(_("结束时间应晚于开始时间。"), "ends_at")
    if room is not None and room.venue_id != venue.pk:
        raise UserError(_("这个房间不在这个场所。"), "room")
    now = timezone.now()
    with transaction.atomic():
        met = _met(venue, room, starts_at, ends_at, now)
        if met and not displace:
            raise UserError(_met_in_words(met), "starts_at")
        made = Closure.objects.create(
            venue=venue, room=room, starts_at=starts_at, ends_at=ends_at, reason=reason
        )
        why = _("场所停用：%(reason)s") % {"reason": reason}
        _take_back(met, why, now)
        made.refresh_from_db()
    for one in met:
        telling.taken_back(one.booking, [one], why, now, actor.account_id)
    return made


def _met(
    venue: Venue, room: Room | None, starts_at: dt.datetime, ends_at: dt.datetime, at: dt.datetime
) -> list[Occurrence]:
    """The dates to come that hold some of it then."""
    rows = Occurrence.objects.filter(
        venue=venue,
        state__in=HOLDING,
        starts_at__lt=ends_at,
        ends_at__gt=max(starts_at, at),
    )
    if room is not None:
        kin = _kin(room)
        rows = rows.filter(takings__resource__in=[2 * pk for pk in kin]).distinct()
    return list(rows.select_related("booking__unit", "booking__venue__unit", "booking__booked_by"))


def _kin(room: Room) -> set[int]:
    """A room with its parts, and theirs: what is closed with it."""
    found, layer = {room.pk}, {room.pk}
    while layer:
        layer = set(Room.objects.filter(part_of__in=layer).values_list("pk", flat=True)) - found
        found |= layer
    return found


def _met_in_words(met: Sequence[Occurrence]) -> str:
    said = _("；").join(
        f"{one.booking.unit} {when(one.starts_at, one.ends_at)}" for one in met[:SHOWN]
    )
    return _(
        "这段时间有 %(count)s 次预订（%(dates)s）。请勾选“收回这段时间的预订”，或换个时间。"
    ) % {
        "count": len(met),
        "dates": said,
    }


def _take_back(dates: Iterable[Occurrence], why: str, at: dt.datetime) -> None:
    pks = [one.pk for one in dates]
    holds = Hold.objects.filter(occurrence__in=pks)
    lock(holds.values_list("resource", flat=True))
    for one in dates:
        one.state, one.why, one.changed_at, one.answer_by = State.SKIPPED, why[:200], at, None
        one.save(update_fields=["state", "why", "changed_at", "answer_by"])
    holds.update(holding=False)


def create_closure(*, actor: Actor, **values: Any) -> Closure:
    """Closes a place where nothing is booked; see `close_spell`."""
    return close_spell(actor=actor, **values)


# --- what plain records must keep to --------------------------------------------------------------


def check_room(room: Room) -> None:
    """A part is of the same venue and of no part of its own; what is booked keeps its room."""
    before = Room.objects.filter(pk=room.pk).first() if room.pk else None
    whole, seen = room.part_of, {room.pk}
    while whole is not None:
        if whole.venue_id != room.venue_id:
            raise UserError(_("只能是同一个场所里的大厅。"), "part_of")
        if whole.pk in seen:
            raise UserError(_("不能是自己的一部分。"), "part_of")
        seen.add(whole.pk)
        whole = whole.part_of
    if before and before.venue_id != room.venue_id and _coming({room.pk}):
        raise UserError(_("还有预订，不能换到别的场所。"), "venue")
    if (before.part_of_id if before else None) != room.part_of_id:
        wholes = {pk for pk in (room.part_of_id, before.part_of_id if before else None) if pk}
        if coming := _coming(wholes | {room.pk}):
            raise UserError(
                _("还有 %(count)s 次没有结束的预订用到它，请在它们结束后再改怎样隔开。")
                % {"count": coming},
                "part_of",
            )
    if room.closed_on and (before is None or before.closed_on != room.closed_on):
        _refuse_booked({room.pk}, room.closed_on)


def check_venue(venue: Venue) -> None:
    """A venue closes when nothing is booked any more."""
    if venue.pk and venue.closed_on:
        rooms = set(Room.objects.filter(venue=venue).values_list("pk", flat=True))
        _refuse_booked(rooms, venue.closed_on)


def check_hours(hours: OpeningHours) -> None:
    """Hours are of some weekday; a room's are of a room of the venue."""
    if not hours.weekdays:
        raise UserError(_("请至少选择一天。"), "weekdays")
    _check_of_venue(hours.room, hours.venue)


def check_item(item: Item) -> None:
    """Equipment goes out of use when nothing is booked with it any more."""
    if item.pk and item.closed_on:
        _refuse(Hold.objects.filter(item=item), item.closed_on)


def check_closure(closure: Closure) -> None:
    _check_of_venue(closure.room, closure.venue)


def _check_of_venue(room: Room | None, venue: Venue) -> None:
    if room is not None and room.venue_id != venue.pk:
        raise UserError(_("这个房间不在这个场所。"), "room")


def _coming(rooms: Iterable[int | None]) -> int:
    """How many dates that are not over hold some of these rooms."""
    holds = Hold.objects.filter(room__in=list(rooms), holding=True, ends_at__gt=timezone.now())
    return holds.values("occurrence").distinct().count()


def _refuse_booked(rooms: set[int], on: dt.date) -> None:
    _refuse(Hold.objects.filter(room__in=rooms), on)


def _refuse(holds: Any, on: dt.date) -> None:
    after = dt.datetime.combine(on, dt.time(), timezone.get_current_timezone())
    after = max(after, timezone.now())
    count = holds.filter(holding=True, ends_at__gt=after).values("occurrence").distinct().count()
    if count:
        raise UserError(
            _("%(day)s 以后还有 %(count)s 次预订。请先请预订人改期或取消，再停用。")
            % {"day": on, "count": count},
            "closed_on",
        )


# --- photographs, doors ---------------------------------------------------------------------------


def add_photograph(
    *, actor: Actor, place: Venue | Room, upload: UploadedFile[bytes], at: dt.datetime | None = None
) -> evidence.File:
    """Keeps a photograph of a venue or a room. Raises UserError for what is no picture."""
    venue = place if isinstance(place, Venue) else place.venue
    actor.require(KEEPS, venue.path)
    with transaction.atomic():
        made = evidence.attach(
            actor=actor,
            unit=venue.unit,
            upload=upload,
            subject=place._meta.db_table,
            subject_id=place.pk,
            at=at,
        )
        if made.content_type not in PICTURES:
            raise UserError(_("请上传照片（JPG、PNG 等）。"), "upload")
    return made


def open_door(*, actor: Actor, room: Room) -> Room:
    """Gives a room's door a new address; the old one, also of its calendar, ends."""
    actor.require(KEEPS, room.path)
    room.door = secrets.token_urlsafe(12)
    room.save(update_fields=["door"])
    return room


def close_door(*, actor: Actor, room: Room) -> Room:
    """Ends the address of a room's door and calendar."""
    actor.require(KEEPS, room.path)
    room.door = ""
    room.save(update_fields=["door"])
    return room
