"""What the pages of bookings ask for. The rules are in the verbs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, UnitField, unit_name, units_of
from luodi.rooms.places.models import EQUIPMENT, WEEKDAYS, Item, Repeat, Room, Venue
from luodi.rooms.places.people import BOOKS
from luodi.rooms.places.recurrence import Rule
from luodi.rooms.places.verbs.booking import Clash, Wish
from luodi.rooms.places.verbs.changing import Change, Reach
from luodi.rooms.places.verbs.searching import fitting


def _time(label: Any, **options: Any) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, widget=widget, **options)


def _ticks() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple(attrs={"class": "inline"})


class RoomsForm(forms.Form):
    """The rooms of a venue, and the equipment that goes along."""

    rooms = forms.ModelMultipleChoiceField(Room.objects.none(), label=_("房间"), widget=_ticks())
    items = forms.ModelMultipleChoiceField(
        Item.objects.none(), label=_("移动设备"), widget=_ticks(), required=False
    )

    def __init__(self, *args: Any, venue: Venue, **options: Any) -> None:
        super().__init__(*args, **options)
        rooms: Any = self.fields["rooms"]
        rooms.queryset = fitting(venue=venue).order_by("name", "pk")
        items: Any = self.fields["items"]
        items.queryset = Item.objects.filter(venue=venue, closed_on=None).order_by("name", "pk")
        if not items.queryset.exists():
            del self.fields["items"]


class BookingForm(RoomsForm):
    """A booking, once or again and again."""

    unit = UnitField(label=_("使用单位"))
    title = forms.CharField(label=_("事由"), max_length=100)
    people = forms.IntegerField(label=_("人数"), required=False, min_value=1, max_value=32767)
    on = forms.DateField(label=_("日期"), widget=forms.DateInput)
    starts = _time(_("开始"))
    ends = _time(_("结束"), help_text=_("到半夜填 00:00。"))
    repeat = forms.ChoiceField(label=_("重复"), choices=Repeat.choices, initial=Repeat.ONCE)
    every = forms.IntegerField(
        label=_("间隔"),
        required=False,
        min_value=1,
        max_value=52,
        help_text=_("每几天、几周或几个月一次；隔一周填 2。"),
    )
    weekdays = forms.MultipleChoiceField(
        label=_("星期"),
        choices=list(WEEKDAYS.items()),
        widget=_ticks(),
        required=False,
        help_text=_("每周重复时用；不选则与第一次同一天。"),
    )
    until = forms.DateField(label=_("重复到"), required=False, widget=forms.DateInput)
    skip_holidays = forms.BooleanField(label=_("跳过节假日"), required=False)
    clash = forms.ChoiceField(
        label=_("遇到冲突"), choices=Clash.choices, initial=Clash.REFUSE, required=False
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        unit: Any = self.fields["unit"]
        units = units_of(actor, BOOKS).order_by("path")
        unit.offer(units)
        if first := units.first():
            self.initial.setdefault("unit", unit_name(first))
        self.order_fields(["title", "on", "starts", "ends", "rooms", "items", "unit", "people"])

    @property
    def again(self) -> list[forms.BoundField]:
        """The fields of what repeats."""
        names = ("every", "until", "clash", "weekdays", "skip_holidays")
        return [self[name] for name in names]

    @property
    def first(self) -> list[forms.BoundField]:
        """The fields of every booking."""
        later = {"repeat", "every", "weekdays", "until", "skip_holidays", "clash"}
        return [field for field in self if field.name not in later]

    @staticmethod
    def wish(data: dict[str, Any]) -> Wish:
        """What was filled in, as the verbs take it."""
        rule = Rule(
            data["repeat"],
            data["every"] or 1,
            data["weekdays"],
            data["until"],
            data["skip_holidays"],
        )
        return Wish(
            data["unit"],
            list(data["rooms"]),
            data["title"],
            list(data.get("items") or ()),
            data["people"],
            rule,
        )


class ChangeForm(RoomsForm):
    """Another day, time, room or title, for one date, the later ones, or all."""

    title = forms.CharField(label=_("事由"), max_length=100)
    people = forms.IntegerField(label=_("人数"), required=False, min_value=1, max_value=32767)
    on = forms.DateField(
        label=_("日期"), widget=forms.DateInput, help_text=_("改多次时，其余各次移动同样的天数。")
    )
    starts = _time(_("开始"))
    ends = _time(_("结束"))
    reach = forms.ChoiceField(
        label=_("改哪些"), choices=Reach.choices, initial=Reach.THIS, widget=forms.RadioSelect
    )
    clash = forms.ChoiceField(
        label=_("遇到冲突"),
        choices=[one for one in Clash.choices if one[0] != Clash.OTHER],
        initial=Clash.REFUSE,
    )

    def __init__(self, *args: Any, several: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not several:
            for name in ("reach", "clash"):
                self.fields[name].widget = forms.HiddenInput()
        self.order_fields(["title", "on", "starts", "ends", "rooms", "items", "people"])

    @staticmethod
    def change(data: dict[str, Any]) -> Change:
        return Change(
            data["on"],
            data["starts"],
            data["ends"],
            list(data["rooms"]),
            list(data.get("items") or ()),
            data["title"],
            data["people"],
        )


class CancelForm(forms.Form):
    """How far a cancellation reaches, and why."""

    reach = forms.ChoiceField(
        label=_("取消哪些"), choices=Reach.choices, initial=Reach.THIS, widget=forms.RadioSelect
    )
    why = forms.CharField(label=_("原因"), max_length=200, required=False)


class WhyForm(forms.Form):
    """Why a request is refused: who asked reads it."""

    why = forms.CharField(label=_("理由"), max_length=200)


class NoteForm(forms.Form):
    """What keepers tell each other."""

    text = forms.CharField(
        label=_("内部备注"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只有场所管理人员看得到，预订人看不到。"),
    )


class SearchForm(forms.Form):
    """ "A room for 20 with a screen on Thursday morning"."""

    people = forms.IntegerField(label=_("人数"), required=False, min_value=1, max_value=32767)
    since = forms.DateField(label=_("从"), widget=forms.DateInput)
    until = forms.DateField(label=_("到"), required=False, widget=forms.DateInput)
    starts = _time(_("最早"))
    ends = _time(_("最晚"))
    minutes = forms.TypedChoiceField(
        label=_("用多久"),
        coerce=int,
        choices=[
            (30, _("半小时")),
            (60, _("1 小时")),
            (90, _("1 个半小时")),
            (120, _("2 小时")),
            (180, _("3 小时")),
            (240, _("4 小时")),
            (480, _("8 小时")),
        ],
    )
    venue = forms.ModelChoiceField(
        Venue.objects.none(), label=_("场所"), required=False, empty_label=_("全部")
    )
    equipment = forms.MultipleChoiceField(
        label=_("设备"), choices=list(EQUIPMENT.items()), widget=_ticks(), required=False
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        venue: Any = self.fields["venue"]
        venue.queryset = Venue.objects.filter(closed_on=None).order_by("name", "pk")

    @staticmethod
    def usual() -> dict[str, Any]:
        """What the page begins with: the next days, in working hours."""
        today = timezone.localdate()
        return {
            "since": today.isoformat(),
            "until": (today + dt.timedelta(days=2)).isoformat(),
            "starts": "08:00",
            "ends": "18:00",
            "minutes": "60",
        }
