"""Forms of enterprises and party organisations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Unit, UnitKind, called
from luodi.rooms.directory.forms.fields import Named
from luodi.rooms.directory.models import Branch, BranchType, Chain, Enterprise

YES_NO = [("", _("全部")), ("1", _("是")), ("0", _("否"))]


class EnterpriseForm(forms.Form):
    """An enterprise's facts; of a new one also its district."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("企业名称"), max_length=120)
    short_name = forms.CharField(label=_("简称"), max_length=40, required=False)
    code = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=30,
        required=False,
        help_text=_("18位，见营业执照；还不知道可以先空着。"),
    )
    parent = forms.ModelChoiceField(
        Unit.objects.none(), label=_("所属党建区"), empty_label=_("请选择")
    )
    chain = forms.ModelChoiceField(
        Chain.objects.none(),
        label=_("产业链"),
        required=False,
        empty_label=_("同党建区"),
    )
    above_size = forms.BooleanField(label=_("规模以上企业"), required=False)
    non_public = forms.BooleanField(label=_("非公企业"), required=False, initial=True)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("联系人"), max_length=60, required=False)
    contact_phone = forms.CharField(label=_("联系电话"), max_length=30, required=False)
    opened_on = forms.DateField(label=_("成立日期"), required=False, widget=forms.DateInput())

    def __init__(self, *args: Any, enterprise: Enterprise | None = None, **rest: Any) -> None:
        if enterprise is not None:
            rest["initial"] = {
                **{
                    name: getattr(enterprise, name)
                    for name in self.base_fields
                    if hasattr(enterprise, name)
                },
                "name": enterprise.unit.name,
                "short_name": enterprise.unit.short_name,
                "opened_on": enterprise.unit.opened_on,
                "chain": enterprise.chain_id,
            }
        super().__init__(*args, **rest)
        self.fields["chain"].queryset = Chain.objects.all()  # type: ignore[attr-defined]
        if enterprise is not None:
            del self.fields["parent"]
        else:
            del self.fields["version"]
            self.fields["parent"].queryset = Unit.objects.open().of_kind(  # type: ignore[attr-defined]
                UnitKind.DISTRICT, UnitKind.ZONE
            )


class EnterpriseFilter(forms.Form):
    district = forms.ModelChoiceField(
        Unit.objects.none(), label=_("党建区"), required=False, empty_label=_("全部")
    )
    above_size = forms.ChoiceField(choices=YES_NO, label=_("规模以上"), required=False)
    non_public = forms.ChoiceField(choices=YES_NO, label=_("非公企业"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.fields["district"].queryset = Unit.objects.open().of_kind(UnitKind.DISTRICT)  # type: ignore[attr-defined]

    def apply(self, rows: Any) -> Any:
        asked = self.cleaned_data
        if asked.get("district"):
            rows = rows.filter(unit__parent=asked["district"])
        for name in ("above_size", "non_public"):
            if asked.get(name):
                rows = rows.filter(**{name: asked[name] == "1"})
        return rows


class BranchFilter(forms.Form):
    type = forms.ChoiceField(
        choices=[("", _("全部")), *BranchType.choices], label=_("类型"), required=False
    )


class BranchForm(forms.Form):
    """A party organisation to be founded."""

    name = forms.CharField(label=_("名称"), max_length=120)
    type = forms.ChoiceField(choices=BranchType.choices, label=_("类型"))
    founded_on = forms.DateField(label=_("成立日期"), widget=forms.DateInput())
    community = forms.BooleanField(label=_("村、社区党组织（任期5年）"), required=False)
    term_started_on = forms.DateField(
        label=_("本届班子产生日期"), required=False, widget=forms.DateInput()
    )

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        places = Unit.objects.open().of_kind(UnitKind.ENTERPRISE, UnitKind.DISTRICT, UnitKind.ZONE)
        branches = Branch.objects.filter(unit__closed_on=None)
        self.fields = {
            "parent": Named(
                places, label=_("设在"), help_text=_("企业；联合党支部设在党建区。填写名称。")
            ),
            **self.fields,
            "superior": Named(branches, "unit__", label=_("上级党组织"), required=False),
        }


class TypeForm(forms.Form):
    type = forms.ChoiceField(choices=BranchType.choices, label=_("改设为"))
    on = forms.DateField(label=_("自"), widget=forms.DateInput())


class TermForm(forms.Form):
    started_on = forms.DateField(label=_("本届班子产生日期"), widget=forms.DateInput())


class DayForm(forms.Form):
    """A day on which something ends."""

    on = forms.DateField(
        label=_("自"), widget=forms.DateInput(), help_text=_("从这一天起不再有效。")
    )


class SinceForm(forms.Form):
    since = forms.DateField(label=_("自"), widget=forms.DateInput())


class SpanForm(SinceForm):
    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields = {
            "enterprise": Named(
                Enterprise.objects.filter(unit__closed_on=None), "unit__", label=_("企业")
            ),
            **self.fields,
        }


class EmptyForm(forms.Form):
    """Only a confirmation."""


def searched_enterprises(rows: Any, text: str) -> Any:
    """The search box of the list: part of a name, present or former, or of the credit code."""
    return rows.filter(called(text, "unit") | Q(code__startswith=text.upper()))
