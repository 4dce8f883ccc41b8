"""Courses, their cohorts with a timetable, who is to be trained, plans of who goes when, certificates."""

from __future__ import annotations

import datetime as dt
import secrets

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting, several
from luodi.ground.scope.api import Account, Part, Record
from luodi.ground.tables.api import IN_SCOPE, KEPT_ABOVE, ByUnit, Watch
from luodi.rooms.directory.api import Person
from luodi.rooms.places.api import Room

LEVELS = {
    "section": _("科级干部"),
    "staff": _("科级以下干部"),
    "member": _("党员"),
    "other": _("其他人员"),
}
FORMS = {
    "lecture": _("讲授式"),
    "case": _("案例式"),
    "video": _("视频教学"),
    "visit": _("现场教学"),
    "exchange": _("交流研讨"),
    "other": _("其他"),
}
# Characters that nobody mistakes for each other, read aloud or written by hand.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE = 12


class Course(Record, Lasting):
    """What is taught to whom, by a unit for itself and all below it; in as many cohorts as it takes."""

    name = models.CharField(_("名称"), max_length=80)
    name_en = models.CharField(_("英文名称"), max_length=120, blank=True)
    about = models.TextField(_("内容"), blank=True)
    hours = models.PositiveSmallIntegerField(
        _("学时"), default=0, validators=[MaxValueValidator(2000)]
    )
    levels = several(_("培训对象"), LEVELS)
    away = models.PositiveSmallIntegerField(
        _("同一单位同时最多"),
        null=True,
        blank=True,
        help_text=_("同一单位同时外出培训的人数上限，不填为不限。"),
    )
    source = models.CharField(_("依据"), max_length=120, blank=True)

    # who is to come must see it
    guard = ByUnit(also=KEPT_ABOVE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("培训课程")
        ordering = ["-opened_on", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="course_once",
                violation_error_message=_("这个单位已有同名的课程。"),
                violation_error_code="name",
            )
        ]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class Cohort(Part):
    """One run of a course: its days, how many it takes, and where."""

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="cohorts", verbose_name=_("课程")
    )
    name = models.CharField(_("期次"), max_length=60)
    starts_on = models.DateField(_("开班日期"))
    ends_on = models.DateField(_("结业日期"))
    least = models.PositiveSmallIntegerField(_("最少人数"), default=0)
    most = models.PositiveSmallIntegerField(
        _("最多人数"), default=50, validators=[MinValueValidator(1)]
    )
    levels = several(_("本期对象"), LEVELS)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    finished_at = models.DateTimeField(_("结业登记时间"), null=True, editable=False)

    guard = ByUnit(via="course", also=KEPT_ABOVE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("期次")
        ordering = ["starts_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "name"],
                name="cohort_once",
                violation_error_message=_("这门课程已有同名的期次。"),
                violation_error_code="name",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="cohort_days",
                violation_error_message=_("结业日期不能早于开班日期。"),
                violation_error_code="ends_on",
            ),
            models.CheckConstraint(
                condition=Q(most__gte=F("least")),
                name="cohort_sizes",
                violation_error_message=_("最多人数不能少于最少人数。"),
                violation_error_code="most",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.name}"

    @property
    def days(self) -> int:
        """How many days it lasts, the first and the last one counted."""
        return (self.ends_on - self.starts_on).days + 1


class Session(Part):
    """What is taught in a cohort at a time, by whom, in which form, where."""

    cohort = models.ForeignKey(
        Cohort, models.PROTECT, related_name="sessions", verbose_name=_("期次")
    )
    subject = models.CharField(_("课题"), max_length=120)
    form = models.CharField(_("方式"), max_length=8, choices=list(FORMS.items()), default="lecture")
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("结束时间"))
    teacher = models.CharField(_("教师"), max_length=60, blank=True)
    room = models.ForeignKey(
        Room, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("房间")
    )
    place = models.CharField(_("其他地点"), max_length=120, blank=True)

    guard = ByUnit(via="cohort", also=KEPT_ABOVE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("课程表")
        ordering = ["starts_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cohort", "starts_at", "subject"], name="session_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="session_times",
                violation_error_message=_("结束时间要晚于开始时间。"),
                violation_error_code="ends_at",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Trainee(Record):
    """Somebody who is to be trained in a course, sent by a unit: to be placed, placed, trained, dropped.

    `away`: spans of days that do not suit, as pairs of ISO dates. `by_hand`: a person put them into
    the cohort, so that a plan leaves them there. `hours`: what they got, at the time.
    """

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="trainees", verbose_name=_("课程")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    level = models.CharField(_("层级"), max_length=8, choices=list(LEVELS.items()), default="staff")
    urgency = models.PositiveSmallIntegerField(
        _("紧迫程度"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("1 到 5，越大越先安排。"),
    )
    away = ArrayField(
        models.CharField(max_length=21), verbose_name=_("不便日期"), default=list, blank=True
    )
    cohort = models.ForeignKey(
        Cohort,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="trainees",
        verbose_name=_("期次"),
    )
    by_hand = models.BooleanField(_("人工安排"), default=False, editable=False)
    enrolled_on = models.DateField(_("列入名单的日期"), editable=False)
    trained_on = models.DateField(_("结业日期"), null=True, editable=False)
    hours = models.DecimalField(
        _("获得学时"), max_digits=6, decimal_places=1, null=True, editable=False
    )
    dropped_on = models.DateField(_("不再参训的日期"), null=True, editable=False)
    why = models.CharField(_("不再参训的原因"), max_length=200, blank=True, editable=False)

    class Meta:
        verbose_name = _("培训对象")
        ordering = ["person__sort_key", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course", "person"],
                name="trainee_once",
                violation_error_message=_("这个人已经在这门课程的名单里。"),
                violation_error_code="person",
            )
        ]

    def __str__(self) -> str:
        return self.person.name

    def spans(self) -> list[tuple[dt.date, dt.date]]:
        """The days that do not suit."""
        pairs = (one.split("~") for one in self.away)
        return [(dt.date.fromisoformat(pair[0]), dt.date.fromisoformat(pair[-1])) for pair in pairs]


class Plan(Record):
    """A proposal of who goes into which cohort, computed in the worker: kept with its bound.

    `placed`: trainee's id to cohort's id; `left`: trainee's id to why they could not be placed.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("计算中")
        READY = "ready", _("待确认")
        ACCEPTED = "accepted", _("已采用")
        STALE = "stale", _("已作废")
        FAILED = "failed", _("没有算成")

    course = models.ForeignKey(Course, models.PROTECT, related_name="plans", verbose_name=_("课程"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.WAITING)
    placed = models.JSONField(_("安排"), default=dict)
    left = models.JSONField(_("没有安排的人"), default=dict)
    objective = models.FloatField(_("目标值"), null=True)
    bound = models.FloatField(_("界限"), null=True)
    proven = models.BooleanField(_("已证明最优"), default=False)
    moved = models.PositiveIntegerField(_("改动的人数"), default=0)
    asked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    asked_at = models.DateTimeField(_("提出时间"))
    finished_at = models.DateTimeField(_("算完时间"), null=True)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    watch = Watch()

    class Meta:
        verbose_name = _("分班方案")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["course"],
                condition=Q(state__in=["waiting", "running"]),
                name="plan_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course} {self.asked_at:%Y-%m-%d}"


def new_code() -> str:
    """A certificate's code: about 59 bits, so that nobody guesses one."""
    return "".join(secrets.choice(ALPHABET) for _place in range(CODE))


class Certificate(Record):
    """That somebody finished a cohort, verifiable by its code. Revoked ones stay, and say so."""

    trainee = models.OneToOneField(
        Trainee, models.PROTECT, related_name="certificate", verbose_name=_("培训对象")
    )
    code = models.CharField(_("编号"), max_length=CODE, unique=True)
    issued_on = models.DateField(_("发证日期"))
    revoked_on = models.DateField(_("撤销日期"), null=True)
    why = models.CharField(_("撤销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("结业证书")

    def __str__(self) -> str:
        return self.spaced

    @property
    def spaced(self) -> str:
        """The code as it is printed: in groups of four."""
        return " ".join(self.code[place : place + 4] for place in range(0, CODE, 4))
