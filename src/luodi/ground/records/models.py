"""What many kinds of records have in common."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Lasting(models.Model):
    """A record that counts from a day on (or has always done), until another day."""

    opened_on = models.DateField(_("启用日期"), null=True, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        abstract = True
