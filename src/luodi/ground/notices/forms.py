from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.ground.notices.models import Robot
from luodi.ground.scope.api import Actor, UnitField, units_of


class RobotForm(forms.Form):
    """A group chat that a unit's messages go to."""

    unit = UnitField(label=_("单位"))
    kind = forms.ChoiceField(choices=Robot.Kind.choices, label=_("平台"))
    name = forms.CharField(max_length=60, label=_("群名称"))
    address = forms.CharField(
        max_length=400,
        label=_("Webhook 地址"),
        help_text=_("在群机器人的设置里复制，以 https:// 开头。"),
    )
    secret = forms.CharField(
        max_length=100,
        required=False,
        label=_("加签密钥"),
        help_text=_("钉钉的“加签”、飞书的“签名校验”选了才有；加密保存，不再显示。"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units_of(actor, "notices.configure"))  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """One's own name and mail address."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    email = forms.EmailField(label=_("电子邮箱"))
