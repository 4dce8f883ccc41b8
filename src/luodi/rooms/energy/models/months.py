"""A contract's month: draft, checked, agreed, closed; its bills, and the lines of each."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Part, Record, Scoped
from luodi.ground.tables.api import FOUND_BY_OWNER, IN_SCOPE, ByUnit, More, Trigger, Watch
from luodi.rooms.energy.models.contracts import GreenContract

# The database itself holds that a closed month does not move.
STAYS = Trigger("stays", "BEFORE INSERT OR UPDATE OR DELETE", "energy_month_stays()")
LINES = {
    "energy": _("电能量"),
    "certificate": _("绿证"),
    "user_deviation": _("用户侧偏差"),
    "supplier_deviation": _("发电侧偏差补偿"),
    "shortfall": _("照付不议缺额"),
    "difference": _("往月差额"),
}


class Settlement(Part):
    """The month of a contract. `read_at`: the instant whose readings and terms it is made of."""

    class State(models.TextChoices):
        DRAFT = "draft", _("草稿")
        CHECKED = "checked", _("已核对")
        AGREED = "agreed", _("各方已确认")
        CLOSED = "closed", _("已关账")

    contract = models.ForeignKey(
        GreenContract, models.PROTECT, related_name="settlements", verbose_name=_("绿电合同")
    )
    month = models.DateField(_("月份"))
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.DRAFT)
    read_at = models.DateTimeField(_("读数截至"), default=timezone.now)
    generated_wh = models.BigIntegerField(_("上网电量（瓦时）"), default=0)
    rule = models.CharField(_("偏差规则"), max_length=200, blank=True)
    checked_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("核对人")
    )
    checked_at = models.DateTimeField(_("核对时间"), null=True)
    closed_at = models.DateTimeField(_("关账时间"), null=True)

    guard = ByUnit(via="contract", also="energy_sells({table}.contract_id)", write=IN_SCOPE)
    more = More(policies=[FOUND_BY_OWNER], triggers=[STAYS])

    class Meta:
        verbose_name = _("月度结算")
        ordering = ["-month", "contract_id"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "month"], name="settlement_once")
        ]

    def __str__(self) -> str:
        return f"{self.contract} {self.month:%Y-%m}"

    @property
    def until(self) -> dt.date:
        """The first day of the next month."""
        return (self.month + dt.timedelta(days=32)).replace(day=1)


class Bill(Record):
    """What one enterprise pays under a contract for a month. Energy in whole watt-hours.

    `carried_wh` is what is not yet a whole certificate; where the largest remainder gave one more,
    it is below zero.
    """

    class State(models.TextChoices):
        ISSUED = "issued", _("待确认")
        OBJECTED = "objected", _("有异议")
        AGREED = "agreed", _("已确认")

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="bills", verbose_name=_("月度结算")
    )
    contract = models.ForeignKey(
        GreenContract, models.PROTECT, related_name="+", verbose_name=_("绿电合同")
    )
    month = models.DateField(_("月份"))
    agreed_wh = models.BigIntegerField(_("合同电量（瓦时）"))
    generated_wh = models.BigIntegerField(_("发电侧应分电量（瓦时）"))
    consumed_wh = models.BigIntegerField(_("用电量（瓦时）"))
    settled_wh = models.BigIntegerField(_("结算电量（瓦时）"))
    carried_in_wh = models.BigIntegerField(_("上月结转（瓦时）"), default=0)
    late_wh = models.BigIntegerField(_("往月补计（瓦时）"), default=0)
    certificates = models.IntegerField(_("绿证（张）"))
    carried_wh = models.BigIntegerField(_("结转下月（瓦时）"))
    amount = models.DecimalField(_("金额（元）"), max_digits=15, decimal_places=2)
    stage = models.CharField(
        _("月份状态"), max_length=8, choices=Settlement.State, default=Settlement.State.DRAFT
    )
    state = models.CharField(_("状态"), max_length=8, choices=State, default=State.ISSUED)
    decided_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("确认人")
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True)
    objection = models.TextField(_("异议"), blank=True)
    case_code = models.CharField(_("事项编号"), max_length=30, blank=True)

    guard = ByUnit(also="energy_sells({table}.contract_id)")
    more = More(policies=[FOUND_BY_OWNER], triggers=[STAYS])

    class Meta:
        verbose_name = _("电费账单")
        ordering = ["-month", "unit__sort_key"]
        constraints = [models.UniqueConstraint(fields=["settlement", "unit"], name="bill_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.month:%Y-%m}"

    @property
    def agreed_kwh(self) -> Decimal:
        return Decimal(self.agreed_wh) / 1000

    @property
    def generated_kwh(self) -> Decimal:
        return Decimal(self.generated_wh) / 1000

    @property
    def consumed_kwh(self) -> Decimal:
        return Decimal(self.consumed_wh) / 1000

    @property
    def settled_kwh(self) -> Decimal:
        return Decimal(self.settled_wh) / 1000

    @property
    def carried_in_kwh(self) -> Decimal:
        return Decimal(self.carried_in_wh) / 1000

    @property
    def late_kwh(self) -> Decimal:
        return Decimal(self.late_wh) / 1000

    @property
    def carried_kwh(self) -> Decimal:
        return Decimal(self.carried_wh) / 1000

    @property
    def unit_price(self) -> Decimal | None:
        """Yuan per kWh of all that the bill asks for, to four places."""
        if not self.settled_wh:
            return None
        return (self.amount / self.settled_kwh).quantize(Decimal("0.0001"))


class BillLine(Scoped):
    """A line of a bill. A difference names the month it belongs to, and the line it corrects."""

    bill = models.ForeignKey(Bill, models.CASCADE, related_name="lines")
    kind = models.CharField(_("项目"), max_length=20, choices=LINES)
    of_month = models.DateField(_("所属月份"))
    of_kind = models.CharField(_("更正项目"), max_length=20, choices=LINES, blank=True)
    quantity = models.DecimalField(_("数量"), max_digits=15, decimal_places=3)
    measure = models.CharField(_("单位"), max_length=8)
    price = models.DecimalField(_("单价"), max_digits=12, decimal_places=5, null=True)
    amount = models.DecimalField(_("金额（元）"), max_digits=15, decimal_places=2)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    guard = ByUnit(
        via="bill", also="EXISTS (SELECT 1 FROM energy_bill AS one WHERE one.id = {table}.bill_id)"
    )
    watch = Watch()
    more = More(triggers=[STAYS])

    class Meta:
        verbose_name = _("账单明细")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
