"""The personal fields of the room: what each is for, on what basis, for how long."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from luodi.manifest import PersonalField as Field
from luodi.rooms.pathways.rules.times import Span, later

KEPT = Span(12)
"""How long papers of an application that led nowhere are kept after its end: our parameter, no
regulation's. What led to membership goes into the person's own file (第三十七条)."""

SENSITIVE = _("第十三条第一款第三项（履行法定职责所必需）；第二十八条（敏感个人信息）")
_KEPT = _("转为正式党员的随材料归档；未被接收的，结束满1年自动清除，只留步骤和日期")
_DUES = _("组织关系转出或党员关系结束满3年，可以清除")
_WITH = _("随姓名清除后不再指向个人")

FIELDS = [
    Field("Journey", "person", _("发展党员的培养材料"), _("按规定培养、考察和审批"), SENSITIVE, _KEPT, sensitive=True),
    Field("Journey", "ground", _("结束的依据和理由"), _("说明为什么结束"), SENSITIVE, _KEPT, sensitive=True),
    Field("Fact", "paper", _("入党材料（名称和存放处）"), _("核对每一步应有的材料；只有办理这一步的人能看"), SENSITIVE, _KEPT, sensitive=True),
    Field("Fact", "note", _("步骤的说明"), _("办理时查对"), SENSITIVE, _KEPT, sensitive=True),
    Field("Helper", "person", _("培养联系人、入党介绍人"), _("明确谁负责培养和介绍"), SENSITIVE, _KEPT, sensitive=True),
    Field("Interruption", "reason", _("培养中断的理由"), _("计算培养时间"), SENSITIVE, _KEPT, sensitive=True),
    Field("DuesBase", "base_cipher", _("党费计算基数"), _("计算每月应交党费；只有收党费的人和本人能看"), SENSITIVE, _DUES, sensitive=True, masked=True),
    Field("DuesBase", "category", _("党费类别"), _("确定适用的比例"), SENSITIVE, _DUES, sensitive=True),
    Field("DuesMonth", "amount", _("每月党费"), _("登记交纳，开收据；上报只用合计"), SENSITIVE, _DUES, sensitive=True),
    Field("Pairing", "companion", _("双向培养结对人"), _("明确谁带谁"), SENSITIVE, _WITH, sensitive=True),
]  # fmt: skip


def erasable_before(day: dt.date) -> dt.date:
    """Files that ended on this day or before have been kept long enough."""
    return later(day, Span(-KEPT.months))
