"""Minutes: their points, what was decided, and what somebody is to do about it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Account, Part
from luodi.ground.tables.api import ByUnit
from luodi.rooms.directory.api import Person
from luodi.rooms.gatherings.models.gathering import Gathering


class Minutes(Part):
    """The minutes of a gathering. Signed ones never change: a correction supersedes them."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        SIGNED = "signed", _("已签认")
        SUPERSEDED = "superseded", _("已被更正")

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="minutes", verbose_name=_("活动")
    )
    number = models.PositiveSmallIntegerField(_("第几稿"), default=1)
    state = models.CharField(_("状态"), max_length=12, choices=State.choices, default=State.DRAFT)
    text = models.TextField(_("记录"), blank=True)
    why = models.CharField(_("更正理由"), max_length=200, blank=True)
    written_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("记录人")
    )
    written_at = models.DateTimeField(_("记录时间"), default=timezone.now)
    signed_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("签认人")
    )
    signed_at = models.DateTimeField(_("签认时间"), null=True)
    counts = models.JSONField(_("签认时的人数"), default=dict, blank=True)

    guard = ByUnit(via="gathering")

    class Meta:
        verbose_name = _("会议记录")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["gathering", "number"], name="gathering_minutes_once"),
            models.UniqueConstraint(
                fields=["gathering"],
                condition=Q(state="draft"),
                name="gathering_minutes_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.gathering} · {self.number}"


class Point(Part):
    """A point of the minutes: who spoke, what was said, what was decided."""

    minutes = models.ForeignKey(
        Minutes, models.CASCADE, related_name="points", verbose_name=_("会议记录")
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    title = models.CharField(_("议题"), max_length=200)
    speakers = models.CharField(_("发言人"), max_length=200, blank=True)
    text = models.TextField(_("内容"), blank=True)
    decision = models.TextField(_("决定"), blank=True)

    guard = ByUnit(via="minutes")

    class Meta:
        verbose_name = _("议题")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.title


class Task(Part):
    """What a gathering decided that somebody does until a day; or that went to the three lists."""

    gathering = models.ForeignKey(
        Gathering, models.PROTECT, related_name="tasks", verbose_name=_("活动")
    )
    text = models.CharField(_("任务"), max_length=200)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("负责人")
    )
    owner = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("账号")
    )
    due_on = models.DateField(_("完成期限"), null=True, blank=True)
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    result = models.CharField(_("完成情况"), max_length=200, blank=True)
    case = models.ForeignKey(
        "casework.Case", models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("事项"),
    )  # fmt: skip
    given_at = models.DateTimeField(_("交办时间"), default=timezone.now)

    guard = ByUnit(via="gathering", also="{table}.owner_id = (SELECT luodi_account())")

    class Meta:
        verbose_name = _("会议任务")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["owner", "due_on"],
                name="gathering_task_owner",
                condition=Q(done_on__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.text
