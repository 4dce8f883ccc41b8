"""A plan for many at once, what it answered to each, and the sums that may be shown."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import NOBODY, Guard, Unwatched
from luodi.rooms.exchange.guard import BROKERS, ENGINE, ByParty
from luodi.rooms.exchange.models.commodity import Commodity
from luodi.rooms.exchange.models.offer import Offer
from luodi.rooms.exchange.models.party import BROKER, Party


class Run(models.Model):
    """A plan over all open offers and needs of a desk. `lines`: who could deliver what to whom."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待计算")
        RUNNING = "running", _("正在计算")
        READY = "ready", _("已完成")
        STOPPED = "stopped", _("已停止")
        FAILED = "failed", _("没有结果")

    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("发起人")
    )
    asked_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    ended_at = models.DateTimeField(_("完成时间"), null=True)
    stop = models.BooleanField(default=False)
    progress = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    failures = models.JSONField(default=list)
    says = models.CharField(_("说明"), max_length=500, blank=True)

    guard = Guard(read=BROKERS)
    watch = Unwatched("a plan is computed anew from what is watched", timeless=True)

    class Meta:
        verbose_name = _("对接方案")
        ordering = ["-asked_at", "-id"]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.asked_at):%Y-%m-%d %H:%M}"


class Answer(models.Model):
    """Why the last plan did not reach an offer or need, as a class: nobody's price, nobody's name."""

    class Why(models.TextChoices):
        CHOSEN = "chosen", _("已有可对接的对象")
        NOBODY = "nobody", _("目前没有对应的供需")
        QUALITY = "quality", _("质量")
        QUANTITY = "quantity", _("数量")
        DISTANCE = "distance", _("距离")
        PERIOD = "period", _("时间")

    offer = models.OneToOneField(Offer, models.CASCADE, related_name="answer")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+")
    why = models.CharField(_("原因"), max_length=8, choices=Why)
    on = models.DateField(_("日期"))

    guard = ByParty(insert=BROKERS, update=BROKERS)
    watch = Unwatched("the last plan's; computed anew by the next", timeless=True)

    class Meta:
        verbose_name = _("方案的答复")

    def __str__(self) -> str:
        return self.get_why_display()


class Total(models.Model):
    """How much was offered or wanted of a commodity in a zone, published for a month for all to read.

    Written by the engine alone, and only where the rule of `sums.py` allows.
    """

    zone = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+")
    commodity = models.ForeignKey(Commodity, models.PROTECT, related_name="+")
    way = models.CharField(max_length=4, choices=Offer.Way)
    month = models.DateField(_("月份"))
    monthly = models.DecimalField(_("每月数量"), max_digits=16, decimal_places=2)

    guard = Guard(read="true", write=NOBODY, insert=ENGINE)
    watch = Unwatched("published once and never changed", timeless=True)
    append_only = True

    class Meta:
        verbose_name = _("供需总量")
        ordering = ["-month", "commodity__code", "way"]
        constraints = [
            models.UniqueConstraint(fields=["zone", "commodity", "way", "month"], name="total_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.commodity} {self.monthly}"


class Part(models.Model):
    """What each party put into a total: only the engine reads it, to guard the next."""

    total = models.ForeignKey(Total, models.PROTECT, related_name="parts")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    monthly = models.DecimalField(max_digits=16, decimal_places=2)

    guard = Guard(read=ENGINE)
    watch = Unwatched("the engine's memory of what it published", timeless=True)
    append_only = True

    class Meta:
        verbose_name = _("供需总量的组成")

    def __str__(self) -> str:
        return str(self.pk)
