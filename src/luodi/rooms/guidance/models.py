"""Guides and their editions: what stands in an edition is a document (`document.py`)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Value
from django.db.models.functions import MD5, Cast, Concat, Left, Random
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting
from luodi.ground.scope.api import Account, Part, Record
from luodi.ground.tables.api import ByUnit

# What a guide is called in addresses, where nobody has named it.
NEW_KEY = Concat(Value("g"), Left(MD5(Cast(Random(), models.TextField())), 8))


class Guide(Record, Lasting):
    """A guide that a unit keeps for the public. `key`: what it is called in addresses."""

    key = models.SlugField(_("地址名"), max_length=40, unique=True, db_default=NEW_KEY)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    owner = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("负责人")
    )
    reviewed_on = models.DateField(_("上次复核"), null=True, blank=True)
    review_on = models.DateField(_("下次复核"), null=True, blank=True)

    class Meta:
        verbose_name = _("指引")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="guide_once")]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return (english and self.name_en) or self.name


class Edition(Part):
    """What a guide says, as published at an instant; without one it is a draft.

    What is published never changes again. `withdrawn_at`: it was wrong, and nobody reads it any more.
    """

    guard = ByUnit(via="guide")
    guide = models.ForeignKey(
        Guide, models.PROTECT, related_name="editions", verbose_name=_("指引")
    )
    number = models.PositiveSmallIntegerField(_("版次"))
    document = models.JSONField(_("内容"))
    note = models.CharField(_("改了什么"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)
    published_by = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("发布人")
    )
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("指引的版本")
        ordering = ["guide", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["guide", "number"], name="guide_edition_once"),
            models.UniqueConstraint(
                fields=["guide"],
                condition=models.Q(published_at=None),
                name="guide_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return _("%(guide)s 第 %(number)s 版") % {"guide": self.guide, "number": self.number}

    @property
    def state(self) -> Any:
        if self.published_at is None:
            return _("草稿")
        return _("已撤回") if self.withdrawn_at else _("已发布")
