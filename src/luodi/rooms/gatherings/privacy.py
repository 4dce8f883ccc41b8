"""What gatherings keep of people, for the page that lists all personal fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luodi.manifest import PersonalField

# PIPL article 13(1)(2) and (3): the management of staff, a public duty.
_STAFF = _("第十三条第一款第二项（人力资源管理所必需）")
_DUTY = _("第十三条第一款第三项（履行法定职责所必需）")
_KEPT = _("会议记录保存期满后清除；姓名随人员档案清除")

FIELDS = [
    PersonalField(
        *("Attendance", "person", _("参加活动的人")),
        *(_("组织生活的出席情况，计算学时"), _DUTY),
        _KEPT,
        sensitive=True,
    ),
    PersonalField(
        *("Attendance", "guest", _("嘉宾姓名")),
        *(_("会议记录写明列席的人"), _DUTY),
        _KEPT,
    ),
    PersonalField(
        *("Attendance", "reason", _("请假事由")),
        *(_("说明为什么没有到会"), _STAFF),
        _KEPT,
    ),
    PersonalField(
        *("Gathering", "leader", _("主持人")),
        *(_("明确谁主持、谁签认"), _DUTY),
        _KEPT,
    ),
    PersonalField(
        *("Task", "person", _("会议任务负责人")),
        *(_("决定落实到人"), _STAFF),
        _KEPT,
    ),
    PersonalField(
        *("Vote", "entitled", _("有表决权的人")),
        *(_("表决结束时固定名单，以备核查"), _DUTY),
        _KEPT,
        sensitive=True,
    ),
    PersonalField(
        *("Candidate", "name", _("候选人")),
        *(_("选举结果"), _DUTY),
        _KEPT,
    ),
    PersonalField(
        *("Ballot", "choice", _("记名表决的意见")),
        *(_("记名表决按规定记录每个人的意见；无记名的只留总数"), _DUTY),
        _KEPT,
        sensitive=True,
    ),
]
