"""A month's settlement of one contract: whole watt-hours, whole certificates, whole fen. No Django.

What counts is the least of what was agreed, generated and consumed (monthly rule of the southern
market's green-power rules V3.0, 2025). Everything is an integer or an exact fraction, so that the
parts add up to the whole: what the supplier asks for is the sum of the bills, to the fen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

CERTIFICATE = 1_000_000  # watt-hours
FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Price:
    """What a contract says: yuan per kWh, yuan per certificate, shares of the deviation rule."""

    energy: Decimal
    certificate: Decimal = Decimal(0)
    cap: Decimal | None = None
    user_rate: Decimal = Decimal(0)
    supplier_rate: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)
    shortfall: Decimal = Decimal(0)

    @property
    def capped(self) -> Decimal:
        return self.energy if self.cap is None else min(self.energy, self.cap)


@dataclass(frozen=True, slots=True)
class Party:
    """A buyer's month in Wh. `carried`: certificates' remainder of the month before, `late` what
    earlier months now settle besides; `shortfall`: its part of a year's take-or-pay shortfall."""

    key: int
    agreed: int
    consumed: int
    carried: int = 0
    late: int = 0
    shortfall: int = 0


@dataclass(frozen=True, slots=True)
class Share:
    """What a buyer gets and pays: `quantities` in Wh (certificates: pieces), `fen` by line."""

    party: Party
    generated: int
    settled: int
    certificates: int
    carried: int
    quantities: Mapping[str, int]
    fen: Mapping[str, int]

    @property
    def total(self) -> Decimal:
        return yuan(sum(self.fen.values()))


@dataclass(frozen=True, slots=True)
class Month:
    """The shares in the order of the parties, and the supplier's invoice in fen by line."""

    shares: tuple[Share, ...]
    invoice: Mapping[str, int] = field(default_factory=dict)

    @property
    def total(self) -> Decimal:
        return yuan(sum(self.invoice.values()))


def yuan(fen: int) -> Decimal:
    return (Decimal(fen) / 100).quantize(FEN)


def largest_remainder(total: int, weights: Sequence[int]) -> list[int]:
    """Splits a whole into whole parts by weight; what is over goes to the largest remainders, the
    first of equals. Without any weight, nobody gets anything."""
    whole = sum(weights)
    if whole <= 0:
        return [0] * len(weights)
    return rounded([Fraction(total * one, whole) for one in weights], total)


def rounded(exact: Sequence[Fraction], total: int) -> list[int]:
    """Whole numbers next to exact ones that add up to `total`, by largest remainder."""
    parts = [one.numerator // one.denominator for one in exact]
    over = total - sum(parts)
    order = sorted(range(len(exact)), key=lambda at: (parts[at] - exact[at], at))
    for at in order[:over]:
        parts[at] += 1
    return parts


def half_up(exact: Fraction) -> int:
    """The nearest whole number; a half away from zero."""
    size = abs(exact) + Fraction(1, 2)
    nearest = size.numerator // size.denominator
    return nearest if exact >= 0 else -nearest


def split(exact: Sequence[Fraction]) -> tuple[int, list[int]]:
    """A sum of exact amounts rounded to the whole, and whole parts that add up to it."""
    total = half_up(sum(exact, Fraction(0)))
    floor = sum(one.numerator // one.denominator for one in exact)
    if total < floor:  # a negative half was rounded away from zero
        parts = [-one for one in rounded([-one for one in exact], -total)]
        return total, parts
    return total, rounded(exact, total)


def settle(price: Price, parties: Sequence[Party], generated: int) -> Month:
    """Settles a contract's month. `generated`: what its plant fed in, in Wh."""
    agreed = [one.agreed for one in parties]
    made = largest_remainder(min(generated, sum(agreed)), agreed)
    settled = [min(one.agreed, part, one.consumed) for one, part in zip(parties, made, strict=True)]
    ready = [
        max(one.carried + one.late + part, 0) for one, part in zip(parties, settled, strict=True)
    ]
    owed = [one.carried + one.late + part for one, part in zip(parties, settled, strict=True)]
    number = max(sum(owed), 0) // CERTIFICATE
    if number >= sum(one // CERTIFICATE for one in ready):
        certificates = rounded([Fraction(one, CERTIFICATE) for one in ready], number)
    else:  # somebody owes more than it settled, and others wait for it
        certificates = largest_remainder(number, ready)
    quantities = {
        "energy": settled,
        "certificate": certificates,
        "user_deviation": [
            _left(one.agreed, one.consumed, price.tolerance) if part >= one.agreed else 0
            for one, part in zip(parties, made, strict=True)
        ],
        "supplier_deviation": [
            _left(one.agreed, part, price.tolerance)
            for one, part in zip(parties, made, strict=True)
        ],
        "shortfall": [one.shortfall for one in parties],
    }
    prices = unit_prices(price)
    invoice: dict[str, int] = {}
    lines: list[dict[str, int]] = [{} for _one in parties]
    for kind, amounts in quantities.items():
        exact = [Fraction(one) * prices[kind] * 100 for one in amounts]
        invoice[kind], parts = split(exact)
        for line, part in zip(lines, parts, strict=True):
            line[kind] = part
    shares = tuple(
        Share(
            party=one,
            generated=made[at],
            settled=settled[at],
            certificates=certificates[at],
            carried=owed[at] - certificates[at] * CERTIFICATE,
            quantities={kind: amounts[at] for kind, amounts in quantities.items()},
            fen=lines[at],
        )
        for at, one in enumerate(parties)
    )
    return Month(shares, invoice)


def unit_prices(price: Price) -> dict[str, Fraction]:
    """Yuan per Wh of each line, per piece for certificates; what the supplier owes is negative."""
    kwh = Fraction(price.capped) / 1000
    return {
        "energy": kwh,
        "certificate": Fraction(price.certificate),
        "user_deviation": kwh * Fraction(price.user_rate),
        "supplier_deviation": -kwh * Fraction(price.supplier_rate),
        "shortfall": Fraction(price.shortfall) / 1000,
    }


def _left(agreed: int, done: int, tolerance: Decimal) -> int:
    """How many Wh remain below what was agreed, less what the rule lets pass."""
    floor = Fraction(agreed) * (1 - Fraction(tolerance))
    return max(floor.numerator // floor.denominator - done, 0)
