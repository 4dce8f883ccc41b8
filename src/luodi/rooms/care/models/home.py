"""The home: its beds, what it charges, its rules, who is on duty."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Lasting
from luodi.ground.scope.api import Account, Record
from luodi.rooms.care.guard import CARE, MONEY, STAFF, AtHome, held

ITEM_KINDS = {
    "bed": _("床位费"),
    "care": _("护理费"),
    "meal": _("伙食费"),
    "other": _("其他服务费"),
}
PER = {"day": _("每日"), "month": _("每月")}
LEVELS = {
    "0": _("能力完好"),
    "1": _("轻度失能"),
    "2": _("中度失能"),
    "3": _("重度失能"),
    "4": _("完全失能"),
}
SHIFTS = {"day": _("白班"), "late": _("中班"), "night": _("夜班")}
MEALS = {"breakfast": _("早餐"), "lunch": _("午餐"), "supper": _("晚餐")}


class Bed(Record, Lasting):
    """A bed, where it stands: building, floor, room. Its name is unique in the home: 203-1."""

    guard = AtHome(roles=("home_manager", "nurse"), besides=held(*STAFF))
    building = models.CharField(_("楼栋"), max_length=30)
    floor = models.PositiveSmallIntegerField(_("楼层"), default=1)
    room = models.CharField(_("房间"), max_length=20)
    name = models.CharField(_("床位"), max_length=20)
    charge = models.CharField(
        _("床位收费项目"),
        max_length=60,
        blank=True,
        help_text=_("按哪个床位费项目收费；不填时按首个。"),
    )

    class Meta:
        verbose_name = _("床位")
        ordering = ["building", "floor", "room", "name", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="bed_once")]

    def __str__(self) -> str:
        return self.name


class PriceItem(Record, Lasting):
    """What a service costs from a day until a day; a care item belongs to a level."""

    guard = AtHome(roles=MONEY, besides=held(*CARE))
    name = models.CharField(_("项目"), max_length=60)
    kind = models.CharField(_("类别"), max_length=5, choices=ITEM_KINDS)
    level = models.CharField(_("对应等级"), max_length=1, choices=LEVELS, blank=True)
    per = models.CharField(_("计价"), max_length=5, choices=PER, default="day")
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = _("收费项目")
        ordering = ["kind", "level", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name", "opened_on"], name="care_price_once"),
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="care_price_sign"),
        ]

    def __str__(self) -> str:
        return self.name


class Terms(Record):
    """A home's own rules: of absence, of money, of assessment. What a regulation caps is checked
    against `rules.CAPS`."""

    guard = AtHome(roles=MONEY, besides=held(*CARE))
    reassess_months = models.PositiveSmallIntegerField(_("定期评估间隔（月）"), default=6)
    free_from = models.PositiveSmallIntegerField(
        _("外出满几整日起减收"), default=3, help_text=_("连续外出满这些整日，从首个整日起减收。")
    )
    meal_back = models.BooleanField(_("外出整日退伙食费"), default=True)
    care_back = models.BooleanField(_("减收时免护理费"), default=True)
    bed_share = models.PositiveSmallIntegerField(
        _("减收时床位费保留（%）"), default=100, help_text=_("保留床位时按此比例收取。")
    )
    prepaid_months = models.PositiveSmallIntegerField(_("服务费最多预收（月）"), default=12)
    deposit_months = models.PositiveSmallIntegerField(_("押金不超过月床位费的倍数"), default=12)
    net_assets = models.DecimalField(
        _("固定资产净额（元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    custody = models.CharField(_("押金存管账户"), max_length=120, blank=True)
    public_home = models.BooleanField(_("公办机构"), default=False)

    class Meta:
        verbose_name = _("机构规则")
        constraints = [models.UniqueConstraint(fields=["unit"], name="care_terms_once")]

    def __str__(self) -> str:
        return str(_("%(home)s的规则") % {"home": self.unit})


class OnDuty(Record):
    """Who is on duty in a shift of a day."""

    guard = AtHome(roles=CARE)
    on = models.DateField(_("日期"))
    shift = models.CharField(_("班次"), max_length=5, choices=SHIFTS)
    who = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("值班人"),
    )
    note = models.CharField(_("备注"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("值班")
        ordering = ["-on", "shift", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "on", "shift", "who"], name="care_duty_once")
        ]

    def __str__(self) -> str:
        return f"{self.on} {SHIFTS[self.shift]}"


class Dish(Record):
    """What is cooked for a meal of a day, and what is in it that somebody may not eat."""

    guard = AtHome(roles=("home_manager", "nurse", "cook"), besides=held("carer"))
    on = models.DateField(_("日期"))
    meal = models.CharField(_("餐次"), max_length=9, choices=MEALS)
    name = models.CharField(_("菜品"), max_length=60)
    contains = models.CharField(
        _("含有"), max_length=120, blank=True, help_text=_("可能引起过敏或忌口的食材，用顿号分开。")
    )
    suits = models.CharField(
        _("适合的饮食"), max_length=120, blank=True, help_text=_("如：低盐、软食；用顿号分开。")
    )

    class Meta:
        verbose_name = _("菜单")
        ordering = ["on", "meal", "id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "on", "meal", "name"], name="care_dish_once")
        ]

    def __str__(self) -> str:
        return self.name
