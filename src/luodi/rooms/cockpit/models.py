"""What a unit's cockpit shows, and who gets its figures in the morning."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Record
from luodi.ground.tables.api import OWN, Guard, Unwatched, has_power


class Chosen(Record):
    """The figures that a unit's cockpit shows, in order: keys."""

    figures = models.JSONField(_("数据指标"), default=list)

    class Meta:
        verbose_name = _("一屏的数据指标")
        constraints = [models.UniqueConstraint(fields=["unit"], name="cockpit_chosen_once")]

    def __str__(self) -> str:
        return str(self.unit)


class Morning(models.Model):
    """That an account wants the cockpit of a unit every working morning."""

    account_id = models.BigIntegerField(primary_key=True)
    unit_id = models.BigIntegerField()

    guard = Guard(read=f"{OWN} OR {has_power('engine')}")
    watch = Unwatched("what an account wants to be sent", timeless=True)

    def __str__(self) -> str:
        return str(self.account_id)
