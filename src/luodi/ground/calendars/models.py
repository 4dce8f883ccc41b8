"""The working calendar as people edit it: days that differ, and office hours."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import Public, Watch


def spoken(spans: list[list[str]]) -> str:
    """Hours as people write them: `08:00-12:00 14:30-24:00`."""
    return " ".join(f"{start}-{'24:00' if end == '00:00' else end}" for start, end in spans)


class CalendarDay(models.Model):
    """A day that differs. Without a unit it holds for everyone, else for that unit and below.

    spans: own hours as `[["08:00", "12:00"], …]` for kind `own`.
    """

    class Kind(models.TextChoices):
        OFF = "off", _("休息日")
        WORK = "work", _("工作日（调休上班）")
        OWN = "own", _("另定时段")

    unit = models.ForeignKey(
        "scope.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
    )
    on = models.DateField(_("日期"))
    kind = models.CharField(_("类型"), max_length=4, choices=Kind)
    spans = models.JSONField(_("时段"), default=list)
    name = models.CharField(_("名称"), max_length=60, blank=True)
    source = models.CharField(_("依据"), max_length=200, blank=True)
    edited = models.BooleanField(_("人工设定"), default=True)
    changed_at = models.DateTimeField(default=timezone.now)

    guard = Public("which days are worked: public by nature")
    watch = Watch()

    class Meta:
        verbose_name = _("日历特殊日")
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "on"], nulls_distinct=False, name="day_once")
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.kind}"

    @property
    def meaning(self) -> str:
        own = self.kind == self.Kind.OWN
        return spoken(self.spans) if own else str(self.get_kind_display())


class OfficeHours(models.Model):
    """The hours of an ordinary day from a day on, until the next row of the same unit."""

    unit = models.ForeignKey(
        "scope.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
    )
    since = models.DateField(_("自"))
    spans = models.JSONField(_("时段"))
    source = models.CharField(_("依据"), max_length=200, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    guard = Public("when offices are open: public by nature")
    watch = Watch()

    class Meta:
        verbose_name = _("上班时间")
        ordering = ["since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "since"], nulls_distinct=False, name="hours_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.since} {self.hours}"

    @property
    def hours(self) -> str:
        return spoken(self.spans)
