"""Venues and their rooms."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting, several
from luodi.ground.scope.api import Part, Record
from luodi.ground.tables.api import ByUnit

KINDS = {"centre": _("党群服务中心"), "training": _("培训场所"), "sports": _("体育场所")}
KINDS |= {"culture": _("文化场所"), "other": _("其他场所")}
USES = {"meeting": _("会议室"), "hall": _("报告厅"), "class": _("教室"), "pitch": _("场地")}
EQUIPMENT = {"screen": _("大屏"), "sound": _("扩音"), "video": _("视频会议"), "board": _("白板")}


class Place(Lasting):
    name = models.CharField(_("名称"), max_length=60)
    step_free = models.BooleanField(_("无障碍通行"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Venue(Record, Place):
    """A house, a hall, a ground that people come to; it may have rooms."""

    kind = models.CharField(_("类型"), max_length=8, choices=KINDS)
    address = models.CharField(_("地址"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("场所")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="venue_once")]


class Room(Part, Place):
    """What can be used by itself: a room of a venue, or a pitch."""

    guard = ByUnit(via="venue")
    venue = models.ForeignKey(Venue, models.PROTECT, verbose_name=_("场所"))
    kind = models.CharField(_("用途"), max_length=8, choices=USES)
    seats = models.PositiveSmallIntegerField(_("座位"), null=True, blank=True)
    equipment = several(_("设备"), EQUIPMENT)

    class Meta:
        verbose_name = _("房间")
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="room_once")]
