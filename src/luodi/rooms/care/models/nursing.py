"""Assessment, risks, plan, acts that are due, what was seen, what happened, what is handed on."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import several
from luodi.ground.scope.api import Account, Part, Record
from luodi.ground.tables.api import Unwatched, Watch
from luodi.rooms.care.guard import CARE, AtHome
from luodi.rooms.care.measures import KINDS
from luodi.rooms.care.models.base import OfResident, doer
from luodi.rooms.care.models.home import LEVELS, SHIFTS
from luodi.rooms.care.scales import SCALES

PURPOSES = {
    "admission": _("入院前评估"),
    "regular": _("定期评估"),
    "change": _("情况变化后评估"),
    "dispute": _("有异议重新评估"),
}
SLOTS = {
    "night": _("夜间"),
    "morning": _("早晨"),
    "noon": _("中午"),
    "afternoon": _("下午"),
    "evening": _("晚间"),
}
EVERY = {"day": _("每天"), "week": _("每周"), "month": _("每月")}
WEEKDAYS = {
    "1": _("周一"),
    "2": _("周二"),
    "3": _("周三"),
    "4": _("周四"),
    "5": _("周五"),
    "6": _("周六"),
    "7": _("周日"),
}
RISKS = {
    "choking": _("噎食"),
    "intake": _("误食误服"),
    "sore": _("压力性损伤"),
    "scald": _("烫伤"),
    "bed_fall": _("坠床"),
    "fall": _("跌倒"),
    "harm": _("自伤或伤人"),
    "lost": _("走失"),
    "recreation": _("文娱活动意外"),
}


class Assessment(OfResident):
    """A scale filled in: half done until two assessors have signed, then never changed."""

    watch = Watch(hidden=["answers", "found", "conclusion"])
    scale = models.CharField(_("量表"), max_length=20)
    edition = models.CharField(_("标准版本"), max_length=40)
    purpose = models.CharField(_("评估原因"), max_length=9, choices=PURPOSES)
    at = models.DateTimeField(_("评估时间"))
    answers = models.JSONField(_("各项得分"), default=dict)
    found = models.JSONField(default=dict)  # score, parts, preliminary and final level, adjustments
    score = models.SmallIntegerField(_("总分"), null=True)
    level = models.CharField(_("等级"), max_length=1, choices=LEVELS, blank=True)
    conclusion = models.CharField(_("说明"), max_length=500, blank=True)
    first = doer(_("评估人"))
    second = doer(_("第二评估人"))
    second_at = models.DateTimeField(_("复签时间"), null=True)

    class Meta:
        verbose_name = _("评估")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["resident", "scale", "-at"], name="care_assessed")]

    @property
    def done(self) -> bool:
        return self.second_at is not None

    @property
    def scale_name(self) -> str:
        return str(SCALES[self.scale].name)


class Risk(OfResident):
    """One of the nine risks, as the last assessment found it."""

    watch = Watch(hidden=["kind", "why"])
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="risks")
    kind = models.CharField(_("风险"), max_length=10, choices=RISKS)
    why = models.CharField(_("依据"), max_length=200)
    until = models.DateField(_("至"), null=True)

    class Meta:
        verbose_name = _("风险")
        ordering = ["id"]


class Plan(OfResident):
    """A version of the care plan: the one before it stays, and is replaced by it."""

    watch = Watch(hidden=["need", "aim"])
    number = models.PositiveSmallIntegerField(_("版本"))
    need = models.CharField(_("需要"), max_length=1000)
    aim = models.CharField(_("目标"), max_length=1000)
    at = models.DateTimeField(_("生效时间"))
    until = models.DateTimeField(_("被替换时间"), null=True)
    evaluate_on = models.DateField(_("评价日期"))
    evaluation = models.CharField(_("评价"), max_length=1000, blank=True)
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, related_name="+")
    by = doer(_("制定人"))

    class Meta:
        verbose_name = _("护理计划")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["resident", "number"], name="care_plan_once"),
            models.UniqueConstraint(
                fields=["resident"], condition=models.Q(until=None), name="care_plan_in_force"
            ),
        ]


class Act(OfResident):
    """What a plan says is done: when, how often, against which risk; `routine` ones may be
    confirmed together."""

    watch = Watch(hidden=["text"])
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="acts")
    text = models.CharField(_("做什么"), max_length=120)
    slots = several(_("时段"), SLOTS)
    clock = models.TimeField(_("钟点"), null=True, blank=True)
    every = models.CharField(_("频次"), max_length=5, choices=EVERY, default="day")
    days = ArrayField(models.PositiveSmallIntegerField(), verbose_name=_("哪几日"), default=list)
    routine = models.BooleanField(_("常规"), default=False)
    protects = several(_("防范的风险"), RISKS)

    class Meta:
        verbose_name = _("护理措施")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text

    @property
    def when(self) -> str:
        """When it is done, in words."""
        days = "、".join(map(str, self.days))
        if self.every == "week":
            days = "、".join(str(WEEKDAYS[str(one)]) for one in self.days if 1 <= one <= 7)
        times = [str(SLOTS[one]) for one in self.slots if one in SLOTS]
        times += [f"{self.clock:%H:%M}"] if self.clock else []
        return f"{EVERY[self.every]}{days} {'、'.join(times)}".strip()

    @property
    def against(self) -> str:
        """The risks that it protects from, in words."""
        return "、".join(str(RISKS[one]) for one in self.protects if one in RISKS)


class Outcome(models.TextChoices):
    OPEN = "open", _("待做")
    DONE = "done", _("已做")
    REFUSED = "refused", _("拒绝")
    OMITTED = "omitted", _("未做")
    WITHDRAWN = "withdrawn", _("已撤回")


class Due(OfResident):
    """An act of a plan at its time: rows exist for the next 36 hours, then stay with what came of it.

    `due_at` is planned, `done_at` is real, `recorded_at` is when it was written down.
    """

    watch = Unwatched("what came of it is written once, by whom and when, on the row itself")
    act = models.ForeignKey(Act, models.PROTECT, related_name="+")
    due_at = models.DateTimeField(_("计划时间"))
    outcome = models.CharField(_("结果"), max_length=9, choices=Outcome, default=Outcome.OPEN)
    done_at = models.DateTimeField(_("实际时间"), null=True)
    recorded_at = models.DateTimeField(_("登记时间"), null=True)
    by = doer(_("执行人"))
    why = models.CharField(_("说明"), max_length=200, blank=True)
    together = models.BooleanField(_("一并确认"), default=False)

    class Meta:
        verbose_name = _("待做护理")
        ordering = ["due_at", "id"]
        constraints = [models.UniqueConstraint(fields=["act", "due_at"], name="care_due_once")]
        indexes = [
            models.Index(fields=["path", "due_at"], name="care_due_at"),
            models.Index(fields=["resident", "-due_at"], name="care_due_of"),
        ]


class Noted(OfResident):
    """Something written at the bedside, perhaps without network: `client` is made on the phone, and
    arrives once. `at` is when it was, by the phone's clock put right; `phone_at` as the phone said.
    """

    client = models.UUIDField(null=True, unique=True, editable=False)
    at = models.DateTimeField(_("时间"))
    phone_at = models.DateTimeField(_("手机时间"), null=True)
    recorded_at = models.DateTimeField(_("登记时间"))
    by = doer(_("记录人"))
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("替换")
    )

    class Meta:
        abstract = True


class Observation(Noted):
    """Up to three numbers of one kind: pressure has three, weight one. Replaced, never edited."""

    watch = Watch(hidden=["kind", "one", "two", "three", "text"])
    kind = models.CharField(_("项目"), max_length=12)
    one = models.DecimalField(_("数值"), max_digits=7, decimal_places=2)
    two = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    three = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    text = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("观察")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["resident", "kind", "-at"], name="care_observed")]

    @property
    def words(self) -> str:
        """The numbers with what they are, in words."""
        measured = KINDS[self.kind]
        numbers = [one for one in (self.one, self.two, self.three) if one is not None]
        return f"{measured.label} {'/'.join(f'{one.normalize():f}' for one in numbers)} {measured.unit}"


class Note(Noted):
    """What somebody wrote. Replaced, never edited."""

    watch = Watch(hidden=["text"])
    text = models.TextField(_("记录"), max_length=2000)

    class Meta:
        verbose_name = _("护理记录")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["resident", "-at"], name="care_noted")]


INCIDENTS = {
    **RISKS,
    "medicine": _("用药差错"),
    "sudden": _("突发疾病"),
    "other": _("其他"),
}
HARM = {"none": _("无伤害"), "slight": _("轻微"), "treated": _("需就医"), "severe": _("严重")}


class Incident(OfResident):
    """Something that should not have happened: what, first measures, whom one told and when."""

    watch = Watch(hidden=["text", "measures", "told", "follow_up"])
    kind = models.CharField(_("类型"), max_length=10, choices=INCIDENTS)
    at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("登记时间"))
    harm = models.CharField(_("伤害"), max_length=7, choices=HARM)
    text = models.TextField(_("经过"), max_length=2000)
    measures = models.TextField(_("当时采取的措施"), max_length=2000)
    told = models.JSONField(_("已告知"), default=list)  # [{whom, at, by}]
    follow_up = models.TextField(_("后续改进"), max_length=2000, blank=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)
    by = doer(_("报告人"))

    class Meta:
        verbose_name = _("意外事件")
        ordering = ["-at", "-id"]


class Handover(Record):
    """What a shift hands on: what was gathered by itself, a sentence, the count of medicines."""

    guard = AtHome(roles=CARE)
    watch = Watch(hidden=["gathered", "sentence"])
    on = models.DateField(_("日期"))
    shift = models.CharField(_("班次"), max_length=5, choices=SHIFTS)
    gathered = models.JSONField(default=list)
    sentence = models.TextField(_("交班说明"), max_length=2000, blank=True)
    at = models.DateTimeField(_("交班时间"))
    by = doer(_("交班人"))

    class Meta:
        verbose_name = _("交接班")
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "on", "shift"], name="care_handover_once")
        ]

    def __str__(self) -> str:
        return f"{self.on} {SHIFTS[self.shift]}"


class HandoverRead(Part):
    """That somebody has read a handover, and when."""

    guard = AtHome(via="handover", roles=CARE)
    handover = models.ForeignKey(Handover, models.PROTECT, related_name="readings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+", verbose_name=_("接班人"))
    at = models.DateTimeField(_("阅读时间"))

    class Meta:
        verbose_name = _("接班")
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["handover", "account"], name="care_read_once")
        ]
