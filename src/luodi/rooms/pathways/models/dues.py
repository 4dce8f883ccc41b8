"""Dues: what a member's amount is computed from, and the months that were paid."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Account, Cipher, Part
from luodi.ground.tables.api import ByUnit, Watch
from luodi.rooms.directory.api import Branch, Person
from luodi.rooms.pathways.rules.dues import LABELS

BASE = Cipher("luodi.dues.base")
CATEGORIES = [(category.value, label) for category, label in LABELS.items()]


class DuesBase(Part):
    """A member's base from a month on, kept encrypted: the branch's treasurer and the member see it."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("党组织"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="dues_bases", verbose_name=_("党员")
    )
    category = models.CharField(_("类别"), max_length=8, choices=CATEGORIES)
    base_cipher = models.TextField(_("计算基数"), blank=True, editable=False)
    since = models.DateField(_("起始月份"))

    guard = ByUnit(via="branch")
    watch = Watch(hidden=["category", "base_cipher"])

    class Meta:
        verbose_name = _("党费基数")
        constraints = [
            models.UniqueConstraint(fields=["person", "since"], name="pathways_dues_base_once")
        ]
        ordering = ["since"]

    def __str__(self) -> str:
        return f"{self.person} {self.since:%Y-%m}"

    @property
    def base(self) -> Decimal | None:
        plain = BASE.opened(self.base_cipher)
        return Decimal(plain) if plain else None


class DuesMonth(Part):
    """That a member paid for a month, or needs not (with the reason)."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", verbose_name=_("党组织"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="dues_months", verbose_name=_("党员")
    )
    month = models.DateField(_("月份"))
    amount = models.DecimalField(_("金额（元）"), max_digits=9, decimal_places=2)
    paid_on = models.DateField(_("交纳日期"))
    waiver = models.CharField(_("免交的理由"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("登记人")
    )
    recorded_at = models.DateTimeField(_("登记时间"), default=timezone.now, editable=False)

    guard = ByUnit(via="branch")
    watch = Watch(hidden=["amount"])

    class Meta:
        verbose_name = _("党费")
        constraints = [
            models.UniqueConstraint(fields=["person", "month"], name="pathways_dues_once")
        ]
        indexes = [models.Index(fields=["branch", "month"], name="pathways_dues_branch")]
        ordering = ["month"]

    def __str__(self) -> str:
        return f"{self.person} {self.month:%Y-%m}"

    @property
    def receipt(self) -> str:
        """The number on a receipt: year, branch, row."""
        return f"{self.month:%Y}-{self.branch_id}-{self.pk}"
