"""Targets: a figure, a comparison, a value, a day; every earlier promise is kept."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import ByUnit, Watch
from luodi.rooms.directory.api import Dated, DatedQuerySet, never_twice, numbers
from luodi.rooms.programmes.models.plan import MINE, Measure


class Target(Scoped):
    """What a measure is to reach. What exactly is promised stands in its pledges."""

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="targets", verbose_name=_("举措")
    )
    name = models.CharField(_("目标名称"), max_length=60, blank=True)
    dropped_on = models.DateField(_("取消日期"), null=True)
    dropped_why = models.TextField(_("取消原因"), blank=True)

    guard = ByUnit(via="measure", also=MINE.format("mine.id = {table}.measure_id"))
    watch = Watch()

    class Meta:
        verbose_name = _("目标")
        ordering = ["measure__position", "measure_id", "id"]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class Pledge(Scoped, Dated):
    """What is promised for a target, from a day on: `figure comparison value` on `due_on`.

    `value` is a number, a day (2022-12-31), a word, or yes / no, by the figure's kind. A figure of
    a period is counted from `count_from` on, of the programme's first day where that is empty.
    """

    class Comparison(models.TextChoices):
        AT_LEAST = ">=", _("不低于")
        MORE = ">", _("高于")
        EQUAL = "=", _("等于")
        AT_MOST = "<=", _("不高于")
        LESS = "<", _("低于")

    target = models.ForeignKey(Target, models.PROTECT, related_name="pledges")
    figure = models.CharField(_("数字"), max_length=120)
    parameters = models.JSONField(_("参数"), default=dict, blank=True)
    comparison = models.CharField(_("比较"), max_length=2, choices=Comparison)
    value = models.CharField(_("目标值"), max_length=60)
    count_from = models.DateField(_("自哪天起统计"), null=True)
    due_on = models.DateField(_("期限"))
    owner = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("责任人")
    )
    reason = models.TextField(_("调整原因"), blank=True)

    guard = ByUnit(
        via="target",
        also="EXISTS (SELECT 1 FROM programmes_target AS one WHERE one.id = {table}.target_id)",
    )
    watch = Watch()

    objects = DatedQuerySet["Pledge"].as_manager()

    class Meta:
        verbose_name = _("目标承诺")
        ordering = ["target_id", "valid"]
        constraints = never_twice("pledge", numbers("target_id"))

    @property
    def version(self) -> int:
        """What is promised is never changed: another row stands in its place."""
        return int(self.pk)

    def __str__(self) -> str:
        return f"{self.get_comparison_display()} {self.value}"

    def first_day(self, programme_since: dt.date) -> dt.date:
        """The day from which a figure of a period is counted."""
        return self.count_from or programme_since
