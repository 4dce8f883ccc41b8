"""What must happen how often (`Duty`, in editions), and what was excused.

Nothing is stored of what follows: the windows, what is owed in them and how it stands are computed
from editions, dated facts and gatherings whenever they are read (docs/adr/0022-duties.md).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import several
from luodi.ground.scope.api import UNIT_KIND_LABELS, Account, Part, Record, UnitKind
from luodi.ground.tables.api import IN_SCOPE, KEPT_ABOVE, ByUnit, Watch
from luodi.rooms.directory.api import BranchType, Certainty
from luodi.rooms.duties.windows import Every, Rule, State


class Subject(models.TextChoices):
    """Who owes it: units, or each of their people."""

    UNIT = "unit", _("单位")
    PERSON = "person", _("个人")


class Measure(models.TextChoices):
    """What is counted: gatherings, or hours of education."""

    TIMES = "times", _("次")
    HOURS = "hours", _("学时")


EVERY = {
    Every.MONTH.value: _("每月"),
    Every.QUARTER.value: _("每季度"),
    Every.HALF.value: _("每半年"),
    Every.YEAR.value: _("每年"),
    Every.DAY.value: _("每年固定日期"),
}
CERTAINTY = {
    Certainty.SEEN.value: _("已见原文"),
    Certainty.SECONDARY.value: _("据转述，请核对原文"),
    Certainty.DISPUTED.value: _("说法不一，请核对原文"),
    "own": _("本单位自定"),
}
KINDS = {kind.value: UNIT_KIND_LABELS[kind] for kind in UnitKind}
# Who is asked, where people are: by membership, or by post.
PEOPLE = {
    "members": _("党员"),
    "committee": _("党组织书记和班子成员"),
    "cadres": _("科级以下干部"),
}


STATES = {
    State.DONE: (_("已完成"), "light-green"),
    State.EXCUSED: (_("免办"), ""),
    State.MISSED: (_("未完成"), "light-red"),
    State.RISK: (_("临期"), "light-amber"),
    State.DUE: (_("待办"), "light-blue"),
    State.AHEAD: (_("未到期"), ""),
    State.NOT_ASKED: (_("不要求"), ""),
}


class Duty(Record):
    """Something that must happen regularly, at a unit and below it."""

    key = models.SlugField(_("代号"), max_length=40, editable=False)
    name = models.CharField(_("名称"), max_length=40)
    name_en = models.CharField(_("英文名称"), max_length=80, blank=True)
    subject = models.CharField(
        _("由谁完成"), max_length=6, choices=Subject, default=Subject.UNIT, editable=False
    )
    measure = models.CharField(
        _("计量"), max_length=5, choices=Measure, default=Measure.TIMES, editable=False
    )
    position = models.PositiveSmallIntegerField(_("顺序"), default=0)
    ended_on = models.DateField(_("停止日期"), null=True, blank=True, editable=False)

    # who owes it below must see it
    guard = ByUnit(also=KEPT_ABOVE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("应办事项")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["unit", "key"], name="duty_key")]

    def __str__(self) -> str:
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name

    @cached_property
    def all_editions(self) -> list[Edition]:
        """The editions by their days."""
        return sorted(self.editions.all(), key=lambda one: one.since)

    @cached_property
    def rules(self) -> list[Rule]:
        """What the editions say of time."""
        return [one.rule for one in self.all_editions]

    @property
    def latest(self) -> Edition:
        return self.all_editions[-1]


class Edition(Part):
    """What a duty asks from a day on, and who says so."""

    duty = models.ForeignKey(
        Duty, models.PROTECT, related_name="editions", verbose_name=_("应办事项")
    )
    since = models.DateField(_("自何日起"))
    every = models.CharField(_("多久一次"), max_length=7, choices=list(EVERY.items()))
    times = models.PositiveSmallIntegerField(_("次数（学时）"), default=1)
    month = models.PositiveSmallIntegerField(_("固定月份"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("固定日"), null=True, blank=True)
    kinds = several(_("适用的单位"), KINDS)
    types = several(_("适用的党组织类型"), dict(BranchType.choices))
    least_members = models.PositiveSmallIntegerField(_("正式党员至少"), default=0)
    people = models.CharField(
        _("适用的人员"), max_length=10, blank=True, choices=list(PEOPLE.items())
    )
    gatherings = ArrayField(
        models.CharField(max_length=40),
        verbose_name=_("哪些活动算完成"),
        default=list,
        blank=True,
    )
    remind = models.PositiveSmallIntegerField(_("提前几个工作日提醒"), default=5)
    regulation = models.CharField(_("依据"), max_length=120)
    clause = models.CharField(_("条款"), max_length=60, blank=True)
    certainty = models.CharField(_("依据的把握"), max_length=10, choices=list(CERTAINTY.items()))

    guard = ByUnit(via="duty", also=KEPT_ABOVE, write=IN_SCOPE)

    class Meta:
        verbose_name = _("规定（版本）")
        ordering = ["duty_id", "since"]
        constraints = [models.UniqueConstraint(fields=["duty", "since"], name="edition_once")]

    def __str__(self) -> str:
        return f"{self.duty} {self.since}"

    @property
    def rule(self) -> Rule:
        day = (self.month, self.day) if self.month and self.day else None
        return Rule(self.since, Every(self.every), self.times, day)

    @property
    def often(self) -> str:
        """How often, in words: 每季度2次, 每年7月1日."""
        if self.month and self.day:
            return gettext("每年%(month)s月%(day)s日") % {"month": self.month, "day": self.day}
        words = {"every": self.get_every_display(), "times": self.times}
        if self.duty.measure == Measure.HOURS:
            return gettext("%(every)s%(times)s学时") % words
        return gettext("%(every)s至少%(times)s次") % words

    @property
    def kind_words(self) -> list[str]:
        return [str(KINDS[one]) for one in self.kinds]

    @property
    def type_words(self) -> list[str]:
        return [str(BranchType(one).label) for one in self.types]

    @property
    def source(self) -> str:
        """The regulation with its clause."""
        return f"{self.regulation} {self.clause}".strip()


class Excuse(Record):
    """That a unit need not do a duty, from a day until a day, and why; it can be taken back."""

    duty = models.ForeignKey(Duty, models.PROTECT, related_name="+", verbose_name=_("应办事项"))
    since = models.DateField(_("自"))
    until = models.DateField(_("至"))
    reason = models.CharField(_("理由"), max_length=300)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", null=True, verbose_name=_("同意的人")
    )
    made_at = models.DateTimeField(_("登记时间"))
    ended_at = models.DateTimeField(_("撤回时间"), null=True, editable=False)

    watch = Watch()

    class Meta:
        verbose_name = _("免办说明")
        ordering = ["-since", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="excuse_days"),
            models.UniqueConstraint(
                fields=["unit", "duty", "since"],
                condition=Q(ended_at__isnull=True),
                name="excuse_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.duty} {self.since}"
