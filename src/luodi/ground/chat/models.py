"""A site's apps at the vendors, and who an account is there."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.chat.vendors import VENDORS, Keys
from luodi.ground.scope.api import Cipher
from luodi.ground.tables.api import OWN, Guard, Unwatched, Watch, has_power

SECRETS = Cipher("luodi.chat")
SYSTEM = has_power("system")


class ChatApp(models.Model):
    """An app of one's own corporation at a vendor.

    What the sign-in page shows of it is known before anybody is anybody; the secrets are encrypted.
    `proof`: the name and the text of the file by which the vendor knows the domain.
    """

    vendor = models.CharField(
        _("平台"), max_length=10, choices=[(one.key, one.label) for one in VENDORS.values()]
    )
    corp = models.CharField(_("企业 ID / AppKey / App ID"), max_length=80)
    agent = models.CharField(_("AgentId"), max_length=20, blank=True)
    secret = models.TextField(_("Secret"), blank=True)
    token = models.TextField(_("回调 Token"), blank=True)
    aes_key = models.TextField(_("回调 EncodingAESKey"), blank=True)
    proof_name = models.CharField(_("域名验证文件名"), max_length=80, blank=True)
    proof_text = models.CharField(_("域名验证文件内容"), max_length=200, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    guard = Guard(read="true", insert=SYSTEM, update=SYSTEM, delete=SYSTEM)
    watch = Watch(hidden=["secret", "token", "aes_key"])

    class Meta:
        verbose_name = _("聊天应用")
        constraints = [models.UniqueConstraint(fields=["vendor", "corp"], name="chat_app_once")]

    def __str__(self) -> str:
        return str(VENDORS[self.vendor].label)

    @property
    def keys(self) -> Keys:
        return Keys(self.corp, self.agent, SECRETS.opened(self.secret))


class Binding(models.Model):
    """That an account is a userid of a corporation. Another corporation's same userid is somebody else."""

    app = models.ForeignKey(ChatApp, models.CASCADE, related_name="bindings")
    account = models.ForeignKey("scope.Account", models.CASCADE, related_name="+")
    corp = models.CharField(max_length=80)
    userid = models.CharField(max_length=80)
    bound_at = models.DateTimeField(default=timezone.now)

    guard = Guard(read=f"{OWN} OR {SYSTEM} OR {has_power('engine')}")
    watch = Watch()

    class Meta:
        verbose_name = _("聊天账号绑定")
        constraints = [
            models.UniqueConstraint(fields=["app", "corp", "userid"], name="chat_userid_once"),
            models.UniqueConstraint(fields=["app", "account"], name="chat_account_once"),
        ]

    def __str__(self) -> str:
        return f"{self.app}：{self.userid}"


class Told(models.Model):
    """A card on its way to somebody: once, with each try and the vendor's own words."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("待发送")
        SENDING = "sending", _("正在发送")
        SENT = "sent", _("已送达")
        UNSURE = "unsure", _("可能已送达")
        FAILED = "failed", _("发送失败")

    binding = models.ForeignKey(Binding, models.CASCADE, related_name="+")
    account = models.ForeignKey("scope.Account", models.CASCADE, related_name="+")
    key = models.CharField(max_length=140, unique=True)
    title = models.CharField(_("标题"), max_length=60)
    line = models.CharField(_("说明"), max_length=120, blank=True)
    url = models.CharField(max_length=300)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    said = models.CharField(_("回执"), max_length=300, blank=True)
    pressed = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(_("生成时间"), default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    tried_at = models.DateTimeField(null=True)

    guard = Guard(read=f"{OWN} OR {SYSTEM} OR {has_power('engine')}")
    watch = Unwatched("a log itself: what was sent, and whether it arrived", timeless=True)

    class Meta:
        verbose_name = _("聊天消息")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["next_at"], name="chat_waiting", condition=models.Q(status="waiting")
            )
        ]

    def __str__(self) -> str:
        return self.title
