"""What an administrator fills in: a register, a column, a figure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import ROLE_KINDS, Actor, Unit
from luodi.rooms.registers.conditions import TESTS, Condition, as_typed
from luodi.rooms.registers.lookups import LOOKUPS
from luodi.rooms.registers.models import (
    NUMBERS,
    REFERENCES,
    Column,
    Evidence,
    Kind,
    Register,
    RegisterFigure,
)
from luodi.rooms.registers.shipped import choices as shipped_choices
from luodi.rooms.registers.verbs.checks import code_from
from luodi.shell.forms import OneLanguage

ROWS = 3  # of conditions on the page; what has more is changed over REST


def units_for(actor: Actor, permission: str) -> list[Unit]:
    """The units on which the actor holds a role with the permission, the highest first."""
    ids = [held.unit_id for held in actor.holdings if permission in held.role.permissions]
    return list(Unit.objects.open().filter(pk__in=ids).order_by("path"))


class UnitChoice(forms.TypedChoiceField):
    """One of a few units; gives the unit."""

    def offer(self, units: Iterable[Unit]) -> None:
        found = {str(unit.pk): unit for unit in units}
        self.choices = [(key, str(unit)) for key, unit in found.items()]
        self.coerce = lambda key: found[key]


class RegisterForm(OneLanguage, forms.Form):
    unit = UnitChoice(label=_("建账单位"), help_text=_("它和它的下级都可以用这本台账。"))
    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)
    description = forms.CharField(label=_("说明"), max_length=500, required=False)
    date_label = forms.CharField(
        label=_("日期列的名称"), max_length=30, help_text=_("如“授权公告日”“认定日期”。")
    )
    unit_label = forms.CharField(
        label=_("单位列的名称"), max_length=30, required=False, help_text=_("如“专利权人”“企业”。")
    )
    dated = forms.BooleanField(
        label=_("有起止日期"),
        required=False,
        help_text=_("如资质、专利，会变更、会到期；只发生一次的事（如获奖）不勾。"),
    )
    evidence = forms.ChoiceField(
        label=_("佐证材料"), choices=Evidence.choices, initial=Evidence.OPTIONAL
    )
    write_roles = forms.MultipleChoiceField(
        label=_("可以登记的角色"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("都不勾：凡有登记权限的角色都可以。"),
    )
    title_column = forms.ChoiceField(label=_("标题列"), required=False)

    def __init__(
        self, *args: Any, actor: Actor, register: Register | None = None, **rest: Any
    ) -> None:
        if register is not None:
            rest["initial"] = {
                name: getattr(register, name) for name in self.base_fields if name != "unit"
            }
        super().__init__(*args, **rest)
        roles = [
            (r.key, r.label) for r in ROLE_KINDS.values() if "registers.write" in r.permissions
        ]
        self.fields["write_roles"].choices = roles  # type: ignore[attr-defined]
        if register is None:
            del self.fields["title_column"]
            self.fields["unit"].offer(units_for(actor, "registers.define"))  # type: ignore[attr-defined]
            return
        del self.fields["unit"]
        naming = [c for c in register.living if c.kind in (Kind.TEXT, Kind.PLACE, Kind.PERSON)]
        options = [("", gettext("（单位名称）")), *((c.key, str(c)) for c in naming)]
        self.fields["title_column"].choices = options  # type: ignore[attr-defined]


class InstallForm(forms.Form):
    key = forms.ChoiceField(label=_("现成的台账"), choices=shipped_choices)
    unit = UnitChoice(label=_("建账单位"))

    def __init__(self, *args: Any, actor: Actor, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["unit"].offer(units_for(actor, "registers.define"))  # type: ignore[attr-defined]


class ColumnForm(OneLanguage, forms.Form):
    """A column. Its kind and what it is looked up from cannot change later."""

    label = forms.CharField(label=_("列名"), max_length=30)
    label_en = forms.CharField(label=_("英文列名"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=Kind.choices)
    choices = forms.CharField(
        label=_("选项"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("单选、多选才填：每行一个，写“名称”或“名称=English”。"),
    )
    measure = forms.CharField(
        label=_("计量单位"),
        max_length=20,
        required=False,
        help_text=_("数字、金额才填，如“万元”。"),
    )
    places = forms.IntegerField(
        label=_("小数位数"), min_value=0, max_value=6, required=False, initial=0
    )
    lookup = forms.ChoiceField(
        label=_("取自"), required=False, help_text=_("类型为“引用”才选：显示别的记录里已有的内容。")
    )
    via = forms.ChoiceField(label=_("经由"), required=False)
    required = forms.BooleanField(label=_("必填"), required=False)
    listed = forms.BooleanField(label=_("列在清单里"), required=False, initial=True)
    help = forms.CharField(label=_("填写说明"), max_length=200, required=False)

    def __init__(
        self, *args: Any, register: Register, column: Column | None = None, **rest: Any
    ) -> None:
        if column is not None:
            rest["initial"] = {name: getattr(column, name) for name in self.base_fields}
            lines = [f"{zh}={en}" if en else zh for _value, zh, en in column.choices]
            rest["initial"]["choices"] = "\n".join(lines)
        super().__init__(*args, **rest)
        self.column = column
        if column is not None:
            for name in ("kind", "lookup", "via"):
                del self.fields[name]
            if column.kind not in (Kind.CHOICE, Kind.CHOICES):
                del self.fields["choices"]
            if column.kind not in NUMBERS:
                del self.fields["measure"], self.fields["places"]
            return
        options = [("", "—"), *((key, str(one.label)) for key, one in LOOKUPS.items())]
        self.fields["lookup"].choices = options  # type: ignore[attr-defined]
        ways = [(c.key, str(c)) for c in register.living if c.kind in REFERENCES]
        self.fields["via"].choices = [("", register.unit_title), *ways]  # type: ignore[attr-defined]

    def clean_choices(self) -> list[list[str]]:
        """Each line's value: the one that its label had, or a new code."""
        had = {zh: value for value, zh, _en in self.column.choices} if self.column else {}
        taken = set(had.values())
        found = []
        for line in self.cleaned_data["choices"].splitlines():
            zh, _equals, en = (part.strip() for part in line.partition("="))
            if zh:
                value = had.get(zh) or code_from(zh, taken)
                taken.add(value)
                found.append([value, zh, en])
        return found

    def clean_places(self) -> int:
        return self.cleaned_data["places"] or 0


class FigureForm(OneLanguage, forms.Form):
    """A figure, with up to three conditions and, of a share, three of its numerator."""

    name = forms.CharField(label=_("名称"), max_length=60)
    name_en = forms.CharField(label=_("英文名称"), max_length=80, required=False)
    synonyms = forms.CharField(
        label=_("同义表述"), required=False, help_text=_("文稿里可能出现的其他写法，用顿号隔开。")
    )
    kind = forms.ChoiceField(label=_("算法"), choices=RegisterFigure.Kind.choices)
    amount = forms.ChoiceField(label=_("合计的列"), required=False)
    time = forms.ChoiceField(label=_("时间"), choices=RegisterFigure.Time.choices)
    measure = forms.CharField(label=_("计量单位"), max_length=20, required=False)
    places = forms.IntegerField(
        label=_("小数位数"), min_value=0, max_value=6, required=False, initial=0
    )

    def __init__(
        self, *args: Any, register: Register, figure: RegisterFigure | None = None, **rest: Any
    ) -> None:
        if figure is not None:
            rest["initial"] = {name: getattr(figure, name) for name in self.base_fields}
            rest["initial"]["synonyms"] = "、".join(figure.synonyms)
        super().__init__(*args, **rest)
        columns = register.living
        numeric = [(c.key, c.title) for c in columns if c.kind in NUMBERS]
        self.fields["amount"].choices = [("", "—"), *numeric]  # type: ignore[attr-defined]
        names = [("", "—"), *((c.key, str(c)) for c in columns)]
        for part, label in (("conditions", gettext("条件")), ("side", gettext("占比的分子"))):
            kept: list[Condition] = getattr(figure, part, [])
            for row in range(max(ROWS, len(kept))):
                one = kept[row] if row < len(kept) else Condition(column="", test="is", value="")
                shown: Condition = {**one, "value": as_typed(register, one)}
                self._row(f"{part}_{row}", f"{label} {row + 1}", names, shown)

    def facts(self) -> list[forms.BoundField]:
        """The fields that are no conditions."""
        return [self[name] for name in self.base_fields]

    def parts(self) -> list[tuple[str, list[list[forms.BoundField]]]]:
        """The conditions, then the numerator's: a legend with its rows of three fields."""
        found = []
        for part, legend in (("conditions", gettext("条件")), ("side", gettext("占比的分子"))):
            names = [name for name in self.fields if name.startswith(f"{part}_")]
            rows = [[self[one] for one in names[i : i + 3]] for i in range(0, len(names), 3)]
            found.append((legend, rows))
        return found

    def _row(self, name: str, label: str, names: list[Any], one: Condition) -> None:
        self.fields[f"{name}_column"] = forms.ChoiceField(
            label=gettext("%(part)s：列") % {"part": label},
            choices=names,
            required=False,
            initial=one["column"],
        )
        self.fields[f"{name}_test"] = forms.ChoiceField(
            label=gettext("%(part)s：比较") % {"part": label},
            choices=list(TESTS.items()),
            required=False,
            initial=one["test"],
        )
        self.fields[f"{name}_value"] = forms.CharField(
            label=gettext("%(part)s：值") % {"part": label},
            max_length=200,
            required=False,
            initial=one["value"],
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        made: dict[str, Any] = {
            key: data[key]
            for key in ("name", "name_en", "kind", "amount", "time", "measure")
            if key in data
        }
        made["places"] = data.get("places") or 0
        made["synonyms"] = [
            one.strip() for one in data.get("synonyms", "").split("、") if one.strip()
        ]
        for part in ("conditions", "side"):
            rows = [n.rpartition("_")[0] for n in self.fields if n.startswith(f"{part}_")]
            made[part] = [
                {
                    "column": data[f"{row}_column"],
                    "test": data.get(f"{row}_test") or "is",
                    "value": data.get(f"{row}_value", ""),
                }
                for row in dict.fromkeys(rows)
                if data.get(f"{row}_column")
            ]
        return made
