"""What many kinds of records have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _


class Lasting(models.Model):
    """A record that counts from a day on (or has always done), until another day."""

    opened_on = models.DateField(_("启用日期"), null=True, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        abstract = True


def several(label: Any, choices: Mapping[str, Any]) -> ArrayField[Any, Any]:
    """A field that holds any number of a few values, each with its words."""
    one = models.CharField(max_length=max(map(len, choices)), choices=dict(choices))
    return ArrayField(one, verbose_name=label, default=list, blank=True)
