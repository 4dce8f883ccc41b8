"""Posts and areas with who holds them when, tasks to claim, innovation studios."""

from __future__ import annotations

import secrets
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting, several
from luodi.ground.scope.api import Account, Part, Record
from luodi.ground.tables.api import IN_SCOPE, ByUnit, Watch
from luodi.rooms.casework.api import Case
from luodi.rooms.directory.api import Branch, Person

KINDS = {"post": _("党员先锋岗"), "area": _("党员责任区")}
SHOWN = {"name": _("姓名"), "unit": _("所在单位"), "since": _("起始日期")}


def token() -> str:
    """What a printed code leads by: not to be guessed."""
    return secrets.token_urlsafe(12)


class Stand(Record, Lasting):
    """A post or an area: a place of work, a line, a street, and what it stands for."""

    kind = models.CharField(_("类型"), max_length=4, choices=KINDS)
    name = models.CharField(_("名称"), max_length=60)
    place = models.CharField(_("地点或范围"), max_length=120, blank=True)
    sentence = models.CharField(_("一句话承诺"), max_length=80)
    duties = models.TextField(_("任务"), max_length=1000, blank=True)
    token = models.CharField(max_length=24, unique=True, editable=False)

    class Meta:
        verbose_name = _("先锋岗和责任区")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="pioneer_stand_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        """As every record; a new one gets what its printed code leads by."""
        self.token = self.token or token()
        super().save(*args, **options)

    def get_absolute_url(self) -> str:
        return reverse("pioneer:stand", args=[self.pk])


class Holding(Part):
    """That a member holds a post or an area from a day until a day (exclusive), and what of that may
    stand on the sign's page: what the holder agreed to."""

    stand = models.ForeignKey(
        Stand, models.PROTECT, related_name="holdings", verbose_name=_("岗或区")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("党员"))
    since = models.DateField(_("自"))
    until = models.DateField(_("至（不含）"), null=True, blank=True)
    agreed = several(_("本人同意公示"), SHOWN)

    guard = ByUnit(via="stand")
    watch = Watch()

    class Meta:
        verbose_name = _("岗区的担任")
        constraints = [
            models.UniqueConstraint(
                fields=["stand"], condition=models.Q(until=None), name="pioneer_holding_once"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")),
                name="pioneer_holding_period",
            ),
        ]
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.stand} {self.since}"


class Task(Record):
    """Something that needs hands: raised by a unit, offered to all of the zone."""

    title = models.CharField(_("任务"), max_length=80)
    what = models.TextField(_("要做什么"), max_length=1000, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    due_on = models.DateField(_("完成期限"))
    hands = models.PositiveSmallIntegerField(_("需要人数"), default=1)
    skill = models.CharField(_("需要的技能"), max_length=120, blank=True)
    case = models.ForeignKey(
        Case, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("来自事项")
    )
    source = models.CharField(_("来自决定或目标"), max_length=120, blank=True)
    raised_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    raised_at = models.DateTimeField(_("提出时间"), default=timezone.now, editable=False)
    returned_at = models.DateTimeField(_("退回提出人时间"), null=True, editable=False)
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)
    reason = models.CharField(_("撤回的理由"), max_length=200, blank=True)

    # what is wanted is for everybody here to see; nobody is named in it
    guard = ByUnit(also="true", write=IN_SCOPE)
    watch = Watch()

    class Meta:
        verbose_name = _("认领任务")
        indexes = [models.Index(fields=["due_on"], name="pioneer_task_due")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("pioneer:task", args=[self.pk])


class Claim(Part):
    """That a branch, or one of its members, took a task on: dropped, handed on, or done with a sentence."""

    task = models.ForeignKey(Task, models.PROTECT, related_name="claims", verbose_name=_("任务"))
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("党组织"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("党员")
    )
    claimed_on = models.DateField(_("认领日期"))
    dropped_on = models.DateField(_("退出日期"), null=True, blank=True)
    reason = models.CharField(_("退出的理由"), max_length=200, blank=True)
    handed_to = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="handed_from",
        verbose_name=_("转交给"),
    )  # fmt: skip
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    sentence = models.CharField(_("完成情况"), max_length=200, blank=True)

    guard = ByUnit(via="branch", also="true", write=IN_SCOPE)
    watch = Watch()

    class Meta:
        verbose_name = _("认领")
        ordering = ["claimed_on", "pk"]

    def __str__(self) -> str:
        return f"{self.task} · {self.branch}"


class Studio(Record, Lasting):
    """An innovation studio of an enterprise: what came of it is looked up, never entered."""

    name = models.CharField(_("名称"), max_length=60)
    aim = models.CharField(_("方向"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("创新工作室")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="pioneer_studio_once")]

    def __str__(self) -> str:
        return self.name


class StudioMember(Part, Lasting):
    """Somebody who works in a studio."""

    guard = ByUnit(via="studio")
    studio = models.ForeignKey(Studio, models.PROTECT, verbose_name=_("创新工作室"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("人员"))
    role = models.CharField(_("分工"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("工作室成员")
        constraints = [
            models.UniqueConstraint(
                fields=["studio", "person"],
                condition=models.Q(closed_on=None),
                name="pioneer_studio_member_once",
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class Project(Part, Lasting):
    """What a studio works on."""

    guard = ByUnit(via="studio")
    studio = models.ForeignKey(Studio, models.PROTECT, verbose_name=_("创新工作室"))
    name = models.CharField(_("攻关项目"), max_length=80)
    result = models.CharField(_("进展"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("攻关项目")
        constraints = [
            models.UniqueConstraint(fields=["studio", "name"], name="pioneer_project_once")
        ]

    def __str__(self) -> str:
        return self.name
