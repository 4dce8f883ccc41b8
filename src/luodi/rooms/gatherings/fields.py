"""Field types of this room: a kind of gathering, and when one begins."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import Choice, Instant
from luodi.rooms.gatherings.kinds import kinds


class KindChoices(Sequence[tuple[str, str]]):
    """The kinds with their words: asked each time, because rooms bring theirs at start-up."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter([(one.key, str(one)) for one in kinds().values()])

    def __getitem__(self, place: Any) -> Any:
        return list(self)[place]

    def __len__(self) -> int:
        return len(kinds())


KIND = Choice(
    gettext_lazy("类型"), "kind", choices=KindChoices(), synonyms=("活动类型", "会议类型")
)


@dataclass(frozen=True)
class Begins(Instant):
    """When it begins; a list is asked for from one day to another."""

    def filters(self, actor: Any) -> dict[str, forms.Field]:
        return {
            "since": forms.DateField(label=_("自"), required=False),
            "until": forms.DateField(label=_("至"), required=False),
        }

    def narrow(self, given: Mapping[str, Any]) -> Q:
        found = Q()
        if since := given.get("since"):
            found &= Q(starts_at__gte=_start(since))
        if until := given.get("until"):
            found &= Q(starts_at__lt=_start(until + dt.timedelta(days=1)))
        return found

    def shown(self, value: Any) -> object:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if value else ""


STARTS = Begins(
    gettext_lazy("开始时间"), "starts_at", synonyms=("时间", "日期", "活动时间", "会议时间")
)


ENDS = Instant(gettext_lazy("结束时间"), "ends_at", required=False)


def _start(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))
