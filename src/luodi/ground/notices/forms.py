from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.ground.notices.models import Robot
from luodi.ground.scope.api import Actor
from luodi.ground.scope.fields import UnitField, units_of


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

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units_of(actor, "notices.configure"))  # type: ignore[attr-defined]
