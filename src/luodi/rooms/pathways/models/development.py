"""The file of a person who applied for membership: dated facts, each of one step."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Account, Part
from luodi.ground.tables.api import ByUnit, Watch
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings.api import Vote
from luodi.rooms.pathways.rules.steps import STEPS, Outcome

STEP_CHOICES = [(step.key, step.title) for step in STEPS.values()]
OUTCOMES = [
    (Outcome.PASSED.value, _("通过")),
    (Outcome.FAILED.value, _("未通过")),
    (Outcome.EXTENDED.value, _("延长预备期")),
    (Outcome.CANCELLED.value, _("取消预备党员资格")),
]


class End(models.TextChoices):
    """How a file ends. All but the first need grounds."""

    MEMBER = "member", _("已转为正式党员并归档")
    WITHDRAWN = "withdrawn", _("本人撤回申请")
    STOPPED = "stopped", _("不再作为培养对象")
    REFUSED = "refused", _("未被接收为预备党员")
    CANCELLED = "cancelled", _("取消预备党员资格")
    LEFT = "left", _("材料转往本区以外")
    DIED = "died", _("去世")


SUCCESS = (End.MEMBER, End.LEFT)


class Journey(Part):
    """A person's way from the application on. Who acts is the organisation the person belongs to, by the
    directory; the file goes where the person's record goes."""

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="journeys", verbose_name=_("人员")
    )
    plan_year = models.PositiveSmallIntegerField(_("列入计划的年度"), null=True, blank=True)
    end = models.CharField(_("结果"), max_length=10, choices=End.choices, blank=True)
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    ground = models.CharField(_("依据和理由"), max_length=300, blank=True)
    opened_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("材料清除时间"), null=True, editable=False)

    guard = ByUnit(via="person")
    watch = Watch(hidden=["ground"])

    class Meta:
        verbose_name = _("发展党员")
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(ended_on=None), name="pathways_journey_once"
            ),
            models.CheckConstraint(
                condition=models.Q(end="", ended_on=None)
                | (~models.Q(end="") & models.Q(ended_on__isnull=False)),
                name="pathways_journey_ends",
            ),
        ]
        indexes = [models.Index(fields=["plan_year"], name="pathways_journey_plan")]

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("pathways:journey", args=[self.pk])


class Fact(Part):
    """That a step was taken on a day, with what came of it and what was shown for it."""

    journey = models.ForeignKey(
        Journey, models.CASCADE, related_name="facts", verbose_name=_("发展党员")
    )
    step = models.CharField(_("步骤"), max_length=16, choices=STEP_CHOICES)
    on = models.DateField(_("日期"))
    outcome = models.CharField(_("结果"), max_length=10, choices=OUTCOMES, default="passed")
    paper = models.CharField(_("材料"), max_length=200, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    days = models.DecimalField(_("培训天数"), max_digits=4, decimal_places=1, default=0)
    hours = models.DecimalField(_("培训学时"), max_digits=5, decimal_places=1, default=0)
    entitled = models.PositiveSmallIntegerField(_("应到会有表决权人数"), default=0)
    present = models.PositiveSmallIntegerField(_("实到会有表决权人数"), default=0)
    favour = models.PositiveSmallIntegerField(_("赞成人数"), default=0)
    months = models.PositiveSmallIntegerField(_("延长月数"), default=0)
    vote = models.ForeignKey(
        Vote, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("会议表决")
    )
    exception = models.CharField(_("例外的理由"), max_length=300, blank=True)
    excepted_by = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("同意例外的人"),
    )
    recorded_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    guard = ByUnit(via="journey")
    watch = Watch(hidden=["paper", "note"])

    class Meta:
        verbose_name = _("发展党员的步骤")
        constraints = [
            models.UniqueConstraint(
                fields=["journey", "step"],
                condition=models.Q(outcome="passed") & ~models.Q(step__in=["review", "observe"]),
                name="pathways_step_once",
            ),
            models.UniqueConstraint(
                fields=["journey", "step", "on"], name="pathways_step_once_a_day"
            ),
        ]
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{STEPS[self.step].title} {self.on}"

    @property
    def rule(self) -> Any:
        """The step, as the rules have it."""
        return STEPS[self.step]


class Helper(Part):
    """Who is named in a step: the contacts of cultivation, the introducers."""

    fact = models.ForeignKey(Fact, models.CASCADE, related_name="helpers", verbose_name=_("步骤"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("党员"))

    guard = ByUnit(via="fact")
    watch = Watch()

    class Meta:
        verbose_name = _("联系人和介绍人")
        constraints = [
            models.UniqueConstraint(fields=["fact", "person"], name="pathways_helper_once")
        ]

    def __str__(self) -> str:
        return str(self.person)


class Interruption(Part):
    """A time that does not count as cultivation, until a day (exclusive)."""

    journey = models.ForeignKey(
        Journey, models.CASCADE, related_name="interruptions", verbose_name=_("发展党员")
    )
    since = models.DateField(_("自"))
    until = models.DateField(_("至（不含）"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=200)

    guard = ByUnit(via="journey")
    watch = Watch(hidden=["reason"])

    class Meta:
        verbose_name = _("培养中断")
        constraints = [
            models.UniqueConstraint(
                fields=["journey"],
                condition=models.Q(until=None),
                name="pathways_interruption_once",
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="pathways_interruption_period",
            ),
        ]
        ordering = ["since"]

    def __str__(self) -> str:
        return f"{self.since}—{self.until or ''}"
