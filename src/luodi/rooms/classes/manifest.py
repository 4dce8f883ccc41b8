"""What the room brings: training classes, who goes when, hours, certificates."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import (
    BRANCHES,
    ENTERPRISES,
    LEADERS,
    READERS,
    History,
    Job,
    Manifest,
    Part,
    PersonalField,
)
from luodi.rooms.classes.models import Cohort, Course, Session
from luodi.rooms.classes.parts import deadlines_of, trained


def course_links(request: Any, record: Course) -> list[tuple[str, Any]]:
    return [(reverse("classes:people", args=[record.pk]), _("名单和分班"))]


def cohort_links(request: Any, record: Cohort) -> list[tuple[str, Any]]:
    return [(reverse("classes:roll", args=[record.pk]), _("课程表和学员"))]


COURSES = Resource(
    model=Course,
    fields=["name", "name_en", "unit", "levels", "hours", "away", "about", "source", "opened_on"],
    columns=["name", "unit", "levels", "hours", "opened_on"],
    filters=["unit", "levels"],
    children=[Cohort],
    measure=_("门"),
    icon="report",
    job=Job.GATHERINGS,
    links=course_links,
)
COHORTS = Resource(
    model=Cohort,
    fields=["name", "course", "starts_on", "ends_on", "least", "most", "levels", "place"],
    columns=["name", "course", "starts_on", "ends_on", "most", "place"],
    search=["name", "course__name"],
    sort="starts_on",
    children=[Session],
    links=cohort_links,
)
SESSIONS = Resource(
    model=Session,
    fields=["subject", "cohort", "form", "starts_at", "ends_at", "teacher", "room", "place"],
    columns=["subject", "cohort", "starts_at", "form", "teacher", "room"],
    search=["subject", "teacher"],
    sort="starts_at",
    setting=True,
)
MANIFEST = Manifest(
    label=_("培训班"),
    prefix="classes/",
    permissions={
        "classes.view": READERS | ENTERPRISES | {"department_officer"},
        "classes.send": BRANCHES | {"department_officer"},
        "classes.write": LEADERS,
    },
    resources=[COURSES, COHORTS, SESSIONS],
    person_page=[Part("classes/person_part.html", trained, rank=35)],
    deadlines=deadlines_of,
    histories=[
        History(
            "classes_trainee",
            [("classes_certificate", "trainee_id")],
            "classes.view",
            lambda row: reverse("classes:people", args=[row.course_id]),
        ),
        History(
            "classes_plan",
            (),
            "classes.view",
            lambda row: reverse("classes:people", args=[row.course_id]),
        ),
    ],
    personal=[
        PersonalField(
            "Trainee",
            "hours",
            _("培训学时"),
            _("核算本人学时，开具结业证书"),
            _("第十三条第一款第三项（履行法定职责所必需）"),
            _("随姓名清除后不再指向个人"),
        ),
        PersonalField(
            "Trainee",
            "away",
            _("不便日期"),
            _("安排期次时避开"),
            _("第十三条第一款第二项（人力资源管理所必需）"),
            _("随姓名清除后不再指向个人"),
        ),
    ],
)
