"""What is traded: a vocabulary by words and codes."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import Watch, WrittenBy, has_power


class Commodity(models.Model):
    """A good or a service. `code` is its product code; a longer one is a kind of a shorter one.

    The key is the customs tariff's (HS), whose first six digits are the same in all countries, because
    industry codes are too coarse: alumina and aluminium are both 3216. `catalogue_code` is that of
    the statistics bureau's 统计用产品分类目录, where somebody has looked it up.
    """

    class Waste(models.TextChoices):
        NONE = "", _("不是废物")
        GENERAL = "general", _("一般工业固体废物")
        HAZARDOUS = "hazardous", _("危险废物")

    name = models.CharField(_("品名"), max_length=40, unique=True)
    code = models.CharField(
        _("产品代码（HS）"), max_length=10, unique=True, help_text=_("海关商品编码，2 至 10 位。")
    )
    catalogue_code = models.CharField(_("统计用产品分类代码"), max_length=20, blank=True)
    measure = models.CharField(_("计量单位"), max_length=10, default="吨")
    synonyms = models.CharField(
        _("别名"), max_length=200, blank=True, help_text=_("用顿号隔开，如：铝矾土、铝矿石。")
    )
    qualities = models.CharField(
        _("常用质量指标"), max_length=100, blank=True, help_text=_("用顿号隔开，如：灰分、水分。")
    )
    waste = models.CharField(_("废物类别"), max_length=10, choices=Waste, blank=True, default="")

    versioned = True
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    guard = WrittenBy(
        write=f"cardinality((SELECT luodi_exchange_desks())) > 0 OR {has_power('engine')}"
    )
    watch = Watch()

    class Meta:
        verbose_name = _("商品")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def words(self) -> list[str]:
        """All that it is called."""
        return [self.name, *(one.strip() for one in self.synonyms.split("、") if one.strip())]
