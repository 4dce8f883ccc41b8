"""Dated data of the province and the country, fuels, certificates with one claim for each slice."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Part, Record
from luodi.ground.tables.api import IN_SCOPE, ByUnit
from luodi.rooms.energy.models.contracts import FROM_ABOVE
from luodi.rooms.energy.models.metering import Plant

FACTORS = {
    "grid": _("电力平均排放因子"),
    "residual": _("剔除市场化非化石电量的排放因子"),
    "fossil": _("化石能源电力排放因子"),
    "coal": _("原煤排放因子"),
    "gas": _("天然气排放因子"),
    "diesel": _("柴油排放因子"),
    "tce_power": _("电力折标准煤系数"),
    "tce_coal": _("原煤折标准煤系数"),
    "tce_gas": _("天然气折标准煤系数"),
    "tce_diesel": _("柴油折标准煤系数"),
    "park_core": _("零碳园区核心指标限值"),
    "park_clean": _("零碳园区清洁能源占比目标"),
}
FUELS = {"coal": _("原煤（吨）"), "gas": _("天然气（万立方米）"), "diesel": _("柴油（吨）")}
PURPOSES = {
    "market": _("企业市场法核算"),
    "park": _("零碳园区指标"),
    "obligation": _("消纳责任权重"),
    "product": _("产品碳足迹"),
    "customer": _("客户要求"),
}


class Factor(Record):
    """A factor or a limit: for which year, published when, by whom. A later one of the same year
    stands beside it; nothing is undated."""

    kind = models.CharField(_("种类"), max_length=12, choices=FACTORS)
    area = models.CharField(_("地区"), max_length=40)
    year = models.PositiveSmallIntegerField(_("适用年份"))
    value = models.DecimalField(_("数值"), max_digits=14, decimal_places=6)
    measure = models.CharField(_("计量单位"), max_length=30)
    published_on = models.DateField(_("发布日期"))
    source = models.CharField(_("来源"), max_length=200)

    guard = ByUnit(also=FROM_ABOVE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("因子")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind", "area", "year", "published_on"], name="factor_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class Tariff(Record):
    """The grid's prices from a day on: energy by period, and what is added to each kWh."""

    name = models.CharField(_("名称"), max_length=60)
    since = models.DateField(_("起始日期"))
    sharp = models.DecimalField(_("尖峰电价"), max_digits=8, decimal_places=5)
    peak = models.DecimalField(_("高峰电价"), max_digits=8, decimal_places=5)
    flat = models.DecimalField(_("平段电价"), max_digits=8, decimal_places=5)
    valley = models.DecimalField(_("低谷电价"), max_digits=8, decimal_places=5)
    periods = models.CharField(
        _("时段"),
        max_length=24,
        default="vvvvvvvffpppfffffppppffv",
        help_text=_("24 个字母，每小时一个：s 尖，p 峰，f 平，v 谷。"),
    )
    delivery = models.DecimalField(_("输配电价"), max_digits=8, decimal_places=5, default=0)
    line_loss = models.DecimalField(
        _("上网环节线损费用"), max_digits=8, decimal_places=5, default=0
    )
    system = models.DecimalField(_("系统运行费用"), max_digits=8, decimal_places=5, default=0)
    funds = models.DecimalField(_("政府性基金及附加"), max_digits=8, decimal_places=5, default=0)
    demand = models.DecimalField(
        _("需量电价（元/千瓦·月）"), max_digits=8, decimal_places=3, default=0
    )
    capacity = models.DecimalField(
        _("容量电价（元/千伏安·月）"), max_digits=8, decimal_places=3, default=0
    )
    source = models.CharField(_("依据"), max_length=200)

    guard = ByUnit(also=FROM_ABOVE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("电价")
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "since"], name="tariff_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.since}"


class FuelUse(Record):
    """What a unit burned in a month."""

    fuel = models.CharField(_("燃料"), max_length=8, choices=FUELS)
    month = models.DateField(_("月份"), help_text=_("填当月第一天。"))
    quantity = models.DecimalField(_("数量"), max_digits=14, decimal_places=3)
    source = models.CharField(_("依据"), max_length=200, help_text=_("磅单、发票、台账等。"))

    class Meta:
        verbose_name = _("燃料消耗")
        constraints = [
            models.UniqueConstraint(fields=["unit", "fuel", "month"], name="fueluse_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_fuel_display()} {self.month:%Y-%m}"


class Certificate(Record):
    """A batch of green certificates as it was issued: whole MWh, one serial number each."""

    batch = models.CharField(_("批次"), max_length=40)
    plant = models.ForeignKey(Plant, models.PROTECT, null=True, blank=True, verbose_name=_("电源"))
    month = models.DateField(_("生产月份"), help_text=_("填当月第一天。"))
    first = models.PositiveIntegerField(_("首号"))
    last = models.PositiveIntegerField(_("末号"))
    issued_on = models.DateField(_("核发日期"))

    class Meta:
        verbose_name = _("绿证批次")
        constraints = [
            models.UniqueConstraint(fields=["unit", "batch"], name="certificate_once"),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="certificate_whole"),
        ]

    def __str__(self) -> str:
        return self.batch

    @property
    def count(self) -> int:
        return self.last - self.first + 1

    @property
    def expires_on(self) -> dt.date:
        """The first day on which it no longer counts: two years from the month of generation,
        that month included (国能发新能规〔2024〕67号); before 2024, the end of 2025."""
        return expires_on(self.month)


def expires_on(month: dt.date) -> dt.date:
    """The first day on which a certificate of a month of generation no longer counts."""
    if month < dt.date(2024, 1, 1):
        return dt.date(2026, 1, 1)
    return month.replace(year=month.year + 2)


def _between(first: str, last: str) -> Func:
    return Func(F(first), F(last), Value("[]"), function="int8range")


class Slice(Record):
    """Some serial numbers of a batch in one hand; no number is ever in two."""

    certificate = models.ForeignKey(
        Certificate, models.PROTECT, related_name="slices", verbose_name=_("绿证批次")
    )
    first = models.PositiveIntegerField(_("首号"))
    last = models.PositiveIntegerField(_("末号"))
    since = models.DateField(_("划入日期"), default=dt.date.today)
    batch = models.CharField(_("批次"), max_length=40, blank=True)
    month = models.DateField(_("生产月份"), null=True)

    class Meta:
        verbose_name = _("绿证份额")
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="slice_whole"),
            ExclusionConstraint(
                name="slice_once",
                expressions=[
                    (_between("certificate_id", "certificate_id"), RangeOperators.OVERLAPS),
                    (_between("first", "last"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} {self.first}–{self.last}"

    @property
    def count(self) -> int:
        return self.last - self.first + 1


class Claim(Part):
    """What a slice was used for: once. One that was taken back stays, and leaves the slice free."""

    slice = models.ForeignKey(
        Slice, models.PROTECT, related_name="claims", verbose_name=_("绿证份额")
    )
    purpose = models.CharField(_("用途"), max_length=12, choices=PURPOSES)
    year = models.PositiveSmallIntegerField(_("年份"))
    text = models.CharField(_("说明"), max_length=200, blank=True)
    claimed_at = models.DateTimeField(_("声明时间"), default=timezone.now)
    claimed_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("声明人")
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True)

    guard = ByUnit(via="slice")

    class Meta:
        verbose_name = _("绿证声明")
        constraints = [
            models.UniqueConstraint(
                fields=["slice"], condition=Q(withdrawn_at=None), name="claim_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.year}"
