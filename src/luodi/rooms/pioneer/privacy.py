"""The personal fields of the room."""

from django.utils.translation import gettext_lazy as _

from luodi.manifest import PersonalField as Field

DUTY = _("第十三条第一款第三项（履行法定职责所必需）")
CONSENT = _("第十三条第一款第一项、第二十五条（公开须本人同意）")
_GONE = _("随姓名清除后不再指向个人")

FIELDS = [
    Field("Holding", "person", _("岗区的担任人"), _("明确谁担任"), DUTY, _GONE),
    Field("Holding", "agreed", _("同意公示的内容"), _("扫码页只显示本人同意的内容"), CONSENT, _("本人随时可以收回")),
    Field("Claim", "person", _("任务的认领人"), _("知道找谁"), DUTY, _GONE),
    Field("StudioMember", "person", _("工作室成员"), _("明确谁参加"), DUTY, _GONE),
]  # fmt: skip
