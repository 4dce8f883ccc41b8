"""Figures of outside statements: one for each indicator, two more for a place in an assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.figures.api import Figure, Kind, Question, Row, Time, provide
from luodi.rooms.directory.api import known_at
from luodi.rooms.programmes.growth import growth_of
from luodi.rooms.programmes.models import Indicator, Observation

TABLE = "programmes_observation"
ONE_DAY = dt.timedelta(days=1)


def figures() -> Iterator[Figure]:
    """None is declared: indicators are data, and asked for at each use."""
    provide(provider)
    return iter(())


def provider(keys: Collection[str]) -> Iterator[Figure]:
    """Those of every indicator, or of the ones that `keys` name."""
    indicators = Indicator.objects.all()
    if keys:
        indicators = indicators.filter(key__in={key.split(".")[1] for key in keys if "." in key})
    for indicator in indicators:
        yield from figures_of(indicator)


def figures_of(indicator: Indicator) -> Iterator[Figure]:
    """What an indicator offers to read."""
    match Indicator.Kind(indicator.kind):
        case Indicator.Kind.GROWTH:
            yield _figure(indicator, "", Kind.GROWTH, growth_rows, "%", indicator.places)
        case Indicator.Kind.AMOUNT:
            yield _figure(indicator, "", Kind.SUM, amount_rows, indicator.measure, indicator.places)
        case Indicator.Kind.COUNT:
            yield _figure(indicator, "", Kind.COUNT, None, indicator.measure, 0)
        case Indicator.Kind.RANK:
            yield _figure(indicator, "", Kind.RANK, rank_rows, "", 0)
            yield _figure(indicator, ".standing", Kind.WORD, standing_rows, "", 0)
        case Indicator.Kind.CLASS:
            yield _figure(indicator, "", Kind.WORD, word_rows, "", 0)


def _figure(
    indicator: Indicator,
    suffix: str,
    kind: Kind,
    rows: Callable[[Observation], list[Row]] | None,
    unit: str,
    places: int,
) -> Figure:
    named = _("%(name)s（首末位）") % {"name": indicator} if suffix else str(indicator)
    synonyms = () if suffix else (indicator.name, indicator.name_en, *indicator.synonyms)
    return Figure(
        key=f"programmes.{indicator.key}{suffix}",
        name=named,
        unit=unit,
        kind=kind,
        rows=_Rows(indicator, rows),
        definition=indicator.definition,
        time=Time.PERIOD,
        synonyms=tuple(dict.fromkeys(one for one in synonyms if one)),
        places=places,
        permission="programmes.view",
        source=indicator.source,
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of an indicator for a question: of the latest statement, or of all where counted."""

    indicator: Indicator
    of: Callable[[Observation], list[Row]] | None

    def __call__(self, question: Question) -> list[Row]:
        stated = statements(self.indicator, question)
        if self.of is None:
            return [_row(one, one.unit.name) for one in stated.order_by("pk")]
        latest = latest_of(stated)
        return self.of(latest) if latest else []


def statements(indicator: Indicator, question: Question) -> QuerySet[Observation]:
    """What was stated of a period that lies within the question's.

    What is counted is each unit's own and adds up over those below; an amount, a growth or a place
    is stated of the unit itself.
    """
    rows = (
        Observation.objects.filter(known_at(question.known_at), indicator=indicator)
        .select_related("unit", "indicator")
        .filter(valid__endswith__lte=question.until + ONE_DAY)
    )
    if question.since:
        rows = rows.filter(valid__startswith__gte=question.since)
    if indicator.kind != Indicator.Kind.COUNT:
        return rows.filter(unit=question.unit)
    path = question.unit.path
    return rows.filter(path__gte=path, path__lt=path[:-1] + "/")


def latest_of(stated: QuerySet[Observation]) -> Observation | None:
    """The statement whose period ends last; the longest of these (the year, not its quarter)."""
    return stated.order_by("-valid__endswith", "valid__startswith", "-pk").first()


def growth_rows(one: Observation) -> list[Row]:
    """The base and the current amount, the latter's row the record itself with its evidence.

    Without their amounts where no growth can be told.
    """
    _value, why = growth_of(one.base, one.current)
    pair = (("base", _("基期值"), one.base, False), ("", _("报告期值"), one.current, True))
    return [
        _row(one, f"{label} {why}".strip(), part, amount=None if why else amount, side=side)
        for part, label, amount, side in pair
    ]


def amount_rows(one: Observation) -> list[Row]:
    return [_row(one, _("报告期值"), amount=one.current)]


def rank_rows(one: Observation) -> list[Row]:
    label = _("第 %(place)s 位，共 %(all)s 个单位") % {
        "place": one.place,
        "all": one.participants or "—",
    }
    return [_row(one, label, amount=one.place)]


def standing_rows(one: Observation) -> list[Row]:
    """The place in words: the last is who stands as far down as there are participants."""
    return [_row(one, _("位次说法"), word=standing_of(one.place, one.participants))]


def standing_of(place: int | None, participants: int | None) -> str:
    if place is None:
        return ""
    if place == participants:
        return "末位"
    return "首位" if place == 1 else f"第{place}位"


def word_rows(one: Observation) -> list[Row]:
    return [_row(one, _("等次"), word=one.word)]


def _row(
    one: Observation,
    label: str,
    part: str = "",
    amount: Decimal | int | None = 1,
    side: bool | None = None,
    word: str = "",
) -> Row:
    return Row(
        key=f"{TABLE}:{one.pk}{'/' + part if part else ''}",
        label=_("%(what)s（%(organisation)s：%(document)s）")
        % {"what": label, "organisation": one.organisation, "document": one.document},
        amount=None if amount is None else Decimal(amount),
        side=side,
        on=one.until - ONE_DAY if one.until else None,
        word=word,
        url=reverse("programmes:observation", args=[one.pk]),
    )
