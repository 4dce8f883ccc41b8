"""The pages as people use them: looked at before it is booked, given back and taken again; doors."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from decimal import Decimal
from typing import Any

import icalendar
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from luodi.ground.evidence.api import File
from luodi.ground.figures.api import Question, read_values
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import UserError
from luodi.rooms.places.api import book_rooms
from luodi.rooms.places.models import Booking, Occurrence, State
from luodi.rooms.places.tests.world import Centre
from luodi.rooms.places.verbs import keeping
from luodi.rooms.places.views.using import uses_of

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x02\x00\x00\x00\x90wS\xde"
    b"\x00\x00\x00\x0cIDATx\x9cc\xf8\xff\xff?\x00\x05\xfe\x02\xfe\r\xefF\xb8\x00\x00\x00\x00IEND\xaeB`\x82"
)


def coming(days: int, hour: int = 9) -> dt.datetime:
    day = timezone.localtime() + dt.timedelta(days=days)
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def booked(centre: Centre, start: dt.datetime, **more: Any) -> Booking:
    values = {"rooms": [centre.meeting], "title": "示例内部会", "unit": centre.zone.enterprise}
    return book_rooms(
        actor=SYSTEM,
        starts_at=start,
        ends_at=start + dt.timedelta(hours=2),
        at=timezone.now() - dt.timedelta(days=60),
        **(values | more),
    )


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"_once": str(uuid.uuid4()), **data})


def test_looked_at_then_booked_given_back_and_taken_again(centre: Centre) -> None:
    client = centre.zone.client("liaison")
    start = coming(7)
    booked(centre, start + dt.timedelta(days=14), unit=centre.zone.zone)
    form = {
        "rooms": [centre.meeting.pk],
        "unit": centre.zone.enterprise.name,
        "title": "示例隔周会",
        "on": start.date().isoformat(),
        "starts": "10:00",
        "ends": "12:00",
        "repeat": "weekly",
        "every": "2",
        "until": (start + dt.timedelta(days=30)).date().isoformat(),
        "clash": "skip",
    }
    url = f"/places/book/?room={centre.meeting.pk}"
    page = post(client, url, **form, look="1").content.decode()
    assert "同一时间空着：示例小会议室" in page and "已被示例经济技术开发区预订" in page
    assert Booking.objects.filter(title="示例隔周会").count() == 0
    answer = post(client, url, **form)
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    made = Booking.objects.get(title="示例隔周会")
    page = client.get(f"/places/bookings/{made.pk}/").content.decode()
    assert "每 2 周的" in page and "跳过" in page
    first = made.occurrences.all()[0]
    post(client, f"/places/dates/{first.pk}/skip/")
    first.refresh_from_db()
    assert first.state == State.SKIPPED
    post(client, f"/places/dates/{first.pk}/put-back/")
    first.refresh_from_db()
    assert first.state == State.HELD
    other = centre.zone.client("department_officer")
    assert other.get(f"/places/bookings/{made.pk}/").status_code in {403, 404}
    assert post(client, url, **form | {"until": ""}, look="1").status_code == 422


@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_calendars_show_whose_it_is_and_offer_what_is_free(centre: Centre, view: str) -> None:
    start = coming(2)
    booked(centre, start)
    url = f"/places/venues/{centre.venue.pk}/calendar/?view={view}&day={start.date()}"
    mine = centre.zone.client("liaison").get(url).content.decode()
    assert "示例内部会" in mine
    if view != "month":
        assert f"room={centre.small.pk}&amp;on={start.date()}" in mine
    # a colleague of another enterprise sees that it is taken, and by whom
    seen = centre.zone.client("part_time_member").get(url).content.decode()
    assert "示例甲公司" in seen or "示例内部会" in seen
    strange = centre.zone.client("office").get(url.replace(str(start.date()), "not-a-day"))
    assert strange.status_code == 200


def test_a_door_says_who_is_in_and_never_what_for(centre: Centre) -> None:
    now = timezone.now()
    start = now.replace(second=0, microsecond=0) - dt.timedelta(minutes=30)
    booked(centre, start)
    client = centre.zone.client("office")
    post(client, f"/places/rooms/{centre.meeting.pk}/door/")
    page = client.get(f"/places/rooms/{centre.meeting.pk}/").content.decode()
    door, calendar = re.findall(r"(/places/(?:door|calendar)/[^\"<]+)\"", page)
    stranger = Client()
    shown = stranger.get(door).content.decode()
    assert "使用中" in shown or "In use" in shown
    assert "示例甲公司" in shown and "示例内部会" not in shown
    feed = icalendar.Calendar.from_ical(stranger.get(calendar).content)
    (event,) = feed.walk("VEVENT")
    assert event["SUMMARY"] == "示例甲公司" and event.decoded("DTSTART") == start
    post(client, f"/places/rooms/{centre.meeting.pk}/door/")
    assert stranger.get(door).status_code == 404
    mine = centre.zone.client("liaison").get(f"/places/rooms/{centre.meeting.pk}/")
    assert "/places/door/" not in mine.content.decode()


def test_photographs_are_seen_where_the_place_is(centre: Centre) -> None:
    with acting(centre.zone.actor("office")) as keeper:
        picture = SimpleUploadedFile("示例.png", PNG, "image/png")
        made = keeping.add_photograph(actor=keeper, place=centre.venue, upload=picture)
        paper = SimpleUploadedFile("示例.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
        with pytest.raises(UserError, match="照片"):
            keeping.add_photograph(actor=keeper, place=centre.venue, upload=paper)
    with acting(centre.zone.actor("liaison")):
        assert list(File.objects.all()) == [made]
    with acting(centre.zone.actor("department_officer")):
        assert not File.objects.exists()


def test_use_counts_a_hall_once_and_equals_the_figure(centre: Centre) -> None:
    day = timezone.localdate() - dt.timedelta(days=20)
    start = coming(-20)
    booked(centre, start, rooms=[centre.hall])
    booked(centre, start + dt.timedelta(hours=3), unit=centre.zone.zone)
    rooms, units = uses_of(centre.venue, day, day)
    assert [(one.name, one.times, one.hours) for one in rooms] == [
        ("示例会议室", 1, Decimal("2.0")),
        ("示例大厅", 1, Decimal("2.0")),
    ]
    assert {one.name: one.hours for one in units} == {
        "示例经济技术开发区": Decimal("2.0"),
        "示例甲公司": Decimal("2.0"),
    }
    question = Question(centre.zone.zone, day, day)
    asked = [(f"places.{key}", question) for key in ("hours_used", "dates_used")]
    hours, times = (one.value for one in read_values(actor=SYSTEM, questions=asked))
    assert (hours, times) == (Decimal("4.0"), 2)
    assert Occurrence.objects.count() == 2
