"""The problem list as an Excel file: all that the record has, its reporter masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.rooms.casework.models import Case, Verification
from luodi.rooms.casework.templatetags.cases import light, state, turn
from luodi.shell.listing import Column

TIME, SATISFIED, UNSATISFIED = _("逾期未评价，视为确认"), _("满意"), _("不满意")


def _moment(name: str) -> Callable[[Any], object]:
    return lambda one: getattr(one, name)


PROBLEM_SHEET = [
    Column("code", _("编号"), width=16),
    Column("title", _("标题"), width=30),
    Column("text", _("问题"), width=50),
    Column("unit", _("单位"), width=24),
    Column("category", _("类别"), width=12),
    Column("reporter", _("反映人"), value=lambda one: masked(one.reporter_name), width=10),
    Column("phone_masked", _("联系电话"), width=14),
    Column("channel", _("来源"), width=10),
    Column("procedure", _("办理程序"), value=lambda one: str(one.plan.label), width=12),
    Column("state", _("状态"), value=state, width=10),
    Column("lead_unit", _("责任单位"), width=20),
    Column("lead_account", _("责任人"), width=10),
    Column("turn", _("现在由谁办"), value=turn, width=24),
    Column("light", _("时限"), value=light, width=14),
    Column("raised_at", _("反映时间"), value=_moment("raised_at"), width=17),
    Column("responded_at", _("首次响应"), value=_moment("responded_at"), width=17),
    Column("due_at", _("办理期限"), value=_moment("due_at"), width=17),
    Column("met_at", _("提交时间"), value=_moment("met_at"), width=17),
    Column("closed_at", _("办结时间"), value=_moment("closed_at"), width=17),
    Column("said", _("满意情况"), width=14),
    Column("said_words", _("评价"), width=24),
    Column("reopened", _("重办次数"), width=8),
]


def masked(name: str) -> str:
    """`张**`: a reporter's name on paper that goes round."""
    return name[:1] + "*" * (len(name) - 1) if name else ""


def whole(keys: Sequence[int]) -> dict[int, Any]:
    """The cases with all that a file shows of them, and what their reporters said last."""
    related = ("unit", "category", "lead_unit", "lead_account", "waiting_unit", "waiting_account")
    found: dict[int, Any] = Case.objects.select_related(*related).in_bulk(keys)
    last = {one.case_id: one for one in Verification.objects.filter(case__in=keys).order_by("id")}
    for key, case in found.items():
        one = last.get(key)
        case.said, case.said_words = "", one.words if one else ""
        if one:
            case.said = str(TIME if one.by_time else SATISFIED if one.satisfied else UNSATISFIED)
    return found
