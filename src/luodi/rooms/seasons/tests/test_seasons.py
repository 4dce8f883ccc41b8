"""From wishes to people who came: planned by proof, published with what differs, cancelled, made up for."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from tests.zone import Zone

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.lib.errors import NotAllowed, Stale, UserError
from luodi.rooms.seasons import api
from luodi.rooms.seasons.models import Performance, Plan, Quiet, Season, Troupe, Village, Wish
from luodi.rooms.seasons.problem import limits_of, problem_of, read_book
from luodi.rooms.seasons.verbs import planning

DAY = dt.timedelta(days=1)


@dataclass
class Made:
    season: Season
    troupe: Troupe
    villages: list[Village]


@pytest.fixture
def made(zone: Zone) -> Made:
    """Four villages, one troupe, from a week ago for sixty days."""
    season = Season.objects.create(
        unit=zone.county, name="示例季", starts_on=today() - DAY * 7, ends_on=today() + DAY * 52,
        shows=6, spacing=10,
    )  # fmt: skip
    season.refresh_from_db()
    troupe = Troupe.objects.create(unit=zone.county, name="示例剧团", lon=111.2, lat=37)
    villages = [
        Village.objects.create(
            unit=zone.county, name=f"示例村{place}", township="示例乡", people=500 + place,
            lon=111.2 + place / 100, lat=37.01, stage_holds=30,
        )
        for place in range(4)
    ]  # fmt: skip
    return Made(season, troupe, villages)


def show(made: Made, place: int, days: int, state: str = "planned") -> Performance:
    return Performance.objects.create(
        season=made.season, village=made.villages[place], troupe=made.troupe,
        on=today() + DAY * days, state=state,
    )  # fmt: skip


def test_a_plan_is_proven_and_keeps_every_condition(zone: Zone, made: Made) -> None:
    Quiet.objects.create(
        unit=zone.county, why="harvest", since=today() + DAY * 20, until=today() + DAY * 30
    )
    Wish.objects.create(
        village=made.villages[2], occasion="庙会", since=today() + DAY * 5, until=today() + DAY * 6,
        must=True,
    )  # fmt: skip
    with acting(zone.actor("county_officer")) as officer:
        plan = api.ask_plan(actor=officer, season=made.season)
        assert api.ask_plan(actor=officer, season=made.season) == plan  # not two at once
    planning.carry_out(plan.pk, zone.accounts["county_officer"].pk, seconds=20)
    with acting(SYSTEM):
        plan.refresh_from_db()
        assert (plan.state, plan.summary["broken"], len(plan.lines)) == ("ready", 0, 6), plan.says
        days = [dt.date.fromisoformat(one["on"]) for one in plan.lines]
        assert not any(today() + DAY * 20 <= day <= today() + DAY * 30 for day in days)
        assert {one["village"] for one in plan.lines} == {one.pk for one in made.villages}
        assert any(one["wish"] == "庙会" for one in plan.lines)
        assert plan.summary["bound"] is not None
        number = api.publish_plan(actor=SYSTEM, plan=plan).number
        assert number == 1 and made.season.performances.filter(state="planned").count() >= 5
        with pytest.raises(UserError):
            api.publish_plan(actor=SYSTEM, plan=plan)


def test_who_had_fewer_may_have_more(zone: Zone, made: Made) -> None:
    before = Season.objects.create(
        unit=zone.county, name="去年", starts_on=today() - DAY * 200, ends_on=today() - DAY * 100,
        shows=2,
    )  # fmt: skip
    for days in (150, 120):
        Performance.objects.create(
            season=before, village=made.villages[0], troupe=made.troupe,
            on=today() - DAY * days, state="held",
        )  # fmt: skip
    least, most = limits_of(read_book(made.season, today()))
    assert least == [1, 1, 1, 1] and most == [2, 3, 3, 3]


def test_a_quiet_time_of_one_village_closes_only_it(zone: Zone, made: Made) -> None:
    Quiet.objects.create(
        unit=zone.county, village=made.villages[1], why="exams", since=today(), until=today() + DAY
    )
    problem = problem_of(read_book(made.season, today()))
    assert problem.villages.open[1].sum() == problem.days - 2
    assert problem.villages.open[0].all() and problem.fixed_before == 8


def line(village: int, on: str, troupe: int = 1) -> dict[str, Any]:
    return {"village": village, "troupe": troupe, "on": on}


def test_what_differs_is_told_once() -> None:
    before = [line(1, "2024-05-01"), line(2, "2024-05-02"), line(3, "2024-05-03")]
    now = [line(1, "2024-05-01"), line(2, "2024-05-09"), line(4, "2024-05-03")]
    found = api.difference(before, now)
    assert found.moved == [(before[1], now[1])]
    assert (found.new, found.gone) == ([now[2]], [before[2]])
    assert not api.difference(now, now)


def test_publishing_moves_what_is_to_come_and_nothing_else(zone: Zone, made: Made) -> None:
    past, moved, gone = show(made, 0, -3, "held"), show(made, 1, 5), show(made, 2, 9)
    lines = [line(one.village_id, one.on.isoformat(), made.troupe.pk) for one in (past,)]
    lines += [
        line(moved.village_id, (today() + DAY * 9).isoformat(), made.troupe.pk),
        line(made.villages[3].pk, (today() + DAY * 11).isoformat(), made.troupe.pk),
    ]
    plan = Plan.objects.create(
        season=made.season, state="ready", lines=lines, asked_at=dt.datetime.now(dt.UTC)
    )
    api.publish_plan(actor=SYSTEM, plan=plan)
    for row in (past, moved, gone):
        row.refresh_from_db()
    assert (past.state, past.on) == ("held", today() - DAY * 3)
    assert (moved.state, moved.on) == ("planned", today() + DAY * 9)
    assert gone.state == "cancelled" and gone.why
    assert Performance.objects.filter(village=made.villages[3], state="planned").count() == 1


def test_a_plan_that_forgets_what_was_held_is_not_published(zone: Zone, made: Made) -> None:
    show(made, 0, -3, "held")
    plan = Plan.objects.create(
        season=made.season, state="ready", lines=[], asked_at=dt.datetime.now(dt.UTC)
    )
    with pytest.raises(UserError, match="重新排"):
        api.publish_plan(actor=SYSTEM, plan=plan)


def test_cancelled_and_made_up_for_once(zone: Zone, made: Made) -> None:
    row, busy = show(made, 0, 5), show(made, 1, 8)
    with pytest.raises(UserError):  # the troupe plays elsewhere that day
        api.cancel_performance(actor=SYSTEM, performance=row, reason="雨", instead_on=busy.on)
    row = api.cancel_performance(
        actor=SYSTEM, performance=row, reason="雨", instead_on=today() + DAY * 12
    )
    assert row.state == "cancelled" and row.replacement.on == today() + DAY * 12
    with pytest.raises(UserError):
        api.make_up(actor=SYSTEM, performance=row, on=today() + DAY * 14)
    with pytest.raises(UserError):
        api.make_up(actor=SYSTEM, performance=busy, on=today() + DAY * 14)
    with pytest.raises(UserError):
        api.cancel_performance(actor=SYSTEM, performance=row, reason="雨")


def test_held_only_once_it_has_been(zone: Zone, made: Made) -> None:
    coming, past = show(made, 0, 5), show(made, 1, -1)
    with pytest.raises(UserError):
        api.hold_performance(actor=SYSTEM, performance=coming, audience=5)
    with pytest.raises(Stale):
        api.hold_performance(actor=SYSTEM, performance=past, audience=5, version=9)
    assert api.hold_performance(actor=SYSTEM, performance=past, audience=120).audience == 120


def test_no_day_that_the_season_or_the_village_does_not_have(zone: Zone, made: Made) -> None:
    Quiet.objects.create(unit=zone.county, why="exams", since=today(), until=today() + DAY * 2)
    given: dict[str, Any] = {
        "actor": SYSTEM, "season": made.season, "village": made.villages[0], "troupe": made.troupe,
    }  # fmt: skip
    for on in (made.season.ends_on + DAY, today() + DAY):
        with pytest.raises(UserError) as refused:
            api.add_performance(**given, on=on)
        assert refused.value.field == "on"
    api.add_performance(**given, on=today() + DAY * 4)
    with pytest.raises(UserError):
        api.add_performance(**given, on=today() + DAY * 4)


def test_who_may_not_changes_nothing(zone: Zone, made: Made) -> None:
    for role in ("liaison", "branch_secretary", "auditor"):
        with acting(zone.actor(role)) as actor, pytest.raises(NotAllowed):
            api.ask_plan(actor=actor, season=made.season)


def test_the_season_is_a_page_with_a_map(zone: Zone, made: Made) -> None:
    show(made, 0, 5)
    client = zone.client("county_officer")
    page = client.get(f"/culture/seasons/{made.season.pk}/").content.decode()
    assert '<svg class="season-map"' in page and "示例村0" in page
    village = client.get(f"/culture/villages/{made.villages[0].pk}/").content.decode()
    assert "剧目单" in village
    file = client.get(f"/culture/seasons/{made.season.pk}/?format=xlsx")
    assert file.status_code == 200
