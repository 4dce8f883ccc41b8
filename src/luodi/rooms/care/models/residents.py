"""Residents: where they lie, when they are away, what holds of them, who decides, what was agreed."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import several
from luodi.ground.scope.api import Record, Scoped
from luodi.ground.tables.api import Unwatched, Watch
from luodi.rooms.care.guard import CARE, NAMES, STAFF, AtHome, held
from luodi.rooms.care.models.base import OfResident, apart, doer
from luodi.rooms.care.models.home import LEVELS, Bed


class State(models.TextChoices):
    """Where somebody stands between the first question and the end."""

    ENQUIRY = "enquiry", _("咨询")
    VISITED = "visited", _("已参观")
    TRIAL = "trial", _("试住")
    RESIDENT = "resident", _("在住")
    LEFT = "left", _("已退住")
    DIED = "died", _("已离世")
    WITHDRAWN = "withdrawn", _("不再考虑")


LIVING = (State.TRIAL, State.RESIDENT)
WAITING = (State.ENQUIRY, State.VISITED)
SEXES = {"f": _("女"), "m": _("男")}


class Resident(Record):
    """Somebody who asks for a place, lives here, or has lived here."""

    guard = AtHome(roles=NAMES)
    watch = Watch(hidden=["name", "born_on", "sex", "phone", "wish", "picture"])
    name = models.CharField(_("姓名"), max_length=40)
    sex = models.CharField(_("性别"), max_length=1, choices=SEXES)
    born_on = models.DateField(_("出生日期"))
    phone = models.CharField(_("联系电话"), max_length=20, blank=True)
    wish = models.CharField(_("想了解的"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=9, choices=State, default=State.ENQUIRY)
    enquired_on = models.DateField(_("咨询日期"))
    admitted_on = models.DateField(_("入住日期"), null=True)
    ended_on = models.DateField(_("离开日期"), null=True)
    assess_by = models.DateField(_("下次评估不晚于"), null=True)
    assess_why = models.CharField(_("为何要评估"), max_length=120, blank=True)
    picture = models.BinaryField(null=True, editable=False)
    erased_on = models.DateField(_("抹去日期"), null=True)

    class Meta:
        verbose_name = _("老人")
        ordering = ["id"]
        indexes = [models.Index(fields=["unit", "state"], name="care_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def lives_here(self) -> bool:
        return self.state in LIVING

    def age_on(self, day: dt.date) -> int:
        """Full years on a day."""
        born = self.born_on
        return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class Step(OfResident):
    """What happened on the way, so that it can be read and taken back: never changed."""

    guard = AtHome(via="resident", roles=NAMES)
    watch = Watch(hidden=["note"])
    kind = models.CharField(_("经过"), max_length=12)
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("登记时间"))
    by = doer()
    before = models.CharField(max_length=9, blank=True, editable=False)
    note = models.CharField(_("说明"), max_length=300, blank=True)
    undone = models.BooleanField(_("已撤销"), default=False)

    class Meta:
        verbose_name = _("经过")
        ordering = ["-on", "-id"]


class Stay(OfResident):
    """That a resident has a bed from a day until a day (exclusive), whether in it or out."""

    guard = AtHome(via="resident", roles=NAMES, besides=held(*STAFF))
    bed = models.ForeignKey(Bed, models.PROTECT, related_name="+", verbose_name=_("床位"))
    during = DateRangeField(_("期间"))
    trial = models.BooleanField(_("试住"), default=False)

    class Meta:
        verbose_name = _("住宿")
        ordering = ["during", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(during__isempty=False), name="care_stay_some"
            ),
            apart("care_bed_once", "bed_id", "during"),
            apart("care_stay_once", "resident_id", "during"),
        ]


class Absence(OfResident):
    """That a resident is out from an instant until the return: on leave, or in hospital."""

    guard = AtHome(via="resident", roles=NAMES)
    watch = Watch(hidden=["place", "with_whom"])
    kind = models.CharField(
        _("去向"), max_length=8, choices={"leave": _("请假外出"), "hospital": _("住院")}
    )
    during = DateTimeRangeField(_("期间"))
    due_at = models.DateTimeField(_("预计返回"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    with_whom = models.CharField(_("陪同人及电话"), max_length=120, blank=True)
    by = doer()

    class Meta:
        verbose_name = _("外出")
        ordering = ["-during", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(during__isempty=False), name="care_absence_some"
            ),
            apart("care_absence_once", "resident_id", "during"),
        ]


class Agreement(OfResident):
    """What was agreed for a time: the level of care, who answers for it, and the deposit."""

    guard = AtHome(via="resident", roles=NAMES)
    watch = Watch(hidden=["agent", "agent_phone"])
    signed_on = models.DateField(_("签订日期"))
    during = DateRangeField(_("期间"))
    level = models.CharField(_("护理等级"), max_length=1, choices=LEVELS)
    agent = models.CharField(_("代理人或付费人"), max_length=60, blank=True)
    agent_phone = models.CharField(_("代理人电话"), max_length=20, blank=True)
    deposit = models.DecimalField(_("押金（元）"), max_digits=10, decimal_places=2, default=0)

    class Meta:
        verbose_name = _("服务协议")
        ordering = ["during", "id"]
        constraints = [apart("care_agreed_once", "resident_id", "during")]


FACTS = {
    "drug_allergy": _("药物过敏"),
    "food_allergy": _("食物过敏或忌口"),
    "diet": _("饮食"),
    "dementia": _("失智（诊断F00—F03）"),
    "mental": _("精神障碍（诊断F04—F99）"),
    "bedridden": _("长期卧床"),
    "injured": _("伤残"),
    "illness": _("重疾"),
    "sequelae": _("慢性病后遗症"),
    "guardian": _("监护人"),
    "fall_risk": _("跌倒风险"),
    "swallowing": _("吞咽困难"),
    "infection": _("隔离或感染提示"),
    "restraint": _("保护性约束（家属书面同意）"),
    "consent_health": _("同意处理健康信息"),
    "consent_family": _("同意家属查看情况"),
    "consent_picture": _("同意留存照片"),
    "no_rescue": _("医疗意愿"),
}
KITCHEN = ("diet", "food_allergy")
ALERTS = ("drug_allergy", "food_allergy", "fall_risk", "swallowing", "infection", "restraint")


class Fact(OfResident):
    """What holds of a resident from a day on, until a day: who switched it on, who off."""

    guard = AtHome(
        via="resident",
        besides=f"({held('cook')} AND {{table}}.kind IN ('diet', 'food_allergy'))",
    )
    watch = Watch(hidden=["kind", "text", "off_why"])
    kind = models.CharField(_("事实"), max_length=16, choices=FACTS)
    text = models.CharField(_("内容"), max_length=300, blank=True)
    since = models.DateField(_("自"))
    until = models.DateField(_("至"), null=True)
    on_by = doer(_("登记人"))
    off_by = doer(_("停止人"))
    off_why = models.CharField(_("停止原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("事实")
        ordering = ["kind", "-since", "id"]

    def holds_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


DECIDES = {
    "daily": _("日常生活"),
    "medical": _("医疗"),
    "money": _("费用"),
    "emergency": _("紧急联系"),
    "body": _("身后事"),
}


class Contact(OfResident):
    """A relative or guardian: what they decide, and what they may look at."""

    watch = Watch(hidden=["name", "phone", "relation", "key"])
    name = models.CharField(_("姓名"), max_length=40)
    relation = models.CharField(_("关系"), max_length=20)
    phone = models.CharField(_("电话"), max_length=20)
    decides = several(_("能决定的事"), DECIDES)
    key = models.CharField(max_length=64, blank=True, editable=False)
    key_until = models.DateField(null=True, editable=False)
    ended_on = models.DateField(_("不再联系"), null=True, editable=False)

    class Meta:
        verbose_name = _("联系人")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.name}（{self.relation}）"

    @property
    def decided(self) -> str:
        """What they decide, in words."""
        return "、".join(str(DECIDES[one]) for one in self.decides if one in DECIDES)


DOCUMENTS = {
    "identity": _("身份材料"),
    "agreement": _("服务协议"),
    "consent": _("签字的同意书"),
    "medical": _("病历和检查"),
    "other": _("其他"),
}


class Document(OfResident):
    """A paper of the file. Its bytes stand behind the same policy as the file: evidence of a unit would
    show it to those above."""

    watch = Watch(hidden=["name", "content"])
    kind = models.CharField(_("种类"), max_length=9, choices=DOCUMENTS)
    name = models.CharField(_("文件名"), max_length=200)
    content_type = models.CharField(max_length=100)
    content = models.BinaryField()
    at = models.DateTimeField(_("存入时间"))
    by = doer()

    class Meta:
        verbose_name = _("文件")
        ordering = ["-at", "-id"]


class Opening(Scoped):
    """That somebody opened a resident's file: kept as the file is, never changed."""

    guard = AtHome(via="resident", roles=CARE)
    watch = Unwatched("it is itself a log, and nothing changes it", timeless=True)
    append_only = True
    resident = models.ForeignKey(Resident, models.PROTECT, related_name="+", verbose_name=_("老人"))
    account = doer(_("查看人"))
    at = models.DateTimeField(_("时间"))
    what = models.CharField(_("看了什么"), max_length=40)

    class Meta:
        verbose_name = _("查看记录")
        ordering = ["-id"]
        indexes = [models.Index(fields=["resident", "-id"], name="care_opened")]
