"""Bookings to come need somebody who is told; venues need a unit that keeps them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, because, serves
from luodi.manifest import Belonging, Heir, Hit, Owner
from luodi.rooms.places.models import Booking, Occurrence, Venue
from luodi.rooms.places.models.bookings import State

LIVING = (State.HELD, State.ASKED, State.WAITING, State.OFFERED)


def _coming() -> Any:
    dates = Occurrence.objects.filter(
        booking=OuterRef("pk"), ends_at__gt=timezone.now(), state__in=LIVING
    )
    return Booking.objects.filter(Exists(dates)).select_related("unit", "venue").order_by("id")


def _booked(owner: Owner) -> Any:
    rows = _coming()
    if owner.account is not None:
        rows = rows.filter(booked_by=owner.account)
        if owner.unit is not None:
            rows = rows.filter(unit=owner.unit)
    elif owner.unit is not None:
        rows = rows.filter(unit=owner.unit)
    else:
        return rows.none()
    if owner.within is not None:
        path = owner.within.path
        rows = rows.filter(path__gte=path, path__lt=path[:-1] + "/")
    return rows


def _adrift(day: dt.date) -> Any:
    gone = Q(booked_by__isnull=False) & ~Q(serves("booked_by", None, day))
    return _coming().filter(gone | Q(unit__closed_on__lte=day))


def _booking(row: Booking) -> Hit:
    return Hit(row.title, reverse("places:booking", args=[row.pk]), str(row.venue))


def _hand_on(*, actor: Actor, row: Booking, heir: Heir, why: str) -> None:
    """Whoever takes it over is told from now on; without a person, whoever may book for the unit."""
    because(why)
    row.booked_by = heir.account
    row.save(update_fields=["booked_by"])


def _venues(owner: Owner) -> Any:
    rows = Venue.objects.filter(closed_on=None).select_related("unit").order_by("id")
    if owner.account is not None or owner.unit is None or owner.within is not None:
        return rows.none()
    return rows.filter(unit=owner.unit)


def _venues_adrift(day: dt.date) -> Any:
    return Venue.objects.filter(closed_on=None, unit__closed_on__lte=day).order_by("id")


def _venue(row: Venue) -> Hit:
    return Hit(row.name, reverse("places:venue", args=[row.pk]), str(row.unit))


BELONGINGS = [
    Belonging(_("预订"), _booked, _adrift, _booking, _hand_on),
    Belonging(_("场所"), _venues, _venues_adrift, _venue),
]
