"""Lists, search and statistics: each number is the rows that it opens."""

from __future__ import annotations

import datetime as dt
import statistics as reference
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from tests.zone import Zone

from luodi.ground.calendars.api import calendar_for
from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotFound, UserError
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.api import Case, Category, Criteria, url_of
from luodi.rooms.casework.templatetags.cases import turn

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = dt.datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def many(zone: Zone) -> list[Case]:
    """Cases of three enterprises in different states, raised a day apart."""
    cases = []
    categories = [*Category.objects.all()[:2], None]
    for n in range(18):
        unit = [zone.enterprise, zone.second, zone.elsewhere, zone.zone][n % 4]
        at = MONDAY + n * DAY
        case = casework.raise_problem(
            actor=SYSTEM, unit=unit, text=f"示例问题{n}", category=categories[n % 3], at=at
        )
        if n % 3:
            case = casework.receive(actor=SYSTEM, case=case, at=at + n * HOUR)
            days = 3 * n * DAY
            if n % 5 == 1:
                case = casework.pause(actor=SYSTEM, case=case, reason="等", at=at + days)
            elif n % 5 > 1:
                case = casework.submit(actor=SYSTEM, case=case, note="好", at=at + days)
                if n % 2:
                    case = casework.verify(
                        actor=SYSTEM, case=case, satisfied=False, words="否", at=at + days
                    )
                else:
                    case = casework.verify(actor=SYSTEM, case=case, satisfied=True, at=at + days)
        cases.append(Case.objects.get(pk=case.pk))
    return cases


def light_by_hand(case: Case, at: dt.datetime) -> str:
    if case.outcome not in {"", "solved"}:
        return "none"
    if case.met_at and case.due_at and case.met_at > case.due_at:
        return "red"
    if case.is_open and case.next_due_at and case.next_due_at < at:
        return "red"
    if case.is_open and case.amber_at and case.amber_at <= at:
        return "amber"
    return "paused" if case.paused else "green"


def test_lights_and_their_filters_agree(zone: Zone, many: list[Case]) -> None:
    seen = set()
    for day in range(0, 60, 4):
        at = MONDAY + day * DAY
        shown = {case.pk: case.light_at(at) for case in Case.objects.all()}
        assert shown == {case.pk: light_by_hand(case, at) for case in many}
        for light in casework.LIGHTS:
            found = Criteria(light=light).apply(SYSTEM, at)
            assert {case.pk for case in found} == {pk for pk, one in shown.items() if one == light}
        seen |= set(shown.values())
    assert seen == {"red", "amber", "green", "paused"}


def test_each_number_of_the_statistics_opens_its_cases(zone: Zone, many: list[Case]) -> None:
    at = MONDAY + 40 * DAY
    found = casework.statistics(
        actor=SYSTEM,
        unit=zone.zone,
        since=MONDAY.date(),
        until=(MONDAY + 15 * DAY).date(),
        at=at,
    )
    rows = [*found.figures, *(cell for row in found.by_category for cell in row.cells)]
    rows += [cell for row in found.by_unit for cell in row.cells]
    assert sum(bool(cell.value) for cell in rows) > 20
    for cell in rows:
        opened = Criteria.of(cell.params).apply(SYSTEM, at)
        assert opened.count() == cell.value, cell
    assert [row.label for row in found.by_unit][-1] == "示例经济技术开发区本级"
    for part in (found.by_category, found.by_unit):
        assert sum(row.cells[0].value for row in part) == found.figures[0].value == 16


def test_times_are_those_of_the_cases(zone: Zone, many: list[Case]) -> None:
    found = casework.statistics(
        actor=SYSTEM,
        unit=zone.county,
        since=MONDAY.date(),
        until=(MONDAY + 90 * DAY).date(),
        at=MONDAY + 90 * DAY,
    )
    spans = [one.closed_at - one.raised_at for one in many if one.outcome == "solved"]
    assert len(spans) >= 4
    times = {one.key: one.value for one in found.times}
    assert times["solution_50"] == reference.median(spans)
    # linear interpolation between the closest ranks, as numpy's default
    rank = 0.9 * (len(spans) - 1)
    low, high = sorted(spans)[int(rank)], sorted(spans)[int(rank) + 1]
    expected = low + (high - low) * (rank - int(rank))
    assert abs(times["solution_90"] - expected) < dt.timedelta(seconds=1)


def test_bad_criteria_are_a_sentence(zone: Zone) -> None:
    for bad in ({"since": "gestern"}, {"unit": "999999999"}, {"lead": "x"}, {"figure": "luck"}):
        with pytest.raises(UserError) as refused:
            Criteria.of(bad).apply(SYSTEM, MONDAY)
        assert refused.value.field in bad
    assert Criteria.of({"page": "2", "q": " 水 "}).params() == {"q": "水"}


def test_search_finds_words_of_text_answers_and_file_names_within_the_scope(
    zone: Zone, settings: object, tmp_path: object
) -> None:
    settings.EVIDENCE_DIR = tmp_path  # type: ignore[attr-defined]
    own, other = (
        casework.raise_problem(actor=SYSTEM, unit=unit, text="示例：供电线路老化", at=MONDAY)
        for unit in (zone.enterprise, zone.elsewhere)
    )
    casework.receive(actor=SYSTEM, case=own, at=MONDAY)
    casework.answer(actor=SYSTEM, case=own, text="已联系检修班组", at=MONDAY)
    upload = SimpleUploadedFile("变压器照片.txt", "示例".encode())
    casework.attach(actor=SYSTEM, case=own, upload=upload, at=MONDAY)
    assert set(Case.objects.search("供电 线路")) == {own, other}
    assert list(Case.objects.search("检修")) == [own]
    assert list(Case.objects.search("变压器")) == [own]
    assert list(Case.objects.search(own.code.lower())) == [own]
    assert list(Case.objects.search("不存在的词")) == []
    assert list(Case.objects.search("'; DROP--")) == []
    with acting(zone.actor("liaison")):
        assert list(Case.objects.search("供电")) == [own]
    with acting(zone.actor("department_officer")):
        assert list(Case.objects.search("供电")) == []


def test_a_line_says_what_the_case_says(many: list[Case]) -> None:
    keys = [one.pk for one in reversed(many)]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found = casework.lines([*keys, 0])
            assert list(found) == keys
            for case in Case.objects.filter(pk__in=keys):
                line = found[case.pk]
                for at in (MONDAY, MONDAY + 30 * DAY, MONDAY + 300 * DAY):
                    assert line.light_at(at) == case.light_at(at)
                assert (str(line), line.state_now, line.is_open) == (
                    str(case),
                    case.state_now,
                    case.is_open,
                )
                assert line.unit == str(case.unit)
                assert str(line.category) == str(case.category)
                assert turn(line) == turn(case)
                assert url_of(line) == url_of(case)
    assert casework.lines([]) == {}


def test_everybody_finds_by_words_what_they_see_and_nothing_else(zone: Zone) -> None:
    """Words are looked up by the first parts of the reader's path: against reading every case that the policies show."""
    outside = scope.create_unit(
        actor=SYSTEM, kind=scope.UnitKind.ZONE, name="示例丁开发区", parent=zone.county
    )
    far = scope.create_unit(
        actor=SYSTEM, kind=scope.UnitKind.ENTERPRISE, name="示例丁公司", parent=outside
    )
    texts = ("示例：供电线路老化", "示例：供水压力不足", "示例：线路受阻，供水中断")
    units = (zone.enterprise, zone.second, zone.elsewhere, far, zone.zone, zone.county)
    for number, unit in enumerate(units * 3):
        text = texts[number % 3 if number < 6 else number // 6 - 1]
        casework.raise_problem(actor=SYSTEM, unit=unit, text=text, at=MONDAY)
    shared = Case.objects.filter(unit=zone.enterprise).order_by("id")[0]
    casework.receive(actor=SYSTEM, case=shared, at=MONDAY)
    casework.ask_department(
        actor=SYSTEM, case=shared, unit=zone.department, text="请协助", at=MONDAY
    )
    scope.grant_role(  # one reader of two zones
        actor=SYSTEM,
        account=zone.accounts["instructor"],
        unit=outside,
        role="deputy",
        since=dt.date(2020, 12, 1),
    )

    def check() -> dict[str, int]:
        found = {}
        for role in zone.accounts:
            with acting(zone.actor(role)):
                for words in ("线路", "供水", "供水 线路", "老化"):
                    expected = {
                        one
                        for one in Case.objects.all()
                        if all(word in one.text for word in words.split())
                    }
                    assert set(Case.objects.search(words)) == expected, (role, words)
                    found[role] = found.get(role, 0) + len(expected)
        return found

    before = check()
    assert before["department_officer"] > 0 == before["auditor"]
    assert before["county_officer"] > before["office"] > before["liaison"] > 0
    scope.move_unit(actor=SYSTEM, unit=zone.enterprise, parent=outside)  # its words go along
    after = check()
    assert after["office"] < before["office"] and after["liaison"] == before["liaison"]


def test_a_shared_case_opens_with_all_its_parts_and_nothing_else(
    zone: Zone, settings: object, tmp_path: object
) -> None:
    settings.EVIDENCE_DIR = tmp_path  # type: ignore[attr-defined]
    case, unshared = (
        casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text=f"示例{n}", at=MONDAY)
        for n in range(2)
    )
    with acting(zone.actor("instructor")) as instructor:
        for one in (case, unshared):
            casework.receive(actor=instructor, case=one, at=MONDAY)
        casework.ask_department(
            actor=instructor, case=case, unit=zone.department, text="请勘察", at=MONDAY
        )
        upload = SimpleUploadedFile("图纸.txt", "示例".encode())
        casework.attach(actor=instructor, case=case, upload=upload, at=MONDAY)
    with acting(zone.actor("department_officer")) as officer:
        casework.join(actor=officer, case=case, at=MONDAY + HOUR)
    with acting(instructor):
        measure = casework.add_measure(
            actor=instructor,
            case=case,
            text="勘察",
            due_on=MONDAY.date(),
            owner=zone.accounts["department_officer"],
            at=MONDAY + HOUR,
        )
    with acting(officer):
        casework.answer(actor=officer, case=case, text="明日到场", at=MONDAY + HOUR)
        upload = SimpleUploadedFile("报告.txt", "示例报告".encode())
        casework.attach(actor=officer, case=case, upload=upload, measure=measure, at=MONDAY + HOUR)
        casework.finish_measure(actor=officer, measure=measure, at=MONDAY + HOUR)
        seen = casework.dossier(actor=officer, code=case.code, at=MONDAY + HOUR)
        assert [file.name for file in seen.files] == ["图纸.txt"]
        assert [file.name for file in seen.measures[0].files] == ["报告.txt"]
        assert len(seen.events) == 9
        assert [one.unit for one in seen.responsibilities][-1] == zone.department
        with pytest.raises(NotFound):
            casework.dossier(actor=officer, code=unshared.code)


def test_a_page_and_a_verb_take_a_fixed_number_of_queries(zone: Zone) -> None:
    calendar_for(zone.enterprise)  # read once, whoever asked first
    with (
        acting(zone.actor("liaison")) as liaison,
        CaptureQueriesContext(
            connection,
        ) as raising,
    ):
        case = casework.raise_problem(actor=liaison, unit=zone.enterprise, text="示例", at=MONDAY)
    with acting(zone.actor("instructor")) as instructor:
        with CaptureQueriesContext(connection) as receiving:
            casework.receive(actor=instructor, case=case, at=MONDAY)
        counts = []
        for n in range(3):
            with CaptureQueriesContext(connection) as reading:
                casework.dossier(actor=instructor, code=case.code, at=MONDAY + 2 * DAY)
            counts.append(len(reading))
            for _m in range(n + 1):
                casework.add_measure(
                    actor=instructor,
                    case=case,
                    text="步骤",
                    due_on=(MONDAY + DAY).date(),
                    owner_name="示例某",
                    at=MONDAY + HOUR,
                )
    statements = [one["sql"] for one in raising if "SAVEPOINT" not in one["sql"]]
    assert len(statements) == 9, (
        statements
    )  # one of them: the names by which the unit's cases are found
    assert len([one for one in receiving if "SAVEPOINT" not in one["sql"]]) <= 10
    assert len(set(counts[1:])) == 1
    assert max(counts) <= 12
