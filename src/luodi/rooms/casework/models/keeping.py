"""What makes the work lighter: links between cases, text templates, saved filters."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import OWN, Guard, Public, Unwatched, Watch
from luodi.rooms.casework.models.case import Case
from luodi.rooms.casework.models.history import case_key
from luodi.rooms.casework.tables import OF_CASE


class Numbering(models.Model):
    """The last number given to a kind of case in a year: whoever takes the next holds the row until
    the end of the transaction, so a number that was not used is given again."""

    prefix = models.CharField(max_length=8)
    year = models.IntegerField()
    last = models.IntegerField()

    guard = Public("how many cases of a kind there were in a year; every reader of a number knows")
    watch = Unwatched("a counter; the cases with their numbers are watched", timeless=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="numbering_once")]

    def __str__(self) -> str:
        return f"{self.prefix}{self.year}-{self.last:06d}"


class Link(Scoped):
    """That a case is like another, or belongs with it."""

    class Kind(models.TextChoices):
        RELATED = "related", _("相关")
        DUPLICATE = "duplicate", _("重复")

    case = case_key("links")
    other = models.ForeignKey(
        Case, models.PROTECT, related_name="linked_from", verbose_name=_("另一问题")
    )
    kind = models.CharField(_("关系"), max_length=10, choices=Kind)
    account = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, db_index=False, related_name="+"
    )
    at = models.DateTimeField(_("时间"))

    guard = OF_CASE
    watch = Watch()

    class Meta:
        verbose_name = _("关联")
        constraints = [
            models.UniqueConstraint(fields=["case", "other"], name="link_once"),
            models.CheckConstraint(
                condition=~models.Q(case=models.F("other")), name="link_to_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind} {self.other_id}"


class Template(models.Model):
    """A text to start from. Without a unit it is everyone's, else of that unit and those below."""

    class Kind(models.TextChoices):
        PROBLEM = "problem", _("问题")
        ANSWER = "answer", _("答复")
        MEASURE = "measure", _("措施")

    unit = models.ForeignKey(
        "scope.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("单位"),
    )
    kind = models.CharField(_("用于"), max_length=8, choices=Kind)
    name = models.CharField(_("名称"), max_length=60)
    text = models.TextField(_("内容"))
    is_active = models.BooleanField(_("启用"), default=True)

    guard = Public("texts to start from; no personal data")
    watch = Watch()

    class Meta:
        verbose_name = _("文字模板")
        ordering = ["kind", "name"]

    def __str__(self) -> str:
        return self.name


class SavedFilter(models.Model):
    """A list's filter that an account wants to find again; `query` is the part after the `?`."""

    account_id = models.BigIntegerField(db_index=True)
    name = models.CharField(_("名称"), max_length=40)
    query = models.TextField()
    created_at = models.DateTimeField(default=timezone.now)

    guard = Guard(read=OWN)
    watch = Unwatched("how somebody likes a list", timeless=True)

    class Meta:
        verbose_name = _("常用筛选")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["account_id", "name"], name="saved_filter_once")
        ]

    def __str__(self) -> str:
        return self.name
