"""What registers keep of people, for the page that lists all personal fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luodi.manifest import PersonalField

# PIPL article 13(1)(2) and (3): the management of staff, a public duty.
_STAFF = _("第十三条第一款第二项（人力资源管理所必需）")
_DUTY = _("第十三条第一款第三项（履行法定职责所必需）")


FIELDS = [
    PersonalField(
        *("Reference", "person", _("台账里的人员")),
        *(_("台账登记了谁，如技术骨干、培养对象"), _STAFF),
        _("只是指向人员档案，随姓名清除后不再指向个人"),
    ),
    PersonalField(
        *("Objection", "by", _("异议提出人")),
        *(_("核实异议、答复结果"), _DUTY),
        _("评选结束满3年，自动清除"),
    ),
]
