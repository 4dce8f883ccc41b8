"""Classes: who is to be trained, who goes when, finishing, hours, certificates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.figures.api import read
from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import NotAllowed, UserError
from luodi.rooms.classes import api
from luodi.rooms.classes.api import Certificate, Cohort, Course, Plan, Trainee
from luodi.rooms.classes.models import ALPHABET, CODE, new_code
from luodi.rooms.classes.verbs.enrolling import spans_of
from luodi.rooms.classes.views.verifying import masked
from luodi.rooms.directory import api as directory

FIRST = dt.date(2022, 12, 9)
BEFORE = dt.datetime(2022, 12, 1, 4, tzinfo=dt.UTC)
AFTER = dt.datetime(2023, 3, 1, 4, tzinfo=dt.UTC)


def course_of(zone: Zone, people: int = 5, away: int | None = None) -> Course:
    course = Course.objects.create(unit=zone.zone, name="示例课程", hours=90, away=away)
    course.refresh_from_db()
    for number in range(people):
        directory.add_person(actor=SYSTEM, unit=zone.enterprise, name=f"示例学员{number}")
    api.enrol(actor=SYSTEM, course=course, unit=zone.enterprise, at=BEFORE)
    return course


def cohorts_of(course: Course, *sizes: int) -> list[Cohort]:
    return [
        Cohort.objects.create(
            course=course,
            name=f"第{number}期",
            starts_on=FIRST + dt.timedelta(days=20 * number),
            ends_on=FIRST + dt.timedelta(days=20 * number + 14),
            most=size,
        )
        for number, size in enumerate(sizes)
    ]


def placed(course: Course) -> list[int | None]:
    return list(
        Trainee.objects.filter(course=course).order_by("pk").values_list("cohort", flat=True)
    )


def test_a_plan_places_everybody_once_and_is_accepted(zone: Zone) -> None:
    course = course_of(zone)
    first, second = cohorts_of(course, 3, 3)
    plan = api.ask_plan(actor=zone.actor("office"), course=course, at=BEFORE, now=True)
    assert (plan.state, plan.proven, plan.left) == (Plan.State.READY, True, {})
    assert placed(course) == [None] * 5  # nothing moves before it is accepted
    assert api.accept_plan(actor=zone.actor("office"), plan=plan) == 5
    assert sorted(map(str, placed(course))) == sorted(map(str, [first.pk] * 3 + [second.pk] * 2))
    assert api.accept_plan(actor=zone.actor("office"), plan=plan) == 0  # a second click


def test_who_falls_out_moves_nobody_and_who_comes_gets_the_place(zone: Zone) -> None:
    course = course_of(zone, 4)
    cohorts_of(course, 2, 2)
    office = zone.actor("office")
    api.accept_plan(
        actor=office, plan=api.ask_plan(actor=office, course=course, at=BEFORE, now=True)
    )
    before = dict(Trainee.objects.values_list("pk", "cohort"))
    gone = Trainee.objects.exclude(cohort=None).order_by("cohort__starts_on", "pk").first()
    assert gone
    free = gone.cohort_id
    api.drop_trainee(actor=office, trainee=gone, why="调离", at=BEFORE)
    new = directory.add_person(actor=SYSTEM, unit=zone.second, name="示例新人")
    api.enrol(actor=SYSTEM, course=course, unit=zone.second, persons=[new], at=BEFORE)
    plan = api.ask_plan(actor=office, course=course, at=BEFORE, now=True)
    api.accept_plan(actor=office, plan=plan)
    after = dict(Trainee.objects.values_list("pk", "cohort"))
    stayed = {pk: cohort for pk, cohort in before.items() if pk != gone.pk}
    assert stayed.items() <= after.items()
    assert Trainee.objects.get(person=new).cohort_id == free
    assert plan.moved == 0


def test_by_hand_stays_when_all_is_planned_anew(zone: Zone) -> None:
    course = course_of(zone, 3)
    _first, second = cohorts_of(course, 3, 3)
    office = zone.actor("office")
    mine = Trainee.objects.order_by("pk")[0]
    api.place_trainee(actor=office, trainee=mine, cohort=second)
    plan = api.ask_plan(actor=office, course=course, keep=False, at=BEFORE, now=True)
    api.accept_plan(actor=office, plan=plan)
    mine.refresh_from_db()
    assert mine.cohort_id == second.pk


def test_who_cannot_be_placed_is_named_with_the_reason(zone: Zone) -> None:
    course = course_of(zone, 3)
    cohorts_of(course, 1, 1)
    away = Trainee.objects.order_by("pk")[0]
    api.change_away(actor=SYSTEM, trainee=away, away="2022-12-01~2023-03-01")
    plan = api.ask_plan(actor=SYSTEM, course=course, at=BEFORE, now=True)
    assert set(plan.left) == {str(away.pk)} and "不便日期" in plan.left[str(away.pk)]


def test_units_keep_working(zone: Zone) -> None:
    course = course_of(zone, 4, away=2)
    cohorts_of(course, 4, 4)
    plan = api.ask_plan(actor=SYSTEM, course=course, at=BEFORE, now=True)
    sizes = sorted(list(plan.placed.values()).count(one) for one in set(plan.placed.values()))
    assert sizes == [2, 2]


def test_by_hand_is_refused_where_it_cannot_be(zone: Zone) -> None:
    course = course_of(zone, 2)
    first, second = cohorts_of(course, 1, 3)
    one, two = Trainee.objects.order_by("pk")
    api.place_trainee(actor=SYSTEM, trainee=one, cohort=first)
    with pytest.raises(UserError, match="已满"):
        api.place_trainee(actor=SYSTEM, trainee=two, cohort=first)
    api.change_away(actor=SYSTEM, trainee=two, away=f"{second.starts_on}")
    two.refresh_from_db()
    with pytest.raises(UserError, match="冲突"):
        api.place_trainee(actor=SYSTEM, trainee=two, cohort=second)
    with pytest.raises(NotAllowed), acting(zone.actor("branch_secretary")) as secretary:
        api.place_trainee(actor=secretary, trainee=two, cohort=None)


def test_finishing_gives_hours_and_certificates_once(zone: Zone) -> None:
    course = course_of(zone, 3)
    [cohort] = cohorts_of(course, 3)
    people = list(Trainee.objects.order_by("pk"))
    for one in people:
        api.place_trainee(actor=SYSTEM, trainee=one, cohort=cohort)
    with pytest.raises(UserError, match="还没有到"):
        api.finish_cohort(actor=SYSTEM, cohort=cohort, at=BEFORE)
    made = api.finish_cohort(actor=SYSTEM, cohort=cohort, unfinished=[people[2].pk], at=AFTER)
    assert len(made) == 2
    with pytest.raises(UserError, match="已经登记"):
        api.finish_cohort(actor=SYSTEM, cohort=cohort, at=AFTER)
    persons = [one.person_id for one in people]
    assert api.class_hours(persons, 2022) == {persons[0]: 90, persons[1]: 90}
    api.revoke_certificate(actor=SYSTEM, certificate=made[0], why="登记有误")
    assert api.class_hours(persons, 2022) == {persons[1]: 90}

    def value(key: str, until: dt.date) -> object:
        since = dt.date(2022, 12, 1)
        return read(
            actor=SYSTEM, key=f"classes.{key}", unit=zone.zone, since=since, until=until
        ).value

    last = dt.date(2022, 12, 31)
    assert (value("days", last), value("participants", last)) == (15, 2)
    assert value("coverage", last) == Decimal("66.7")
    assert value("coverage", FIRST) == 0


def test_anyone_may_verify_a_certificate(zone: Zone) -> None:
    course = course_of(zone, 1)
    [cohort] = cohorts_of(course, 3)
    api.place_trainee(actor=SYSTEM, trainee=Trainee.objects.get(), cohort=cohort)
    [made] = api.finish_cohort(actor=SYSTEM, cohort=cohort, at=AFTER)
    nobody = zone.client(None)
    page = nobody.get("/classes/verify/", {"code": made.spaced.lower()}).content.decode()
    assert "证书有效" in page and "示例课程" in page and "示例学员0" not in page
    api.revoke_certificate(actor=SYSTEM, certificate=made, why="登记有误")
    again = nobody.get("/classes/verify/", {"code": made.code}).content.decode()
    assert "已于" in again and "登记有误" not in again
    for wrong in ("AAAAAAAAAAAA", "x", "%00", made.code[:-1]):
        assert "没有这个编号" in nobody.get("/classes/verify/", {"code": wrong}).content.decode()


@given(st.lists(st.tuples(st.dates(), st.dates()), max_size=4))
def test_spans_are_read_as_they_are_written(pairs: list[tuple[dt.date, dt.date]]) -> None:
    text = " ".join(f"{min(pair)}~{max(pair)}" for pair in pairs)
    assert spans_of(text) == [f"{min(pair)}~{max(pair)}" for pair in pairs]


def test_small_things() -> None:
    assert len(new_code()) == CODE and set(new_code()) <= set(ALPHABET)
    assert (masked("王某"), masked("欧阳某某"), masked("王某（示例）")) == ("王*", "欧**某", "王*")
    for bad in ("2022-02-31", "2022-12-09~2022-12-01", "下周"):
        with pytest.raises(UserError):
            spans_of(bad)


def test_pages_of_a_course(zone: Zone) -> None:
    course = course_of(zone, 3)
    [cohort] = cohorts_of(course, 3)
    client = zone.client("office")
    far = dt.date(2150, 1, 1)
    Cohort.objects.create(course=course, name="以后", starts_on=far, ends_on=far, most=9)
    assert client.post(f"/classes/courses/{course.pk}/plan/", {"keep": "on"}).status_code == 302
    page = client.get(f"/classes/courses/{course.pk}/people/").content.decode()
    assert "正在后台计算" in page and "示例学员0" in page
    assert Certificate.objects.count() == 0
    assert client.get(f"/classes/cohorts/{cohort.pk}/roll/").status_code == 200
    file = SimpleUploadedFile("讲义.txt", "示例".encode())
    assert (
        client.post(f"/classes/courses/{course.pk}/materials/", {"files": file}).status_code == 302
    )
    assert "讲义.txt" in client.get(f"/classes/courses/{course.pk}/people/").content.decode()
    mine = zone.client("branch_secretary").get(f"/classes/courses/{course.pk}/people/")
    assert "示例学员0" in mine.content.decode()
