"""Plants, meters and what they measured: a row for each meter and day, pre-summed by hour and day."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting
from luodi.ground.scope.api import Record, Scoped, Unit
from luodi.ground.tables.api import ByUnit, More, Trigger, Unwatched, Watch

POINTS = 96  # quarters of an hour a day
KEPT = "its rows say themselves since when, and until when, they are known; none is ever removed"
SOURCES = {
    "wind": _("风电"),
    "solar": _("光伏"),
    "hydro": _("水电"),
    "biomass": _("生物质发电"),
    "storage": _("储能"),
}


class Plant(Record, Lasting):
    """What generates or stores power: whose certificates, over which line."""

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=8, choices=SOURCES)
    capacity_mw = models.DecimalField(
        _("装机容量（兆瓦）"), max_digits=10, decimal_places=3, null=True, blank=True
    )
    commissioned_on = models.DateField(_("投产日期"), null=True, blank=True)
    direct_line = models.BooleanField(
        _("绿电直连"), default=False, help_text=_("专线直接供给用户，不经公共电网。")
    )

    class Meta:
        verbose_name = _("电源")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="plant_once")]

    def __str__(self) -> str:
        return self.name


class Meter(Record, Lasting):
    """A meter and how its files are to be read: asked once, kept here."""

    USE, GENERATION = "use", "generation"
    DIRECTIONS = {GENERATION: _("发电"), USE: _("用电")}
    LABELS = {"start": _("时段起点（00:00 至 23:45）"), "end": _("时段终点（00:15 至 24:00）")}
    FACTORED = {"yes": _("已乘倍率"), "no": _("未乘倍率")}
    MEASURES = {"energy": _("电量（千瓦时）"), "power": _("平均功率（千瓦）")}
    KINDS = {"curve": _("负荷曲线（96 点）"), "register": _("抄表示数")}

    number = models.CharField(_("表号"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    direction = models.CharField(_("方向"), max_length=10, choices=DIRECTIONS, default=USE)
    plant = models.ForeignKey(Plant, models.PROTECT, null=True, blank=True, verbose_name=_("电源"))
    factor = models.DecimalField(
        _("倍率"),
        max_digits=10,
        decimal_places=2,
        default=1,
        help_text=_("电流互感器变比 × 电压互感器变比。"),
    )
    limit_kw = models.DecimalField(
        _("合理上限（千瓦）"),
        max_digits=12,
        decimal_places=1,
        null=True,
        blank=True,
        help_text=_("高于它的读数不会被导入，一般填变压器容量。"),
    )
    kind = models.CharField(_("计量方式"), max_length=8, choices=KINDS, default="curve")
    labels = models.CharField(_("时刻含义"), max_length=5, choices=LABELS, blank=True)
    factored = models.CharField(_("文件中的数值"), max_length=3, choices=FACTORED, blank=True)
    measured = models.CharField(_("数值是"), max_length=6, choices=MEASURES, default="energy")

    class Meta:
        verbose_name = _("电能表")
        constraints = [models.UniqueConstraint(fields=["unit", "number"], name="meter_once")]

    def __str__(self) -> str:
        return f"{self.name}（{self.number}）"


class ReadingFile(Scoped):
    """A file of readings that was taken in, as a whole."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))
    name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(_("导入时间"), default=timezone.now)
    taken_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("导入人")
    )
    meters = models.PositiveIntegerField(_("电能表"), default=0)
    days = models.PositiveIntegerField(_("新增表日"), default=0)
    corrected = models.PositiveIntegerField(_("更正表日"), default=0)

    watch = Watch()

    class Meta:
        verbose_name = _("读数文件")

    def __str__(self) -> str:
        return self.name


class DayLoad(Scoped):
    """A meter's day: 96 quarters in whole watt-hours, nothing where nothing is known.

    `quality` has a letter for each quarter: m measured, e estimated, r replaced, - missing. `hours`
    is nothing where a quarter of the hour is missing; `total_wh` sums what there is. A correction is
    another row; the former is then known until that instant, so that what was settled stays.
    """

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="loads", db_index=False)
    day = models.DateField(_("日期"))
    wh = ArrayField(models.IntegerField(null=True), size=POINTS)
    quality = models.CharField(max_length=POINTS)
    hours = ArrayField(models.BigIntegerField(null=True), size=24)
    total_wh = models.BigIntegerField()
    missing = models.PositiveSmallIntegerField(default=0)
    file = models.ForeignKey(
        ReadingFile, models.PROTECT, null=True, related_name="+", db_index=False
    )
    known_from = models.DateTimeField(default=timezone.now)
    known_until = models.DateTimeField(null=True)

    guard = ByUnit(via="meter")
    watch = Unwatched(KEPT, timeless=True)
    more = More(
        rights=("SELECT", "INSERT", "UPDATE"),
        triggers=[Trigger("known", "BEFORE UPDATE", "energy_superseded()")],
    )

    class Meta:
        verbose_name = _("日负荷")
        constraints = [
            models.UniqueConstraint(
                fields=["meter", "day"], condition=Q(known_until=None), name="dayload_once"
            )
        ]
        indexes = [models.Index(fields=["meter", "day", "known_from"], name="dayload_versions")]

    def __str__(self) -> str:
        return f"{self.meter_id} {self.day}"


class RegisterReading(Scoped):
    """What a meter's registers showed at the beginning of a day, in kWh before the factor."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="registers", db_index=False)
    day = models.DateField(_("日期"))
    total = models.DecimalField(_("总"), max_digits=14, decimal_places=4)
    sharp = models.DecimalField(_("尖"), max_digits=14, decimal_places=4, null=True)
    peak = models.DecimalField(_("峰"), max_digits=14, decimal_places=4, null=True)
    flat = models.DecimalField(_("平"), max_digits=14, decimal_places=4, null=True)
    valley = models.DecimalField(_("谷"), max_digits=14, decimal_places=4, null=True)
    restarted = models.BooleanField(
        _("换表"), default=False, help_text=_("从这一示数重新开始，不与上次相减。")
    )
    file = models.ForeignKey(ReadingFile, models.PROTECT, null=True, related_name="+")
    known_from = models.DateTimeField(default=timezone.now)
    known_until = models.DateTimeField(null=True)

    guard = ByUnit(via="meter")
    watch = Unwatched(KEPT, timeless=True)
    more = More(
        rights=("SELECT", "INSERT", "UPDATE"),
        triggers=[Trigger("known", "BEFORE UPDATE", "energy_superseded()")],
    )

    class Meta:
        verbose_name = _("抄表示数")
        constraints = [
            models.UniqueConstraint(
                fields=["meter", "day"], condition=Q(known_until=None), name="register_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.meter_id} {self.day}"
