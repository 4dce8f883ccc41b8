"""What cases keep of the people who report, for the page that lists all personal fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luodi.manifest import PersonalField

# PIPL article 13(1)(3): what a public duty needs; article 19: no longer than its purpose.
_BASIS = _("第十三条第一款第三项（履行法定职责所必需）")
_RETENTION = _("问题办结满3年，可以清除")


FIELDS = [
    PersonalField(
        *("Case", "reporter_name", _("反映人")),
        *(_("核实情况、答复结果"), _BASIS, _RETENTION),
    ),
    PersonalField(
        *("Case", "reporter_phone", _("反映人联系电话")),
        *(_("核实情况、答复结果"), _BASIS, _RETENTION),
        masked=True,
    ),
]
