"""What a unit has set out to do: its programmes, their measures, and the cases these led to."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import ByUnit, Watch

# Who answers for a measure sees it, its programme and its targets, wherever their own unit stands.
MINE = (
    "EXISTS (SELECT 1 FROM programmes_measure AS mine WHERE mine.owner_id = luodi_account() AND {})"
)


class Programme(Scoped):
    """A programme of a unit, over a period: 领航工程."""

    unit = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    aim = models.TextField(_("要做成什么"), blank=True)
    since = models.DateField(_("开始日期"))
    until = models.DateField(_("结束日期"))
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByUnit(also=MINE.format("mine.programme_id = {table}.id"))
    watch = Watch()

    class Meta:
        verbose_name = _("工程")
        ordering = ["unit_id", "position", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="programme_period"),
            models.UniqueConstraint(fields=["unit", "name"], name="programme_name_once"),
        ]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class Measure(Scoped):
    """What is done for a programme: by whom, until when."""

    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="measures", verbose_name=_("工程")
    )
    text = models.TextField(_("举措"))
    owner_unit = models.ForeignKey(
        "scope.Unit", models.PROTECT, related_name="+", verbose_name=_("责任单位")
    )
    owner = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("责任人")
    )
    since = models.DateField(_("开始日期"))
    due_on = models.DateField(_("完成期限"))
    done_on = models.DateField(_("完成日期"), null=True)
    result = models.TextField(_("完成情况"), blank=True)
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByUnit(via="programme", also="owner_id = luodi_account()")
    watch = Watch()

    class Meta:
        verbose_name = _("举措")
        ordering = ["position", "due_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gte=F("since")), name="measure_period")
        ]

    def __str__(self) -> str:
        return self.text if len(self.text) <= 40 else self.text[:39] + "…"

    def is_late(self, on: dt.date) -> bool:
        return self.due_on < (self.done_on or on)


class MeasureCase(Scoped):
    """A case that belongs to a measure; with a target, one that was opened for its gap."""

    measure = models.ForeignKey(Measure, models.PROTECT, related_name="case_links")
    target = models.ForeignKey(
        "programmes.Target", models.PROTECT, null=True, related_name="case_links"
    )
    case = models.ForeignKey("casework.Case", models.PROTECT, related_name="+")
    linked_at = models.DateTimeField(_("关联时间"))

    guard = ByUnit(via="measure", also=MINE.format("mine.id = {table}.measure_id"))
    watch = Watch()

    class Meta:
        verbose_name = _("举措的事项")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "case"], name="measure_case_once")
        ]

    def __str__(self) -> str:
        return str(self.case_id)
