"""The energy problem of a park: enterprises, green contracts, batteries, carbon.

Energy is in MWh per step, power in MW, prices in yuan/MWh (0.35 yuan/kWh is 350), emissions in
tonnes of CO2. ``T`` is the number of steps, ``M`` the number of calendar months they touch.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..core import BadData, Floats, Text


class CarbonScope(StrEnum):
    """What one enterprise's carbon bill counts.

    ``DIRECT``: only its own fuel, as the national scheme does since it left out purchased
    electricity (ICAP, 2025). ``PILOT``: purchased electricity too, as in regional pilots.
    ``SHADOW``: billed like ``DIRECT``, planned as if electricity had a carbon price.
    """

    DIRECT = "direct"
    PILOT = "pilot"
    SHADOW = "shadow"


class DemandBasis(StrEnum):
    """The fixed part of the two-part tariff (发改价格〔2023〕526号)."""

    NONE = "none"
    MAX_DEMAND = "max_demand"
    CAPACITY = "capacity"


@dataclass(frozen=True)
class Battery:
    """``efficiency`` is one way (charging and discharging each). ``degradation`` is yuan per MWh
    taken out. ``initial_mwh`` of ``None`` means cyclic: the last state leads to the first;
    otherwise the state ends no lower than it began."""

    power_mw: float
    energy_mwh: float
    efficiency: float = 0.94
    degradation: float = 60.0
    initial_mwh: float | None = None


@dataclass(frozen=True)
class Enterprise:
    """One consumer.

    ``load_mwh`` and ``pv_mwh``: (T,). ``grid_price``: (T,) yuan/MWh delivered, all charges by
    energy included. ``fixed_price``: yuan per kW (max demand) or kVA (capacity) and month.
    ``green_share_min``: least share of contract power and own photovoltaics in the load.
    ``entitlement``: weight of its claim on the contracts; ``None`` counts its load.
    ``peak_floor_mw``: (M,) demand already metered in a month (rolling horizon).
    """

    name: str
    load_mwh: Floats
    grid_price: Floats
    pv_mwh: Floats = field(default_factory=lambda: np.zeros(0))
    feed_in_price: float = 0.0
    demand_basis: DemandBasis = DemandBasis.NONE
    fixed_price: float = 0.0
    capacity_kva: float = 0.0
    battery: Battery | None = None
    carbon_scope: CarbonScope = CarbonScope.DIRECT
    direct_emissions_t: float = 0.0
    quota_t: float = 0.0
    green_share_min: float = 0.0
    entitlement: float | None = None
    peak_floor_mw: Floats = field(default_factory=lambda: np.zeros(0))


@dataclass(frozen=True)
class Contract:
    """A contract for green power.

    ``profile_mwh``: (T,) generation on offer. ``volume_mwh``: cap over the horizon;
    ``monthly_mwh``: (M,) caps or empty. ``price``: (T,) or scalar, capped by ``price_cap``;
    ``certificate_price`` apart from it (发改能源〔2024〕1123号); ``delivery_price`` for networks
    and levies. Below ``take_or_pay`` × volume each MWh missing costs ``shortfall_price``.

    ``behind_meter``: a direct connection (绿电直连, 发改能源〔2025〕650号), which lowers the
    metered demand; ``self_use_min`` of the output and ``load_share_min`` of the load then hold
    over the horizon. Through the public network a contract leaves the metered demand as it is.
    """

    name: str
    profile_mwh: Floats
    volume_mwh: float
    price: Floats
    monthly_mwh: Floats = field(default_factory=lambda: np.zeros(0))
    price_cap: float = np.inf
    certificate_price: float = 0.0
    delivery_price: float = 0.0
    take_or_pay: float = 0.0
    shortfall_price: float = 0.0
    behind_meter: bool = False
    self_use_min: float = 0.0
    load_share_min: float = 0.0

    @cached_property
    def unit_cost(self) -> Floats:
        """(T,) yuan/MWh delivered: the capped energy price, certificate and delivery."""
        capped = np.minimum(self.price, self.price_cap)
        return np.asarray(capped + self.certificate_price + self.delivery_price, dtype=float)

    @property
    def floor_mwh(self) -> float:
        return self.take_or_pay * self.volume_mwh


@dataclass(frozen=True)
class CarbonMarket:
    """``price`` and ``shadow_price`` in yuan/t; ``grid_factor`` in tCO2/MWh (national average of
    2023: 0.5306; residual mix of 2023 without traded non-fossil power: 0.6096). Without
    ``resale`` a surplus of quota is worth nothing."""

    price: float = 0.0
    shadow_price: float = 0.0
    grid_factor: float = 0.5306
    resale: bool = True


@dataclass(frozen=True)
class DeviationRule:
    """A province's rule. Beyond ``tolerance`` (share of the month's contract), each MWh that the
    user leaves costs ``user_rate`` × the mean contract price, and each MWh that the supplier
    fails to generate earns the users ``supplier_rate`` × the same price."""

    name: str = "不考核"
    citation: str = ""
    user_rate: float = 0.0
    supplier_rate: float = 0.0
    tolerance: float = 0.0


@dataclass(frozen=True)
class EnergyProblem:
    """A validated problem. Raises :class:`BadData` in words."""

    enterprises: tuple[Enterprise, ...]
    contracts: tuple[Contract, ...]
    start_on: dt.date
    step_h: float = 1.0
    carbon: CarbonMarket = CarbonMarket()
    deviation: DeviationRule = DeviationRule()

    def __post_init__(self) -> None:
        if not self.enterprises:
            raise BadData("至少需要一家企业。", "At least one enterprise is needed.")
        object.__setattr__(self, "enterprises", tuple(self._whole(e) for e in self.enterprises))
        object.__setattr__(self, "contracts", tuple(self._offer(c) for c in self.contracts))
        for things in (self.enterprises, self.contracts):
            names = [t.name for t in things]
            for name in names:
                if names.count(name) > 1:
                    raise BadData(f"“{name}”重名。", f"“{name}” is named twice.")

    @property
    def steps(self) -> int:
        return int(np.size(self.enterprises[0].load_mwh))

    @cached_property
    def month(self) -> NDArray[np.intp]:
        """(T,) the month of each step, counted from 0."""
        hours = (np.arange(self.steps) * self.step_h).astype("timedelta64[h]")
        months = (np.datetime64(self.start_on, "h") + hours).astype("datetime64[M]").astype(int)
        return np.asarray(months - months[0], dtype=np.intp)

    @property
    def months(self) -> int:
        return int(self.month[-1]) + 1

    @cached_property
    def load_mwh(self) -> Floats:
        """(N, T)"""
        return np.stack([e.load_mwh for e in self.enterprises])

    @cached_property
    def entitlements(self) -> Floats:
        """(N,) shares of the contracts, summing to one."""
        weights = [
            e.load_mwh.sum() if e.entitlement is None else e.entitlement for e in self.enterprises
        ]
        return np.asarray(weights, dtype=float) / max(float(np.sum(weights)), 1e-12)

    @cached_property
    def energy_value(self) -> Floats:
        """(N, T) what a MWh of grid power costs the plan: price and, where it counts, carbon."""
        return np.stack([e.grid_price + self.carbon_adder(e) for e in self.enterprises])

    def carbon_adder(self, e: Enterprise) -> float:
        """Yuan/MWh of grid power that carbon adds linearly (0 where a row must model it)."""
        if e.carbon_scope is CarbonScope.SHADOW:
            return self.carbon.shadow_price * self.carbon.grid_factor
        if e.carbon_scope is CarbonScope.PILOT and self.carbon.resale:
            return self.carbon.price * self.carbon.grid_factor
        return 0.0

    def _whole(self, e: Enterprise) -> Enterprise:
        t = np.size(self.enterprises[0].load_mwh)
        where = Text(f"企业“{e.name}”", f"enterprise “{e.name}”")
        zero = np.zeros(t)
        made = replace(
            e,
            load_mwh=_series(e.load_mwh, t, where, Text("负荷", "load"), low=0),
            grid_price=_series(e.grid_price, t, where, Text("电网电价", "grid price")),
            pv_mwh=_series(e.pv_mwh, t, where, Text("光伏", "PV"), low=0)
            if np.size(e.pv_mwh)
            else zero,
            peak_floor_mw=np.asarray(e.peak_floor_mw, dtype=float),
        )
        _range(where, Text("绿电占比目标", "green share"), e.green_share_min, 0, 1)
        numbers = (e.fixed_price, e.capacity_kva, e.direct_emissions_t, e.quota_t, e.feed_in_price)
        _range(where, Text("价格、容量、配额", "prices, capacity, quota"), min(numbers), 0)
        if e.demand_basis is not DemandBasis.NONE and e.capacity_kva <= 0:
            raise BadData(
                f"{where.zh}：两部制电价需要变压器容量。", f"{where.en}: capacity is missing."
            )
        at = feed_in_conflict(made)
        if at is not None:
            zh = f"{where.zh}：第 {at + 1} 步有光伏余电，上网电价却高于购电价，储能会买进再卖出。"
            en = f"{where.en}: at step {at + 1} surplus sells above the grid price: a battery would"
            raise BadData(zh, f"{en} buy to sell.")
        if e.battery is not None:
            b = e.battery
            _range(where, Text("储能功率和容量", "battery size"), min(b.power_mw, b.energy_mwh), 0)
            _range(where, Text("储能效率", "battery efficiency"), b.efficiency, 0.05, 1)
            _range(where, Text("储能损耗成本", "degradation"), b.degradation, 0)
            _range(where, Text("初始电量", "initial energy"), b.initial_mwh or 0, 0, b.energy_mwh)
        return made

    def _offer(self, c: Contract) -> Contract:
        where = Text(f"合同“{c.name}”", f"contract “{c.name}”")
        _range(where, Text("电量", "volume"), c.volume_mwh, 0)
        _range(where, Text("照付不议比例", "take-or-pay share"), c.take_or_pay, 0, 1)
        _range(where, Text("缺额单价", "shortfall price"), c.shortfall_price, 0)
        _range(where, Text("自用比例", "self-use share"), c.self_use_min, 0, 1)
        _range(where, Text("负荷占比", "share of load"), c.load_share_min, 0, 1)
        monthly = np.asarray(c.monthly_mwh, dtype=float)
        if monthly.size not in (0, self.months):
            raise BadData(
                f"{where.zh}：月度电量应为 {self.months} 个数。",
                f"{where.en}: {self.months} monthly volumes are needed.",
            )
        t = self.steps
        return replace(
            c,
            profile_mwh=_series(c.profile_mwh, t, where, Text("发电曲线", "profile"), low=0),
            price=_series(
                np.broadcast_to(np.asarray(c.price, dtype=float), (t,))
                if np.size(c.price) == 1
                else c.price,
                t,
                where,
                Text("电价", "price"),
            ),
            monthly_mwh=monthly,
        )


def _series(
    values: ArrayLike, steps: int, where: Text, what: Text, low: float | None = None
) -> Floats:
    out = np.ascontiguousarray(values, dtype=float)
    if out.shape != (steps,):
        raise BadData(
            f"{where.zh}的{what.zh}有 {out.size} 个值，应为 {steps} 个。",
            f"{where.en}: {what.en} has {out.size} values instead of {steps}.",
        )
    wrong = ~np.isfinite(out) if low is None else ~(np.isfinite(out) & (out >= low))
    if wrong.any():
        at = int(np.argmax(wrong)) + 1
        raise BadData(
            f"{where.zh}的{what.zh}第 {at} 个值不正确。", f"{where.en}: {what.en} at {at} is wrong."
        )
    out.setflags(write=False)
    return out


def _range(
    where: Text, what: Text, value: float, low: float = 0, high: float | None = None
) -> None:
    if not value >= low or (high is not None and value > high):
        upto = "" if high is None else f"–{high:g}"
        raise BadData(
            f"{where.zh}的{what.zh}超出范围（{low:g}{upto}）。",
            f"{where.en}: {what.en} is out of range ({low:g}{upto}).",
        )


def feed_in_conflict(e: Enterprise) -> int | None:
    """Find the first step at which a battery could be filled from the grid to sell own surplus.

    Elsewhere any price will do, negative ones too.
    """
    wrong = (e.pv_mwh > e.load_mwh) & (e.feed_in_price > e.grid_price)
    return int(np.argmax(wrong)) if e.battery is not None and wrong.any() else None
