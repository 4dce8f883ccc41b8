"""What people are told, where it was sent, and whether it arrived."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped
from luodi.ground.tables.api import (
    OWN,
    ByUnit,
    Guard,
    More,
    Policy,
    Unwatched,
    Watch,
    has_power,
)


class Notice(models.Model):
    """One message to one account. `key` names the event: the same is never told twice."""

    account = models.ForeignKey("scope.Account", models.CASCADE, related_name="notices")
    key = models.CharField(max_length=120)
    text = models.CharField(_("内容"), max_length=500)
    url = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    read_at = models.DateTimeField(null=True)
    digested_at = models.DateTimeField(null=True)

    # Anybody is told by `luodi_tell()` only, which runs as the schema's owner.
    guard = Guard(read=f"{OWN} OR {has_power('engine')}", insert=has_power("engine"))
    watch = Unwatched("what somebody was told of what the trail has already", timeless=True)
    more = More(policies=[Policy("told", "INSERT", check="true", to="luodi_owner, luodi_migrate")])

    class Meta:
        verbose_name = _("消息")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["account", "key"], name="notice_once")]
        indexes = [
            models.Index(
                fields=["account"], name="notice_unread", condition=models.Q(read_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.text


class NoMail(models.Model):
    """That an account wants no mail of its messages; the inbox has them all the same."""

    account = models.OneToOneField("scope.Account", models.CASCADE, primary_key=True)
    since = models.DateTimeField(default=timezone.now)

    guard = Guard(read=f"{OWN} OR {has_power('engine')}")
    watch = Unwatched("whether an account wants mail", timeless=True)

    def __str__(self) -> str:
        return str(self.account_id)


class Robot(Scoped):
    """A group chat's webhook; what is due below its unit goes there once on a working day.

    `secret`, of a platform that signs (加签), is kept encrypted: see `channels.SECRETS`.
    """

    class Kind(models.TextChoices):
        WECOM = "wecom", _("企业微信")
        DINGTALK = "dingtalk", _("钉钉")
        FEISHU = "feishu", _("飞书")

    unit = models.ForeignKey("scope.Unit", models.CASCADE, verbose_name=_("单位"))
    kind = models.CharField(_("平台"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("群名称"), max_length=60)
    address = models.URLField(_("Webhook 地址"), max_length=400)
    secret = models.TextField(_("加签密钥"), blank=True, default="")
    is_active = models.BooleanField(_("启用"), default=True)

    guard = ByUnit(also=has_power("system"))
    watch = Watch(hidden=["address", "secret"])

    class Meta:
        verbose_name = _("群机器人")

    def __str__(self) -> str:
        return self.name


class Delivery(Scoped):
    """A message on its way to an account's mail address (or to `to`), or to a group.

    `log` has each try: `{"at", "said"}`; a `said` that is empty belongs to a try that goes on.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("正在发送")
        SENT = "sent", _("已送达")
        UNSURE = "unsure", _("可能已送达")
        FAILED = "failed", _("发送失败")

    unit = models.ForeignKey("scope.Unit", models.CASCADE, null=True, related_name="+")
    account = models.ForeignKey("scope.Account", models.CASCADE, null=True, related_name="+")
    robot = models.ForeignKey(Robot, models.CASCADE, null=True)
    to = models.EmailField(_("收件地址"), blank=True, default="")
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"))
    status = models.CharField(
        _("状态"), max_length=8, choices=Status.choices, default=Status.WAITING
    )
    tries = models.IntegerField(_("次数"), default=0)
    answer = models.CharField(_("回执"), max_length=300, blank=True)
    log = models.JSONField(_("经过"), default=list)
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    tried_at = models.DateTimeField(_("最近发送"), null=True)
    next_at = models.DateTimeField(_("下次发送"), default=timezone.now)

    guard = ByUnit(also=f"{OWN} OR {has_power('system')} OR {has_power('engine')}")
    watch = Unwatched("a log itself: what was sent, and whether it arrived", timeless=True)

    class Meta:
        verbose_name = _("发送记录")
        ordering = ["-id"]
        indexes = [
            # The order in which what waits is taken: a fresh one before one that failed.
            models.Index(
                fields=["tries", "next_at", "id"],
                name="delivery_waiting",
                condition=models.Q(status="waiting"),
            ),
            models.Index(
                fields=["tried_at"],
                name="delivery_sending",
                condition=models.Q(status="sending"),
            ),
            models.Index(
                fields=["robot", "tried_at"],
                name="delivery_robot",
                condition=models.Q(robot__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
