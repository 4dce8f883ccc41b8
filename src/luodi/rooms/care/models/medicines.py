"""Prescriptions, doses, stock."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import Watch
from luodi.rooms.care.guard import CARE, AtHome
from luodi.rooms.care.models.base import OfResident, doer

ROUTES = {
    "oral": _("口服"),
    "outer": _("外用"),
    "drops": _("滴入"),
    "inhaled": _("吸入"),
    "injected": _("注射"),
    "other": _("其他"),
}


class Prescription(OfResident):
    """A medicine at clock times, or when needed within a maximum a day and a least gap."""

    watch = Watch(hidden=["medicine", "unit_name", "reason", "stop_why"])
    medicine = models.CharField(_("药品和规格"), max_length=80)
    quantity = models.DecimalField(_("每次用量"), max_digits=7, decimal_places=2)
    unit_name = models.CharField(_("单位"), max_length=10)
    route = models.CharField(_("途径"), max_length=8, choices=ROUTES, default="oral")
    reason = models.CharField(_("用于"), max_length=120, blank=True)
    when_needed = models.BooleanField(_("必要时"), default=False)
    clocks = ArrayField(models.TimeField(), verbose_name=_("钟点"), default=list)
    most_a_day = models.PositiveSmallIntegerField(_("每日最多（次）"), null=True)
    gap_minutes = models.PositiveSmallIntegerField(_("最小间隔（分钟）"), null=True)
    check_minutes = models.PositiveSmallIntegerField(_("多久后看效果（分钟）"), null=True)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True)
    doctor = models.CharField(_("开方医生"), max_length=60)
    by = doer(_("登记人"))
    stopped_at = models.DateTimeField(_("停用时间"), null=True)
    stop_why = models.CharField(_("停用原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("医嘱用药")
        ordering = ["medicine", "id"]

    def __str__(self) -> str:
        return self.medicine

    @property
    def when(self) -> str:
        """When it is given, in words."""
        if not self.when_needed:
            return "、".join(f"{one:%H:%M}" for one in self.clocks)
        words = _("必要时，每日最多%(most)s次，间隔%(gap)s分钟")
        return str(words) % {"most": self.most_a_day, "gap": self.gap_minutes}


class Gave(models.TextChoices):
    OPEN = "open", _("待给")
    GIVEN = "given", _("已给")
    HELD = "held", _("暂停")
    REFUSED = "refused", _("拒绝")
    MISSED = "missed", _("漏服")
    WITHDRAWN = "withdrawn", _("已撤回")


class Dose(OfResident):
    """One dose: planned (36 hours ahead, as acts are), or given when needed. `client` is of the form
    that gave it, so that sent twice is given once."""

    watch = Watch(hidden=["why", "effect"])
    prescription = models.ForeignKey(Prescription, models.PROTECT, related_name="doses")
    due_at = models.DateTimeField(_("计划时间"), null=True)
    state = models.CharField(_("结果"), max_length=9, choices=Gave, default=Gave.OPEN)
    given_at = models.DateTimeField(_("实际时间"), null=True)
    recorded_at = models.DateTimeField(_("登记时间"), null=True)
    by = doer(_("给药人"))
    why = models.CharField(_("原因"), max_length=200, blank=True)
    client = models.UUIDField(null=True, unique=True, editable=False)
    check_at = models.DateTimeField(_("何时看效果"), null=True)
    effect = models.CharField(_("效果"), max_length=200, blank=True)
    effect_at = models.DateTimeField(_("看效果时间"), null=True)
    effect_by = doer(_("看效果的人"))

    class Meta:
        verbose_name = _("给药")
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["prescription", "due_at"],
                condition=models.Q(due_at__isnull=False),
                name="care_dose_once",
            )
        ]
        indexes = [models.Index(fields=["path", "due_at"], name="care_dose_at")]


class Batch(OfResident):
    """A package of a resident's medicine, with its lot and last day."""

    watch = Watch(hidden=["medicine"])
    medicine = models.CharField(_("药品和规格"), max_length=80)
    unit_name = models.CharField(_("单位"), max_length=10)
    lot = models.CharField(_("批号"), max_length=40, blank=True)
    expires_on = models.DateField(_("有效期至"))

    class Meta:
        verbose_name = _("药品")
        ordering = ["expires_on", "id"]


MOVES = {
    "in": _("入库"),
    "dose": _("给药"),
    "count": _("清点差异"),
    "back": _("退还家属"),
    "destroyed": _("销毁"),
    "undone": _("冲回"),
}


class StockMove(OfResident):
    """What came into or went out of a package: the stock is the sum. A mistake is moved back."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="moves")
    quantity = models.DecimalField(_("数量"), max_digits=8, decimal_places=2)
    kind = models.CharField(_("原因"), max_length=9, choices=MOVES)
    dose = models.ForeignKey(Dose, models.PROTECT, null=True, related_name="moves")
    at = models.DateTimeField(_("时间"))
    by = doer()
    why = models.CharField(_("说明"), max_length=200, blank=True)

    guard = AtHome(via="resident", roles=CARE)

    class Meta:
        verbose_name = _("药品出入")
        ordering = ["-at", "-id"]
