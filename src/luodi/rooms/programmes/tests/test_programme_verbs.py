"""Programmes by their verbs: what is kept, who may, and a case for a gap once."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from tests.programmes import DUE, SINCE, measure_of, target_of
from tests.zone import Zone

from luodi.ground.figures.api import read
from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.casework.api import Case
from luodi.rooms.programmes import api
from luodi.rooms.programmes.api import Light, Measure, Pledge, Programme
from luodi.rooms.programmes.reading import chapters_of, pledges_of, standing_of

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)


def test_what_was_promised_before_is_kept(zone: Zone) -> None:
    target = target_of(zone, at=dt.datetime(2021, 1, 1, tzinfo=dt.UTC))
    changed_at = dt.datetime(2022, 3, 1, tzinfo=dt.UTC)
    api.change_target(
        actor=zone.actor("office"),
        target=target,
        on=dt.date(2022, 3, 1),
        figure="directory.districts",
        comparison=">=",
        value="9",
        due_on=DUE,
        reason="示例原因",
        at=changed_at,
    )

    def value(day: dt.date, known: dt.datetime | None = None) -> str:
        return str(Pledge.objects.on(day, known).get(target=target).value)

    assert [value(dt.date(2022, 2, 28)), value(dt.date(2022, 3, 1))] == ["5", "9"]
    assert value(dt.date(2022, 3, 1), changed_at - DAY) == "5"
    assert standing_of(actor=SYSTEM, target=target, at=dt.date(2022, 2, 1)).wanted == Decimal(5)


def test_a_change_on_the_first_day_replaces_and_one_before_it_is_refused(zone: Zone) -> None:
    target = target_of(zone)
    say = {
        "actor": zone.actor("office"),
        "target": target,
        "figure": "directory.districts",
        "comparison": "=",
        "value": "3",
        "due_on": DUE,
        "reason": "示例",
    }
    api.change_target(on=SINCE, **say)
    assert [one.value for one in Pledge.objects.known().filter(target=target)] == ["3"]
    with pytest.raises(UserError) as refused:
        api.change_target(on=SINCE - DAY, **say)
    assert refused.value.field == "on"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"value": "许多"}, "value"),
        ({"figure": "directory.founded", "value": "昨天"}, "value"),
        ({"parameters": {"nothing": "1"}}, "parameters"),
        ({"due_on": SINCE - DAY}, "due_on"),
        ({"count_from": DUE + DAY}, "count_from"),
    ],
)
def test_a_figure_can_only_be_promised_what_it_can_have(
    zone: Zone, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(UserError) as refused:
        target_of(zone, **wrong)
    assert refused.value.field == field


def test_a_dropped_target_stands_until_its_day(zone: Zone) -> None:
    target = target_of(zone)
    api.drop_target(
        actor=zone.actor("office"), target=target, on=dt.date(2022, 6, 1), reason="示例"
    )
    measure = [target.measure]
    assert len(pledges_of(measure, dt.date(2022, 5, 31))) == 1
    assert pledges_of(measure, dt.date(2022, 6, 1)) == []


def test_a_gap_opens_one_case_however_often_it_is_clicked(zone: Zone) -> None:
    target = target_of(zone, value="99")
    actor = zone.actor("office")
    first = api.open_case(actor=actor, target=target)
    second = api.open_case(actor=actor, target=target)
    assert first.pk == second.pk and Case.objects.count() == 1
    assert first.procedure == "work_gap"  # it counts among gaps, not among practical matters
    [line] = chapters_of(actor=SYSTEM, unit=zone.zone, at=today())[0].lines
    assert [link.case.pk for link in line.links] == [first.pk]
    assert line.standings[0].case == first and line.standings[0].light is Light.MISSED
    Case.objects.filter(pk=first.pk).update(closed_at=first.raised_at, waits_on="")
    assert api.open_case(actor=actor, target=target).pk != first.pk


def test_no_gap_no_case(zone: Zone) -> None:
    with pytest.raises(UserError):
        api.open_case(actor=zone.actor("office"), target=target_of(zone, value="1"))
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "role", ["instructor", "part_time_member", "branch_secretary", "liaison", "system_admin"]
)
def test_who_may_not_write_is_refused_everything(zone: Zone, role: str) -> None:
    target = target_of(zone, value="99")
    programme, measure = target.measure.programme, target.measure
    actor, days = zone.actor(role), {"since": SINCE}
    with acting(actor):
        for verb in (
            lambda: api.save_programme(
                actor=actor, unit=zone.zone, name="示例二", until=DUE, **days
            ),
            lambda: api.save_measure(
                actor=actor,
                programme=programme,
                text="示例",
                owner_unit=zone.zone,
                due_on=DUE,
                **days,
            ),
            lambda: api.open_case(actor=actor, target=target),
            lambda: api.drop_target(actor=actor, target=target, on=DUE, reason="示例"),
            lambda: api.finish_measure(actor=actor, measure=measure, on=DUE),
        ):
            with pytest.raises(NotAllowed):
                verb()


def test_who_answers_for_a_measure_sees_and_finishes_it(zone: Zone) -> None:
    instructor = zone.accounts["instructor"]
    mine = measure_of(zone, owner_unit=zone.district, owner=instructor)
    other = measure_of(zone, text="示例另一件")
    target_of(zone, measure=mine)
    with acting(zone.actor("instructor")) as actor:
        assert list(Measure.objects.all()) == [mine]
        assert Programme.objects.get() == mine.programme
        [chapter] = chapters_of(actor=actor, unit=zone.zone, at=DUE)
        assert chapter.standings[0].why and chapter.standings[0].light is Light.NO_DATA
        api.finish_measure(actor=actor, measure=mine, on=DUE)
    with acting(zone.actor("branch_secretary")):
        assert not Measure.objects.exists() and not Pledge.objects.exists()
    assert Measure.objects.get(pk=other.pk).done_on is None


def test_a_duty_stays_within_the_unit(zone: Zone) -> None:
    with pytest.raises(UserError) as refused:
        measure_of(zone, owner_unit=zone.department)
    assert refused.value.field == "owner_unit"
    with pytest.raises(UserError) as refused:
        measure_of(zone, owner=zone.accounts["department_officer"])
    assert refused.value.field == "owner"


def test_every_change_is_in_the_trail(zone: Zone) -> None:
    target_of(zone)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT subject FROM audit_entry WHERE subject LIKE 'programmes_%%'"
        )
        found = {row[0] for row in cursor.fetchall()}
    assert found == {f"programmes_{one}" for one in ("programme", "measure", "target", "pledge")}


def test_statements_are_read_by_period_and_knowledge(zone: Zone) -> None:
    actor = zone.actor("office")
    growth = api.save_indicator(
        actor=actor, key="example_growth", name="示例增速", kind="growth", definition="示例口径"
    )
    year = {"since": dt.date(2021, 1, 1), "until": dt.date(2021, 12, 31)}
    source = {"organisation": "示例统计局", "document": "示例公报"}
    entered = timezone.now() + HOUR
    first = api.observe(
        actor=actor,
        indicator=growth,
        unit=zone.zone,
        base=Decimal("38000"),
        current=Decimal("49324"),
        at=entered,
        **year,
        **source,
    )
    revised = entered + DAY
    api.correct_observation(
        actor=actor,
        observation=first,
        base=Decimal("38000"),
        current=Decimal("38000"),
        at=revised,
        **source,
    )
    asked = {"actor": SYSTEM, "key": "programmes.example_growth", "unit": zone.zone, **year}
    assert read(**asked).value == Decimal("0.0")
    assert read(**asked, known_at=entered + HOUR).value == Decimal("29.8")
    assert read(**asked, known_at=entered - HOUR / 2).value is None
    asked["unit"] = zone.district
    assert read(**asked).value is None  # a growth is stated of the unit itself
    asked |= {"unit": zone.zone, "until": dt.date(2021, 6, 30)}
    assert read(**asked).value is None  # the year is not within the half-year


@pytest.mark.parametrize(
    ("base", "current"),
    [("0", "5"), (None, "5"), ("5", None), ("-3", "5"), ("0", "0")],
)
def test_growth_without_a_base_is_a_sentence_not_a_number(
    zone: Zone, base: str | None, current: str | None
) -> None:
    actor = zone.actor("office")
    growth = api.save_indicator(
        actor=actor, key="example_growth", name="示例增速", kind="growth", definition="示例口径"
    )
    one = api.observe(
        actor=actor,
        indicator=growth,
        unit=zone.zone,
        since=SINCE,
        until=DUE,
        organisation="示例统计局",
        document="示例公报",
        base=Decimal(base) if base else None,
        current=Decimal(current) if current else None,
    )
    found = read(
        actor=SYSTEM, key="programmes.example_growth", unit=zone.zone, since=SINCE, until=DUE
    )
    assert found.value is None and found.count == 2 and found.text == "—"
    value, why = api.growth_of(one.base, one.current)
    assert value is None and why
    page = zone.client("office").get(f"/programmes/observations/{one.pk}/")
    assert page.status_code == 200 and why in page.content.decode()


def test_the_last_place_is_last_only_where_nobody_is_behind(zone: Zone) -> None:
    actor = zone.actor("office")
    rank = api.save_indicator(
        actor=actor, key="example_rank", name="示例排名", kind="rank", definition="示例口径"
    )
    say = {
        "actor": actor,
        "indicator": rank,
        "unit": zone.zone,
        "organisation": "示例厅",
        "document": "示例通报",
    }
    for year, place in ((2019, 86), (2020, 87), (2021, 1)):
        since, until = dt.date(year, 1, 1), dt.date(year, 12, 31)
        api.observe(**say, since=since, until=until, place=place, participants=87)
        asked = {"actor": SYSTEM, "unit": zone.zone, "since": since, "until": until}
        assert read(key="programmes.example_rank", **asked).value == Decimal(place)
        word = read(key="programmes.example_rank.standing", **asked).value
        assert word == {86: "第86位", 87: "末位", 1: "首位"}[place]
    with pytest.raises(UserError) as refused:
        api.observe(**say, since=DUE, until=DUE, place=88, participants=87)
    assert refused.value.field == "participants"
    with pytest.raises(UserError):
        api.observe(**say, since=SINCE, until=dt.date(2021, 12, 31), place=2, participants=87)
