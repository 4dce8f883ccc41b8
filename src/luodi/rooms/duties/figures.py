"""Figures of duties: how often at the least in each window, and the share of windows that were kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.figures.api import Figure, Kind, Question, Row, Time, provide
from luodi.rooms.duties.laying import duties_of
from luodi.rooms.duties.models import Duty, Subject
from luodi.rooms.duties.reading import Slot, slots_below
from luodi.rooms.duties.windows import State

KEPT = (State.DONE, State.EXCUSED)


def figures() -> Iterator[Figure]:
    """None is declared: duties are data, and asked for at each use."""
    provide(provider)
    return iter(())


def provider(keys: Collection[str]) -> Iterator[Figure]:
    """Those of every duty of units that the transaction shows, or of the ones that `keys` name."""
    duties = Duty.objects.filter(subject=Subject.UNIT).prefetch_related("editions")
    if keys:
        named = {key.split(".")[1] for key in keys if key.startswith("duties.")}
        duties = duties.filter(key__in=named) if named else duties.none()
    seen: set[str] = set()
    for duty in duties.order_by("position", "pk"):
        if duty.key not in seen and duty.all_editions:
            seen.add(duty.key)
            yield from _figures_of(duty)


def _figures_of(duty: Duty) -> Iterator[Figure]:
    words = {"name": duty, "often": duty.latest.often}
    names = tuple(dict.fromkeys(one for one in (duty.name, duty.name_en) if one))
    yield Figure(
        key=f"duties.{duty.key}",
        name=_("%(name)s每期最少次数") % words,
        unit=_("次"),
        kind=Kind.LEAST,
        rows=_Rows(duty.key, share=False),
        definition=_(
            "“%(name)s”（%(often)s）在所选时间内各期开展的次数中最少的一个；"
            "免办的期间、还没有结束又没有完成的期间不计。"
        )
        % words,
        time=Time.PERIOD,
        synonyms=tuple(f"{one}频次" for one in names),
        permission="duties.view",
        source=duty.latest.source,
    )
    yield Figure(
        key=f"duties.{duty.key}.kept",
        name=_("%(name)s按期完成率") % words,
        unit="%",
        kind=Kind.SHARE,
        rows=_Rows(duty.key, share=True),
        definition=_("“%(name)s”（%(often)s）在所选时间内已经结束的期间中，完成或免办的比例。")
        % words,
        time=Time.PERIOD,
        places=1,
        permission="duties.view",
        source=duty.latest.source,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The windows of a duty of the unit asked about and of those below it: a row each."""

    key: str
    share: bool

    def __call__(self, question: Question) -> list[Row]:
        until = question.until
        since = question.since or dt.date(until.year, 1, 1)
        duties = duties_of(question.unit, key=self.key, subject=Subject.UNIT)
        found = slots_below(
            question.unit,
            wanted=lambda window: since <= window.start <= until,
            years=range(since.year, until.year + 1),
            today=until + dt.timedelta(days=1),
            duties=duties,
        )
        return [_row(one, share=self.share) for one in found if self._counts(one)]

    def _counts(self, one: Slot) -> bool:
        if one.state is State.MISSED or one.state is State.DONE:
            return True
        return self.share and one.state is State.EXCUSED


def _row(one: Slot, *, share: bool) -> Row:
    days = _("、").join(str(meeting.on) for meeting in one.held)
    said = days or (one.excuse.reason if one.excuse else one.label)
    words = {"unit": one.unit, "period": one.period, "said": said}
    return Row(
        key=f"duties_duty:{one.duty.pk}/{one.unit.pk}-{one.window.start}",
        label=_("%(unit)s %(period)s：%(said)s") % words,
        amount=Decimal(1 if share else one.done),
        side=one.state in KEPT if share else None,
        on=one.last,
        url=f"{reverse('duties:year', args=[one.unit.pk])}?year={one.window.start.year}",
    )
