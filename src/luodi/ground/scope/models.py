"""Units as a tree, accounts, the roles they hold, and the tokens of service accounts."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.actor import Actor, acting
from luodi.ground.scope.permissions import ROLE_KINDS, UNIT_KIND_LABELS, RoleKind, UnitKind
from luodi.ground.scope.tables import ENDING, GRANTING, ONESELF, OVER, OVER_HOLDER
from luodi.ground.tables.api import (
    IN_RANGE,
    IN_SCOPE,
    ByUnit,
    Unwatched,
    Watch,
    WrittenBy,
    has_power,
)


def _one(column: str) -> Func:
    """A column as a range of one value: the embedded server has no btree_gist for plain `=`."""
    return Func(F(column), F(column), Value("[]"), function="int8range")


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, unit: Unit) -> UnitQuerySet:
        """The unit and everything under it."""
        return self.filter(path__gte=unit.path, path__lt=unit.path[:-1] + "/")

    def above(self, unit: Unit) -> UnitQuerySet:
        """The unit and its superiors, the highest first."""
        ids = [int(part) for part in unit.path.strip(".").split(".")]
        return self.filter(id__in=ids).order_by("path")

    def open(self) -> UnitQuerySet:
        return self.filter(closed_on__isnull=True)

    def of_kind(self, *kinds: UnitKind) -> UnitQuerySet:
        return self.filter(kind__in=kinds)


class Unit(models.Model):
    """An organisation. Its `path` is the ids from the root down: `1.12.305.`"""

    kind = models.CharField(
        _("类型"),
        max_length=16,
        choices=[(kind.value, UNIT_KIND_LABELS[kind]) for kind in UnitKind],
    )
    name = models.CharField(_("名称"), max_length=120)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", verbose_name=_("上级")
    )
    path = models.TextField(db_collation="C", unique=True, editable=False)
    sort_key = models.CharField(max_length=200, editable=False, default="")
    opened_on = models.DateField(_("成立日期"), null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)
    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = WrittenBy(write=f"{IN_SCOPE} OR {has_power('system')}")
    watch = Watch()

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def depth(self) -> int:
        return self.path.count(".") - 1


# Who writes a unit writes its names.
NAMED = IN_RANGE.replace("{path}", "named.path")
NAMING = (  # of constants of the program
    "EXISTS (SELECT 1 FROM scope_unit AS named WHERE named.id = {table}.unit_id"  # noqa: S608
    f" AND {NAMED}) OR {has_power('system')}"
)


class UnitName(models.Model):
    """A name that a unit has or had, from a day on, until a day (exclusive).

    `form` and `initials` find it in any spelling, and by the initials of its pinyin. A name's start
    is open where nobody knows it. What is in force is copied to the unit, which lists read.
    """

    class Kind(models.TextChoices):
        OFFICIAL = "official", _("全称")
        SHORT = "short", _("简称")
        ALIAS = "alias", _("别名")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names", verbose_name=_("单位"))
    kind = models.CharField(_("种类"), max_length=8, choices=Kind)
    name = models.CharField(_("名称"), max_length=120)
    form = models.CharField(max_length=240, db_index=True, editable=False)
    initials = models.CharField(max_length=240, editable=False)
    valid = DateRangeField(_("使用时间"))

    guard = WrittenBy(write=NAMING)
    watch = Watch()

    class Meta:
        verbose_name = _("单位名称")
        ordering = ["unit_id", "-valid", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(valid__isempty=False), name="name_valid"),
            ExclusionConstraint(
                name="name_once",
                expressions=[
                    (_one("unit_id"), RangeOperators.EQUAL),
                    (
                        Func(F("kind"), F("kind"), Value("[]"), function="luodi_paths"),
                        RangeOperators.EQUAL,
                    ),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                condition=~models.Q(kind="alias"),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AccountManager(BaseUserManager["Account"]):
    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """Someone, or some system, that signs in. Who the person is stands in the directory."""

    username = models.CharField(_("登录名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    email = models.EmailField(_("电子邮箱"), blank=True)
    language = models.CharField(_("语言"), max_length=10, default="zh-hans")
    is_service = models.BooleanField(_("系统账号"), default=False)
    is_active = models.BooleanField(_("启用"), default=True)
    must_change_password = models.BooleanField(default=False)
    password_ends_at = models.DateTimeField(null=True, editable=False)
    home = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="accounts", verbose_name=_("所属单位")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    guard = WrittenBy(
        write=f"{OVER} OR {ONESELF}".replace("{owner}", "id"), insert=OVER, delete=OVER
    )
    watch = Watch(hidden=["password"], ignored=["last_login"])

    objects = AccountManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.name

    def check_password(self, raw_password: str | None) -> bool:
        """As Django's; a hash of former strength is written anew, as who has proved to be the holder."""

        def again(password: str) -> None:
            with acting(Actor(account_id=self.pk)):
                self.set_password(password)
                self._password = None
                self.save(update_fields=["password"])

        return check_password(raw_password, self.password, again)


class RoleQuerySet(models.QuerySet["RoleHolding"]):
    def on(self, day: dt.date) -> RoleQuerySet:
        return self.filter(valid__contains=day)


class RoleHolding(models.Model):
    """That an account holds a role on a unit, from a day on, until a day (exclusive)."""

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="roles", verbose_name=_("账号")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="roles", verbose_name=_("单位"))
    role = models.CharField(
        _("角色"), max_length=24, choices=[(r.key, r.label) for r in ROLE_KINDS.values()]
    )
    valid = DateRangeField(_("有效期"))

    guard = WrittenBy(write=ENDING, insert=GRANTING)
    watch = Watch()

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("任职角色")
        constraints = [
            models.CheckConstraint(condition=models.Q(valid__isempty=False), name="role_valid"),
            ExclusionConstraint(
                name="role_once",
                expressions=[
                    (_one("account_id"), RangeOperators.EQUAL),
                    (_one("unit_id"), RangeOperators.EQUAL),
                    (
                        Func(F("role"), F("role"), Value("[]"), function="luodi_paths"),
                        RangeOperators.EQUAL,
                    ),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.kind.label}"

    @property
    def kind(self) -> RoleKind:
        return ROLE_KINDS[self.role]


class Absence(models.Model):
    """That somebody is away, from a day on until a day (exclusive), and who stands in for them."""

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="absences", verbose_name=_("外出人")
    )
    deputy = models.ForeignKey(
        Account, models.PROTECT, related_name="deputising", verbose_name=_("代理人")
    )
    valid = DateRangeField(_("外出时间"))

    guard = WrittenBy(write=f"{OVER_HOLDER} OR {ONESELF}".replace("{owner}", "account_id"))
    watch = Watch()

    class Meta:
        verbose_name = _("外出与代理")
        ordering = ["-valid", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(valid__isempty=False), name="absence_valid"),
            models.CheckConstraint(
                condition=~models.Q(account=F("deputy")), name="absence_deputy_is_another"
            ),
            ExclusionConstraint(
                name="absence_once",
                expressions=[
                    (_one("account_id"), RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.valid}"


class ApiToken(models.Model):
    """A service account's token. Only its SHA-256 is kept; the token itself is shown once."""

    account = models.ForeignKey(Account, models.CASCADE, related_name="tokens")
    name = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    expires_on = models.DateField(_("有效期至"))
    created_at = models.DateTimeField(default=timezone.now)

    guard = WrittenBy(write=OVER_HOLDER.replace("{owner}", "account_id"))
    watch = Watch(hidden=["digest"])

    def __str__(self) -> str:
        return self.name


class Scoped(models.Model):
    """A row that belongs to a unit; the database fills `path` and guards the row by it.

    Unless it says otherwise, by its `unit`. What is kept of its changes, it says itself: `watch`.
    """

    path = models.TextField(db_collation="C", editable=False, default="")

    guard = ByUnit()

    class Meta:
        abstract = True


class Part(Scoped):
    """A row with all that a record has: guarded, watched, with a version. `guard` says what it belongs
    to, where that is no unit: `guard = ByUnit("venue")`.

    `version` is 1 when the row is made and rises with each change, by the database: who saves over
    a version that is not the present one saves over somebody's work. `path` and `version` are the
    database's to write; an instance in memory has them after `refresh_from_db()`.
    """

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    watch: Watch | Unwatched = Watch()
    versioned = True

    class Meta:
        abstract = True


class Record(Part):
    """A unit's record."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("单位"))

    class Meta:
        abstract = True
