"""Who supplies whom, and could: the chains between parties, what breaks, and where a second source is.

Computed from the rows that the reader's transaction shows: a broker's desk, or an enterprise's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil

from django.db.models import Q
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, acting, today, unbounded
from luodi.rooms.exchange.amounts import spoken
from luodi.rooms.exchange.fits import kilometres, misfit, offset_km
from luodi.rooms.exchange.models import (
    Commodity,
    Introduction,
    Offer,
    Party,
    Profile,
    Stage,
)
from luodi.rooms.exchange.standing import months_between

RUNNING = (Stage.CONTRACT, Stage.DELIVERING)
TONNE = "吨"
LOAD_T = 33  # of a lorry, as planning.matching has it


@dataclass(frozen=True, slots=True)
class Edge:
    """That one supplies another (`running`), or could; `reasons`: each side's, of its own facts."""

    supplier: Party
    buyer: Party
    commodity: Commodity
    monthly: Decimal
    running: bool
    introduction: Introduction | None = None
    reasons: tuple[str, str] = ("", "")
    km: float | None = None


@dataclass(slots=True)
class Stance:
    """What a party makes and uses of a commodity: from its open offers, else from its profile."""

    makes: dict[int, Decimal] = field(default_factory=dict)
    uses: dict[int, Decimal] = field(default_factory=dict)


def supplies(party: Party | None = None) -> list[Edge]:
    """The supplies under contract that the reader sees; those of one party where it is named."""
    rows = Introduction.objects.filter(stage__in=RUNNING).select_related(
        "supplier__unit", "buyer__unit", "commodity", "contract"
    )
    if party is not None:
        rows = rows.filter(Q(supplier=party) | Q(buyer=party))
    return [
        Edge(
            row.supplier,
            row.buyer,
            row.commodity,
            monthly_of(row),
            True,
            row,
        )
        for row in rows
    ]


def monthly_of(row: Introduction) -> Decimal:
    """What a contract comes to in a month."""
    contract = getattr(row, "contract", None)
    if contract is None:
        return row.monthly or Decimal(0)
    months = len(months_between(contract.since, contract.until))
    return Decimal(contract.quantity / months).quantize(Decimal("0.01"))


def stances(commodities: Iterable[int] | None = None) -> dict[int, Stance]:
    """Each party's makes and uses by commodity; of some commodities where they are named."""
    found: dict[int, Stance] = defaultdict(Stance)
    profiles = Profile.objects.order_by()
    offers = Offer.objects.open(today()).filter(commodity__isnull=False).order_by()
    if commodities is not None:
        wanted = list(commodities)
        profiles = profiles.filter(commodity__in=wanted)
        offers = offers.filter(commodity__in=wanted)
    for way, party, commodity, monthly in profiles.values_list(
        "way", "party_id", "commodity_id", "monthly"
    ):
        side = found[party].makes if way == Profile.Way.MAKES else found[party].uses
        side[commodity] = monthly
    rows = offers.values_list("way", "party_id", "commodity_id", "quantity", "per")
    for way, party, commodity, quantity, per in rows:
        assert commodity is not None
        side = found[party].makes if way == Offer.Way.HAVE else found[party].uses
        monthly = quantity / 12 if per == Offer.Per.YEAR else quantity
        side[commodity] = max(side.get(commodity, Decimal(0)), monthly)
    return dict(found)


def kindred(commodities: Iterable[int]) -> list[int]:
    """Commodities of which one is a kind of the other, by their codes."""
    codes = dict(Commodity.objects.values_list("pk", "code"))
    own = [codes[pk] for pk in commodities]
    return [
        pk
        for pk, code in codes.items()
        if any(code.startswith(one) or one.startswith(code) for one in own)
    ]


def possible(party: Party | None = None) -> list[Edge]:
    """Who could supply whom and does not yet, most first, each with both sides' reasons; those of
    one party where it is named.

    An offer's commodity may be a kind of the need's (a longer code).
    """
    if party is None:
        found = stances()
    else:
        own = set(_own_commodities(party))
        found = stances(kindred(own)) if own else {}
    commodities = Commodity.objects.in_bulk(
        {one for stance in found.values() for one in (*stance.makes, *stance.uses)}
    )
    pairs = [
        (maker, user, made, monthly)
        for maker, user, made, monthly in _pairs(found, commodities)
        if party is None or party.pk in {maker, user}
    ]
    parties = Party.objects.select_related("unit").in_bulk(
        {pk for a, b, *_ in pairs for pk in (a, b)}
    )
    edges = [
        _edge(parties[maker], parties[user], commodities[made], monthly)
        for maker, user, made, monthly in pairs
        if maker in parties and user in parties
    ]
    return sorted(edges, key=lambda edge: (-edge.monthly, edge.supplier.pk, edge.buyer.pk))


def _own_commodities(party: Party) -> Iterator[int]:
    yield from Profile.objects.filter(party=party).values_list("commodity_id", flat=True)
    rows = Offer.objects.open(today()).filter(party=party, commodity__isnull=False)
    yield from rows.values_list("commodity_id", flat=True)


def _pairs(
    found: dict[int, Stance], commodities: dict[int, Commodity]
) -> Iterator[tuple[int, int, int, Decimal]]:
    """Maker, user, what is made, how much a month; without those that are brought together already."""
    done = set(
        Introduction.objects.exclude(stage__in=[Stage.DONE, Stage.LOST])
        .order_by()
        .values_list("supplier_id", "buyer_id", "commodity_id")
    )
    users: dict[str, list[tuple[int, int, Decimal]]] = defaultdict(list)
    for pk, stance in found.items():
        for used, monthly in stance.uses.items():
            users[commodities[used].code].append((pk, used, monthly))
    for maker, stance in found.items():
        for made, monthly in stance.makes.items():
            code = commodities[made].code
            for length in range(1, len(code) + 1):
                for user, used, wanted in users.get(code[:length], ()):
                    known = (maker, user, made) in done or (maker, user, used) in done
                    if user != maker and not known:
                        yield maker, user, made, min(monthly, wanted)


def _edge(supplier: Party, buyer: Party, commodity: Commodity, monthly: Decimal) -> Edge:
    words = {"what": commodity}
    reasons = (
        _("您有%(what)s可供，对方的生产要用。") % words,
        _("您的生产要用%(what)s，对方有货可供。") % words,
    )
    km = kilometres(supplier.longitude, supplier.latitude, buyer.longitude, buyer.latitude)
    return Edge(supplier, buyer, commodity, monthly, False, None, reasons, km)


# --- rivals ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Joint:
    """Parties that use the same, with so much a month each: they could ask for prices, ship and hire
    together. `lorries`: how many fewer a month, where the loads are put together."""

    commodity: Commodity
    users: list[tuple[Party, Decimal]]
    lorries: int


def joint_purchases() -> Iterator[Joint]:
    """Commodities that several parties use; most users first."""
    users: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
    for pk, stance in stances().items():
        for commodity, monthly in stance.uses.items():
            users[commodity].append((pk, monthly))
    shared = {key: rows for key, rows in users.items() if len(rows) > 1}
    parties = Party.objects.select_related("unit").in_bulk(
        {pk for rows in shared.values() for pk, _monthly in rows}
    )
    commodities = Commodity.objects.in_bulk(shared)
    for key in sorted(shared, key=lambda one: (-len(shared[one]), one)):
        rows = [(parties[pk], monthly) for pk, monthly in shared[key] if pk in parties]
        in_tonnes = commodities[key].measure == TONNE
        yield Joint(commodities[key], rows, fewer_lorries(m for _p, m in rows) if in_tonnes else 0)


def fewer_lorries(loads: Iterable[Decimal]) -> int:
    """How many lorries a month are saved where part loads are put together."""
    given = list(loads)
    return sum(ceil(one / LOAD_T) for one in given) - ceil(sum(given, Decimal(0)) / LOAD_T)


# --- failure --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failing:
    """What is missing each month when a supplier stops, and the second source: an open offer that
    suits, the cheapest with a stated price first, then the nearest."""

    edge: Edge
    second: Offer | None
    short: Decimal


def failing(edges: Iterable[Edge]) -> list[Failing]:
    """For each supply under contract, what comes of its supplier's stop."""
    found = []
    for edge in edges:
        second = second_source(edge)
        gained = min(second.monthly, edge.monthly) if second else Decimal(0)
        found.append(Failing(edge, second, edge.monthly - gained))
    return sorted(found, key=lambda one: -one.short)


def second_source(edge: Edge) -> Offer | None:
    """Another party's open offer of the same commodity that suits the buyer's need."""
    want = (
        Offer.objects.filter(party=edge.buyer, way=Offer.Way.WANT, commodity=edge.commodity)
        .select_related("party")
        .order_by("-entered_at")
        .first()
    )
    rows = Offer.objects.open(today()).filter(
        way=Offer.Way.HAVE, commodity__code__startswith=edge.commodity.code
    )
    rows = rows.exclude(party__in=[edge.supplier, edge.buyer]).select_related("party__unit")
    fitting = [one for one in rows if want is None or not misfit(one, want)]
    return min(fitting, key=lambda one: _rank(one, want), default=None)


def _rank(offer: Offer, want: Offer | None) -> tuple[bool, Decimal, float]:
    km = offset_km(offer, want) if want else None
    return offer.price is None, offer.price or Decimal(0), km if km is not None else 1e9


def amount_of(edge: Edge) -> str:
    return spoken(edge.monthly, edge.commodity.measure, Offer.Per.MONTH)


# --- what an enterprise itself is told --------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hint:
    """Whether somebody could be found for what a party makes or uses: yes or no, no name, no number.

    `says` is made of the party's own facts alone.
    """

    commodity: Commodity
    makes: bool
    says: str


def hints(actor: Actor, party: Party) -> list[Hint]:
    """What the desk could do for a party. Looks at all rows and gives away that there are some."""
    with acting(unbounded(actor)):
        edges = possible(party)
        shared = {
            joint.commodity.pk
            for joint in joint_purchases()
            if party.pk in {one.pk for one, _monthly in joint.users}
        }
        commodities = Commodity.objects.in_bulk(shared)
    found: dict[tuple[int, bool], Hint] = {}
    for edge in edges:
        makes = edge.supplier.pk == party.pk
        words = (
            _("您供应%(what)s，有企业可能需要。")
            if makes
            else _("您需要%(what)s，有企业可能供应。")
        )
        says = words % {"what": edge.commodity}
        found.setdefault((edge.commodity.pk, makes), Hint(edge.commodity, makes, says))
    for pk, commodity in commodities.items():
        says = _("您使用%(what)s，可以请经办人组织联合询价、拼车运输。") % {"what": commodity}
        found.setdefault((-pk, False), Hint(commodity, False, says))
    return list(found.values())


def has_second(actor: Actor, edge: Edge) -> bool:
    """Whether there is a second source for a supply: yes or no."""
    with acting(unbounded(actor)):
        return second_source(edge) is not None
