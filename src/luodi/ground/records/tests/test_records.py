"""The generic code for kinds of records, shown by two that an app declares."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
import python_calamine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.rest import Rest, token_of
from tests.zone import Zone

from luodi.ground.figures.api import read
from luodi.ground.records.api import (
    close_record,
    create_record,
    record_of,
    resources,
    sheet_of,
    write_row,
)
from luodi.ground.scope.api import SYSTEM, Unit, acting, today
from luodi.lib.errors import UserError
from luodi.lib.excel import read as read_sheet
from luodi.manifest import manifests

DECLARED = {one.many: one for one in resources()}
VENUES, ROOMS = DECLARED["venues"], DECLARED["rooms"]
HOSTILE = "<b>示例</b>&\"'{{7*7}}"
LAST_YEAR = today() - dt.timedelta(days=365)


def venue(unit: Unit, name: str = "示例中心", **more: Any) -> Any:
    values = {"name": name, "kind": "centre", "unit": unit, **more}
    return create_record(actor=SYSTEM, resource=VENUES, values=values)


def room(of: Any, name: str = "示例会议室", **more: Any) -> Any:
    values = {"name": name, "kind": "meeting", "venue": of, **more}
    return create_record(actor=SYSTEM, resource=ROOMS, values=values)


def post(client: Client, url: str, **data: Any) -> Any:
    return client.post(url, {"_once": str(uuid.uuid4()), **data})


# --- the list, against a slow and obvious reference -------------------------------------------

KINDS = ["meeting", "hall", "class"]
EQUIPMENT = ["screen", "sound", "video"]
QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "venue": st.integers(0, 2),
        "kind": st.sampled_from(KINDS),
        "equipment": st.lists(st.sampled_from(EQUIPMENT), min_size=1, max_size=2),
        "step_free": st.sampled_from(["0", "1"]),
        "seats_least": st.integers(0, 60),
        "seats_most": st.integers(0, 60),
        "opened_on_since": st.sampled_from(["2021-01-01", "2022-01-01"]),
        "opened_on_until": st.sampled_from(["2021-06-30", "2023-01-01"]),
        "state": st.sampled_from(["closed", "all"]),
        "q": st.sampled_from(["一", "会议", "示例", "乙", "没有"]),
        "sort": st.sampled_from(["name", "-name", "kind", "seats", "-opened_on", "-venue"]),
    },
)


@pytest.fixture
def rest(zone: Zone) -> Rest:
    return Rest(token_of(zone, "office"))


@pytest.fixture
def many(zone: Zone) -> list[Any]:
    """Rooms of all sorts in three venues."""
    venues = [
        venue(unit, f"示例{name}中心")
        for name, unit in zip("甲乙丙", (zone.enterprise, zone.second, zone.elsewhere), strict=True)
    ]
    return [
        room(
            venues[n % 3],
            f"示例{'一二三四五六七八九'[n % 9]}{'会议' if n % 2 else '教学'}室{n // 9}",
            kind=KINDS[n % 3 - n % 2],
            seats=None if n % 7 == 0 else (n * 13) % 60,
            equipment=EQUIPMENT[: n % 4],
            step_free=n % 4 == 1,
            opened_on=None if n % 5 == 0 else dt.date(2021, 1, 1) + dt.timedelta(days=70 * n),
            closed_on=LAST_YEAR if n % 6 == 5 and n % 5 == 0 else None,
        )
        for n in range(18)
    ]


def expected(rows: list[Any], query: dict[str, Any]) -> list[int]:
    """What a list of the rows must hold, and in which order: said anew, slowly, in Python."""
    found = []
    for row in rows:
        fits = [
            row.venue_id == query["venue"] if "venue" in query else True,
            row.kind == query.get("kind", row.kind),
            set(query.get("equipment", ())) <= set(row.equipment),
            row.step_free == (query["step_free"] == "1") if "step_free" in query else True,
            (row.closed_on is not None) == (query["state"] == "closed")
            if query.get("state") != "all" and "state" in query
            else query.get("state") == "all" or row.closed_on is None,
            any(query.get("q", "") in text for text in (row.name, row.venue.name)),
        ]
        for name, value in (("seats", row.seats), ("opened_on", row.opened_on)):
            low, high = ("least", "most") if name == "seats" else ("since", "until")
            parse = int if name == "seats" else dt.date.fromisoformat
            if f"{name}_{low}" in query:
                fits.append(value is not None and value >= parse(query[f"{name}_{low}"]))
            if f"{name}_{high}" in query:
                fits.append(value is not None and value <= parse(query[f"{name}_{high}"]))
        if all(fits):
            found.append(row)
    sort = query.get("sort", "name")
    name = sort.removeprefix("-")

    def place(row: Any) -> tuple[bool, Any, int]:
        value = row.venue.name if name == "venue" else getattr(row, name)
        return value is None, value if value is not None else 0, row.pk

    return [row.pk for row in sorted(found, key=place, reverse=sort.startswith("-"))]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=QUERIES)
def test_list_file_and_rest_equal_the_reference(
    zone: Zone, many: list[Any], rest: Rest, query: dict[str, Any]
) -> None:
    if "venue" in query:
        query = {**query, "venue": many[query["venue"]].venue_id}
    wanted = expected(many, query)
    names = {row.pk: row.name for row in many}
    client = zone.client("office")

    listing = client.get("/places/rooms/", query).context["listing"]
    assert [row.pk for row in listing.rows] == wanted
    file = client.get("/places/rooms/", {**query, "format": "xlsx"})
    book = python_calamine.load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    heading, *lines = book.get_sheet_by_index(0).to_python()
    assert [line[heading.index("名称")] for line in lines] == [names[pk] for pk in wanted]

    unsorted = {name: value for name, value in query.items() if name != "sort"}
    found, cursor = [], ""
    while cursor is not None:
        part = rest.client.get(
            "/api/v1/rooms",
            {**unsorted, "limit": 7, "cursor": cursor, "count": True},
            headers={"Authorization": f"Bearer {rest.token}"},
        ).json()
        assert part["count"] == len(wanted)
        found += [one["id"] for one in part["items"]]
        cursor = part["next"]
    assert sorted(found) == sorted(wanted) and len(found) == len(wanted)


def test_a_file_that_left_comes_back(zone: Zone, many: list[Any]) -> None:
    """What the list wrote is read again: each row finds its record, and changes nothing."""
    file = zone.client("office").get("/places/rooms/?state=all&format=xlsx")
    rows = list(read_sheet(io.BytesIO(b"".join(file.streaming_content)), sheet_of(ROOMS)))
    with acting(zone.actor("office")) as actor:
        found = [record_of(ROOMS, actor, row.values) for row in rows]
        assert {one.pk for one in found if one} == {one.pk for one in many}
        for record, row in zip(found, rows, strict=True):
            assert write_row(ROOMS, actor, record, row.values).version == 1
        values = {
            "venue": "示例甲中心",
            "name": "示例新室",
            "kind": "hall",
            "equipment": "大屏，扩音",
        }
        made = write_row(ROOMS, actor, record_of(ROOMS, actor, values), values)
        assert (made.equipment, made.seats, made.step_free) == (["screen", "sound"], None, False)
        with pytest.raises(UserError, match="没有叫“示例丁中心”"):
            write_row(ROOMS, actor, None, {**values, "venue": "示例丁中心"})
        with pytest.raises(UserError, match="选项"):
            write_row(ROOMS, actor, None, {**values, "name": "另一室", "equipment": "魔镜"})


# --- forms -------------------------------------------------------------------------------------


def test_a_record_is_created_changed_and_closed(zone: Zone) -> None:
    client = zone.client("instructor")
    made = post(
        client,
        "/places/venues/new/",
        name=HOSTILE,
        kind="sports",
        unit="示例甲公司",
        step_free="on",
    )
    row = VENUES.model._default_manager.get()
    assert made["Location"] == f"/places/venues/{row.pk}/" and row.step_free is True
    page = client.get(made["Location"]).content.decode()
    assert "<b>示例" not in page and "x49" not in page and "&lt;b&gt;示例" in page

    form = {"name": "示例馆", "kind": "sports", "unit": f"示例乙公司 #{zone.second.pk}"}
    assert post(client, f"{made['Location']}change/", **form, version=1).status_code == 302
    row.refresh_from_db()
    assert (row.name, row.unit, row.version, row.path) == (
        *("示例馆", zone.second, 2),
        zone.second.path,
    )
    early = post(client, f"{made['Location']}close/", on="", version=2)
    assert early.status_code == 422
    assert post(client, f"{made['Location']}close/", on="2022-06-01", version=2).status_code == 302
    assert "已停用" in client.get(made["Location"]).content.decode()
    assert not client.get("/places/venues/").context["listing"].rows
    history = client.get(f"/audit/places_venue/{row.pk}/").content.decode()
    assert "把名称从" in history and "填写停用日期：2022-06-01" in history


def test_a_double_click_creates_one(zone: Zone) -> None:
    client, once = zone.client("office"), str(uuid.uuid4())
    form = {"name": "示例馆", "kind": "sports", "unit": "示例甲公司", "_once": once}
    first, second = (client.post("/places/venues/new/", form) for _time in range(2))
    assert first["Location"] == second["Location"]
    assert VENUES.model._default_manager.count() == 1
    again = post(client, "/places/venues/new/", **{**form, "_once": str(uuid.uuid4())})
    assert again.status_code == 422 and "已经有这样一条记录" in again.content.decode()


def test_a_stale_form_shows_both_and_then_wins(zone: Zone) -> None:
    of = venue(zone.enterprise)
    row, client = room(of, seats=10), zone.client("office")
    url = f"/places/rooms/{row.pk}/change/"
    form = {"name": "示例会议室", "kind": "meeting", "venue": f"示例中心 #{of.pk}"}
    assert post(client, url, **form, seats=20, version=1).status_code == 302
    stale = post(client, url, **form, seats=30, version=1)
    page = stale.content.decode()
    assert stale.status_code == 422 and "<td>30</td>" in page and "<td>20</td>" in page
    assert 'name="version" value="2"' in page
    assert post(client, url, **form, seats=30, version=2).status_code == 302
    row.refresh_from_db()
    assert (row.seats, row.version) == (30, 3)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("unit", "示例丙公司", "没有叫“示例丙公司”的单位"),  # of another district
        ("unit", "999999999", "没有叫“999999999”的单位"),
        ("kind", "palace", "选择"),
        ("name", "", "请填写"),
        ("name", "长" * 61, "60"),
        ("opened_on", "2022-13-45", "日期"),
    ],
)
def test_what_is_wrong_stands_at_its_field(zone: Zone, field: str, value: str, says: str) -> None:
    form = {"name": "示例馆", "kind": "sports", "unit": "示例甲公司", field: value}
    answer = post(zone.client("instructor"), "/places/venues/new/", **form)
    assert answer.status_code == 422
    assert any(says in one for one in answer.context["form"].errors[field])
    assert not VENUES.model._default_manager.exists()


def test_nobody_moves_a_record_out_of_reach(zone: Zone) -> None:
    row = venue(zone.enterprise)
    rest = Rest(token_of(zone, "instructor"))
    answer = rest.send("PATCH", f"/venues/{row.pk}", {"unit": zone.elsewhere.pk, "version": 1})
    assert answer.status_code == 422 and answer.json()["field"] == "unit"


def test_a_record_closes_after_it_opened_and_only_once(zone: Zone) -> None:
    row = venue(zone.enterprise, opened_on=dt.date(2022, 1, 1))
    with pytest.raises(UserError, match="不能早于") as refused:
        close_record(actor=SYSTEM, resource=VENUES, record=row, on=dt.date(2021, 1, 1))
    assert refused.value.field == "on"
    close_record(actor=SYSTEM, resource=VENUES, record=row, on=dt.date(2022, 6, 1))
    with pytest.raises(UserError, match="已经停用"):
        close_record(actor=SYSTEM, resource=VENUES, record=row, on=dt.date(2022, 7, 1))


# --- REST --------------------------------------------------------------------------------------


def test_rest_makes_with_an_address_and_refuses_a_stale_version(zone: Zone) -> None:
    rest = Rest(token_of(zone, "instructor"))
    made = rest.post("/venues", {"name": "示例馆", "kind": "sports", "unit": zone.enterprise.pk})
    assert made.status_code == 201, made.content
    pk = made.json()["id"]
    assert made["Location"].endswith(f"/venues/{pk}")
    assert made.json()["unit"] == {"id": zone.enterprise.pk, "name": "示例甲公司"}
    changed = rest.send("PATCH", f"/venues/{pk}", {"address": "示例路"}, **{"If-Match": '"1"'})
    assert (changed.json()["address"], changed.json()["version"]) == ("示例路", 2)
    for given_version in ({"version": 1}, {}):
        headers = {} if given_version else {"If-Match": '"1"'}
        stale = rest.send("PATCH", f"/venues/{pk}", {"name": "x", **given_version}, **headers)
        assert stale.status_code == 409 and stale.json()["theirs"]["version"] == "2"
    nothing = rest.send("PATCH", f"/venues/{pk}", {"name": "示例馆", "version": 2})
    assert nothing.json()["version"] == 2  # what changes nothing is no change
    wrong = rest.get("/venues?cursor=abc")
    assert wrong.status_code == 422 and wrong.json()["field"] == "cursor"


def test_only_what_changed_since(zone: Zone) -> None:
    old, new = venue(zone.enterprise, "示例旧馆"), venue(zone.enterprise, "示例新馆")
    with connection.cursor() as cursor:
        cursor.execute("SELECT now() + interval '1 second'")
        (later,) = cursor.fetchone()
    rest = Rest(token_of(zone, "office"))
    since = {"changed_since": "2020-01-01T00:00:00Z"}
    both = rest.client.get(
        "/api/v1/venues", since, headers={"Authorization": f"Bearer {rest.token}"}
    )
    assert {one["id"] for one in both.json()["items"]} == {old.pk, new.pk}
    none = rest.client.get(
        "/api/v1/venues",
        {"changed_since": later.isoformat()},
        headers={"Authorization": f"Bearer {rest.token}"},
    )
    assert none.json()["items"] == []


# --- what follows besides ----------------------------------------------------------------------


def test_a_count_opens_to_its_rows_at_any_day(zone: Zone) -> None:
    venue(zone.enterprise, "示例甲馆", opened_on=dt.date(2021, 1, 1), closed_on=dt.date(2022, 1, 1))
    venue(zone.elsewhere, "示例乙馆", opened_on=dt.date(2021, 6, 1))
    venue(zone.second, "示例丙馆")

    def count(unit: Unit, day: dt.date) -> Any:
        return read(actor=SYSTEM, key="places.venues", unit=unit, until=day).value

    assert count(zone.zone, dt.date(2020, 12, 31)) == 1
    assert count(zone.zone, dt.date(2021, 12, 31)) == 3
    assert count(zone.zone, dt.date(2022, 1, 1)) == 2
    assert count(zone.district, dt.date(2022, 1, 1)) == 1
    page = (
        zone.client("office").get(f"/figures/places.venues/?unit={zone.zone.pk}").content.decode()
    )
    assert "示例乙馆" in page and "/places/venues/" in page


def test_search_and_the_units_page_show_what_one_may_see(zone: Zone) -> None:
    here, there = venue(zone.enterprise, "示例甲馆"), venue(zone.elsewhere, "示例丙馆")
    [finder] = [f for one in manifests() for f in one.search if f.more == "places:venues"]
    with acting(zone.actor("instructor")) as actor:
        hits = list(finder.find(actor, "示例", 5))
    assert [hit.title for hit in hits] == ["示例甲馆"]
    client = zone.client("instructor")
    page = client.get(f"/units/{zone.enterprise.pk}/").content.decode()
    assert f"/places/venues/{here.pk}/" in page
    assert client.get(f"/places/venues/{there.pk}/").status_code == 404
    assert client.get(f"/places/venues/{there.pk}/change/").status_code == 404


@pytest.mark.parametrize(
    ("page", "queries"), [("list", 8), ("record", 12), ("new", 9), ("change", 8)]
)
def test_pages_ask_a_fixed_number_of_times(zone: Zone, page: str, queries: int) -> None:
    client = zone.client("office")
    of = venue(zone.enterprise)
    url = {
        "list": ROOMS.url(),
        "record": VENUES.url(record=of),
        "new": ROOMS.url("new"),
        "change": VENUES.url("change", of),
    }[page]
    client.get(url)  # what is kept in memory is asked for once
    counts = []
    for number in (1, 9):
        for n in range(number):
            room(of, f"示例{number}-{n}")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(url).status_code == 200
        counts.append(len(asked))
    assert counts == [queries, queries]
