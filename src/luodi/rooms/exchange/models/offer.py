"""What a party has or wants."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import Watch
from luodi.rooms.exchange.guard import ByParty
from luodi.rooms.exchange.models.commodity import Commodity
from luodi.rooms.exchange.models.party import BROKER, Party

DAYS = 90  # an offer lasts; one tap renews it. Lists that nobody clears are nobody's lists.


class OfferQuerySet(models.QuerySet["Offer"]):
    def open(self, on: dt.date) -> OfferQuerySet:
        """Those that hold on a day."""
        return self.filter(closed_on=None, expires_on__gte=on)

    def expired(self, on: dt.date) -> OfferQuerySet:
        """Those that nobody has renewed nor taken back."""
        return self.filter(closed_on=None, expires_on__lt=on)


class Offer(models.Model):
    """An offer or a need. Price (asked, or the cap) is for its party and its broker alone."""

    class Way(models.TextChoices):
        HAVE = "have", _("供应")
        WANT = "want", _("需求")

    class Per(models.TextChoices):
        ONCE = "once", _("一次")
        MONTH = "month", _("每月")
        YEAR = "year", _("每年")

    class Came(models.TextChoices):
        SELF = "self", _("企业自己登记")
        CALL = "call", _("来电代录")
        CARD = "card", _("现场卡片")
        FILE = "file", _("表格导入")

    party = models.ForeignKey(Party, models.PROTECT, related_name="offers", verbose_name=_("企业"))
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    way = models.CharField(_("供应还是需求"), max_length=4, choices=Way)
    words = models.CharField(_("品名"), max_length=60)
    commodity = models.ForeignKey(
        Commodity, models.PROTECT, null=True, related_name="+", verbose_name=_("商品")
    )
    quantity = models.DecimalField(_("数量"), max_digits=14, decimal_places=2)
    measure = models.CharField(_("计量单位"), max_length=10)
    per = models.CharField(_("周期"), max_length=5, choices=Per)
    price = models.DecimalField(
        _("单价（元）"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    min_lot = models.DecimalField(
        _("最小批量"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    quality = models.JSONField(_("质量"), default=dict, blank=True)
    place = models.CharField(_("交货地点"), max_length=120, blank=True)
    since = models.DateField(_("供需开始"), null=True, blank=True)
    until = models.DateField(_("供需结束"), null=True, blank=True)
    contact = models.CharField(_("联系岗位"), max_length=60, blank=True)
    paper = models.CharField(_("固体废物手续"), max_length=120, blank=True)
    note = models.CharField(_("备注"), max_length=300, blank=True)
    came = models.CharField(_("登记方式"), max_length=4, choices=Came, default=Came.SELF)
    entered_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    entered_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    expires_on = models.DateField(_("有效期至"))
    closed_on = models.DateField(_("撤下日期"), null=True)
    closed_why = models.CharField(_("撤下原因"), max_length=200, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByParty()
    watch = Watch(
        hidden=[
            *("way", "words", "commodity_id", "quantity", "measure", "per", "price", "min_lot"),
            *("quality", "place", "since", "until", "contact", "paper", "note", "closed_why"),
        ]
    )

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("供需")
        ordering = ["-entered_at", "-id"]
        indexes = [models.Index(fields=["broker", "closed_on"], name="offer_open")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="offer_positive"),
            models.CheckConstraint(
                condition=Q(since=None) | Q(until=None) | Q(until__gte=models.F("since")),
                name="offer_since_until",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()}{self.words}"

    @property
    def monthly(self) -> Decimal:
        """So much a month; what is once, as of one month."""
        return self.quantity / 12 if self.per == self.Per.YEAR else self.quantity

    def is_open(self, on: dt.date) -> bool:
        return self.closed_on is None and self.expires_on >= on
