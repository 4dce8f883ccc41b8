"""Contracts for green power: terms with their days, who buys, how much in which month."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting
from luodi.ground.scope.api import Part, Record, Unit
from luodi.ground.tables.api import FOUND_BY_OWNER, IN_SCOPE, ByUnit, More
from luodi.rooms.energy.models.metering import Plant

# What a unit above keeps for all below it: prices, factors, rules of the province.
FROM_ABOVE = (
    "(current_setting('luodi.scope_from', true) <> ''"
    " AND starts_with(current_setting('luodi.scope_from', true), {table}.path))"
)
OF_A_PARTY = "energy_sells({table}.contract_id) OR energy_buys({table}.contract_id)"


class DeviationRule(Record):
    """A province's rule for deviations, with its source and the day from which it holds."""

    name = models.CharField(_("名称"), max_length=60)
    source = models.CharField(_("依据"), max_length=200)
    since = models.DateField(_("起始日期"))
    user_rate = models.DecimalField(
        _("用户侧比例"),
        max_digits=6,
        decimal_places=4,
        default=0,
        help_text=_("用户少用的电量 × 本比例 × 合同电价。"),
    )
    supplier_rate = models.DecimalField(
        _("发电侧比例"),
        max_digits=6,
        decimal_places=4,
        default=0,
        help_text=_("发电侧少发的电量 × 本比例 × 合同电价，抵减用户账单。"),
    )
    tolerance = models.DecimalField(
        _("免考核范围"), max_digits=6, decimal_places=4, default=0, help_text=_("占当月合同电量。")
    )

    guard = ByUnit(also=FROM_ABOVE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("偏差规则")
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "since"], name="deviationrule_once")
        ]

    def __str__(self) -> str:
        return self.name


class GreenContract(Record, Lasting):
    """A contract for green power. The unit keeps it (the park); the seller and the buyers see it."""

    number = models.CharField(_("合同编号"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    seller = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("售电方单位")
    )
    seller_name = models.CharField(_("售电方"), max_length=60)
    plant = models.ForeignKey(Plant, models.PROTECT, null=True, blank=True, verbose_name=_("电源"))
    signed_on = models.DateField(_("签订日期"), null=True, blank=True)

    guard = ByUnit(also="energy_sells({table}.id) OR energy_buys({table}.id)", write=IN_SCOPE)
    more = More(policies=[FOUND_BY_OWNER])

    class Meta:
        verbose_name = _("绿电合同")
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="greencontract_once")
        ]

    def __str__(self) -> str:
        return self.name


class Terms(Part):
    """What a contract says of prices from a day on. The certificate's price stands apart from the
    energy's (发改能源〔2024〕1123号)."""

    contract = models.ForeignKey(
        GreenContract, models.PROTECT, related_name="terms", verbose_name=_("绿电合同")
    )
    since = models.DateField(_("起始日期"))
    energy_price = models.DecimalField(_("电能量价格（元/千瓦时）"), max_digits=8, decimal_places=5)
    price_cap = models.DecimalField(
        _("价格上限（元/千瓦时）"), max_digits=8, decimal_places=5, null=True, blank=True
    )
    certificate_price = models.DecimalField(
        _("绿证价格（元/张）"), max_digits=8, decimal_places=2, default=0
    )
    take_or_pay = models.DecimalField(
        _("照付不议比例（%）"), max_digits=5, decimal_places=2, default=0
    )
    shortfall_price = models.DecimalField(
        _("缺额单价（元/千瓦时）"), max_digits=8, decimal_places=5, default=0
    )
    rule = models.ForeignKey(
        DeviationRule, models.PROTECT, null=True, blank=True, verbose_name=_("偏差规则")
    )
    source = models.CharField(_("依据"), max_length=200)

    guard = ByUnit(via="contract", also=OF_A_PARTY, write=IN_SCOPE)

    class Meta:
        verbose_name = _("合同价格条款")
        constraints = [models.UniqueConstraint(fields=["contract", "since"], name="terms_once")]

    def __str__(self) -> str:
        return f"{self.since}"


class Volume(Record):
    """What an enterprise has agreed to take under a contract in a month: by it, it is a buyer."""

    contract = models.ForeignKey(
        GreenContract, models.PROTECT, related_name="volumes", verbose_name=_("绿电合同")
    )
    month = models.DateField(_("月份"), help_text=_("填当月第一天。"))
    kwh = models.PositiveIntegerField(_("合同电量（千瓦时）"))
    note = models.CharField(_("备注"), max_length=200, blank=True)

    guard = ByUnit(also="energy_sells({table}.contract_id)", write=IN_SCOPE)
    more = More(policies=[FOUND_BY_OWNER])

    class Meta:
        verbose_name = _("月合同电量")
        constraints = [
            models.UniqueConstraint(fields=["contract", "unit", "month"], name="volume_once")
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.month:%Y-%m}"
