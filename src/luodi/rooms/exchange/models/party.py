"""Who takes part: enterprises of the zone, and those outside that somebody has entered."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import FOUND_BY_OWNER, More, Watch
from luodi.rooms.exchange.guard import ByParty
from luodi.rooms.exchange.models.commodity import Commodity

# Whom one has been introduced to, one knows: the introductions that the reader sees.
MET = (
    "{table}.id IN (SELECT met.supplier_id FROM exchange_introduction AS met"  # of constants
    " UNION SELECT met.buyer_id FROM exchange_introduction AS met)"
)
BROKER = _("经办单位")


def degrees(label: Any, most: int) -> Any:
    """A field of geographic degrees, six places."""
    return models.DecimalField(
        label,
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(-most)), MaxValueValidator(Decimal(most))],
    )


class Party(models.Model):
    """An enterprise in the exchange: a unit of the tree, or one outside with its name alone."""

    unit = models.OneToOneField(
        "scope.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("企业")
    )
    name = models.CharField(_("名称"), max_length=120, blank=True)
    place = models.CharField(_("所在地"), max_length=120, blank=True)
    longitude = degrees(_("经度"), 180)
    latitude = degrees(_("纬度"), 90)
    contact = models.CharField(
        _("联系岗位"), max_length=60, blank=True, help_text=_("写岗位，不写人名，如：供应部。")
    )
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByParty(sides=("id",), also=MET)
    watch = Watch(hidden=["name", "place", "longitude", "latitude", "contact"])
    more = More(policies=[FOUND_BY_OWNER])

    class Meta:
        verbose_name = _("供需企业")
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(name=""), name="party_is_named"
            )
        ]

    def __str__(self) -> str:
        return str(self.unit) if self.unit_id else self.name


class Profile(models.Model):
    """What a party makes or uses as a rule, in so much a month, whether or not it has offered it."""

    class Way(models.TextChoices):
        MAKES = "makes", _("生产")
        USES = "uses", _("使用")

    party = models.ForeignKey(
        Party, models.PROTECT, related_name="profiles", verbose_name=_("企业")
    )
    broker = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=BROKER)
    way = models.CharField(_("生产或使用"), max_length=5, choices=Way)
    commodity = models.ForeignKey(
        Commodity, models.PROTECT, related_name="+", verbose_name=_("商品")
    )
    monthly = models.DecimalField(_("每月数量"), max_digits=14, decimal_places=2)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByParty()
    watch = Watch(hidden=["commodity_id", "monthly", "way"])

    class Meta:
        verbose_name = _("产品画像")
        ordering = ["way", "commodity__code"]
        constraints = [
            models.UniqueConstraint(fields=["party", "way", "commodity"], name="profile_once"),
            models.CheckConstraint(condition=Q(monthly__gte=0), name="profile_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.get_way_display()} {self.commodity}"
