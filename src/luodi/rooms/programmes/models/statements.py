"""Economic statements from outside: what a statistics office or a commission has published."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import Public, Watch
from luodi.rooms.directory.api import Dated, DatedQuerySet, never_twice, numbers


class Indicator(models.Model):
    """What is stated: an amount, its growth, a count, a place or a class in an assessment.

    A vocabulary: names and definitions only. `words` lists the classes, the best first. Without a unit
    it is everyone's, else that unit's own.
    """

    class Kind(models.TextChoices):
        GROWTH = "growth", _("增速（由基期与报告期计算）")
        AMOUNT = "amount", _("数量")
        COUNT = "count", _("逐项计数")
        RANK = "rank", _("位次")
        CLASS = "class", _("等次")

    unit = models.ForeignKey(
        "scope.Unit", models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    key = models.SlugField(_("代号"), max_length=60, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    synonyms = models.JSONField(_("别名"), default=list, blank=True)
    kind = models.CharField(_("类型"), max_length=8, choices=Kind)
    measure = models.CharField(_("计量单位"), max_length=16, blank=True)
    places = models.PositiveSmallIntegerField(_("小数位数"), default=1)
    words = models.JSONField(_("等次"), default=list, blank=True)
    definition = models.TextField(_("口径"))
    source = models.CharField(_("依据"), max_length=200, blank=True)

    guard = Public("names and definitions of outside statistics: a vocabulary")
    watch = Watch()

    class Meta:
        verbose_name = _("外部指标")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name


class Observation(Scoped, Dated):
    """What a document says of an indicator of a unit, for a period (`valid`).

    base, current: amounts of the base period and of the reported one; place of `participants`;
    `word`: the class. A growth is computed from the two amounts, never written down.
    """

    unit = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="observations", verbose_name=_("指标")
    )
    base: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(
        _("基期值"), null=True, max_digits=24, decimal_places=6
    )
    current: models.DecimalField[Decimal | None, Decimal | None] = models.DecimalField(
        _("报告期值"), null=True, max_digits=24, decimal_places=6
    )
    place = models.PositiveIntegerField(_("位次"), null=True)
    participants = models.PositiveIntegerField(_("参加单位数"), null=True)
    word = models.CharField(_("等次"), max_length=20, blank=True)
    organisation = models.CharField(_("来源单位"), max_length=120)
    document = models.CharField(_("文号或文件名"), max_length=200)
    remark = models.CharField(_("备注"), max_length=300, blank=True)
    entered_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("录入人")
    )

    watch = Watch()

    objects = DatedQuerySet["Observation"].as_manager()

    class Meta:
        verbose_name = _("外部数据")
        ordering = ["-valid", "-id"]
        constraints = [
            *never_twice("observation", numbers("indicator_id"), numbers("unit_id")),
            models.CheckConstraint(
                condition=Q(place=None) | Q(place__gte=1, place__lte=F("participants")),
                name="observation_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.valid}"
