"""A plan that was asked for: its inputs, what came out, what is proven."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Record
from luodi.ground.tables.api import Watch


class Scenario(Record):
    """Inputs, plan and bound, kept. `inputs` say how it departs from what was measured."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队中")
        RUNNING = "running", _("计算中")
        DONE = "done", _("已完成")
        STOPPED = "stopped", _("已停止")
        FAILED = "failed", _("未算成")

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("内容"), max_length=10, default="plan")
    inputs = models.JSONField(_("输入"), default=dict)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    progress = models.JSONField(_("进度"), default=list)
    stop = models.BooleanField(_("要求停止"), default=False)
    objective = models.DecimalField(_("总费用（元）"), max_digits=18, decimal_places=2, null=True)
    bound = models.DecimalField(_("下界（元）"), max_digits=18, decimal_places=2, null=True)
    results = models.JSONField(_("结果"), default=dict)
    why = models.TextField(_("未算成的原因"), blank=True)
    asked_at = models.DateTimeField(_("提出时间"), default=timezone.now)
    asked_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    workbook = models.BinaryField(null=True)
    report = models.TextField(blank=True)
    done_at = models.DateTimeField(_("完成时间"), null=True)

    watch = Watch(ignored=["workbook", "report", "progress"])

    class Meta:
        verbose_name = _("用电方案")
        ordering = ["-asked_at"]

    def __str__(self) -> str:
        return self.name
