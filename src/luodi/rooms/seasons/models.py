"""Seasons of performances: troupes and what they play, villages with their wishes and quiet times, the
plans that were made, and each performance."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting, several
from luodi.ground.scope.api import Account, Part, Record
from luodi.ground.tables.api import ByUnit

WEEKDAYS = {
    str(number): name
    for number, name in enumerate(
        (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日"))
    )
}
QUIET = {
    "harvest": _("农忙"),
    "exams": _("考试"),
    "mourning": _("丧事"),
    "weather": _("防汛防火"),
    "other": _("其他"),
}


class Placed(models.Model):
    """Where something is, in degrees."""

    lon = models.DecimalField(_("经度"), max_digits=8, decimal_places=5)
    lat = models.DecimalField(_("纬度"), max_digits=7, decimal_places=5)

    class Meta:
        abstract = True


class Season(Record):
    """A season: how many performances in which days, under which conditions."""

    name = models.CharField(_("名称"), max_length=60)
    starts_on = models.DateField(_("开始"))
    ends_on = models.DateField(_("结束"))
    shows = models.PositiveSmallIntegerField(_("计划场次"))
    least = models.PositiveSmallIntegerField(_("每村至少"), default=1)
    spacing = models.PositiveSmallIntegerField(_("同村间隔天数"), default=14)
    township_least = models.PositiveSmallIntegerField(_("每乡镇至少"), default=0)
    stages = models.PositiveSmallIntegerField(_("流动舞台"), default=1)
    source = models.CharField(_("依据"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("演出季")
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="season_once"),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="season_in_order",
                violation_error_code="ends_on",
                violation_error_message=_("结束不能早于开始。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Troupe(Record, Lasting, Placed):
    """Who plays: how many they are, how far a day reaches, on which weekdays they rest."""

    name = models.CharField(_("名称"), max_length=60)
    size = models.PositiveSmallIntegerField(_("演员人数"), default=20)
    speed = models.PositiveSmallIntegerField(_("车速（公里/时）"), default=35)
    most_a_day = models.PositiveSmallIntegerField(_("一天最多场次"), default=1)
    hours = models.PositiveSmallIntegerField(_("一天最多小时"), default=10)
    run = models.PositiveSmallIntegerField(_("最多连演天数"), default=3)
    rests = several(_("休息日"), WEEKDAYS)

    class Meta:
        verbose_name = _("剧团")
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="troupe_once")]

    def __str__(self) -> str:
        return self.name


class Play(Part, Lasting):
    """What stands on the menu."""

    guard = ByUnit(via="troupe")
    troupe = models.ForeignKey(Troupe, models.PROTECT, verbose_name=_("剧团"))
    name = models.CharField(_("剧目"), max_length=60)
    kind = models.CharField(_("类型"), max_length=20, blank=True)
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"), default=120)
    about = models.CharField(_("简介"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("剧目")
        constraints = [models.UniqueConstraint(fields=["troupe", "name"], name="play_once")]

    def __str__(self) -> str:
        return self.name


class Village(Record, Lasting, Placed):
    """Where it is played. `stage_holds`: performers on the village's own stage; none, where 0."""

    name = models.CharField(_("名称"), max_length=60)
    township = models.CharField(_("乡镇"), max_length=60)
    people = models.PositiveIntegerField(_("人口"))
    stage_holds = models.PositiveSmallIntegerField(_("戏台容纳演员"), default=0)

    class Meta:
        verbose_name = _("村")
        constraints = [
            models.UniqueConstraint(fields=["unit", "township", "name"], name="village_once")
        ]

    def __str__(self) -> str:
        return self.name


class Spell(models.Model):
    """Some days in a row."""

    since = models.DateField(_("起"))
    until = models.DateField(_("止（含）"))

    class Meta:
        abstract = True


class Wish(Part, Spell):
    """A village would like a play in some days: a fair, a festival. `must`: it is a condition."""

    guard = ByUnit(via="village")
    village = models.ForeignKey(Village, models.PROTECT, verbose_name=_("村"))
    play = models.ForeignKey(
        Play, models.PROTECT, null=True, blank=True, verbose_name=_("想看的剧目")
    )
    occasion = models.CharField(_("事由"), max_length=60)
    must = models.BooleanField(_("必须满足"), default=False)

    class Meta:
        verbose_name = _("点单")
        verbose_name_plural = _("点单")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")),
                name="wish_in_order",
                violation_error_code="until",
                violation_error_message=_("结束不能早于开始。"),
            ),
            models.UniqueConstraint(fields=["village", "since", "occasion"], name="wish_once"),
        ]

    def __str__(self) -> str:
        return f"{self.village} {self.occasion}"


class Quiet(Part, Spell):
    """Days on which nobody should play: in one village, or in all of the unit."""

    guard = ByUnit(via="unit")
    unit = models.ForeignKey("scope.Unit", models.PROTECT, related_name="+", verbose_name=_("单位"))
    village = models.ForeignKey(
        Village, models.PROTECT, null=True, blank=True, verbose_name=_("只在这个村")
    )
    why = models.CharField(_("原因"), max_length=10, choices=QUIET)
    note = models.CharField(_("说明"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("避让时段")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gte=models.F("since")),
                name="quiet_in_order",
                violation_error_code="until",
                violation_error_message=_("结束不能早于开始。"),
            ),
            models.UniqueConstraint(fields=["unit", "village", "since", "why"], name="quiet_once"),
        ]

    def __str__(self) -> str:
        return str(self.get_why_display())


class Plan(Part):
    """A calendar that the worker made: `lines` are its shows, each with village, troupe and day;
    `bound` is what no calendar can be better than. `number`: of what was published, in its order."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待计算")
        RUNNING = "running", _("正在计算")
        READY = "ready", _("已算好")
        FAILED = "failed", _("算不出")
        PUBLISHED = "published", _("已公布")

    guard = ByUnit(via="season")
    season = models.ForeignKey(
        Season, models.PROTECT, related_name="plans", verbose_name=_("演出季")
    )
    state = models.CharField(
        _("状态"), max_length=10, choices=State, default=State.WAITING, editable=False
    )
    number = models.PositiveSmallIntegerField(_("公布版次"), null=True, editable=False)
    asked_by = models.ForeignKey(
        Account, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    asked_at = models.DateTimeField(_("提出时间"))
    ended_at = models.DateTimeField(_("算完时间"), null=True)
    published_at = models.DateTimeField(_("公布时间"), null=True)
    stop = models.BooleanField(_("停止"), default=False)
    says = models.CharField(_("说明"), max_length=500, blank=True)
    progress = models.JSONField(_("进度"), default=dict)
    summary = models.JSONField(_("结果"), default=dict)
    lines = models.JSONField(_("安排"), default=list)

    class Meta:
        verbose_name = _("排演方案")
        constraints = [
            models.UniqueConstraint(fields=["season", "number"], name="plan_number_once")
        ]

    def __str__(self) -> str:
        if self.number:
            return _("%(season)s 第 %(number)s 版") % {
                "season": self.season,
                "number": self.number,
            }
        return f"{self.season} {self.get_state_display()}"


class Performance(Part):
    """One evening in one village. `audience` is a number that the village's culture worker types."""

    class State(models.TextChoices):
        PLANNED = "planned", _("待演")
        HELD = "held", _("已演")
        CANCELLED = "cancelled", _("取消")

    guard = ByUnit(via="season")
    season = models.ForeignKey(
        Season, models.PROTECT, related_name="performances", verbose_name=_("演出季")
    )
    village = models.ForeignKey(Village, models.PROTECT, verbose_name=_("村"))
    troupe = models.ForeignKey(Troupe, models.PROTECT, verbose_name=_("剧团"))
    play = models.ForeignKey(Play, models.PROTECT, null=True, blank=True, verbose_name=_("剧目"))
    on = models.DateField(_("日期"))
    state = models.CharField(_("状态"), max_length=10, choices=State, default=State.PLANNED)
    audience = models.PositiveIntegerField(_("观众人数"), null=True, blank=True)
    why = models.CharField(_("取消原因"), max_length=200, blank=True)
    instead_of = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replacement",
        verbose_name=_("补演的是"),
    )

    class Meta:
        verbose_name = _("演出")
        constraints = [
            models.UniqueConstraint(
                fields=["village", "on"],
                condition=~models.Q(state="cancelled"),
                name="performance_once",
            )
        ]
        indexes = [models.Index(fields=["season", "on"])]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.village}"
