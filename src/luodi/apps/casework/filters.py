"""What the three lists can be narrowed to. Every value stands in the address, in readable words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.apps.casework.fields import UnitField, units_of
from luodi.apps.casework.models import Case, Category, Responsibility
from luodi.apps.casework.procedure import procedures
from luodi.apps.casework.queries import ON_TIME, WAS_LATE, CaseQuerySet
from luodi.apps.scope.api import Actor, below

ANY = ("", _("不限"))
NONE = "none"
LIGHTS = [
    ANY,
    ("due", _("临期或超期")),
    ("red", _("超期")),
    ("amber", _("临期")),
    ("green", _("正常")),
    ("paused", _("已挂起")),
]
# What the statistics count, and a list shows: the same condition for both.
OUTCOMES: dict[str, tuple[Any, Q]] = {
    "solved": (_("已办结"), Q(outcome="solved")),
    "on_time": (_("按期办结"), ON_TIME),
    "late": (_("超期办结"), Q(outcome="solved") & WAS_LATE),
    "ended": (_("未解决而结束"), Q(outcome__in=["closed", "withdrawn", "rejected", "merged"])),
    "open": (_("尚未办结"), Q(closed_at__isnull=True)),
    "reopened": (_("重新办理过"), Q(reopened__gt=0)),
    "silent": (_("逾期未评价，视为确认"), Q(confirmed_how="time")),
    "supervised": (_("督办过"), Q(supervised_at__isnull=False)),
}


def lit(cases: CaseQuerySet, light: str, at: dt.datetime) -> CaseQuerySet:
    """The cases that show a light now."""
    match light:
        case "red":
            return cases.overdue(at)
        case "amber":
            return cases.amber(at)
        case "due":
            return cases.amber(at) | cases.overdue(at)
        case "paused":
            return cases.open().filter(paused=True)
        case "green":
            calm = Q(amber_at__isnull=True) | Q(amber_at__gt=at)
            timely = Q(next_due_at__isnull=True) | Q(next_due_at__gte=at)
            return cases.open().filter(calm & timely, paused=False)
    return cases


def days(since: dt.date | None, until: dt.date | None) -> tuple[Any, Any]:
    """The moments at which a period of whole days begins and ends."""
    zone = timezone.get_current_timezone()
    start = since and dt.datetime.combine(since, dt.time(), zone)
    end = until and dt.datetime.combine(until + dt.timedelta(days=1), dt.time(), zone)
    return start, end


def state_choices() -> list[tuple[str, str]]:
    """Every state once, in the order of the procedures."""
    found: dict[str, list[str]] = {}
    for procedure in procedures().values():
        for state in procedure.states.values():
            labels = found.setdefault(state.key, [])
            if str(state.label) not in labels:
                labels.append(str(state.label))
    return [(key, " / ".join(labels)) for key, labels in found.items()]


def category_choices() -> list[Any]:
    found = [(str(one.pk), str(one)) for one in Category.objects.all()]
    return [ANY, *found, (NONE, _("未分类"))]


class ListFilter(forms.Form):
    """A filter whose form knows who asks."""

    use_required_attribute = False

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data)
        self.actor = actor
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.offer(units_of(actor, "cases.view"))

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name)


class CaseFilter(ListFilter):
    """Of the problem list, its board and the statistics' figures."""

    mine = forms.ChoiceField(
        label=_("与我有关"),
        required=False,
        choices=[
            ANY,
            ("1", _("等我办理")),
            ("wait", _("我在等")),
            ("raised", _("我反映的")),
            ("lead", _("我负责的")),
        ],
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=lambda: [ANY, *state_choices()]
    )
    light = forms.ChoiceField(label=_("时限"), required=False, choices=LIGHTS)
    category = forms.ChoiceField(
        label=_("类别"), required=False, choices=lambda: category_choices()
    )
    unit = UnitField(label=_("单位（含下级）"), required=False)
    lead = UnitField(label=_("主办单位"), required=False)
    procedure = forms.ChoiceField(
        label=_("办理程序"),
        required=False,
        choices=lambda: [ANY, *((one.key, str(one.label)) for one in procedures().values())],
    )
    outcome = forms.ChoiceField(
        label=_("结果"),
        required=False,
        choices=[ANY, *((key, label) for key, (label, _q) in OUTCOMES.items())],
    )
    since = forms.DateField(label=_("反映日期自"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput)

    def apply(self, cases: CaseQuerySet) -> CaseQuerySet:
        value, me = self.value, self.actor.account_id
        match value("mine"):
            case "1":
                cases = cases.waiting_for(self.actor)
            case "wait":
                cases = cases.i_wait_for(self.actor)
            case "raised":
                cases = cases.filter(reporter_id=me)
            case "lead":
                cases = cases.filter(lead_account_id=me)
        cases = lit(cases, value("light") or "", timezone.now())
        if value("unit"):
            cases = cases.under(value("unit"))
        if value("lead"):
            cases = cases.filter(lead_unit=value("lead"))
        if value("outcome"):
            cases = cases.filter(OUTCOMES[value("outcome")][1])
        if value("category"):
            kind = None if value("category") == NONE else value("category")
            cases = cases.filter(category_id=kind)
        for name in ("state", "procedure"):
            if value(name):
                cases = cases.filter(**{name: value(name)})
        return raised_between(cases, value("since"), value("until"))


def raised_between(
    cases: CaseQuerySet, since: dt.date | None, until: dt.date | None
) -> CaseQuerySet:
    """The cases raised from one day to another, both included."""
    start, end = days(since, until)
    if start:
        cases = cases.filter(raised_at__gte=start)
    return cases.filter(raised_at__lt=end) if end else cases


class ResponsibilityFilter(ListFilter):
    """Of the responsibility list."""

    mine = forms.ChoiceField(
        label=_("与我有关"),
        required=False,
        choices=[ANY, ("1", _("我本人的")), ("unit", _("我单位的"))],
    )
    status = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("待接收和在办")), ("all", _("全部")), *Responsibility.Status.choices],
    )
    role = forms.ChoiceField(
        label=_("分工"), required=False, choices=[ANY, *Responsibility.Role.choices]
    )
    unit = UnitField(label=_("责任单位"), required=False)
    light = forms.ChoiceField(label=_("时限"), required=False, choices=LIGHTS)
    since = forms.DateField(label=_("交办日期自"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput)

    def apply(self, rows: Any) -> Any:
        value = self.value
        match value("mine"):
            case "1":
                rows = rows.filter(account_id=self.actor.account_id)
            case "unit":
                rows = rows.filter(unit_id__in={held.unit_id for held in self.actor.holdings})
        match value("status"):
            case "" | None:
                rows = rows.filter(status__in=["offered", "accepted"], case__closed_at__isnull=True)
            case "all":
                pass
            case status:
                rows = rows.filter(status=status)
        if value("role"):
            rows = rows.filter(role=value("role"))
        if value("unit"):
            rows = rows.filter(unit=value("unit"))
        if value("light"):
            rows = rows.filter(case__in=lit(Case.objects.all(), value("light"), timezone.now()))
        start, end = days(value("since"), value("until"))
        if start:
            rows = rows.filter(at__gte=start)
        return rows.filter(at__lt=end) if end else rows


class MeasureFilter(ListFilter):
    """Of the rectification list."""

    mine = forms.BooleanField(label=_("只看我负责的"), required=False)
    status = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[
            ANY,
            ("open", _("未完成")),
            ("late", _("超期未完成")),
            ("done", _("已完成")),
            ("dropped", _("已取消")),
        ],
    )
    unit = UnitField(label=_("单位（含下级）"), required=False)
    since = forms.DateField(label=_("完成期限自"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput)

    def apply(self, rows: Any) -> Any:
        value = self.value
        if value("mine"):
            rows = rows.filter(owner_id=self.actor.account_id)
        if value("status"):
            rows = rows.filter(measure_status(value("status")))
        if value("unit"):
            start, end = below(value("unit").path)
            rows = rows.filter(path__gte=start, path__lt=end)
        if value("since"):
            rows = rows.filter(due_on__gte=value("since"))
        return rows.filter(due_on__lte=value("until")) if value("until") else rows


def measure_status(status: str) -> Q:
    """Which measures are `open`, `late`, `done` or `dropped` today."""
    still_open = Q(done_at__isnull=True, dropped_at__isnull=True)
    match status:
        case "open":
            return still_open
        case "late":
            return still_open & Q(due_on__lt=timezone.localdate())
        case "done":
            return Q(done_at__isnull=False)
    return Q(dropped_at__isnull=False)


