"""What an administrator defines: a register, its columns, its figures."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import ROLE_KINDS, Scoped, Unit
from luodi.ground.tables.api import IN_SCOPE, KEPT_ABOVE, ByUnit, Watch


class Evidence(models.TextChoices):
    NONE = "none", _("不需要")
    OPTIONAL = "optional", _("可以上传")
    REQUIRED = "required", _("必须上传")


class Kind(models.TextChoices):
    """What a column holds. A looked-up column holds nothing: another record does."""

    TEXT = "text", _("文字")
    NUMBER = "number", _("数字")
    MONEY = "money", _("金额")
    DATE = "date", _("日期")
    CHOICE = "choice", _("单选")
    CHOICES = "choices", _("多选")
    YES_NO = "yes_no", _("是否")
    UNIT = "unit", _("单位")
    PERSON = "person", _("人员")
    PLACE = "place", _("地点")
    LOOKUP = "lookup", _("引用（不用填，从别的记录取）")


REFERENCES = frozenset({Kind.UNIT, Kind.PERSON})
NUMBERS = frozenset({Kind.NUMBER, Kind.MONEY})


def in_language(zh: str, en: str) -> str:
    """The name in the language of the page; Chinese where there is no other."""
    return en if en and (get_language() or "").startswith("en") else zh


class Register(Scoped):
    """A ledger that a unit keeps for itself and for all below it.

    `date_label` names the day on which an entry begins to hold (授权日, 认定日). A `dated` register's
    entries change and end (a recognition lasts three years); another's only happened.
    `write_roles` narrows who may write; empty: every role with `registers.write`. `title_column`
    is the column that names an entry, "" for its unit. `procedure` holds an award's parameters.
    """

    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="registers", verbose_name=_("建账单位")
    )
    key = models.SlugField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    description = models.CharField(_("说明"), max_length=500, blank=True)
    unit_label = models.CharField(_("单位列的名称"), max_length=30, blank=True)
    unit_label_en = models.CharField(_("单位列的英文名称"), max_length=60, blank=True)
    date_label = models.CharField(_("日期列的名称"), max_length=30)
    date_label_en = models.CharField(_("日期列的英文名称"), max_length=60, blank=True)
    title_column = models.CharField(_("标题列"), max_length=40, blank=True)
    dated = models.BooleanField(_("有起止日期"), default=False)
    evidence = models.CharField(
        _("佐证材料"), max_length=10, choices=Evidence.choices, default=Evidence.OPTIONAL
    )
    write_roles = models.JSONField(_("可以登记的角色"), default=list, blank=True)
    procedure = models.JSONField(_("评选程序"), null=True, blank=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    versioned = True
    guard = ByUnit(also=KEPT_ABOVE, write=IN_SCOPE)
    watch = Watch()

    class Meta:
        verbose_name = _("台账")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="register_key")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @cached_property
    def all_columns(self) -> list[Column]:
        """The columns in their order, those out of use too."""
        return sorted(self.columns.all(), key=lambda one: (one.position, one.pk))

    @property
    def living(self) -> list[Column]:
        """The columns in use, in their order."""
        return [column for column in self.all_columns if column.retired_at is None]

    @property
    def living_figures(self) -> list[RegisterFigure]:
        """The figures in use, in their order."""
        return [figure for figure in self.figures.all() if figure.retired_at is None]

    @property
    def asked(self) -> list[Column]:
        """The columns that an entry fills."""
        return [column for column in self.living if column.kind != Kind.LOOKUP]

    @property
    def is_personal(self) -> bool:
        """Whether entries speak of people: then their pages ask for `people.view` too."""
        return any(column.kind == Kind.PERSON for column in self.all_columns)

    @property
    def unit_title(self) -> str:
        return in_language(self.unit_label, self.unit_label_en) or str(_("单位"))

    @property
    def date_title(self) -> str:
        return in_language(self.date_label, self.date_label_en)

    @property
    def writers(self) -> list[str]:
        """The names of the roles that may write, if they are narrowed."""
        return [str(ROLE_KINDS[key].label) for key in self.write_roles if key in ROLE_KINDS]


class Column(Scoped):
    """One column. `measure` is a number's unit (件, 万元) and `places` its decimal places;
    `choices` are `[value, Chinese, English]`; a looked-up column names its `lookup` (see
    `lookups.py`) and `via`, the column whose person or unit is looked up ("" for the entry's unit).
    """

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="columns", verbose_name=_("台账")
    )
    key = models.CharField(_("代码"), max_length=40)
    label = models.CharField(_("列名"), max_length=30)
    label_en = models.CharField(_("英文列名"), max_length=60, blank=True)
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    position = models.PositiveSmallIntegerField(_("次序"), default=0)
    required = models.BooleanField(_("必填"), default=False)
    help = models.CharField(_("填写说明"), max_length=200, blank=True)
    measure = models.CharField(_("计量单位"), max_length=20, blank=True)
    places = models.PositiveSmallIntegerField(_("小数位数"), default=0)
    choices = models.JSONField(_("选项"), default=list, blank=True)
    lookup = models.CharField(_("取自"), max_length=40, blank=True)
    via = models.CharField(_("经由"), max_length=40, blank=True)
    listed = models.BooleanField(_("列在清单里"), default=True)
    retired_at = models.DateTimeField(_("停用时间"), null=True, editable=False)

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    versioned = True
    guard = ByUnit(via="register", also=KEPT_ABOVE, write=IN_SCOPE)
    watch = Watch()

    class Meta:
        verbose_name = _("台账的列")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["register", "key"], name="register_column_key")
        ]

    def __str__(self) -> str:
        return in_language(self.label, self.label_en)

    @property
    def title(self) -> str:
        """The label with the unit of measure: 投资额（万元）."""
        return f"{self}（{self.measure}）" if self.measure else str(self)

    @property
    def labels(self) -> dict[str, str]:
        """A choice's labels by its value."""
        return {value: in_language(zh, en) for value, zh, en in self.choices}


class RegisterFigure(Scoped):
    """A number over a register: how many entries, the sum of a column, or the share of a part.

    `conditions` (and `side`, the numerator's own) are `{"column", "test", "value"}`, all to be met:
    see `conditions.py`. `version` rises when the meaning changes.
    """

    class Kind(models.TextChoices):
        COUNT = "count", _("条数")
        SUM = "sum", _("合计")
        SHARE = "share", _("占比")

    class Time(models.TextChoices):
        DAY = "day", _("某一天有效的")
        PERIOD = "period", _("某一时期内发生的")

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="figures", verbose_name=_("台账")
    )
    key = models.CharField(_("代码"), max_length=40)
    name = models.CharField(_("名称"), max_length=60)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    synonyms = models.JSONField(_("别的说法"), default=list, blank=True)
    kind = models.CharField(_("算法"), max_length=8, choices=Kind.choices)
    time = models.CharField(_("时间"), max_length=8, choices=Time.choices, default=Time.DAY)
    amount = models.CharField(_("合计的列"), max_length=40, blank=True)
    measure = models.CharField(_("计量单位"), max_length=20, blank=True)
    places = models.PositiveSmallIntegerField(_("小数位数"), default=0)
    conditions = models.JSONField(_("条件"), default=list, blank=True)
    side = models.JSONField(_("占比的分子"), default=list, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    retired_at = models.DateTimeField(_("停用时间"), null=True, editable=False)

    guard = ByUnit(via="register", also=KEPT_ABOVE, write=IN_SCOPE)
    watch = Watch()

    class Meta:
        verbose_name = _("台账的指标")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["register", "key"],
                condition=Q(retired_at__isnull=True),
                name="register_figure_key",
            )
        ]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def full_key(self) -> str:
        return f"registers.{self.register.key}.{self.key}"

    def meaning(self) -> dict[str, Any]:
        """What changes the version when it changes."""
        names = ("kind", "time", "amount", "places", "conditions", "side")
        return {name: getattr(self, name) for name in names}
