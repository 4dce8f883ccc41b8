"""The calendar's page: who may, what is refused with a sentence, what is saved."""

from __future__ import annotations

import uuid

import pytest
from tests.zone import Zone

from luodi.ground.calendars.models import CalendarDay, OfficeHours


def once() -> str:
    return str(uuid.uuid4())


@pytest.mark.parametrize("role", ["liaison", "instructor", "auditor", "office"])
def test_others_are_refused(zone: Zone, role: str) -> None:
    assert zone.client(role).get("/calendars/").status_code == 403


def test_the_administrator_sets_days_and_hours(zone: Zone) -> None:
    client = zone.client("system_admin")
    filled = client.post("/calendars/fill/", {"year-year": "2026", "_once": once()})
    assert filled.status_code == 302
    day = {"day-on": "2026-07-01", "day-kind": "own", "day-spans": "9：00-11:00 14:00–24:00"}
    assert client.post("/calendars/days/", {**day, "_once": once()}).status_code == 302
    made = CalendarDay.objects.get(on="2026-07-01")
    assert made.spans == [["09:00", "11:00"], ["14:00", "00:00"]]
    hours = {"hours-since": "2026-06-01", "hours-spans": "08:00-12:00", "_once": once()}
    assert client.post("/calendars/hours/", hours).status_code == 302
    assert OfficeHours.objects.get().spans == [["08:00", "12:00"]]
    page = client.get("/calendars/").content.decode()
    assert "09:00-11:00 14:00-24:00" in page
    assert "2026" in page
    client.post(f"/calendars/days/{made.pk}/clear/", {"_once": once()})
    assert not CalendarDay.objects.filter(on="2026-07-01").exists()


@pytest.mark.parametrize(
    ("address", "data", "says"),
    [
        ("days", {"day-on": "2026-07-01", "day-kind": "own", "day-spans": "9 to 5"}, "请这样填写"),
        ("days", {"day-on": "2026-07-01", "day-kind": "own"}, "至少一个工作时段"),
        ("hours", {"hours-since": "2026-06-01", "hours-spans": "12:00-08:00"}, "应晚于开始时间"),
        ("fill", {"year-year": "2044"}, "尚未收录"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    zone: Zone, address: str, data: dict[str, str], says: str
) -> None:
    answer = zone.client("system_admin").post(f"/calendars/{address}/", {**data, "_once": once()})
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not CalendarDay.objects.exists()
