"""What a matching problem is: offers, needs, contracts that stand, and what counts first.

Quantities are tonnes per period, prices yuan per tonne, distances kilometres. ``n`` offers,
``m`` needs, ``T`` periods, ``Q`` quality attributes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ..core import BadData, Floats, Longs, Text

Goal = Literal["served", "local", "cost"]
FIRM = 0
GOALS: dict[Goal, Text] = {
    "served": Text("满足的需求最多", "most needs met"),
    "local": Text("本地供应最多", "most local supply"),
    "cost": Text("到厂成本最低", "least delivered cost"),
}


@dataclass(frozen=True, eq=False)
class Offers:
    """What can be had. Arrays of length n, or (n, T) and (n, Q). NaN: not stated."""

    key: tuple[str, ...]
    supplier: tuple[str, ...]
    product: tuple[str, ...]
    tonnes: Floats
    price: Floats
    min_lot: Floats
    min_term: Floats
    quality_low: Floats
    quality_high: Floats
    longitude: Floats
    latitude: Floats
    region: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class Needs:
    """What is wanted. ``product`` also accepts every offer whose code begins with it.

    ``cap``: highest delivered price (inf: none). ``priority``: 0 must be met, then 1, 2, …
    ``blend``: the quality limits hold for the mix of all lots, not for each lot.
    ``max_sources``: number of suppliers at most (0: no limit). ``max_share``: share of the
    wanted quantity that one supplier may deliver. ``term``: months it would sign for (inf: any).
    """

    key: tuple[str, ...]
    buyer: tuple[str, ...]
    product: tuple[str, ...]
    tonnes: Floats
    cap: Floats
    priority: Longs
    quality_low: Floats
    quality_high: Floats
    blend: NDArray[np.bool_]
    max_sources: Longs
    max_share: Floats
    term: Floats
    longitude: Floats
    latitude: Floats
    region: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.key)


@dataclass(frozen=True, eq=False)
class Contracts:
    """Deliveries already agreed: kept whatever else happens. ``price`` is delivered."""

    offer: Longs
    need: Longs
    tonnes: Floats
    price: Floats

    @classmethod
    def none(cls, periods: int) -> Contracts:
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, np.zeros((0, periods)), np.zeros(0))


@dataclass(frozen=True, eq=False)
class Transport:
    """``rate`` yuan/(t·km) on ``detour`` × great-circle km, unless a pair has its own figures.

    ``offer``, ``need``, ``km``, ``yuan``: pairs with a stated distance (km) or cost (yuan/t);
    NaN where only the other is stated. ``max_km``: pairs farther apart are not considered.
    ``nearest`` > 0 keeps that many cheapest candidates per need and per offer to begin with.
    ``listed_only``: only the stated pairs may trade.
    """

    rate: float = 0.5
    detour: float = 1.3
    max_km: float = np.inf
    nearest: int = 0
    listed_only: bool = False
    offer: Longs = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    need: Longs = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    km: Floats = field(default_factory=lambda: np.zeros(0))
    yuan: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True, eq=False)
class MatchingProblem:
    """Offers, needs and contracts; ``order`` says which goal counts before which.

    Raises :class:`BadData` where shapes, signs or names cannot be right.
    """

    offers: Offers
    needs: Needs
    contracts: Contracts
    transport: Transport = field(default_factory=Transport)
    order: tuple[Goal, ...] = ("served", "cost")
    periods: tuple[str, ...] = ("",)
    attributes: tuple[str, ...] = ()
    product_names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _check_shapes(self)
        _check_values(self)
        if "served" not in self.order:
            object.__setattr__(self, "order", ("served", *self.order))
        if "cost" not in self.order:
            object.__setattr__(self, "order", (*self.order, "cost"))
        place = self.order.index
        if place("cost") < place("served") or len(set(self.order)) != len(self.order):
            raise BadData(
                "目标次序不对：“到厂成本最低”须排在“满足的需求最多”之后，且不得重复。",
                "Wrong order of goals: least cost comes after most needs met, each once.",
            )

    @property
    def n_periods(self) -> int:
        return len(self.periods)

    def product_name(self, code: str) -> str:
        return self.product_names.get(code, code)


def make_offers(
    key: Sequence[str], product: Sequence[str], tonnes: Any, price: Any, **more: Any
) -> Offers:
    """Offers with everything that is not given left open (n from ``key``)."""
    n = len(key)
    filled = _places(n, more) | {"min_lot": np.zeros(n), "min_term": np.zeros(n)}
    filled |= {"supplier": tuple(key)} | more
    return Offers(tuple(key), product=tuple(product), tonnes=_table(tonnes), price=price, **filled)


def make_needs(key: Sequence[str], product: Sequence[str], tonnes: Any, **more: Any) -> Needs:
    """Needs with everything that is not given left open (m from ``key``)."""
    m = len(key)
    filled = _places(m, more) | {
        "buyer": tuple(key),
        "cap": np.full(m, np.inf),
        "priority": np.ones(m, dtype=np.int64),
        "blend": np.zeros(m, dtype=bool),
        "max_sources": np.zeros(m, dtype=np.int64),
        "max_share": np.ones(m),
        "term": np.full(m, np.inf),
    }
    return Needs(tuple(key), product=tuple(product), tonnes=_table(tonnes), **(filled | more))


def _places(n: int, more: dict[str, Any]) -> dict[str, Any]:
    quality = np.asarray(more.get("quality_low", more.get("quality_high", np.zeros((n, 0)))))
    unknown = np.full(quality.shape, np.nan)
    return {
        "quality_low": unknown,
        "quality_high": unknown,
        "longitude": np.full(n, np.nan),
        "latitude": np.full(n, np.nan),
        "region": ("",) * n,
    }


def _table(tonnes: Any) -> Floats:
    values = np.asarray(tonnes, dtype=float)
    return values[:, None] if values.ndim == 1 else values


def _check_shapes(p: MatchingProblem) -> None:
    t, q = len(p.periods), len(p.attributes)
    for part, count in ((p.offers, len(p.offers)), (p.needs, len(p.needs))):
        for name, value in vars(part).items():
            want: tuple[int, ...] = (count,)
            if name == "tonnes":
                want = (count, t)
            elif name.startswith("quality"):
                want = (count, q)
            if np.shape(value) != want:
                raise BadData(
                    f"“{name}”的大小是 {np.shape(value)}，应为 {want}。",
                    f"“{name}” has shape {np.shape(value)}, expected {want}.",
                )
    if p.contracts.tonnes.shape != (len(p.contracts.offer), t):
        raise BadData("合同数量与期数不符。", "Contract tonnes do not fit the periods.")


def _check_values(p: MatchingProblem) -> None:
    for keys, what in ((p.offers.key, Text("供应", "offer")), (p.needs.key, Text("需求", "need"))):
        if len(set(keys)) != len(keys):
            raise BadData(f"{what.zh}编号重复。", f"Two {what.en}s have the same key.")
    signs = (
        (p.offers.tonnes, "供应数量", "offered tonnes"),
        (p.needs.tonnes, "需求数量", "needed tonnes"),
        (p.offers.price, "供应价格", "offered price"),
        (p.offers.min_lot, "最小批量", "minimum lot"),
        (p.contracts.tonnes, "合同数量", "contract tonnes"),
        (p.needs.priority, "优先级", "priority"),
        (p.needs.max_sources, "供应商数上限", "supplier limit"),
    )
    for values, zh, en in signs:
        if not np.isfinite(values).all() or (values < 0).any():
            raise BadData(f"{zh}须为不小于 0 的数。", f"{en} must be numbers ≥ 0.")
    if ((p.needs.max_share <= 0) | (p.needs.max_share > 1)).any():
        raise BadData("最大份额须在 0 与 1 之间。", "Maximum shares lie between 0 and 1.")
    for part in (p.offers, p.needs):
        if (part.quality_low > part.quality_high).any():
            raise BadData("质量区间的下限高于上限。", "A quality interval is upside down.")
    for index, size in ((p.contracts.offer, len(p.offers)), (p.contracts.need, len(p.needs))):
        if ((index < 0) | (index >= size)).any():
            raise BadData("合同引用了不存在的编号。", "A contract names an unknown key.")
