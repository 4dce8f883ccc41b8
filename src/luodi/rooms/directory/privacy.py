"""Every personal field: what it is for, on what basis, for how long. The page lists just this.

Articles are those of 个人信息保护法 (PIPL, in force since 2021-11-01).
"""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy as _

from luodi.manifest import PersonalField as Field

RETENTION_YEARS = 3
"""Years after the last membership and the last post ended. A site may keep longer only with a
basis of its own; it is our parameter, no regulation's."""


_WHILE = _("人员的党员关系和职务全部结束后满3年，可以清除")
_CONTACT = _("由企业随时更正；企业撤销后不再使用")
MANAGEMENT = _("第十三条第一款第三项（履行法定职责所必需）")
SENSITIVE = _("第十三条第一款第三项（履行法定职责所必需）；第二十八条（敏感个人信息）")
HR = _("第十三条第一款第二项（人力资源管理所必需）")

FIELDS: list[Field] = [
    Field("Person", "name", _("姓名"), _("确认是谁"), MANAGEMENT, _WHILE),
    Field("Person", "sort_key", _("姓名拼音（排序）"), _("按读音排序"), MANAGEMENT, _WHILE),
    Field("Person", "spelling", _("姓名拼音（查找）"), _("按拼音查找"), MANAGEMENT, _WHILE),
    Field("Person", "sex", _("性别"), _("党员统计年报"), MANAGEMENT, _WHILE),
    Field("Person", "born_on", _("出生日期"), _("计算年龄和班子年龄结构"), MANAGEMENT, _WHILE),
    Field("Person", "education", _("学历"), _("党员统计年报"), MANAGEMENT, _WHILE),
    Field(
        "Person", "identity_cipher", _("身份证号"), _("避免重复登记，转接组织关系时核对"),
        SENSITIVE, _WHILE, sensitive=True, masked=True,
    ),
    Field(
        "Person", "identity_hash", _("身份证号的查找值"), _("按身份证号查重，不能还原"),
        SENSITIVE, _WHILE, sensitive=True,
    ),
    Field(
        "Person", "phone_cipher", _("手机号"), _("工作联系"), HR, _WHILE, masked=True,
    ),
    Field("Person", "account", _("账号"), _("本人登录时看到自己的事项"), HR, _WHILE),
    Field(
        "Membership", "stage", _("党员与培养阶段"), _("党员教育管理"),
        SENSITIVE, _("只留日期和阶段，随姓名清除后不再指向个人"), sensitive=True,
    ),
    Field("Post", "kind", _("职务"), _("明确谁负责"), HR, _("随姓名清除后不再指向个人")),
    Field("Enterprise", "contact_name", _("企业联系人"), _("联系企业"), HR, _CONTACT),
    Field("Enterprise", "contact_phone", _("企业联系电话"), _("联系企业"), HR, _CONTACT),
]  # fmt: skip


MASKED = {"identity": "identity_cipher", "phone": "phone_cipher"}


def erasable_on(last_end: dt.date) -> dt.date:
    """The first day on which a person may be erased whose last tie ended on a day."""
    try:
        return last_end.replace(year=last_end.year + RETENTION_YEARS)
    except ValueError:
        return last_end.replace(year=last_end.year + RETENTION_YEARS, day=28)
