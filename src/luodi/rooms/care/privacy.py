"""The room's personal fields: what each is for, on what basis, for how long."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luodi.manifest import PersonalField as Field

_YEARS = _("服务协议终止后满5年抹去，只留不指向个人的计数（民政部令第66号）")
_ADMIT = _("第十三条第一款第二项（履行服务协议所必需）")
_HEALTH = _("第二十八条至第三十条（敏感个人信息，单独同意）")
_CARE = _("评估、护理和防护风险")

FIELDS: list[Field] = [
    Field("Resident", "name", _("姓名"), _("确认是谁，避免认错人"), _ADMIT, _YEARS),
    Field("Resident", "sex", _("性别"), _("安排房间和护理"), _ADMIT, _YEARS),
    Field("Resident", "born_on", _("出生日期"), _("确认是谁，区分同名"), _ADMIT, _YEARS),
    Field("Resident", "phone", _("联系电话"), _("答复咨询"), _ADMIT, _YEARS),
    Field("Resident", "wish", _("想了解的"), _("答复咨询"), _ADMIT, _YEARS),
    Field(
        "Resident",
        "picture",
        _("照片"),
        _("护理人员认人"),
        _HEALTH,
        _("撤回同意即删除"),
        sensitive=True,
    ),
    Field("Fact", "text", _("健康和饮食事实"), _CARE, _HEALTH, _YEARS, sensitive=True),
    Field("Contact", "name", _("联系人姓名"), _("告知和征求决定"), _ADMIT, _YEARS),
    Field("Contact", "phone", _("联系人电话"), _("告知和征求决定"), _ADMIT, _YEARS),
    Field("Agreement", "agent", _("代理人或付费人"), _("履行服务协议"), _ADMIT, _YEARS),
    Field("Agreement", "agent_phone", _("代理人电话"), _("履行服务协议"), _ADMIT, _YEARS),
    Field("Assessment", "answers", _("评估各项得分"), _CARE, _HEALTH, _YEARS, sensitive=True),
    Field("Observation", "one", _("观察数值"), _CARE, _HEALTH, _YEARS, sensitive=True),
    Field("Note", "text", _("护理记录"), _CARE, _HEALTH, _YEARS, sensitive=True),
    Field("Incident", "text", _("意外事件经过"), _CARE, _HEALTH, _YEARS, sensitive=True),
    Field("Prescription", "medicine", _("用药"), _("按医嘱给药"), _HEALTH, _YEARS, sensitive=True),
    Field("Document", "content", _("档案文件"), _("保存老人档案"), _HEALTH, _YEARS, sensitive=True),
    Field("Absence", "place", _("外出地点"), _("联系和接送"), _ADMIT, _YEARS),
]
