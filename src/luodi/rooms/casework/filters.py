"""What the three lists can be narrowed to. Every value stands in the address, in readable words."""

from __future__ import annotations

import datetime as dt
from functools import cache, partial
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import (
    Account,
    AccountField,
    Actor,
    Unit,
    UnitField,
    below,
    known_people,
    name_of,
    unit_name,
    units_of,
)
from luodi.lib.errors import UserError
from luodi.rooms.casework.criteria import FIGURES, Criteria, outcomes
from luodi.rooms.casework.models import Case, Category, Responsibility
from luodi.rooms.casework.procedure import procedures
from luodi.rooms.casework.queries import LIGHTS, CaseQuerySet, light_is
from luodi.shell.conditions import no_such, unknown
from luodi.shell.listing import OWN

ANY = ("", _("不限"))
LAST_DAY = dt.date.max - dt.timedelta(days=2)  # it has a day after it in every time zone


def days(since: dt.date | None, until: dt.date | None) -> tuple[Any, Any]:
    """The moments at which a period of whole days begins and ends."""
    zone = timezone.get_current_timezone()
    start = since and dt.datetime.combine(since, dt.time(), zone)
    last = until and min(until, LAST_DAY)
    end = last and dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), zone)
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
    return [ANY, *found, ("none", _("未分类"))]


def procedure_choices() -> list[Any]:
    return [ANY, *((one.key, str(one.label)) for one in procedures().values())]


class ListFilter(forms.Form):
    """A filter whose form knows who asks."""

    use_required_attribute = False

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        named = {
            name: field for name, field in self.base_fields.items() if isinstance(field, UnitField)
        }
        people = {
            name for name, field in self.base_fields.items() if isinstance(field, AccountField)
        }
        super().__init__(_with_names(data, set(named), people))
        self.actor = actor
        units = SimpleLazyObject(partial(units_of, actor, "cases.view", closed=True))
        for name in named:
            self.fields[name].offer(units)  # type: ignore[attr-defined]
        for name in people:
            known = SimpleLazyObject(partial(known_people, actor))
            self.fields[name].offer(known)  # type: ignore[attr-defined]

    def value(self, name: str) -> Any:
        return self.cleaned_data.get(name)


def _with_names(data: QueryDict, fields: set[str], people: set[str]) -> QueryDict:
    """The address's values, units and people by name where it has only their number."""
    numbers = {
        name: int(text)
        for name in fields | people
        if (text := str(data.get(name) or "")).isdecimal() and len(text) < 19
    }
    if not numbers:
        return data
    data = data.copy()
    for model, names in ((Unit, fields), (Account, people)):
        wanted = {name: number for name, number in numbers.items() if name in names}
        found = model.objects.in_bulk(wanted.values()) if wanted else {}
        for name, number in wanted.items():
            if number in found:
                one = found[number]
                data[name] = unit_name(one) if isinstance(one, Unit) else name_of(one)
    return data


class CaseFilter(ListFilter):
    """Of the problem list and its board: a `Criteria` as a form."""

    whose = forms.ChoiceField(
        label=_("与我有关"),
        required=False,
        choices=[ANY, ("me", _("等我办理")), ("others", _("我在等"))],
    )
    state = forms.ChoiceField(
        label=_("状态"), required=False, choices=lambda: [ANY, *state_choices()]
    )
    light = forms.ChoiceField(label=_("时限"), required=False, choices=[ANY, *LIGHTS.items()])
    category = forms.ChoiceField(label=_("类别"), required=False)
    unit = UnitField(label=_("单位（含下级）"), required=False, closed=True)
    lead = UnitField(label=_("主办单位"), required=False, everywhere=True, closed=True)
    person = AccountField(label=_("责任人或当前处理人"), required=False, plain=True)
    procedure = forms.ChoiceField(
        label=_("办理程序"), required=False, choices=lambda: procedure_choices()
    )
    channel = forms.ChoiceField(
        label=_("来源"), required=False, choices=[ANY, *Case.Channel.choices]
    )
    figure = forms.ChoiceField(label=_("统计项"), required=False, choices=[ANY, *FIGURES.items()])
    since = forms.DateField(label=_("日期自"), required=False, widget=forms.DateInput)
    until = forms.DateField(label=_("至"), required=False, widget=forms.DateInput)
    supervised = forms.BooleanField(label=_("只看督办过的"), required=False)
    unsupervised = forms.BooleanField(label=_("只看没有督办的"), required=False)
    own = forms.CharField(required=False, widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=_("结果"),
        required=False,
        choices=lambda: [ANY, *((one, one) for one in sorted(outcomes()))],
        widget=forms.HiddenInput,
    )

    def __init__(self, data: QueryDict, *, actor: Actor) -> None:
        super().__init__(data, actor=actor)
        self.fields["category"].choices = cache(category_choices)  # type: ignore[attr-defined]

    def criteria(self) -> Criteria:
        """What was asked for, of a form that is valid."""
        return Criteria(**{name: _plain(value) for name, value in self.cleaned_data.items()})

    def apply(self, cases: CaseQuerySet) -> CaseQuerySet:
        """The cases that meet the criteria."""
        return self.criteria().apply(self.actor, timezone.now())


def kept(query: str, *, actor: Actor) -> str:
    """The query of a list of cases as it is kept: records by their keys, whatever they are called.

    Raises UserError for a condition that cannot be understood.
    """
    data = QueryDict(query)
    form = CaseFilter(data, actor=actor)
    if strange := unknown(data, {*OWN, "q", *form.fields}):
        raise UserError(no_such(strange), "query")
    if not form.is_valid():
        raise UserError(next(iter(form.errors.values()))[0], "query")
    rest = {name: data[name] for name in ("q", "sort") if data.get(name)}
    return urlencode({**form.criteria().params(), **rest})


def _plain(value: object) -> str:
    """A field's value as an address has it."""
    if isinstance(value, Unit | Account):
        return str(value.pk)
    return "1" if value is True else str(value or "")


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
        choices=[
            ("", _("待接收和在办")),
            ("all", _("全部")),
            *Responsibility.Status.choices,
            ("over", _("问题已了结")),
        ],
    )
    role = forms.ChoiceField(
        label=_("分工"), required=False, choices=[ANY, *Responsibility.Role.choices]
    )
    unit = UnitField(label=_("责任单位"), required=False, closed=True)
    person = AccountField(label=_("责任人"), required=False, plain=True)
    light = forms.ChoiceField(label=_("时限"), required=False, choices=[ANY, *LIGHTS.items()])
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
                rows = rows.living().filter(case__closed_at__isnull=True)
            case "all":
                pass
            case "over":
                rows = rows.living().filter(case__closed_at__isnull=False)
            case status:
                rows = rows.filter(status=status)
                if status in {"offered", "accepted"}:
                    rows = rows.filter(case__closed_at__isnull=True)
        if value("role"):
            rows = rows.filter(role=value("role"))
        if value("unit"):
            rows = rows.filter(unit=value("unit"))
        if value("person"):
            rows = rows.filter(account=value("person"))
        if value("light"):
            lit = light_is(value("light"), timezone.now())
            rows = rows.filter(case__in=Case.objects.filter(lit))
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
    unit = UnitField(label=_("单位（含下级）"), required=False, closed=True)
    person = AccountField(label=_("责任人"), required=False, plain=True)
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
        if value("person"):
            rows = rows.filter(owner=value("person"))
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
