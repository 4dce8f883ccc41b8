"""How what a duty asks is asked for: one field type for each argument of the verbs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choice, Choices, Date, Number, Text, UnitOf, field_of
from luodi.ground.scope.api import Unit
from luodi.rooms.directory.api import BranchType
from luodi.rooms.duties.models import CERTAINTY, EVERY, KINDS, Duty
from luodi.rooms.gatherings.api import kinds


@dataclass(frozen=True)
class GatheringKinds(Choices):
    """Kinds of gatherings, as they are when somebody is asked: rooms bring theirs at start-up."""

    @property
    def labels(self) -> Mapping[Any, Any]:  # type: ignore[override]
        return {one.key: str(one) for one in kinds().values()}

    def asked(self, actor: Any) -> forms.Field:
        ticks = forms.CheckboxSelectMultiple(attrs={"class": "inline"})
        return forms.MultipleChoiceField(
            choices=list(self.labels.items()), widget=ticks, **self.common()
        )

    def kept(self, value: Any) -> Any:
        return [key for key in self.labels if key in (value or ())]

    @property
    def wired(self) -> Any:
        return list[str]


WRITE = "duties.write"
MOST_TIMES = 400

SetBy = Annotated[
    Unit, UnitOf(_("由谁规定"), permission=WRITE, help=_("适用于这个单位和它的下级。"))
]

Name = Annotated[str, field_of(Duty, "name")]
NameEn = Annotated[str, field_of(Duty, "name_en")]
Position = Annotated[int, field_of(Duty, "position")]

Since = Annotated[
    dt.date,
    Date(
        _("自何日起"), help=_("从这一天起的第一个完整期间开始执行；已经开始的期间仍按原来的规定。")
    ),
]
Often = Annotated[str, Choice(_("多久一次"), choices=tuple(EVERY.items()))]
Times = Annotated[int, Number(_("每期次数"), least=1, most=MOST_TIMES)]
Month = Annotated[
    int | None, Number(_("固定月份"), least=1, most=12, help=_("只在“每年固定日期”时填写。"))
]
Day = Annotated[
    int | None, Number(_("固定日"), least=1, most=31, help=_("只在“每年固定日期”时填写。"))
]
Kinds = Annotated[Sequence[str], Choices(_("适用的单位"), choices=tuple(KINDS.items()))]
Types = Annotated[
    Sequence[str],
    Choices(
        _("适用的党组织类型"),
        choices=tuple(BranchType.choices),
        help=_("只用于党组织；不选则各种类型都适用。"),
    ),
]
Least = Annotated[
    int,
    Number(
        _("正式党员至少"),
        least=0,
        most=10_000,
        help=_("期初正式党员少于这个人数的党组织不要求；0 为不限。"),
    ),
]
Gatherings = Annotated[
    Sequence[str], GatheringKinds(_("哪些活动算完成"), help=_("开展其中任何一种，就算完成一次。"))
]
Remind = Annotated[int, Number(_("期末前几个工作日提醒"), least=0, most=120)]
Regulation = Annotated[str, Text(_("依据"), most=120, help=_("文件或会议的名称，是谁的要求。"))]
Clause = Annotated[str, Text(_("条款"), most=60)]
Sure = Annotated[str, Choice(_("依据的把握"), choices=tuple(CERTAINTY.items()))]
