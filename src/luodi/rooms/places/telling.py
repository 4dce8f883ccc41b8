"""Who is told what of a booking. One message for one event, in the transaction of what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.notices.api import tell
from luodi.rooms.places.models import Booking, Occurrence, State
from luodi.rooms.places.people import holders_told, keepers_of
from luodi.rooms.places.words import when

SHOWN = 3


def booked(booking: Booking, at: dt.datetime) -> None:
    """Keepers are told where they have to decide."""
    asked = list(booking.occurrences.filter(state=State.ASKED))
    if not asked:
        return
    text = _("%(unit)s想预订%(venue)s：%(title)s，%(when)s。请批准或退回。") % {
        **_about(booking),
        "when": dates_in_words(asked),
    }
    tell(
        accounts=keepers_of(booking.venue, at.date()),
        key=f"places:asked:{booking.pk}:{at.timestamp():.0f}",
        text=text,
        url=url_of(booking),
        at=at,
    )


def told(booking: Booking, what: str, event: str, at: dt.datetime, but: int = 0) -> None:
    """Tells those who hold a booking what happened to it; not the one who did it (`but`)."""
    tell(
        accounts=[one for one in holders_told(booking, at.date()) if one.pk != but],
        key=f"places:{event}:{booking.pk}:{at.timestamp():.0f}",
        text=what,
        url=url_of(booking),
        at=at,
    )


def decided(booking: Booking, dates: Sequence[Occurrence], at: dt.datetime, by: int) -> None:
    """What a keeper decided, with the reason of a refusal."""
    granted = dates[0].state == State.HELD
    text = (
        _("%(venue)s的预订已批准：%(title)s，%(when)s。")
        if granted
        else _("%(venue)s的预订没有获批：%(title)s，%(when)s。理由：%(why)s")
    )
    values = {**_about(booking), "when": dates_in_words(dates), "why": dates[0].why}
    told(booking, text % values, "decided", at, by)


def offered(one: Occurrence, at: dt.datetime) -> None:
    """What somebody waited for is free, and until when they may take it."""
    assert one.answer_by is not None
    text = _("您排队等候的%(venue)s空出来了：%(title)s，%(when)s。请在 %(by)s 前答复是否还要。")
    values = {**_about(one.booking), "when": dates_in_words([one]), "by": _moment(one.answer_by)}
    told(one.booking, text % values, f"offered:{one.pk}", at)


def freed_too_late(one: Occurrence, at: dt.datetime) -> None:
    """What somebody waited for is free, but there is no working time left to ask who still wants it."""
    text = _(
        "您排队等候的%(venue)s空出来了：%(title)s，%(when)s。时间太近，系统不再保留，谁先预订归谁。"
    )
    values = {**_about(one.booking), "when": dates_in_words([one])}
    told(one.booking, text % values, f"late:{one.pk}", at)


def taken_back(
    booking: Booking, dates: Sequence[Occurrence], why: str, at: dt.datetime, by: int
) -> None:
    """A keeper, or a closed spell, took the place away."""
    text = _(
        "%(venue)s的预订不能如期使用：%(title)s，%(when)s。原因：%(why)s。可以另选时间或房间。"
    )
    values = {**_about(booking), "when": dates_in_words(dates), "why": why}
    told(booking, text % values, f"back:{dates[0].pk}", at, by)


def dates_in_words(dates: Sequence[Occurrence]) -> str:
    """The first few dates, and how many there are."""
    said = _("、").join(when(one.starts_at, one.ends_at) for one in dates[:SHOWN])
    if len(dates) > SHOWN:
        return _("%(dates)s等 %(count)s 次") % {"dates": said, "count": len(dates)}
    return said


def url_of(booking: Booking) -> str:
    return reverse("places:booking", args=[booking.pk])


def _about(booking: Booking) -> dict[str, object]:
    return {"unit": booking.unit, "venue": booking.venue, "title": booking.title}


def _moment(at: dt.datetime) -> str:
    return when(at, at).partition("—")[0]
