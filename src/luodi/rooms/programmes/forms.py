"""The forms of programmes. Rules are the verbs'; a form only asks."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import figures
from luodi.ground.scope.api import Account, Actor, Unit, UnitKind, names_of, units_of
from luodi.rooms.directory.api import Named
from luodi.rooms.programmes.models import Indicator, Pledge, Programme
from luodi.shell.forms import OneLanguage


def writable(actor: Actor) -> QuerySet[Unit]:
    """The open units for which the actor may write programmes; branches have none."""
    return units_of(actor, "programmes.write").exclude(kind=UnitKind.BRANCH)


def people_of(unit: Unit) -> QuerySet[Account]:
    """Who holds a role at the unit or below it: may answer for a measure."""
    return (
        Account.objects.filter(
            is_active=True,
            is_service=False,
            roles__unit__path__gte=unit.path,
            roles__unit__path__lt=unit.path[:-1] + "/",
        )
        .distinct()
        .order_by("name", "id")
    )


def offer_people(field: Any, unit: Unit) -> None:
    """Lets somebody of the unit be chosen; two of one name are told apart."""
    field.queryset = people_of(unit)
    names = SimpleLazyObject(lambda: names_of(field.queryset))
    field.label_from_instance = lambda one: names[one.pk]


def long_text(label: Any, *, required: bool = True, rows: int = 3, help_text: Any = "") -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text)


class ProgrammeForm(OneLanguage, forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)
    aim = long_text(_("工作目标"), required=False)
    since = forms.DateField(label=_("开始日期"))
    until = forms.DateField(label=_("结束日期"))
    position = forms.IntegerField(label=_("顺序"), min_value=0, max_value=999, initial=0)

    def __init__(self, *args: Any, actor: Actor, programme: Programme | None, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if programme is None:
            unit = Named(writable(actor), label=_("单位"))
            self.fields = {"unit": unit, **self.fields}


class MeasureForm(forms.Form):
    text = long_text(_("举措"))
    since = forms.DateField(label=_("开始日期"))
    due_on = forms.DateField(label=_("完成期限"))
    owner = forms.ModelChoiceField(Account.objects.none(), label=_("责任人"), required=False)
    position = forms.IntegerField(label=_("顺序"), min_value=0, max_value=999, initial=0)

    def __init__(self, *args: Any, programme: Programme, **rest: Any) -> None:
        super().__init__(*args, **rest)
        unit = programme.unit
        below = Unit.objects.open().below(unit).exclude(kind=UnitKind.BRANCH)
        self.fields["owner_unit"] = Named(below, label=_("责任单位"))
        offer_people(self.fields["owner"], unit)
        self.order_fields(["text", "owner_unit", "owner", "since", "due_on", "position"])


class DoneForm(forms.Form):
    on = forms.DateField(label=_("完成日期"))
    result = long_text(_("完成情况"), required=False)


class CaseForm(forms.Form):
    code = forms.CharField(label=_("事项编号"), max_length=24)


class PledgeForm(forms.Form):
    """What is promised: for a new target, and, with a day and a reason, for a change."""

    figure = forms.ChoiceField(label=_("数据指标"), help_text=_("目标用哪项数据指标衡量。"))
    parameters = forms.CharField(
        label=_("参数"),
        required=False,
        max_length=200,
        help_text=_("多数数据指标没有参数。写成“名=值”，几个之间用空格隔开。"),
    )
    comparison = forms.ChoiceField(label=_("比较"), choices=Pledge.Comparison.choices)
    value = forms.CharField(
        label=_("目标值"), max_length=60, help_text=_("数值、日期（2022-12-31）或等次。")
    )
    count_from = forms.DateField(
        label=_("自哪天起统计"),
        required=False,
        help_text=_("只对按时段统计的数据指标有用；留空则自工程开始之日起。"),
    )
    due_on = forms.DateField(label=_("期限"))
    owner = forms.ModelChoiceField(Account.objects.none(), label=_("责任人"), required=False)

    def __init__(self, *args: Any, unit: Unit, actor: Actor, change: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        choices = [(one.key, str(one.name)) for one in figures() if actor.may(one.permission)]
        self.fields["figure"].choices = [("", _now("请选择")), *choices]  # type: ignore[attr-defined]
        offer_people(self.fields["owner"], unit)
        if change:
            self.fields["on"] = forms.DateField(label=_("自哪天起更改"))
            self.fields["reason"] = long_text(_("调整原因"))
        else:
            self.fields["since"] = forms.DateField(label=_("目标自哪天起"))
            self.fields["name"] = forms.CharField(
                label=_("目标名称"),
                max_length=60,
                required=False,
                help_text=_("留空则用数据指标的名称。"),
            )

    def clean_parameters(self) -> dict[str, str]:
        given = {}
        for part in self.cleaned_data["parameters"].split():
            name, equals, value = part.partition("=")
            if not (name and equals and value):
                raise forms.ValidationError(_now("请写成“名=值”。"))
            given[name] = value
        return given


class ReasonForm(forms.Form):
    on = forms.DateField(label=_("自哪天起"))
    reason = long_text(_("原因"))


class WordsField(forms.CharField):
    """Words with 、 or , between; a list."""

    def clean(self, value: Any) -> list[str]:
        text = str(super().clean(value) or "")
        for mark in "，,；;\n":
            text = text.replace(mark, "、")
        return [one.strip() for one in text.split("、") if one.strip()]

    def prepare_value(self, value: Any) -> Any:
        return "、".join(value) if isinstance(value, list) else value


class IndicatorForm(OneLanguage, forms.Form):
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)
    synonyms = WordsField(
        label=_("同义表述"),
        required=False,
        max_length=400,
        help_text=_("文稿里可能出现的其他写法，用顿号隔开。"),
    )
    measure = forms.CharField(label=_("计量单位"), max_length=16, required=False)
    places = forms.IntegerField(label=_("小数位数"), min_value=0, max_value=6, initial=1)
    words = WordsField(
        label=_("等次"),
        required=False,
        max_length=200,
        help_text=_("只对等次：从高到低，用顿号隔开。"),
    )
    definition = long_text(_("口径"))
    source = forms.CharField(label=_("依据"), max_length=200, required=False)

    def __init__(self, *args: Any, indicator: Indicator | None, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if indicator is None:
            key = forms.SlugField(
                label=_("代号"), max_length=58, help_text=_("小写英文字母、数字和下划线。")
            )
            kind = forms.ChoiceField(label=_("类型"), choices=Indicator.Kind.choices)
            self.fields = {"key": key, "kind": kind, **self.fields}


AMOUNTS = ("base", "current")
ASKED: dict[str, tuple[str, ...]] = {
    Indicator.Kind.GROWTH: AMOUNTS,
    Indicator.Kind.AMOUNT: ("current",),
    Indicator.Kind.COUNT: (),
    Indicator.Kind.RANK: ("place", "participants"),
    Indicator.Kind.CLASS: ("word",),
}


class ObservationForm(forms.Form):
    """What a document says; only what the indicator's kind takes is asked for."""

    since = forms.DateField(label=_("所属期自"))
    until = forms.DateField(label=_("至"))
    base = forms.DecimalField(label=_("基期值"), max_digits=24, decimal_places=6, required=False)
    current = forms.DecimalField(
        label=_("报告期值"), max_digits=24, decimal_places=6, required=False
    )
    place = forms.IntegerField(label=_("位次"), min_value=1, max_value=100_000)
    participants = forms.IntegerField(label=_("参加单位数"), min_value=1, max_value=100_000)
    word = forms.ChoiceField(label=_("等次"))
    organisation = forms.CharField(label=_("来源单位"), max_length=120)
    document = forms.CharField(
        label=_("文号或文件名"), max_length=200, help_text=_("写到别人能找到原文。")
    )
    remark = forms.CharField(label=_("备注"), max_length=300, required=False)
    file = forms.FileField(label=_("佐证材料"), required=False)

    def __init__(
        self, *args: Any, actor: Actor, indicator: Indicator, correct: bool, **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        for name in ("base", "current", "place", "participants", "word"):
            if name not in ASKED[indicator.kind]:
                del self.fields[name]
        if "word" in self.fields:
            self.fields["word"].choices = [(one, one) for one in indicator.words]  # type: ignore[attr-defined]
        if indicator.measure and "current" in self.fields:
            for name in set(AMOUNTS) & set(self.fields):
                self.fields[name].help_text = indicator.measure
        if indicator.kind == Indicator.Kind.GROWTH:
            self.fields["current"].help_text = _now("增速由基期值和报告期值算出，不用填写。")
        if correct:
            del self.fields["since"], self.fields["until"]
        else:
            self.fields = {"unit": Named(writable(actor), label=_("单位")), **self.fields}
