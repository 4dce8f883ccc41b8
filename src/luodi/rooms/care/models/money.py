"""Bills and the ledger: double entries; what is wrong is countered, never changed."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.rooms.care.guard import MONEY, AtHome
from luodi.rooms.care.models.base import OfResident, doer
from luodi.rooms.care.models.home import ITEM_KINDS

ACCOUNTS = {
    "cash": _("现金和银行"),
    "custody": _("押金存管账户"),
    "owed": _("应收费用"),
    "prepaid": _("预收服务费"),
    "deposit": _("押金"),
    "income": _("服务收入"),
}
ENTRIES = {
    "bill": _("账单"),
    "payment": _("收款"),
    "deposit": _("收押金"),
    "use": _("预收抵扣"),
    "from_deposit": _("押金抵扣"),
    "refund": _("退款"),
    "counter": _("冲销"),
}


class Bill(OfResident):
    """A month of a resident: its lines by item and days. A wrong one is countered as a whole."""

    guard = AtHome(via="resident", roles=MONEY)
    month = models.DateField(_("月份"))
    since = models.DateField(_("自"))
    until = models.DateField(_("至"))
    total = models.DecimalField(_("合计（元）"), max_digits=12, decimal_places=2)
    at = models.DateTimeField(_("出账时间"))
    by = doer()
    countered_at = models.DateTimeField(_("冲销时间"), null=True)
    counter_why = models.CharField(_("冲销原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("账单")
        ordering = ["-month", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "month"],
                condition=models.Q(countered_at=None),
                name="care_bill_once",
            )
        ]


class BillLine(OfResident):
    """One item of a bill: so many days (or a month) at a price."""

    guard = AtHome(via="resident", roles=MONEY)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="lines")
    kind = models.CharField(_("类别"), max_length=5, choices=ITEM_KINDS)
    text = models.CharField(_("项目"), max_length=120)
    quantity = models.DecimalField(_("数量"), max_digits=8, decimal_places=2)
    price = models.DecimalField(_("单价"), max_digits=10, decimal_places=2)
    amount = models.DecimalField(_("金额"), max_digits=12, decimal_places=2)
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("账单明细")
        ordering = ["id"]


class Posting(OfResident):
    """An amount from one account (credit) to another (debit): every entry balances by its form."""

    guard = AtHome(via="resident", roles=MONEY)
    append_only = True
    versioned = False
    on = models.DateField(_("记账日期"))
    kind = models.CharField(_("业务"), max_length=12, choices=ENTRIES)
    debit = models.CharField(_("借方"), max_length=8, choices=ACCOUNTS)
    credit = models.CharField(_("贷方"), max_length=8, choices=ACCOUNTS)
    amount = models.DecimalField(_("金额（元）"), max_digits=12, decimal_places=2)
    text = models.CharField(_("摘要"), max_length=200)
    receipt = models.CharField(_("收据编号"), max_length=30, blank=True)
    bill = models.ForeignKey(Bill, models.PROTECT, null=True, related_name="postings")
    counters = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="countered_by", verbose_name=_("冲销")
    )
    client = models.UUIDField(null=True, unique=True, editable=False)
    at = models.DateTimeField(_("登记时间"))
    by = doer()

    class Meta:
        verbose_name = _("账目")
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="care_posting_sign"),
            models.CheckConstraint(
                condition=~models.Q(debit=models.F("credit")), name="care_posting_two"
            ),
        ]
