"""MZ/T 039-2013, the older standard: assessments made by it stay readable, new ones are not made.

It graded four dimensions 0 to 3 and took the level from them; what an older file brings along is
kept as these four grades.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from luodi.rooms.care.scales.base import Band, Item, Option, Scale

_GRADES = (
    Option(0, _("能力完好")),
    Option(1, _("轻度受损")),
    Option(2, _("中度受损")),
    Option(3, _("重度受损")),
)

MZT039 = Scale(
    "mzt039",
    _("老年人能力评估（旧标准）"),
    "MZ/T 039-2013",
    _("MZ/T 039-2013《老年人能力评估》，已由GB/T 42195-2022替代"),
    {"all": _("四个维度")},
    (
        Item("living", _("日常生活活动"), "all", _GRADES),
        Item("mind", _("精神状态"), "all", _GRADES),
        Item("senses", _("感知觉与沟通"), "all", _GRADES),
        Item("social", _("社会参与"), "all", _GRADES),
    ),
    (
        Band("0", 0, 0, _("能力完好")),
        Band("1", 1, 4, _("轻度失能")),
        Band("2", 5, 8, _("中度失能")),
        Band("3", 9, 12, _("重度失能")),
    ),
    optional=True,
    current=False,
)
