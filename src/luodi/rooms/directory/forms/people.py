"""Forms of people, memberships and posts."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Unit, UnitKind, today
from luodi.lib.names import common_form, loose
from luodi.rooms.directory.forms.fields import Named
from luodi.rooms.directory.models import (
    Branch,
    Education,
    Membership,
    Person,
    PostKind,
    Sex,
    Stage,
)

HOMES = (UnitKind.ENTERPRISE, UnitKind.BRANCH, UnitKind.ZONE, UnitKind.DISTRICT)


class PersonForm(forms.Form):
    """A person. Of one already entered, masked values are left out: empty means unchanged."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    name = forms.CharField(label=_("姓名"), max_length=60)
    identity = forms.CharField(label=_("身份证号"), max_length=30, required=False)
    sex = forms.ChoiceField(choices=[("", "—"), *Sex.choices], label=_("性别"), required=False)
    born_on = forms.DateField(
        label=_("出生日期"),
        required=False,
        widget=forms.DateInput(),
        help_text=_("填了身份证号就不用填性别和出生日期。"),
    )
    phone = forms.CharField(label=_("手机号"), max_length=30, required=False)
    education = forms.ChoiceField(
        choices=[("", "—"), *Education.choices], label=_("学历"), required=False
    )

    def __init__(self, *args: Any, person: Person | None = None, **rest: Any) -> None:
        if person is not None:
            plain = ("version", "name", "sex", "born_on", "education")
            rest["initial"] = {name: getattr(person, name) for name in plain} | {
                "unit": person.unit.name
            }
        super().__init__(*args, **rest)
        homes = Unit.objects.open().of_kind(*HOMES)
        self.fields["unit"] = Named(homes, label=_("所在单位"), help_text=_("填写单位名称。"))
        if person is None:
            del self.fields["version"]
            return
        for name, masked in (("identity", person.identity_masked), ("phone", person.phone_masked)):
            if masked:
                self.fields[name].help_text = _("已登记%(masked)s，不改就留空。") % {
                    "masked": masked
                }


class PersonFilter(forms.Form):
    stage = forms.ChoiceField(
        choices=[("", _("全部")), *Stage.choices], label=_("党员与培养"), required=False
    )

    def apply(self, rows: Any) -> Any:
        stage = self.cleaned_data.get("stage")
        if not stage:
            return rows
        held = Membership.objects.on(today()).filter(person=OuterRef("pk"), stage=stage)
        return rows.filter(Exists(held))


class MembershipForm(forms.Form):
    stage = forms.ChoiceField(choices=Stage.choices, label=_("阶段"), initial=Stage.FORMAL)
    since = forms.DateField(label=_("自"), widget=forms.DateInput())

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields = {"branch": branch_field(), **self.fields}


class TransferForm(forms.Form):
    on = forms.DateField(label=_("自"), widget=forms.DateInput())

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields = {"branch": branch_field(), **self.fields}


class CorrectMembershipForm(forms.Form):
    """What was entered, to be put right."""

    stage = forms.ChoiceField(choices=Stage.choices, label=_("阶段"))
    since = forms.DateField(label=_("自"), widget=forms.DateInput())


class PostForm(forms.Form):
    kind = forms.ChoiceField(choices=PostKind.choices, label=_("职务类别"))
    title = forms.CharField(label=_("职务名称"), max_length=60, required=False)
    since = forms.DateField(label=_("自"), widget=forms.DateInput())

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        places = Unit.objects.open()
        self.fields = {
            "unit": Named(places, label=_("任职单位"), help_text=_("填写单位名称。")),
            **self.fields,
        }


class CorrectPostForm(forms.Form):
    kind = forms.ChoiceField(choices=PostKind.choices, label=_("职务类别"))
    title = forms.CharField(label=_("职务名称"), max_length=60, required=False)
    since = forms.DateField(label=_("自"), widget=forms.DateInput())


def branch_field() -> Named:
    return Named(
        Branch.objects.filter(unit__closed_on=None).select_related("unit"),
        "unit__",
        label=_("党组织"),
        help_text=_("填写党组织名称。"),
    )


def searched_people(rows: Any, text: str) -> Any:
    """The search box of the list: part of the name in any spelling, its pinyin, or its initials."""
    form = common_form(text)
    letters = re.sub(r"[^a-z]", "", form)
    if letters and form.isascii():
        return rows.filter(Q(spelling__startswith=letters) | Q(spelling__endswith=f" {letters}"))
    return rows.filter(name__iregex=loose(form)) if form else rows.none()
