"""Who may read what, that a value is its rows', and that the past can be read again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.casework_pages import handled, post, raised
from tests.world import World
from tests.zone import Zone

from luodi.ground.figures.api import (
    Figure,
    Kind,
    Question,
    Reading,
    Row,
    compare,
    figure,
    figures,
    freeze,
    holds,
    provide,
    read,
    read_values,
    trend,
)
from luodi.ground.figures.engine import ALL, Wanted, evaluate
from luodi.ground.figures.registry import _declared, _providers
from luodi.ground.figures.tests.conftest import now
from luodi.ground.figures.values import digest_of, sums_of, value_of
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, Unit, acting, today
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.rooms.casework.api import Case, Category
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Membership, Person

Member = Callable[..., Person]


def of(role: str, zone: Zone, key: str, unit: Unit, **more: object) -> Reading:
    actor = zone.actor(role)
    with acting(actor):
        return read(actor=actor, key=key, unit=unit, until=today(), **more)  # type: ignore[arg-type]


# --- who ------------------------------------------------------------------------------------


def test_a_number_is_whole_or_refused(zone: Zone, member: Member) -> None:
    """Nobody gets a part of the zone's members as if it were all of them."""
    member(1)
    assert of("office", zone, "directory.members", zone.zone).value == 1
    assert of("instructor", zone, "directory.members", zone.district).value == 1
    assert of("instructor", zone, "directory.members", zone.enterprise).value == 1
    for role in ("instructor", "liaison", "department_officer", "part_time_member", "auditor"):
        with pytest.raises(NotAllowed):
            of(role, zone, "directory.members", zone.zone)
    with pytest.raises(NotAllowed, match="一部分"):
        # has the permission on the zone, but sees only what is at its own level
        of("part_time_member", zone, "casework.received", zone.zone)
    with pytest.raises(NotAllowed):
        of("instructor", zone, "directory.members", zone.elsewhere)


def test_how_many_but_not_who(zone: Zone, member: Member) -> None:
    member(1)
    office = of("office", zone, "directory.members", zone.enterprise)
    liaison = of("liaison", zone, "directory.members", zone.enterprise)
    assert [row.label for row in office.rows] == ["示例党员1"] and office.may_open
    assert (liaison.value, liaison.count, liaison.rows) == (1, 1, [])
    assert not liaison.may_open and liaison.digest == office.digest
    with acting(zone.actor("liaison")):
        assert "示例党员" not in str(freeze(liaison))
        assert holds(freeze(liaison))


def test_who_is_kept_elsewhere_counts_where_the_membership_is(zone: Zone, member: Member) -> None:
    """A member whose own record another district keeps is not lost to the instructor's number."""
    person = member(1)
    Person.objects.filter(pk=person.pk).update(unit=zone.elsewhere)
    found = of("instructor", zone, "directory.members", zone.district)
    assert found.value == 1
    assert [row.label for row in found.rows] == [f"directory_person:{person.pk}"]


def test_a_question_must_fit(zone: Zone) -> None:
    with pytest.raises(NotFound):
        figure("directory.nonsense")
    with pytest.raises(UserError, match="没有参数"):
        of("office", zone, "directory.members", zone.zone, parameters={"colour": "red"})
    for day in (dt.date.min, dt.date.max):
        with pytest.raises(UserError, match="1900"), acting(SYSTEM):
            read(actor=SYSTEM, key="casework.solved", unit=zone.zone, until=day)
    with pytest.raises(UserError, match="开始日期"):
        of("office", zone, "casework.solved", zone.zone, since=today() + dt.timedelta(days=1))


# --- what -----------------------------------------------------------------------------------


def test_every_figure_is_what_its_rows_make_it(world: World) -> None:
    """Each figure that is shipped, over a world with one of everything: by the database, and by
    Python over the same rows; no row twice; no table's row without a name."""
    zone = world.zone
    with acting(SYSTEM):
        for one in figures():
            question = Question(zone.zone, today(), None)
            found = evaluate(one, question, Wanted(per_page=ALL))
            keys = [row.key for row in found.rows]
            assert len(set(keys)) == len(keys) == found.sums.count, one.key
            assert digest_of(found.rows) == found.digest, one.key
            again = value_of(one.kind, sums_of(found.rows, one.kind), one.places)
            assert value_of(one.kind, found.sums, one.places) == again, one.key
            assert all(row.label for row in found.rows), one.key


def test_every_declared_figure_is_named_in_both_languages() -> None:
    declared = list(_declared.values())
    assert len({one.key for one in declared}) == len(declared) > 35
    for one in declared:
        with translation.override("zh-hans"):
            chinese = [str(one.name), str(one.definition)]
        with translation.override("en"):
            english = [str(one.name), str(one.definition)]
        assert all(text.isascii() or "’" in text for text in english), (one.key, english)
        assert not any(text.isascii() for text in chinese), one.key
        assert one.synonyms or one.kind in {Kind.MEDIAN, Kind.P90}, one.key


def test_no_data_is_not_zero(zone: Zone) -> None:
    shares = of("office", zone, "casework.on_time_share", zone.zone)
    ages = of("office", zone, "directory.leading_group_mean_age", zone.zone)
    counts = of("office", zone, "casework.solved", zone.zone)
    assert shares.value is None and ages.value is None and counts.value == 0
    assert (shares.text, counts.text) == ("—", "0个")


def test_rows_come_in_pages_with_one_digest(zone: Zone, member: Member) -> None:
    for number in range(7):
        member(number)
    pages = [
        of("office", zone, "directory.members", zone.zone, page=page, per_page=3)
        for page in (1, 2, 3, 4)
    ]
    keys = [row.key for page in pages for row in page.rows]
    assert [len(page.rows) for page in pages] == [3, 3, 1, 0]
    assert len(set(keys)) == 7 == pages[3].count
    assert len({page.digest for page in pages}) == 1


def test_a_reading_takes_two_queries_however_many_rows(zone: Zone, member: Member) -> None:
    def taken(key: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            read(actor=SYSTEM, key=key, unit=zone.zone, until=today())
        return len(captured)

    member(1)
    raised(zone)
    few = [taken("directory.members"), taken("casework.received")]
    for number in range(2, 12):
        member(number)
        raised(zone)
    assert [taken("directory.members"), taken("casework.received")] == few == [2, 2]
    questions = [("directory.members", Question(zone.zone, today()))] * 5
    with CaptureQueriesContext(connection) as captured:
        read_values(actor=SYSTEM, questions=questions)
    assert len(captured) == 1


def test_a_board_says_what_its_readings_say(world: World) -> None:
    """Counted together or each for itself: every figure, of the zone and of an enterprise, for a
    period and for a category."""
    units = [world.zone.zone, world.zone.enterprise, world.zone.elsewhere]
    since = today() - dt.timedelta(days=30)
    with acting(SYSTEM):
        category = str(Category.objects.order_by("pk")[0].pk)
        asked = [
            (one.key, Question(unit, today(), since, None, parameters))
            for unit in units
            for one in figures()
            for parameters in ({}, {"category": category}, {"category": "none"})
            if set(parameters) <= set(one.parameters)
        ]
        together = read_values(actor=SYSTEM, questions=asked)
        for (key, question), found in zip(asked, together, strict=True):
            alone = read(
                actor=SYSTEM,
                key=key,
                unit=question.unit,
                until=question.until,
                since=question.since,
                parameters=question.parameters,
            )
            assert (found.value, found.count, found.url) == (alone.value, alone.count, alone.url)


def test_a_day_of_the_past_and_a_trend(zone: Zone, member: Member) -> None:
    member(1, dt.date(2022, 1, 10))
    member(2, dt.date(2022, 3, 10))
    days = [dt.date(2021, 12, 31), dt.date(2022, 1, 31), dt.date(2022, 3, 31)]
    found = trend(actor=SYSTEM, key="directory.members", unit=zone.zone, days=days)
    assert found == list(zip(days, map(Decimal, (0, 1, 2)), strict=True))


# --- what was known -------------------------------------------------------------------------


def test_every_reading_can_be_read_again_as_it_was_known(zone: Zone, member: Member) -> None:
    """All figures, read while things happen, against the same instants rebuilt afterwards."""

    def all_of_them() -> dict[str, tuple[object, str]]:
        return {
            one.key: (found.value, found.digest)
            for one in figures()
            for found in [read(actor=SYSTEM, key=one.key, unit=zone.zone, until=today(), **at)]
        }

    def happenings() -> list[Callable[[], object]]:
        people: list[Person] = []
        cases: list[Case] = []

        def correct() -> None:
            row = Membership.objects.get(person=people[0], known__upper_inf=True)
            directory.correct_membership(
                actor=SYSTEM,
                membership=row,
                since=dt.date(2099, 1, 1),
            )

        return [
            lambda: people.append(member(1)),
            lambda: cases.append(handled(zone)),
            lambda: people.append(member(2)),
            correct,
            lambda: post(
                zone.client("instructor"), f"/cases/{cases[0].code}/do/submit/", note="示例"
            ),
            lambda: scope.end_role(
                actor=SYSTEM,
                holding=scope.RoleHolding.objects.get(role="instructor"),
                on=today(),
            ),
            lambda: post(zone.client("liaison"), f"/cases/{cases[0].code}/do/satisfied/"),
            lambda: scope.close_unit(actor=SYSTEM, unit=zone.elsewhere, on=today()),
            lambda: scope.close_unit(actor=SYSTEM, unit=zone.other_district, on=today()),
        ]

    at: dict[str, dt.datetime] = {}
    states = [(now(), all_of_them())]
    for happening in happenings():
        happening()
        states.append((now(), all_of_them()))
    assert len({str(state) for _instant, state in states}) > 6
    for instant, expected in states:
        at = {"known_at": instant}
        assert all_of_them() == expected


def test_as_known_before_a_correction(zone: Zone, member: Member) -> None:
    member(1)
    before = now()
    member(2)
    reading = of("office", zone, "directory.members", zone.zone, known_at=before)
    assert (reading.value, [row.label for row in reading.rows]) == (1, ["示例党员1"])
    assert of("office", zone, "directory.members", zone.zone).value == 2
    long_ago = dt.datetime(1999, 1, 1, tzinfo=dt.UTC)
    for key in ("directory.enterprises", "directory.members"):
        with pytest.raises(UserError, match="还没有开始记录"):
            of("office", zone, key, zone.zone, known_at=long_ago)


# --- kept -----------------------------------------------------------------------------------


def test_a_frozen_reading_tells_what_moved(zone: Zone, member: Member) -> None:
    first = member(1)
    frozen = freeze(of("office", zone, "directory.members", zone.zone))
    assert holds(frozen) and frozen["value"] == "1"
    assert frozen["names"] == {"zh-hans": "党员人数", "en": "Party members"}
    actor = zone.actor("office")
    with acting(actor):
        assert not compare(actor=actor, frozen=frozen).moved
    second = member(2)
    row = Membership.objects.get(person=first, known__upper_inf=True)
    directory.end_membership(actor=SYSTEM, membership=row, on=today())
    with acting(actor):
        movement = compare(actor=actor, frozen=frozen)
    assert movement.moved and (movement.old, movement.new) == ("1", "1")
    assert [one.key for one in movement.added] == [f"directory_person:{second.pk}"]
    assert [one.label for one in movement.removed] == ["示例党员1"]
    tampered = {**frozen, "rows": [{**frozen["rows"][0], "amount": "2"}]}
    assert not holds(tampered)
    assert compare(actor=SYSTEM, frozen={**frozen, "key": "gone"}).gone


def test_a_changed_row_changes_the_digest(zone: Zone, member: Member) -> None:
    person = member(1)
    before = of("office", zone, "directory.members", zone.zone)
    row = Membership.objects.get(person=person, known__upper_inf=True)
    directory.correct_membership(
        actor=SYSTEM,
        membership=row,
        since=dt.date(2021, 5, 1),
    )
    after = of("office", zone, "directory.members", zone.zone)
    assert before.value == after.value == 1 and before.digest != after.digest


def test_figures_of_data_come_from_a_provider(zone: Zone) -> None:
    def provider(_keys: Collection[str]) -> Iterator[Figure]:
        rows = [Row("x:1", "一", Decimal("1.25")), Row("x:2", "二", Decimal("1.2"))]
        yield Figure("registers.x", "示例", "万元", Kind.SUM, lambda _q: rows, "示例", places=1)

    provide(provider)
    try:
        assert figure("registers.x").key in [one.key for one in figures()]
        assert of("office", zone, "registers.x", zone.zone).text == "2.5万元"
    finally:
        _providers.remove(provider)
