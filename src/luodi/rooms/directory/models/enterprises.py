"""Enterprises, the industry chains they belong to, and who leads a district."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped, Unit
from luodi.ground.tables.api import Public, Watch
from luodi.rooms.directory.models.dated import Dated, DatedQuerySet, never_twice, numbers


class Chain(models.Model):
    """An industry chain; its district is the party-building district drawn around it."""

    name = models.CharField(_("产业链"), max_length=60, unique=True)
    district = models.OneToOneField(
        Unit, models.PROTECT, null=True, blank=True, related_name="chain", verbose_name=_("党建区")
    )

    guard = Public("names of industry chains: a vocabulary")
    watch = Watch()

    class Meta:
        verbose_name = _("产业链")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class Enterprise(Scoped):
    """What is known of an enterprise beside its place in the tree. Days of opening and closing
    stand on its unit."""

    unit = models.OneToOneField(
        Unit, models.PROTECT, related_name="enterprise", verbose_name=_("企业")
    )
    code = models.CharField(
        _("统一社会信用代码"), max_length=18, unique=True, null=True, blank=True
    )
    chain = models.ForeignKey(
        Chain, models.PROTECT, null=True, blank=True, verbose_name=_("产业链")
    )
    above_size = models.BooleanField(_("规模以上"), default=False)
    non_public = models.BooleanField(_("非公企业"), default=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    contact_name = models.CharField(_("联系人"), max_length=60, blank=True)
    contact_phone = models.CharField(_("联系电话"), max_length=30, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    watch = Watch(hidden=["contact_name", "contact_phone"])

    class Meta:
        verbose_name = _("企业")

    def __str__(self) -> str:
        return str(self.unit)


class Lead(Scoped, Dated):
    """That an enterprise is its district's leading enterprise."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leads", verbose_name=_("党建区"))
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="leads", verbose_name=_("龙头企业")
    )

    objects: DatedQuerySet[Lead] = DatedQuerySet.as_manager()  # type: ignore[assignment]

    watch = Watch()

    class Meta:
        verbose_name = _("龙头企业")
        constraints = never_twice("lead", numbers("unit_id"))

    def __str__(self) -> str:
        return str(self.enterprise)
