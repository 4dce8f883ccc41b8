"""A class of another city, as the page has it, and the batches after it; all people invented (示例).

孝义市's class of 9 December 2022: 15 days, 45 young cadres at section level; afterwards everybody in
batches. It stands in the county's records, because the page names it; the county's departments send.
"""

from __future__ import annotations

import datetime as dt

from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, today
from luodi.lib.codes import example_identity
from luodi.rooms.classes import api
from luodi.rooms.classes.api import Cohort, Course, Session, Trainee
from luodi.rooms.directory import api as directory
from luodi.rooms.directory.api import Person, Sex
from luodi.rooms.directory.demo import PAGE_ON, Asked, Zone, noon

FIRST, DAYS = dt.date(2022, 12, 9), 15
YOUNG, OTHERS = 45, 42
BATCHES = (dt.date(2023, 3, 6), dt.date(2023, 4, 10), dt.date(2023, 5, 15))
ALL_ON = dt.date(2023, 12, 31)
XIAOYI = "孝义市的培训班：见报道，供展示县级培训"
READINGS = {
    "training.days": Asked("classes.days", PAGE_ON, FIRST, of=UnitKind.COUNTY),
    "training.participants": Asked("classes.participants", PAGE_ON, FIRST, of=UnitKind.COUNTY),
    "training.coverage": Asked("classes.coverage", ALL_ON, of=UnitKind.COUNTY),
}
SESSIONS = (
    ("为全面建设社会主义现代化国家团结奋斗的宏伟纲领", "lecture", "市委党校讲师"),
    ("党性教育：不忘初心", "lecture", "市委党校讲师"),
    ("红色传统文化和廉政警示教育基地", "visit", "市委党校讲师"),
    ("基层治理案例", "case", "市委党校讲师"),
    ("中国干部网络学院课程", "video", ""),
    ("本部门情况和工作案例交流", "exchange", "全体学员"),
)


def build(zone: Zone) -> None:
    """The class, the batches by the planner until everybody was trained, and this year's course."""
    people = [_person(zone, number) for number in range(YOUNG + OTHERS)]
    first = _first(zone.county, people[:YOUNG])
    _batches(first, people[YOUNG:])
    _this_year(zone, people)


def _person(zone: Zone, number: int) -> Person:
    """A cadre of one of the county's departments."""
    born_on = dt.date(1980 + number % 15, 1 + number % 12, 1 + number % 27)
    return directory.add_person(
        actor=SYSTEM,
        unit=zone.departments[number % len(zone.departments)],
        name=next(zone.names),
        sex=Sex.MALE if number % 2 else Sex.FEMALE,
        born_on=born_on,
        identity=example_identity(500 + number, born_on),
    )


def _first(county: Unit, young: list[Person]) -> Course:
    course = Course.objects.create(
        unit=county,
        name="中青年干部培训暨党的二十大精神轮训（示例）",
        name_en="Young cadres' class on the spirit of the 20th Congress (example)",
        about=f"{XIAOYI}。讲授式、案例式、视频教学、现场教学相结合。",
        hours=90,
        levels=["section", "staff"],
        away=12,
        source="见报道：培训时间 15 天，选调 45 名年轻科级干部",
        opened_on=dt.date(2022, 11, 21),
    )
    course.refresh_from_db()
    cohort = Cohort.objects.create(
        course=course,
        name="中青班",
        starts_on=FIRST,
        ends_on=FIRST + dt.timedelta(days=DAYS - 1),
        least=40,
        most=45,
        levels=["section"],
        place="市委党校（示例）",
    )
    _timetable(cohort)
    _enrol(course, young, "section", dt.date(2022, 11, 25))
    Trainee.objects.filter(course=course).update(cohort=cohort, by_hand=True)
    api.finish_cohort(actor=SYSTEM, cohort=cohort, at=noon(cohort.ends_on, 17))
    return course


def _enrol(course: Course, people: list[Person], level: str, day: dt.date) -> None:
    for unit in sorted({one.unit for one in people}, key=lambda one: one.pk):
        mine = [one for one in people if one.unit_id == unit.pk]
        api.enrol(actor=SYSTEM, course=course, unit=unit, level=level, persons=mine, at=noon(day))


def _timetable(cohort: Cohort) -> None:
    """Two sessions on each day but Sundays, the forms in turn."""
    rows = []
    for number in range(cohort.days):
        day = cohort.starts_on + dt.timedelta(days=number)
        if day.weekday() == 6:
            continue
        for half, (start, end) in enumerate(((9, 12), (14, 17))):
            subject, form, teacher = SESSIONS[(2 * number + half) % len(SESSIONS)]
            rows.append(
                Session(
                    cohort=cohort,
                    subject=subject if number or half else "开班仪式；" + subject,
                    form=form,
                    teacher=teacher,
                    starts_at=noon(day, start),
                    ends_at=noon(day, end),
                    place="廉政警示教育示范基地" if form == "visit" else "市委党校大教室",
                )
            )
    Session.objects.bulk_create(rows)


def _batches(course: Course, people: list[Person]) -> None:
    """Everybody else, by the planner: three batches of which each leaves the departments working."""
    cohorts = [
        Cohort.objects.create(
            course=course,
            name=f"轮训第{'一二三'[number]}期",
            starts_on=day,
            ends_on=day + dt.timedelta(days=4),
            least=8,
            most=18,
            place="市委党校（示例）",
        )
        for number, day in enumerate(BATCHES)
    ]
    _enrol(course, people, "staff", dt.date(2023, 2, 10))
    plan = api.ask_plan(actor=SYSTEM, course=course, at=noon(dt.date(2023, 2, 13)), now=True)
    api.accept_plan(actor=SYSTEM, plan=plan)
    for cohort in cohorts:
        api.finish_cohort(actor=SYSTEM, cohort=cohort, at=noon(cohort.ends_on, 17))


def _this_year(zone: Zone, people: list[Person]) -> None:
    """A course that is under way: a cohort to come, a proposal that waits to be accepted."""
    day = today()
    course = Course.objects.create(
        unit=zone.county,
        name=f"{day.year}年基层干部轮训（示例）",
        name_en=f"Basic training {day.year} (example)",
        hours=24,
        levels=["staff"],
        away=8,
        opened_on=day - dt.timedelta(days=40),
    )
    course.refresh_from_db()
    for number in range(2):
        starts_on = day + dt.timedelta(days=20 + 14 * number)
        cohort = Cohort.objects.create(
            course=course,
            name=f"第{'一二'[number]}期",
            starts_on=starts_on,
            ends_on=starts_on + dt.timedelta(days=3),
            most=14,
            place="县委党校（示例）",
        )
        if not number:
            _timetable(cohort)
    _enrol(course, people[-30:], "staff", day - dt.timedelta(days=20))
    api.ask_plan(actor=SYSTEM, course=course, now=True)
