"""Venues, what can be used of them, what travels between rooms, and when they are open."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting, several
from luodi.ground.scope.api import ROLE_KINDS, Part, Record
from luodi.ground.tables.api import IN_RANGE, IN_SCOPE, KEPT_ABOVE, ByUnit, Watch
from luodi.rooms.places.shipped import GROUNDS

KINDS = {"centre": _("党群服务中心"), "training": _("培训场所"), "sports": _("体育场所")}
KINDS |= {"culture": _("文化场所"), "other": _("其他场所")}
OUTDOORS = {"pitch": _("场地"), "trail": _("步道"), "park": _("公园广场")}
USES = {"meeting": _("会议室"), "hall": _("报告厅"), "class": _("教室"), "activity": _("活动室")}
USES |= {"reading": _("阅览室"), "reception": _("接待室"), "gym": _("体育馆"), **OUTDOORS}
EQUIPMENT = {"screen": _("大屏"), "sound": _("扩音"), "video": _("视频会议"), "board": _("白板")}
EQUIPMENT |= {"projector": _("投影"), "stage": _("舞台"), "light": _("夜间照明")}
WEEKDAYS = {
    "1": _("周一"),
    "2": _("周二"),
    "3": _("周三"),
    "4": _("周四"),
    "5": _("周五"),
    "6": _("周六"),
    "7": _("周日"),
}
KEEPERS = ("office", "secretary", "deputy", "county_officer", "instructor", "branch_secretary")

OPEN_TO = {"unit": _("本单位和下级单位"), "all": _("所有单位")}

# Who serves below a venue's unit may use it, and so sees it; one that is open to all is seen by all.
USABLE = f"({KEPT_ABOVE} OR {{table}}.open_to = 'all')"
# What stands in a venue is seen by whoever sees the venue; one pass over the few venues answers.
OF_VENUE = "{table}.venue_id IN (SELECT seen.id FROM places_venue AS seen)"
# What is asked of a venue is seen by who keeps it.
KEPT = (  # of constants of the program
    "{table}.venue_id IN (SELECT kept.id FROM places_venue AS kept WHERE "  # noqa: S608
    + IN_RANGE.replace("{path}", "kept.path")
    + ")"
)


class Place(Lasting):
    name = models.CharField(_("名称"), max_length=60)
    step_free = models.BooleanField(_("无障碍通行"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Venue(Record, Place):
    """A house, a hall, a ground that people come to; it may have rooms.

    Who keeps it is a role on its unit, not a person: people leave. Position in degrees, WGS 84.
    """

    kind = models.CharField(_("类型"), max_length=8, choices=KINDS)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    open_to = models.CharField(
        _("供谁使用"), max_length=4, choices=OPEN_TO, default="unit", blank=True
    )
    keeper = models.CharField(
        _("管理岗位"),
        max_length=24,
        blank=True,
        choices=[(key, ROLE_KINDS[key].label) for key in KEEPERS],
        help_text=_("预订的审批和消息找这个岗位上的人；不选则找本单位所有能管理场所的人。"),
    )
    investment = models.DecimalField(
        _("投资（万元）"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    longitude = models.DecimalField(
        _("经度"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    latitude = models.DecimalField(
        _("纬度"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )

    guard = ByUnit(also=USABLE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("场所")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="venue_once")]


class Room(Part, Place):
    """What can be used by itself: a room of a venue, a pitch, a trail.

    A hall that can be divided has parts: rooms whose `part_of` it is. Who has the hall has them all.
    """

    guard = ByUnit(via="venue", also=OF_VENUE, write=IN_SCOPE)
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="rooms", verbose_name=_("场所"))
    kind = models.CharField(_("用途"), max_length=9, choices=USES)
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("是哪间的一部分"),
        help_text=_("大厅可以隔成几间时，在每一间上填写大厅。"),
    )
    seats = models.PositiveSmallIntegerField(_("座位"), null=True, blank=True)
    wheelchair_seats = models.PositiveSmallIntegerField(_("轮椅席位"), null=True, blank=True)
    equipment = several(_("设备"), EQUIPMENT)
    ground = models.CharField(
        _("体育场地类型"),
        max_length=24,
        blank=True,
        choices=[(key, one.label) for key, one in GROUNDS.items()],
        help_text=_("按全国体育场地统计调查的分类；不是体育场地的不选。"),
    )
    area = models.DecimalField(
        _("面积（平方米）"),
        max_digits=9,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    length = models.DecimalField(
        _("长度（公里）"),
        max_digits=7,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    bookable = models.BooleanField(_("可以预订"), default=True)
    needs_approval = models.BooleanField(_("预订须经批准"), default=False)
    setup_minutes = models.PositiveSmallIntegerField(
        _("会前准备（分钟）"), default=0, blank=True, validators=[MaxValueValidator(240)]
    )
    clear_minutes = models.PositiveSmallIntegerField(
        _("会后整理（分钟）"), default=0, blank=True, validators=[MaxValueValidator(240)]
    )

    # what the address of the door's page is signed with; a new one ends the old address
    door = models.CharField(max_length=24, blank=True, editable=False)

    watch = Watch(hidden=["door"])

    class Meta:
        verbose_name = _("房间")
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="room_once")]

    @property
    def is_outdoors(self) -> bool:
        return self.kind in OUTDOORS


class Item(Part, Lasting):
    """A piece of equipment that travels between the rooms of a venue, and is held with one."""

    guard = ByUnit(via="venue", also=OF_VENUE, write=IN_SCOPE)
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="items", verbose_name=_("场所"))
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("设备"), max_length=9, choices=EQUIPMENT)
    note = models.CharField(_("存放处"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("移动设备")
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="item_once")]

    def __str__(self) -> str:
        return self.name


class OpeningHours(Part):
    """A span of some weekdays in which a venue, or one of its rooms, is open.

    A room with spans of its own has these alone; a venue without any is always open.
    """

    guard = ByUnit(via="venue", also=OF_VENUE, write=IN_SCOPE)
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="hours", verbose_name=_("场所"))
    room = models.ForeignKey(
        Room,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hours",
        verbose_name=_("房间"),
        help_text=_("不填则适用于整个场所。"),
    )
    weekdays = several(_("星期"), WEEKDAYS)
    opens = models.TimeField(_("开放"))
    closes = models.TimeField(_("关闭"), help_text=_("开到半夜填 00:00。"))
    note = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("开放时间")

    def __str__(self) -> str:
        return f"{self.opens:%H:%M}—{self.closes:%H:%M}"


class Closure(Part):
    """A spell in which a venue, or one of its rooms, is closed against its hours."""

    guard = ByUnit(via="venue", also=OF_VENUE, write=IN_SCOPE)
    venue = models.ForeignKey(
        Venue, models.PROTECT, related_name="closures", verbose_name=_("场所")
    )
    room = models.ForeignKey(
        Room,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="closures",
        verbose_name=_("房间"),
        help_text=_("不填则整个场所停用。"),
    )
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    reason = models.CharField(_("原因"), max_length=100)

    class Meta:
        verbose_name = _("停用时段")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")),
                name="closure_ends",
                violation_error_code="ends_at",
                violation_error_message=_("结束时间应晚于开始时间。"),
            )
        ]

    def __str__(self) -> str:
        return self.reason
