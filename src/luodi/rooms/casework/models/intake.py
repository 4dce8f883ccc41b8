"""The public way in: an enterprise's own address, and how often it was used lately."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import Guard, Unwatched, Watch, has_power
from luodi.rooms.casework.models.case import Case


class Intake(Scoped):
    """An enterprise's public form. A new token makes the printed code with the old one useless."""

    unit = models.OneToOneField(
        "scope.Unit", models.PROTECT, related_name="+", verbose_name=_("企业")
    )
    token = models.CharField(max_length=43, unique=True)
    is_active = models.BooleanField(_("启用"), default=True)
    rotated_at = models.DateTimeField(_("更换时间"))

    watch = Watch(hidden=["token"])

    class Meta:
        verbose_name = _("扫码入口")

    def __str__(self) -> str:
        return str(self.unit)


class ReportKey(models.Model):
    """What opens a report to whoever made it without an account: a hash of the secret word."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="+")
    word = models.CharField(max_length=128)

    guard = Guard(read=has_power("engine"))
    watch = Unwatched("the hash of a word that opens one report", timeless=True)

    def __str__(self) -> str:
        return str(self.case_id)


class PublicAttempt(models.Model):
    """How many public reports came in an hour, by token and by a daily-salted hash of an address."""

    key = models.CharField(max_length=64)
    hour = models.DateTimeField()
    count = models.IntegerField(default=1)

    guard = Guard(read=has_power("engine"))
    watch = Unwatched("counters of an hour", timeless=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "hour"], name="attempt_once")]

    def __str__(self) -> str:
        return f"{self.hour} {self.count}"
