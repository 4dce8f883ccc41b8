"""A season's rows as the planner's problem, and its answer as lines."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Q
from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.planning.tours import Show, TourPlan, TourProblem, Troupes, Villages, Wishes
from luodi.rooms.seasons.models import Performance, Quiet, Season, Troupe, Village, Wish

DAY = dt.timedelta(days=1)
YEAR = dt.timedelta(days=365)
MOST_DAYS = 400
MORE, FEWER = 2, 1  # how many more shows than the least a village may have, by what it had before


@dataclass(frozen=True)
class Book:
    """What a plan is made of, as it stands in the tables."""

    season: Season
    troupes: list[Troupe]
    villages: list[Village]
    wishes: list[Wish]
    quiet: list[Quiet]
    planned: list[Performance]
    before: Counter[int]  # performances of each village in the year before the season
    today: dt.date


def read_book(season: Season, today: dt.date) -> Book:
    """Everything that a plan of a season needs. Raises UserError for what makes no plan."""
    unit = Q(path__gte=season.unit.path, path__lt=season.unit.path[:-1] + "/")
    lasting = Q(closed_on__isnull=True) | Q(closed_on__gt=season.starts_on)
    during = Q(since__lte=season.ends_on, until__gte=season.starts_on)
    villages = list(Village.objects.filter(unit, lasting).order_by("township", "name"))
    troupes = list(Troupe.objects.filter(unit, lasting).order_by("name"))
    past = Performance.objects.filter(
        village__in=villages,
        state=Performance.State.HELD,
        on__gte=season.starts_on - YEAR,
        on__lt=season.starts_on,
    )
    if not villages or not troupes:
        raise UserError(_("先登记剧团和村，才能排演出。"))
    if (season.ends_on - season.starts_on).days >= MOST_DAYS:
        raise UserError(_("一个演出季最多 %(days)s 天。") % {"days": MOST_DAYS}, "ends_on")
    return Book(
        season,
        troupes,
        villages,
        list(Wish.objects.filter(during, village__in=villages).select_related("village")),
        list(Quiet.objects.filter(during, unit)),
        list(season.performances.exclude(state=Performance.State.CANCELLED)),
        Counter(past.values_list("village_id", flat=True)),
        today,
    )


def limits_of(book: Book) -> tuple[list[int], list[int]]:
    """At least and at most how many shows each village gets: as many as every one can have at the
    least, and more where there were fewer in the year before."""
    least = min(book.season.least, book.season.shows // len(book.villages))
    had = [book.before[one.pk] for one in book.villages]
    middle = sorted(had)[len(had) // 2]
    most = [least + (MORE if count <= middle else FEWER) for count in had]
    return [least] * len(had), most


def problem_of(book: Book) -> TourProblem:
    """The planner's problem. Published shows move as little as possible, those of the past not at all."""
    season, days = book.season, (book.season.ends_on - book.season.starts_on).days + 1
    dates = [season.starts_on + DAY * place for place in range(days)]
    towns = sorted({one.township for one in book.villages})
    place = {one.pk: number for number, one in enumerate(book.villages)}
    least, most = limits_of(book)
    open_days = np.ones((len(book.villages), days), dtype=bool)
    for quiet in book.quiet:
        span = _span(season, quiet.since, quiet.until, days)
        if quiet.village_id is None:
            open_days[:, span] = False
        elif quiet.village_id in place:
            open_days[place[quiet.village_id], span] = False
    stand = _published(book, place)
    for show in stand:  # what is published already lies where it lies
        open_days[show.village, show.day] = True
    free = np.array(
        [[str(day.weekday()) not in one.rests for day in dates] for one in book.troupes], dtype=bool
    )
    return TourProblem(
        start=season.starts_on,
        troupes=Troupes(
            names=tuple(one.name for one in book.troupes),
            lon=_floats(one.lon for one in book.troupes),
            lat=_floats(one.lat for one in book.troupes),
            size=_ints(one.size for one in book.troupes),
            speed_kmh=_floats(one.speed for one in book.troupes),
            most_a_day=_ints(one.most_a_day for one in book.troupes),
            hours=_floats(one.hours for one in book.troupes),
            run=_ints(one.run for one in book.troupes),
            free=free,
        ),
        villages=Villages(
            names=tuple(one.name for one in book.villages),
            township=_ints(towns.index(one.township) for one in book.villages),
            townships=tuple(towns),
            lon=_floats(one.lon for one in book.villages),
            lat=_floats(one.lat for one in book.villages),
            audience=_floats(max(one.people, 1) for one in book.villages),
            stage_holds=_ints(one.stage_holds for one in book.villages),
            least=_ints(least),
            most=_ints(most),
            open=open_days,
        ),
        wishes=_wishes(book, place, days),
        shows=season.shows,
        stages=np.full(days, season.stages),
        township_least=np.full(len(towns), season.township_least),
        spacing=season.spacing,
        published=tuple(stand),
        fixed_before=min(max((book.today - season.starts_on).days + 1, 0), days),
    )


def _published(book: Book, place: dict[int, int]) -> list[Show]:
    number = {one.pk: at for at, one in enumerate(book.troupes)}
    return [
        Show(place[one.village_id], number[one.troupe_id], (one.on - book.season.starts_on).days)
        for one in book.planned
        if one.village_id in place and one.troupe_id in number
    ]


def _wishes(book: Book, place: dict[int, int], days: int) -> Wishes:
    spans = [_span(book.season, one.since, one.until, days) for one in book.wishes]
    return Wishes(
        village=_ints(place[one.village_id] for one in book.wishes),
        first=_ints(one.start for one in spans),
        last=_ints(one.stop - 1 for one in spans),
        weight=np.ones(len(book.wishes)),
        must=np.array([one.must for one in book.wishes], dtype=bool),
        names=tuple(str(one) for one in book.wishes),
    )


def _span(season: Season, since: dt.date, until: dt.date, days: int) -> slice:
    """The days of a spell that lie in the season, counted from its beginning."""
    first = max((since - season.starts_on).days, 0)
    return slice(first, max(min((until - season.starts_on).days + 1, days), first))


def _floats(values: Any) -> Any:
    return np.array([float(one) for one in values], dtype=float)


def _ints(values: Any) -> Any:
    return np.array([int(one) for one in values], dtype=np.intp)


def lines_of(book: Book, plan: TourPlan) -> list[dict[str, Any]]:
    """A plan's shows by day: village, troupe, the day's order, the wish that is met."""
    found = []
    for trip in sorted(plan.trips, key=lambda one: (one.day, one.troupe)):
        day = book.season.starts_on + DAY * trip.day
        for order, number in enumerate(trip.villages, start=1):
            village = book.villages[number]
            met = next(
                (
                    one.occasion
                    for one in book.wishes
                    if one.village_id == village.pk and one.since <= day <= one.until
                ),
                "",
            )
            found.append(
                {
                    "village": village.pk,
                    "troupe": book.troupes[trip.troupe].pk,
                    "on": day.isoformat(),
                    "order": order,
                    "km": round(trip.km, 1),
                    "wish": met,
                }
            )
    return found
