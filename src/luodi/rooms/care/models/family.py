"""Visits that relatives book, and words between them and the home."""

from __future__ import annotations

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.tables.api import Watch
from luodi.rooms.care.models.base import OfResident, doer
from luodi.rooms.care.models.residents import Contact


class Visit(OfResident):
    """A time at which a relative comes; so many at once as the home takes."""

    watch = Watch(hidden=["who", "note"])
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+")
    who = models.CharField(_("来访人"), max_length=60)
    during = DateTimeRangeField(_("时间"))
    note = models.CharField(_("说明"), max_length=200, blank=True)
    at = models.DateTimeField(_("预约时间"))
    ended_at = models.DateTimeField(_("取消时间"), null=True)

    class Meta:
        verbose_name = _("探访")
        ordering = ["during", "id"]


class Word(OfResident):
    """A message from a relative, or the home's answer."""

    watch = Watch(hidden=["text"])
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+")
    text = models.TextField(_("留言"), max_length=1000)
    at = models.DateTimeField(_("时间"))
    by = doer(_("回复人"))

    class Meta:
        verbose_name = _("家属留言")
        ordering = ["at", "id"]
