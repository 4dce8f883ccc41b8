"""From the rows of a desk to the matching planner's problem, and from its plan back to rows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np

from luodi.planning.matching import (
    Contracts,
    MatchingPlan,
    MatchingProblem,
    Transport,
    make_needs,
    make_offers,
)
from luodi.rooms.exchange.fits import MOST_KM, misfit
from luodi.rooms.exchange.models import Answer, Introduction, Offer, Side, Stage
from luodi.rooms.exchange.network import monthly_of

HORIZON = dt.timedelta(days=90)
NEAREST = 60  # candidates of each side to begin with, where there are many; the proof covers all
MANY = 400
Why = Answer.Why


@dataclass(frozen=True, slots=True)
class Book:
    """The open offers and needs of a desk, those that the horizon does not reach apart, and what
    contracts leave of each, a month."""

    have: list[Offer]
    want: list[Offer]
    later: list[Offer]
    left: dict[int, float]


def read_book(on: dt.date) -> Book:
    """What the transaction shows of open offers and needs with a commodity."""
    rows = Offer.objects.open(on).filter(commodity__isnull=False).order_by("id")
    found = list(rows.select_related("commodity", "party__unit"))
    now = [one for one in found if _reached(one, on)]
    bound = _bound()
    left = {one.pk: max(float(one.monthly - bound.get(one.pk, Decimal(0))), 0.0) for one in now}
    return Book(
        [one for one in now if one.way == Offer.Way.HAVE],
        [one for one in now if one.way == Offer.Way.WANT],
        [one for one in found if not _reached(one, on)],
        left,
    )


def _reached(offer: Offer, on: dt.date) -> bool:
    began = offer.since is None or offer.since <= on + HORIZON
    return began and (offer.until is None or offer.until >= on)


def _bound() -> dict[int, Decimal]:
    """What contracts take a month of each offer and need."""
    taken: dict[int, Decimal] = defaultdict(Decimal)
    running = Introduction.objects.filter(stage__in=[Stage.CONTRACT, Stage.DELIVERING])
    monthly = {one.pk: monthly_of(one) for one in running.select_related("contract")}
    sides = Side.objects.filter(introduction__in=monthly, offer__isnull=False)
    for offer, introduction in sides.values_list("offer_id", "introduction_id"):
        assert offer is not None
        taken[offer] += monthly[introduction]
    return taken


def by_heading(book: Book) -> list[Book]:
    """The book in parts that have nothing to do with each other: one for each heading of the tariff.

    Apart, because a goal that adds up tonnes, pieces and sets would weigh one against the other.
    """
    have, want = _by_heading(book.have), _by_heading(book.want)
    return [Book(have[one], want[one], [], book.left) for one in sorted(have.keys() & want.keys())]


def _by_heading(rows: Sequence[Offer]) -> dict[str, list[Offer]]:
    found: dict[str, list[Offer]] = defaultdict(list)
    for one in rows:
        assert one.commodity is not None
        found[one.commodity.code[:4]].append(one)
    return found


def problem_of(book: Book) -> MatchingProblem:
    """The planner's problem: a month, one product for each commodity's code."""
    names = sorted({name for one in book.want for name in one.quality})
    low_have, high_have = _ends(book.have, names)
    low_want, high_want = _ends(book.want, names)
    many = max(len(book.have), len(book.want)) > MANY
    products = {
        one.commodity.code: str(one.commodity) for one in (*book.have, *book.want) if one.commodity
    }
    return MatchingProblem(
        make_offers(
            [f"S{one.pk}" for one in book.have],
            [one.commodity.code for one in book.have if one.commodity],
            [book.left[one.pk] for one in book.have],
            _prices(book.have),
            supplier=tuple(str(one.party_id) for one in book.have),
            min_lot=_numbers([one.min_lot for one in book.have], 0.0),
            quality_low=low_have,
            quality_high=high_have,
            **_places(book.have),
        ),
        make_needs(
            [f"D{one.pk}" for one in book.want],
            [one.commodity.code for one in book.want if one.commodity],
            [book.left[one.pk] for one in book.want],
            buyer=tuple(str(one.party_id) for one in book.want),
            cap=_numbers([one.price for one in book.want], np.inf),
            quality_low=low_want,
            quality_high=high_want,
            **_places(book.want),
        ),
        Contracts.none(1),
        transport=Transport(max_km=MOST_KM, nearest=NEAREST if many else 0),
        attributes=tuple(names),
        product_names=products,
    )


def _places(rows: Sequence[Offer]) -> dict[str, Any]:
    return {
        "longitude": _numbers([one.party.longitude for one in rows], np.nan),
        "latitude": _numbers([one.party.latitude for one in rows], np.nan),
        "region": tuple("zone" if one.party.unit_id else "outside" for one in rows),
    }


def _numbers(values: Sequence[Decimal | None], otherwise: float) -> Any:
    return np.array([otherwise if one is None else float(one) for one in values], dtype=float)


def _prices(rows: Sequence[Offer]) -> Any:
    """Asked prices; who names none is reckoned at the middle of those of the same commodity."""
    known: dict[int | None, list[float]] = defaultdict(list)
    for one in rows:
        if one.price is not None:
            known[one.commodity_id].append(float(one.price))
    middle = {key: float(np.median(values)) for key, values in known.items()}
    return np.array(
        [
            float(one.price) if one.price is not None else middle.get(one.commodity_id, 0.0)
            for one in rows
        ],
        dtype=float,
    )


def _ends(rows: Sequence[Offer], names: Sequence[str]) -> tuple[Any, Any]:
    low = np.full((len(rows), len(names)), np.nan)
    high = low.copy()
    for place, one in enumerate(rows):
        for column, name in enumerate(names):
            ends = one.quality.get(name)
            if ends:
                low[place, column] = np.nan if ends[0] is None else float(ends[0])
                high[place, column] = np.nan if ends[1] is None else float(ends[1])
    return low, high


# --- back ------------------------------------------------------------------------------------------


def lines_of(book: Book, plan: MatchingPlan, *, worth: bool) -> list[dict[str, Any]]:
    """The plan's deliveries: who could supply whom how much a month, at what price at the gate, and
    what one more unit of the offer would save, of the need cost (yuan)."""
    saving = plan.worth.offer_saving[:, 0] if worth else None
    cost = plan.worth.need_cost[:, 0] if worth else None
    found = []
    for i, j, tonnes, price, km in zip(
        plan.offer, plan.need, plan.tonnes[:, 0], plan.price, plan.km, strict=True
    ):
        have, want = book.have[int(i)], book.want[int(j)]
        found.append(
            {
                "have": have.pk,
                "want": want.pk,
                "supplier": str(have.party),
                "buyer": str(want.party),
                "commodity": str(have.commodity),
                "measure": have.measure,
                "monthly": round(float(tonnes), 2),
                "price": None if have.price is None else round(float(price), 2),
                "km": None if np.isnan(km) else round(float(km), 1),
                "saving": None if saving is None else round(float(saving[int(i)]), 2),
                "cost": None if cost is None else round(float(cost[int(j)]), 2),
            }
        )
    return sorted(found, key=lambda line: (line["commodity"], -line["monthly"]))


def answers_of(book: Book, lines: Sequence[dict[str, Any]]) -> dict[int, str]:
    """For each offer and need the class of why the plan did or did not reach it."""
    chosen = {line["have"] for line in lines} | {line["want"] for line in lines}
    found = dict.fromkeys((one.pk for one in book.later), str(Why.PERIOD))
    by_code = _by_heading([*book.have, *book.want])
    for one in (*book.have, *book.want):
        assert one.commodity is not None
        if one.pk in chosen:
            found[one.pk] = Why.CHOSEN
        else:
            found[one.pk] = _why(one, by_code[one.commodity.code[:4]])
    return found


def _why(offer: Offer, kin: Sequence[Offer]) -> str:
    """The class that the nearest miss fell into. Where all fits, and price or place in the queue
    decided, the answer is quantity: which of the two it was, nobody can tell from it."""
    reached: set[str] = set()
    for other in kin:
        if other.way == offer.way or other.party_id == offer.party_id:
            continue
        have, want = (offer, other) if offer.way == Offer.Way.HAVE else (other, offer)
        assert have.commodity is not None and want.commodity is not None
        if not have.commodity.code.startswith(want.commodity.code):
            continue
        why = misfit(have, want) or _unstated(have, want) or Why.QUANTITY
        if why == Why.QUANTITY:
            return str(why)
        reached.add(str(why))
    order = (Why.DISTANCE, Why.PERIOD, Why.QUALITY)
    return next((str(one) for one in order if one in reached), str(Why.NOBODY))


def _unstated(have: Offer, want: Offer) -> str:
    """The planner takes no lot whose quality is not stated where the need asks for it."""
    return Why.QUALITY if want.quality.keys() - have.quality.keys() else ""
