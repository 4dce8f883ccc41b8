"""Channels of publicity, and what was published in them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting
from luodi.ground.scope.api import Part, Record
from luodi.ground.tables.api import ByUnit

KINDS = {
    "account": _("微信公众号"),
    "site": _("网站"),
    "video": _("视频号"),
    "board": _("宣传栏"),
    "paper": _("报刊"),
    "other": _("其他渠道"),
}
ABOUT = {
    "report": _("工作报告"),
    "event": _("活动"),
    "guide": _("办事和健康指引"),
    "story": _("清廉故事和典型"),
    "notice": _("公告公示"),
    "other": _("其他内容"),
}


class Channel(Record, Lasting):
    """A way to the public that a unit keeps."""

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=8, choices=KINDS)
    address = models.CharField(_("账号或地址"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("宣传渠道")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="channel_once")]

    def __str__(self) -> str:
        return self.name


class Publication(Part):
    """What was published in a channel, when, and where it can be read."""

    guard = ByUnit(via="channel")
    channel = models.ForeignKey(Channel, models.PROTECT, verbose_name=_("宣传渠道"))
    title = models.CharField(_("标题"), max_length=120)
    published_on = models.DateField(_("发布日期"))
    about = models.CharField(_("内容"), max_length=8, choices=ABOUT)
    address = models.URLField(_("链接"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("发布记录")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "title", "published_on"], name="publication_once"
            )
        ]

    def __str__(self) -> str:
        return self.title
