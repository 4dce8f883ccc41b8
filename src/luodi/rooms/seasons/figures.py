"""Performances that took place, people who came, villages that had one."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Value
from django.db.models.functions import Concat
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Rows, Time
from luodi.rooms.seasons.models import Performance

LABEL = Concat(
    F("village__township"), Value(" "), F("village__name"), Value(" "), F("troupe__name")
)


def figures() -> Iterator[Figure]:
    yield Figure(
        key="seasons.performances",
        name=_("送戏下乡场次"),
        unit=_("场"),
        kind=Kind.COUNT,
        time=Time.PERIOD,
        rows=held,
        definition=_("期间内已经演出的场次，按演出日期计；取消的不计，补演的计一次。"),
        synonyms=("送戏下乡", "文化下乡演出", "惠民演出", "performances brought to villages"),
        columns=COLUMNS,
        permission="seasons.view",
    )
    yield Figure(
        key="seasons.audience",
        name=_("送戏下乡观众人次"),
        unit=_("人次"),
        kind=Kind.SUM,
        time=Time.PERIOD,
        rows=counted,
        definition=_("期间内已经演出的场次，由村里填报的观众人数合计。"),
        synonyms=("观看演出人次", "audience of performances"),
        columns=COLUMNS_AUDIENCE,
        permission="seasons.view",
    )


def held(question: Question) -> Rows:
    """The performances of a period, of a unit and of those below it."""
    path = question.unit.path
    rows = Performance.objects.filter(
        state=Performance.State.HELD,
        on__lte=question.until,
        path__gte=path,
        path__lt=path[:-1] + "/",
    )
    return rows.filter(on__gte=question.since) if question.since else rows


def counted(question: Question) -> Rows:
    """Those whose people were counted."""
    rows = held(question)
    assert not isinstance(rows, list | tuple)
    return rows.filter(audience__isnull=False)  # type: ignore[union-attr]


def _url(season: int) -> str:
    return reverse("seasons:season", args=[season])


COLUMNS = Columns(label=LABEL, on="on", url=_url, url_of="season_id")
COLUMNS_AUDIENCE = Columns(label=LABEL, amount="audience", on="on", url=_url, url_of="season_id")
