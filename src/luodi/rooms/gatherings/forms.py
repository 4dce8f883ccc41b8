"""The forms of gatherings. Rules are the verbs'; a form only asks, and presets what is known."""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import FilesField
from luodi.ground.scope.api import Actor, Unit, UnitField, units_of
from luodi.rooms.directory.api import Person, PersonField, inside
from luodi.rooms.gatherings.kinds import Kind, kind_of
from luodi.rooms.gatherings.kinds.votes import rule_of, rules
from luodi.rooms.gatherings.models import Candidate, Gathering, State, Vote
from luodi.rooms.gatherings.verbs.checks import WRITE
from luodi.rooms.places.api import Room

FIRST_HOUR, LAST_HOUR = 8, 20  # between which a proposed beginning lies


def holders_for(actor: Actor, kind: Kind) -> Any:
    """The open units that hold such gatherings and that the actor writes for."""
    return units_of(actor, WRITE).filter(kind__in=list(kind.holders)).order_by("path")


def lines_of(text: str) -> list[str]:
    """What was typed, a line each, or with 、 between."""
    parts = (one.strip() for line in text.splitlines() for one in line.split("、"))
    return [one for one in parts if one]


def area(label: Any, *, rows: int = 3, required: bool = False, help_text: Any = "") -> Any:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, widget=widget, help_text=help_text)


class RoomField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A room, with its house and how many it seats."""

    def label_from_instance(self, obj: Any) -> str:
        seats = _now("%(seats)s 座") % {"seats": obj.seats} if obj.seats else ""
        return " · ".join(filter(None, (str(obj.venue), str(obj), seats)))


class PlanForm(forms.Form):
    """What a plan asks: when, where, about what. All that the last such gathering knows is preset."""

    starts_at = forms.DateTimeField(label=_("开始时间"), widget=forms.DateTimeInput)
    ends_at = forms.DateTimeField(
        label=_("结束时间"),
        widget=forms.DateTimeInput,
        required=False,
        help_text=_("不填就同上次一样长。"),
    )
    rooms = RoomField(
        Room.objects.none(), label=_("预订房间"), required=False, empty_label=_("不预订")
    )
    place = forms.CharField(
        label=_("地点"), max_length=120, required=False, help_text=_("预订了房间的可以不填。")
    )
    title = forms.CharField(
        label=_("主题"), max_length=120, required=False, help_text=_("不填就用活动类型的名称。")
    )
    agenda = area(_("议程"), rows=4, help_text=_("每行一项，记录时逐项写。"))
    also = forms.MultipleChoiceField(
        label=_("同时开展"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "inline"}),
    )
    lecturer = forms.CharField(label=_("主讲人"), max_length=60, required=False)
    again = forms.BooleanField(label=_("确实是另一次，请保存"), required=False)

    def __init__(
        self, *args: Any, actor: Actor, kind: Kind, unit: Unit | None = None, **rest: Any
    ) -> None:
        super().__init__(*args, **rest)
        if unit is None:
            asked = UnitField(label=_("单位"))
            asked.offer(holders_for(actor, kind))
            self.fields = {"unit": asked, **self.fields}
            people = Person.objects.none()
        else:
            people = people_near(unit)
        offered = free_to_choose()
        if offered.exists():
            self.fields["rooms"].queryset = offered  # type: ignore[attr-defined]
        else:
            del self.fields["rooms"]
        leader = PersonField(people, label=_("主持人"), required=False)
        if unit is not None:
            self.fields["leader"] = leader
        if kind.together:
            choices = [(key, str(kind_of(key))) for key in kind.together]
            self.fields["also"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["also"]
        if not kind.education and "lecturer" not in kind.usual:
            del self.fields["lecturer"]

    def clean_rooms(self) -> list[Room]:
        room = self.cleaned_data["rooms"]
        return [room] if room else []


def free_to_choose() -> Any:
    """The rooms that can be booked, as far as the reader sees them."""
    rows = Room.objects.filter(bookable=True, closed_on=None, venue__closed_on=None)
    return rows.select_related("venue").order_by("venue__name", "name")


def people_near(unit: Unit) -> Any:
    """Who may lead at a unit: the people of the unit it stands under, where it is a branch."""
    root = unit.parent if unit.kind == "branch" and unit.parent else unit
    return Person.objects.filter(inside(root), erased_at=None)


def preset(kind: Kind, unit: Unit | None, now: dt.datetime) -> dict[str, Any]:
    """What a plan begins with: as the last of this kind was held, a month on; else the next hour."""
    last = None
    if unit is not None:
        rows = Gathering.objects.filter(unit=unit, kind=kind.key).exclude(state=State.CANCELLED)
        last = rows.order_by("-starts_at").first()
    if last is None:
        start = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)
        start += dt.timedelta(hours=1)
        if not FIRST_HOUR <= start.hour <= LAST_HOUR:
            start = start.replace(hour=9) + dt.timedelta(days=start.hour > LAST_HOUR)
        return {"starts_at": start}
    start = month_on(timezone.localtime(last.starts_at))
    while start < now - dt.timedelta(days=31):
        start = month_on(start)
    return {
        "starts_at": start,
        "lasts": last.ends_at - last.starts_at,
        "place": last.place,
        "also": last.also,
    }


def month_on(moment: dt.datetime) -> dt.datetime:
    """The same day and hour of the next month; its last day where it is shorter."""
    year, month = moment.year + moment.month // 12, moment.month % 12 + 1
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day)


class CancelForm(forms.Form):
    why = forms.CharField(label=_("取消原因"), max_length=200)


class CorrectForm(forms.Form):
    why = forms.CharField(label=_("更正理由"), max_length=200)


class InviteForm(forms.Form):
    persons = area(
        _("本单位和下级单位的人"), help_text=_("每行一个姓名；同名的写成“姓名（单位）”。")
    )
    accounts = area(_("其他有账号的人"), help_text=_("每行一个姓名或账号，例如县直部门的经办人。"))
    guests = area(_("嘉宾"), help_text=_("每行一位，可写成“姓名（单位）”。"))


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(choices=[("yes", _("参加")), ("no", _("不能参加"))])
    reason = forms.CharField(label=_("事由"), max_length=100, required=False)


class TaskForm(forms.Form):
    text = forms.CharField(label=_("做什么"), max_length=200)
    due_on = forms.DateField(label=_("完成期限"), required=False)

    def __init__(self, *args: Any, gathering: Gathering, **rest: Any) -> None:
        super().__init__(*args, **rest)
        people = people_near(gathering.unit)
        self.fields["person"] = PersonField(people, label=_("负责人"), required=False)
        self.order_fields(["text", "person", "due_on"])


class DoneForm(forms.Form):
    on = forms.DateField(label=_("完成日期"))
    result = forms.CharField(label=_("完成情况"), max_length=200, required=False)


class CaseForm(forms.Form):
    text = area(_("问题"), required=True, rows=4)

    def __init__(self, *args: Any, actor: Actor, gathering: Gathering, **rest: Any) -> None:
        super().__init__(*args, **rest)
        unit = UnitField(label=_("哪个单位的问题"))
        unit.offer(units_of(actor, "cases.raise").order_by("path"))
        self.fields = {"unit": unit, **self.fields}


class FilesForm(forms.Form):
    files = FilesField(label=_("附件"), required=True)  # type: ignore[assignment]


class VoteForm(forms.Form):
    """A vote: its kind, what about; an election's seats and candidates."""

    rule = forms.ChoiceField(label=_("表决类型"))
    subject = forms.CharField(label=_("表决事项"), max_length=200)
    secret = forms.BooleanField(label=_("无记名"), required=False)
    seats = forms.IntegerField(label=_("应选名额"), min_value=1, max_value=60, required=False)
    candidates = area(_("候选人"), help_text=_("选举填写，每行一位。"))

    def __init__(self, *args: Any, gathering: Gathering, **rest: Any) -> None:
        super().__init__(*args, **rest)
        keys = [key for kind in gathering.kinds for key in kind.votes]
        found = [rule_of(key) for key in dict.fromkeys(keys)]
        self.fields["rule"].choices = [(one.key, str(one)) for one in found]  # type: ignore[attr-defined]
        if not any(one.election for one in found):
            del self.fields["seats"], self.fields["candidates"]

    def clean_candidates(self) -> list[str]:
        return lines_of(self.cleaned_data["candidates"])


def count(label: Any, *, required: bool = True) -> Any:
    return forms.IntegerField(label=label, min_value=0, max_value=100_000, required=required)


class CountForm(forms.Form):
    """The sums of a vote; of an election, those of each candidate."""

    def __init__(self, *args: Any, vote: Vote, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["present"] = count(_("实到有表决权人数"))
        if rules()[vote.rule].election:
            self.candidates: list[Candidate] = list(vote.candidates.all())
            for one in self.candidates:
                label = _now("%(name)s得票") % {"name": one.name}
                self.fields[f"candidate_{one.pk}"] = count(label)
        else:
            self.candidates = []
            for name, word in (("yes", _("赞成")), ("no", _("反对")), ("abstain", _("弃权"))):
                self.fields[name] = count(word)
                self.fields[name].initial = None if name == "yes" else 0
        self.fields["invalid"] = count(_("无效票"), required=False)

    def sums(self) -> dict[str, Any]:
        """What the verb takes."""
        data = dict(self.cleaned_data)
        data.pop("version", None)
        votes = {one.pk: data.pop(f"candidate_{one.pk}") for one in self.candidates}
        data["invalid"] = data["invalid"] or 0
        return data | ({"votes": votes} if votes else {})
