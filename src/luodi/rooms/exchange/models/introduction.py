"""From the first word to the last delivery: who brought whom together, and what became of it."""

from __future__ import annotations

import datetime as dt
import hashlib

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import Unwatched, Watch
from luodi.rooms.exchange.guard import BROKERS, ByParty
from luodi.rooms.exchange.models.commodity import Commodity
from luodi.rooms.exchange.models.offer import Offer
from luodi.rooms.exchange.models.party import BROKER, Party

SIDES = ("supplier_id", "buyer_id")


class Stage(models.TextChoices):
    IDEA = "idea", _("设想")
    TALKING = "talking", _("接洽")
    NEGOTIATING = "negotiating", _("商谈")
    CONTRACT = "contract", _("签约")
    DELIVERING = "delivering", _("交付")
    DONE = "done", _("完成")
    LOST = "lost", _("未成")


class Lost(models.TextChoices):
    PRICE = "price", _("价格没有谈拢")
    QUALITY = "quality", _("质量不合")
    QUANTITY = "quantity", _("数量不合")
    DISTANCE = "distance", _("路途太远")
    PERIOD = "period", _("时间不合")
    OTHER = "other", _("其他")


class Introduction(models.Model):
    """That a broker brings a supplier and a buyer together. An idea is the broker's alone; both parties
    see it once they are told."""

    supplier = models.ForeignKey(
        Party, models.PROTECT, related_name="supplies", verbose_name=_("供方")
    )
    buyer = models.ForeignKey(Party, models.PROTECT, related_name="buys", verbose_name=_("需方"))
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    brought_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("牵线人")
    )
    commodity = models.ForeignKey(
        Commodity, models.PROTECT, related_name="+", verbose_name=_("商品")
    )
    monthly = models.DecimalField(
        _("拟每月数量"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    stage = models.CharField(_("阶段"), max_length=11, choices=Stage, default=Stage.IDEA)
    told_at = models.DateTimeField(_("告知双方"), null=True)
    lost = models.CharField(_("未成原因"), max_length=8, choices=Lost, blank=True)
    lost_why = models.CharField(_("未成说明"), max_length=300, blank=True)
    tonnes = models.DecimalField(
        _("成交数量"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    yuan = models.DecimalField(
        _("为双方节约（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    co2 = models.DecimalField(
        _("减排二氧化碳（吨）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    jobs = models.PositiveIntegerField(_("带动就业（人）"), null=True, blank=True)
    case = models.ForeignKey(
        "casework.Case", models.PROTECT, null=True, related_name="+", verbose_name=_("问题")
    )
    at = models.DateTimeField(_("牵线时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByParty(sides=SIDES, told="{table}.told_at IS NOT NULL", insert=BROKERS)
    watch = Watch(
        hidden=[
            *("supplier_id", "buyer_id", "commodity_id", "monthly", "lost", "lost_why"),
            *("tonnes", "yuan", "co2", "jobs", "case_id"),
        ]
    )

    class Meta:
        verbose_name = _("对接")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(supplier=F("buyer")), name="introduction_of_two")
        ]

    def __str__(self) -> str:
        return _("%(supplier)s → %(buyer)s：%(what)s") % {
            "supplier": self.supplier,
            "buyer": self.buyer,
            "what": self.commodity,
        }

    @property
    def code(self) -> str:
        return f"D{self.pk:05d}"

    @property
    def living(self) -> bool:
        return self.stage not in {Stage.DONE, Stage.LOST}


class Side(models.Model):
    """What one side is told of an introduction: its own offer, and a reason made of its own facts.

    A row of its own, so that the database keeps it from the other side.
    """

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="sides")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("企业"))
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    offer = models.ForeignKey(
        Offer, models.PROTECT, null=True, related_name="sides", verbose_name=_("供需")
    )
    reason = models.CharField(_("为什么"), max_length=300, blank=True)
    contact = models.CharField(_("联系岗位"), max_length=60, blank=True)

    guard = ByParty(
        told="EXISTS (SELECT 1 FROM exchange_introduction AS of"
        " WHERE of.id = {table}.introduction_id AND of.told_at IS NOT NULL)",
        insert=BROKERS,
    )
    watch = Watch(hidden=["party_id", "offer_id", "reason", "contact"])

    class Meta:
        verbose_name = _("对接的一方")
        constraints = [models.UniqueConstraint(fields=["introduction", "party"], name="side_once")]

    def __str__(self) -> str:
        return str(self.party)


class Step(models.Model):
    """That an introduction came to a stage, on a day; what figures count. Never changed.

    `recorded_at`: since when it is known. Which commodity it was, the figure's parameter asks.
    """

    introduction = models.ForeignKey(
        Introduction, models.CASCADE, related_name="steps", verbose_name=_("对接")
    )
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    code = models.CharField(_("产品代码（HS）"), max_length=10)
    stage = models.CharField(_("阶段"), max_length=11, choices=Stage)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("操作人")
    )
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now)

    guard = ByParty(
        sides=(),
        also="EXISTS (SELECT 1 FROM exchange_introduction AS of"
        " WHERE of.id = {table}.introduction_id)",
    )
    watch = Unwatched("each row says since when it is known, and is never changed", timeless=True)
    append_only = True

    class Meta:
        verbose_name = _("对接进展")
        ordering = ["on", "id"]

    def __str__(self) -> str:
        return f"{self.on} {self.get_stage_display()}"


class Contract(models.Model):
    """What supplier and buyer agreed: both see all of it, and their broker."""

    introduction = models.OneToOneField(
        Introduction, models.PROTECT, related_name="contract", verbose_name=_("对接")
    )
    supplier = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("供方"))
    buyer = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("需方"))
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    number = models.CharField(_("合同编号"), max_length=60, blank=True)
    quantity = models.DecimalField(_("约定总量"), max_digits=14, decimal_places=2)
    measure = models.CharField(_("计量单位"), max_length=10)
    price_formula = models.CharField(_("价格公式"), max_length=300, blank=True)
    since = models.DateField(_("开始"))
    until = models.DateField(_("结束"))
    terms = models.TextField(_("条款要点"), blank=True)
    signed_on = models.DateField(_("签订日期"))
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByParty(sides=SIDES)
    watch = Watch(
        hidden=[
            *("supplier_id", "buyer_id", "number", "quantity", "measure", "price_formula"),
            *("since", "until", "terms", "signed_on"),
        ]
    )

    class Meta:
        verbose_name = _("合同")
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="contract_until"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="contract_positive"),
        ]

    def __str__(self) -> str:
        return self.number or str(self.introduction.code)


class Document(models.Model):
    """A signed file. Its bytes stand in the row: files of the evidence are shown by the tree."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="documents")
    supplier = models.ForeignKey(Party, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Party, models.PROTECT, related_name="+")
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(_("类型"), max_length=100)
    sha256 = models.CharField(_("校验值"), max_length=64, editable=False)
    content = models.BinaryField()
    at = models.DateTimeField(_("上传时间"), default=timezone.now)

    guard = ByParty(sides=SIDES)
    watch = Watch(hidden=["supplier_id", "buyer_id", "name"], ignored=["content"])
    append_only = True

    class Meta:
        verbose_name = _("合同文件")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def digest(content: bytes) -> str:
        return hashlib.sha256(content).hexdigest()


class Delivery(models.Model):
    """What came in a month under a contract; entered again, it is corrected."""

    contract = models.ForeignKey(
        Contract, models.PROTECT, related_name="deliveries", verbose_name=_("合同")
    )
    supplier = models.ForeignKey(Party, models.PROTECT, related_name="+")
    buyer = models.ForeignKey(Party, models.PROTECT, related_name="+")
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    month = models.DateField(_("月份"))
    quantity = models.DecimalField(_("到货数量"), max_digits=14, decimal_places=2)
    by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByParty(sides=SIDES)
    watch = Watch(hidden=["supplier_id", "buyer_id", "month", "quantity"])

    class Meta:
        verbose_name = _("交付")
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["contract", "month"], name="delivery_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="delivery_positive"),
            models.CheckConstraint(condition=Q(month__day=1), name="delivery_month"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.quantity}"


def month_of(day: dt.date) -> dt.date:
    return day.replace(day=1)
