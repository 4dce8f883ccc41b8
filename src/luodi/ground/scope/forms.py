"""What the pages of organisations and accounts ask for. The rules are in the verbs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import (
    ROLE_KINDS,
    UNIT_KIND_LABELS,
    Account,
    Actor,
    Unit,
    UnitKind,
    today,
    within,
)
from luodi.ground.scope.permissions import PARENT_KINDS


class LanguageForm(forms.Form):
    language = forms.ChoiceField(label=_("语言"), choices=settings.LANGUAGES)


class UnitForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=120)
    short_name = forms.CharField(
        label=_("简称"),
        max_length=40,
        required=False,
        help_text=_("列表里显示简称；不填则显示名称。"),
    )


class NewUnitForm(UnitForm):
    """A unit below `parent`: only the kinds that may stand there."""

    field_order = ("kind", "name", "short_name", "opened_on")
    kind = forms.ChoiceField(label=_("类型"))
    opened_on = forms.DateField(label=_("成立日期"), required=False, widget=forms.DateInput)

    def __init__(self, *args: Any, parent: Unit, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, UNIT_KIND_LABELS[kind]) for kind in child_kinds(parent)
        ]

    def clean_kind(self) -> UnitKind:
        return UnitKind(self.cleaned_data["kind"])


def child_kinds(parent: Unit) -> list[UnitKind]:
    """The kinds of unit that may stand below this one."""
    return [kind for kind in UnitKind if UnitKind(parent.kind) in PARENT_KINDS[kind]]


class MoveForm(forms.Form):
    parent = forms.ModelChoiceField(Unit.objects.none(), label=_("新的上级"))

    def __init__(self, *args: Any, unit: Unit, actor: Actor, **rest: Any) -> None:
        super().__init__(*args, **rest)
        kinds = [kind for kind in PARENT_KINDS[UnitKind(unit.kind)] if kind]
        parents = Unit.objects.open().of_kind(*kinds).exclude(children=unit)
        field: Any = self.fields["parent"]
        field.queryset = parents.filter(reached(actor, "units.write")).order_by("path")


def reached(actor: Actor, permission: str) -> Q:
    """The units on which the actor has a permission."""
    return Q() if actor.everything else within(actor.ranges_of(permission))


class CloseForm(forms.Form):
    on = forms.DateField(label=_("撤销日期"), initial=today, widget=forms.DateInput)


class AccountForm(forms.Form):
    username = forms.CharField(
        label=_("登录名"), max_length=60, help_text=_("小写字母和数字，如姓名拼音。登录时使用。")
    )
    name = forms.CharField(label=_("姓名"), max_length=60)
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, help_text=_("只用来发送通知，可以不填。")
    )
    home = forms.ModelChoiceField(
        Unit.objects.none(),
        label=_("所属单位"),
        help_text=_("由这个单位和它的上级的安全管理员管理这个账号。"),
    )
    is_service = forms.BooleanField(
        label=_("系统账号"), required=False, help_text=_("给别的系统用：没有密码，只用令牌。")
    )

    def __init__(self, *args: Any, actor: Actor, **rest: Any) -> None:
        super().__init__(*args, **rest)
        field: Any = self.fields["home"]
        units = Unit.objects.open().filter(reached(actor, "accounts.write")).order_by("path")
        field.queryset = units
        field.initial = units.first()


class AccountChangeForm(forms.Form):
    """What of an account may change; the login name may not."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    email = forms.EmailField(
        label=_("电子邮箱"), required=False, help_text=_("只用来发送通知，可以不填。")
    )


class AccountFilter(forms.Form):
    role = forms.ChoiceField(
        label=_("角色"),
        required=False,
        choices=[("", _("全部")), *((role.key, role.label) for role in ROLE_KINDS.values())],
    )
    is_active = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("1", _("启用")), ("0", _("停用"))],
    )
    is_service = forms.ChoiceField(
        label=_("种类"),
        required=False,
        choices=[("", _("全部")), ("0", _("人员")), ("1", _("系统"))],
    )

    def apply(self, rows: QuerySet[Account]) -> QuerySet[Account]:
        data = self.cleaned_data
        for name in ("is_active", "is_service"):
            if data.get(name):
                rows = rows.filter(**{name: data[name] == "1"})
        if data.get("role"):
            rows = rows.filter(
                pk__in=Account.objects.filter(
                    roles__role=data["role"], roles__valid__contains=today()
                ).values("pk")
            )
        return rows


class GrantForm(forms.Form):
    """A role that the unit has, from a day on, until a day where one is given."""

    role = forms.ChoiceField(label=_("角色"))
    since = forms.DateField(label=_("开始日期"), initial=today, widget=forms.DateInput)
    until = forms.DateField(
        label=_("结束日期"),
        required=False,
        widget=forms.DateInput,
        help_text=_("从这一天起不再担任；长期担任的不填。"),
    )

    def __init__(self, *args: Any, unit: Unit, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role.key, role.label)
            for role in ROLE_KINDS.values()
            if UnitKind(unit.kind) in role.units
        ]


class TokenForm(forms.Form):
    name = forms.CharField(label=_("用途"), max_length=60)
    expires_on = forms.DateField(label=_("有效期至"), widget=forms.DateInput)
