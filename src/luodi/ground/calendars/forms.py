from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.ground.calendars.models import CalendarDay
from luodi.ground.scope.api import Actor
from luodi.ground.scope.fields import UnitField, units_of
from luodi.lib.calendars import Span

SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})")


class SpansField(forms.CharField):
    """Hours of a day in one line: `08:00-12:00 14:30-18:00`; 24:00 ends a day."""

    def clean(self, value: Any) -> list[Span]:
        text = str(super().clean(value)).replace("：", ":")
        rest = SPAN.sub("", text).strip(" ,，、;；")
        try:
            spans = [
                (dt.time(int(a), int(b)), dt.time(int(c) % 24, int(d)))
                for a, b, c, d in SPAN.findall(text)
            ]
        except ValueError:
            rest = text
        if rest:
            raise forms.ValidationError(_("请这样填写：08:00-12:00 14:30-18:00。"))
        return spans


class _ForUnit(forms.Form):
    """What holds for a unit, or without one for all."""

    unit = UnitField(label=_("适用单位"), required=False, help_text=_("不填则适用于全部单位。"))

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].offer(units_of(actor, "calendar.write"))  # type: ignore[attr-defined]


class DayForm(_ForUnit):
    """A day that differs."""

    on = forms.DateField(label=_("日期"), widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(choices=CalendarDay.Kind.choices, label=_("类型"))
    spans = SpansField(
        label=_("时段"),
        required=False,
        help_text=_("只在“另定时段”时填写，例如 08:00-12:00 14:30-18:00。"),
    )
    name = forms.CharField(max_length=60, required=False, label=_("名称"))
    source = forms.CharField(max_length=200, required=False, label=_("依据"))


class HoursForm(_ForUnit):
    """The hours of ordinary days from a day on."""

    since = forms.DateField(label=_("自"), widget=forms.DateInput(attrs={"type": "date"}))
    spans = SpansField(label=_("时段"), help_text=_("例如 08:00-12:00 14:30-18:00。"))
    source = forms.CharField(max_length=200, required=False, label=_("依据"))


class YearForm(forms.Form):
    year = forms.IntegerField(min_value=2004, max_value=2100, label=_("年份"))
