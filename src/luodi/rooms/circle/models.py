"""Where people live, where could be built, the streets, and the studies that were made of them."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting
from luodi.ground.scope.api import Record
from luodi.ground.tables.api import Unwatched, Watch

KINDS = {
    "any": _("任何体育场地"),
    "pitch": _("足球场"),
    "court": _("篮球、排球等球场"),
    "trail": _("步道和骑行道"),
    "fitness": _("健身器材和健身房"),
    "culture": _("文化场所"),
}
MODES = {"walk": _("步行"), "cycle": _("骑车")}
GOALS = {"cover": _("让更多人在时限内"), "median": _("总路程最短"), "centre": _("最远的人最近")}


class Placed(models.Model):
    """A position in degrees, WGS 84."""

    longitude = models.DecimalField(
        _("经度"),
        max_digits=9,
        decimal_places=6,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    latitude = models.DecimalField(
        _("纬度"),
        max_digits=8,
        decimal_places=6,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )

    class Meta:
        abstract = True


class Settlement(Record, Placed, Lasting):
    """A village, a community, or a part of one: how many people live there, by age."""

    name = models.CharField(_("村（社区）"), max_length=60)
    children = models.PositiveIntegerField(_("0—14岁"), default=0)
    adults = models.PositiveIntegerField(_("15—59岁"), default=0)
    elders = models.PositiveIntegerField(_("60岁及以上"), default=0)

    class Meta:
        verbose_name = _("居民点")
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="circle_settlement_once")
        ]

    def __str__(self) -> str:
        return self.name


class Site(Record, Placed, Lasting):
    """Where something could be built, and what that would cost."""

    name = models.CharField(_("候选点"), max_length=60)
    cost = models.DecimalField(
        _("造价（万元）"), max_digits=10, decimal_places=2, validators=[MinValueValidator(0)]
    )

    class Meta:
        verbose_name = _("候选点")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="circle_site_once")]

    def __str__(self) -> str:
        return self.name


class Streets(Record):
    """The street graph of a unit, read from a file once: arrays, compressed."""

    source = models.CharField(_("来源"), max_length=200)
    nodes = models.PositiveIntegerField(_("路口"))
    streets = models.PositiveIntegerField(_("路段"))
    islands = models.PositiveIntegerField(_("不相连的小片"), default=0)
    packed = models.BinaryField()
    read_at = models.DateTimeField(_("读入时间"), default=timezone.now)

    watch = Watch(hidden=["packed"])

    class Meta:
        verbose_name = _("路网")
        constraints = [models.UniqueConstraint(fields=["unit"], name="circle_streets_once")]

    def __str__(self) -> str:
        return self.source


class Study(Record):
    """A measurement of a unit's circle, with where to build next if that was asked; kept as it was."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待计算")
        RUNNING = "running", _("正在计算")
        READY = "ready", _("已算好")
        FAILED = "failed", _("没有算成")

    kind = models.CharField(_("设施"), max_length=8, choices=KINDS)
    mode = models.CharField(_("出行方式"), max_length=5, choices=MODES, default="walk")
    minutes = models.PositiveSmallIntegerField(
        _("时限（分钟）"), default=15, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    clock = models.TimeField(
        _("几点去"),
        null=True,
        blank=True,
        help_text=_("按工作日这个钟点还开放的设施算；不填则不看开放时间。"),
    )
    count = models.PositiveSmallIntegerField(
        _("再建几处"), default=0, validators=[MaxValueValidator(50)]
    )
    goal = models.CharField(_("选址目标"), max_length=6, choices=GOALS, default="cover", blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    says = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey(
        "scope.Account", models.SET_NULL, null=True, related_name="+", verbose_name=_("发起人")
    )
    asked_at = models.DateTimeField(_("发起时间"), default=timezone.now)
    done_at = models.DateTimeField(_("算好时间"), null=True)
    result = models.JSONField(default=dict)
    picture = models.TextField(blank=True)
    page = models.BinaryField(default=b"")

    watch = Unwatched("a computed result, kept as it came", timeless=True)

    class Meta:
        verbose_name = _("测算")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.get_mode_display()} · {self.minutes}"
