"""Templates with their versions, and the reports drawn up from them."""

from __future__ import annotations

import json
import zlib
from functools import cached_property
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import Public, Watch


class Template(Scoped):
    """One version of a template of a unit's own; the highest `number` of a key is in force."""

    unit = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    key = models.SlugField(max_length=40)
    number = models.PositiveIntegerField(_("版本"))
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("正文"))
    written_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("编写人")
    )
    written_at = models.DateTimeField(_("编写时间"), default=timezone.now)

    watch = Watch()

    class Meta:
        verbose_name = _("报告模板")
        ordering = ["title", "id"]
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="template_version")]

    def __str__(self) -> str:
        return self.title


class State(models.TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("待审核")
    APPROVED = "approved", _("待签发")
    PUBLISHING = "publishing", _("正在签发")
    PUBLISHED = "published", _("已签发")
    WITHDRAWN = "withdrawn", _("已撤回")


UNSIGNED = (State.DRAFT, State.SUBMITTED, State.APPROVED)


class Report(Scoped):
    """A report of a unit for a period. A draft is read anew at each look; `sealed` is what was signed.

    `head` holds issuer, number, addressee, signer, signed_on (texts, "" for none). `written_by` wrote
    last in it; `approved_by` found it good since. While it is being published, `published_by` and
    `asked_at` are who asked for it, and when; `trouble` says why it was not done.
    """

    unit = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    template = models.CharField(_("模板"), max_length=40)
    title = models.CharField(_("标题"), max_length=200)
    text = models.TextField(_("正文"))
    since = models.DateField(_("起始日期"))
    until = models.DateField(_("截止日期"))
    head = models.JSONField(_("公文要素"), default=dict)
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.DRAFT)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("起草人")
    )
    drafted_at = models.DateTimeField(_("起草时间"), default=timezone.now)
    written_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("最后修改人")
    )
    approved_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    published_by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("签发人")
    )
    published_at = models.DateTimeField(_("签发时间"), null=True)
    asked_at = models.DateTimeField(null=True, editable=False)
    trouble = models.CharField(max_length=300, blank=True, editable=False)
    reason = models.CharField(_("撤回原因"), max_length=200, blank=True)
    key_id = models.CharField(max_length=16, blank=True)
    packed = models.BinaryField(default=b"")  # the sealed report: JSON, deflated

    # the bytes are signed themselves, and too many for the trail
    watch = Watch(hidden=["packed"])

    class Meta:
        verbose_name = _("报告")
        ordering = ["-drafted_at", "-id"]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def sealed(self) -> dict[str, Any]:
        """The sealed report; only of what was published."""
        content: dict[str, Any] = json.loads(zlib.decompress(self.packed))
        return content

    @property
    def is_draft(self) -> bool:
        """Whether nothing of it is signed yet."""
        return self.state in (*UNSIGNED, State.PUBLISHING)


class Act(models.TextChoices):
    SUBMIT = "submit", _("提交审核")
    APPROVE = "approve", _("审核通过")
    RETURN = "return", _("退回修改")
    NOTE = "note", _("发表意见")


class Step(Scoped):
    """What was done with a draft on its way to be signed, and what was said of it."""

    unit = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    report = models.ForeignKey(Report, models.CASCADE, related_name="steps", verbose_name=_("报告"))
    act = models.CharField(_("办理"), max_length=10, choices=Act)
    comment = models.TextField(_("意见"), blank=True)
    by = models.ForeignKey(
        "scope.Account", models.PROTECT, null=True, related_name="+", verbose_name=_("办理人")
    )
    at = models.DateTimeField(_("时间"), default=timezone.now)

    watch = Watch()

    class Meta:
        verbose_name = _("审核记录")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.get_act_display()


class SigningRule(models.Model):
    """Whether, in a unit and below it, who wrote a report signs it only after another approved it."""

    unit = models.OneToOneField(
        "scope.Unit", models.PROTECT, related_name="+", verbose_name=_("单位")
    )
    another_approves = models.BooleanField(_("签发自己写的报告，须先经别人审核"), default=False)

    guard = Public("who may sign, by unit: it binds those below, who see no rows of it")
    watch = Watch()

    class Meta:
        verbose_name = _("签发规则")

    def __str__(self) -> str:
        return str(self.unit)
