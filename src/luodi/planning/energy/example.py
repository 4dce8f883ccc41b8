"""The demonstration: an invented park under the contract that the founding page tells of.

300 GWh of green power a year at no more than 0.35 yuan/kWh. Everything else is invented: the
enterprises (示例), their loads, the wind and sun. The load shapes follow what is commonly known
of such works (a refinery runs day and night, a foundry in two shifts, offices by day); they are
synthesised here and measured nowhere.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np

from ..core import Floats
from .dispatch import hour_of_day, shanxi_2022, steps_in_year
from .problem import (
    Battery,
    CarbonMarket,
    CarbonScope,
    Contract,
    DemandBasis,
    EnergyProblem,
    Enterprise,
)

START = dt.date(2023, 1, 1)
# name, mean MW, share of load by shift (night, day, evening), weekend share, noise
SHAPES = (
    ("示例氧化铝厂", 48.0, (1.00, 1.00, 1.00), 1.00, 0.02),
    ("示例焦化厂", 17.0, (0.98, 1.02, 1.00), 1.00, 0.03),
    ("示例压铸厂", 9.0, (0.35, 1.45, 1.20), 0.70, 0.06),
    ("示例洗煤厂", 7.0, (0.60, 1.30, 1.10), 0.80, 0.08),
    ("示例机械厂", 4.0, (0.20, 1.80, 0.80), 0.35, 0.08),
    ("示例服务中心", 1.5, (0.40, 1.70, 0.90), 0.60, 0.10),
)


def example() -> EnergyProblem:
    """Six enterprises, one contract, photovoltaics, two batteries, demand charges, carbon."""
    rng = np.random.default_rng(2023)
    steps = steps_in_year(START)
    enterprises = []
    for k, (name, mean, shifts, weekend, noise) in enumerate(SHAPES):
        load = shaped_load(rng, steps, mean, shifts, weekend, noise)
        pv = solar(rng, steps) * (6.0, 0.0, 4.0, 0.0, 3.0, 1.0)[k]
        enterprises.append(_enterprise(k, name, load, pv))
    contract = page_contract(rng, steps)
    market = CarbonMarket(price=85.0, shadow_price=60.0, grid_factor=0.5306)
    return EnergyProblem(tuple(enterprises), (contract,), START, 1.0, market)


def first_weeks(weeks: int) -> EnergyProblem:
    """Give the demonstration's first weeks, with their part of the contract's volume."""
    whole = example()
    cut, part = slice(0, 168 * weeks), 168 * weeks / whole.steps
    enterprises = [
        replace(e, load_mwh=e.load_mwh[cut], grid_price=e.grid_price[cut], pv_mwh=e.pv_mwh[cut])
        for e in whole.enterprises
    ]
    contracts = [
        replace(
            c, profile_mwh=c.profile_mwh[cut], price=c.price[cut], volume_mwh=c.volume_mwh * part
        )
        for c in whole.contracts
    ]
    return replace(whole, enterprises=tuple(enterprises), contracts=tuple(contracts))


def _enterprise(k: int, name: str, load: Floats, pv: Floats) -> Enterprise:
    steps = load.size
    flat = (430.0, 440.0, 480.0, 480.0, 510.0, 540.0)[k]
    kva = float(np.ceil(load.max() * 1.15) * 1000)
    scopes = (CarbonScope.DIRECT, CarbonScope.PILOT, CarbonScope.SHADOW, *[CarbonScope.DIRECT] * 3)
    batteries = {2: Battery(4.0, 16.0), 4: Battery(2.0, 8.0)}
    return Enterprise(
        name=name,
        load_mwh=load,
        grid_price=shanxi_2022(flat).prices(hour_of_day(steps)),
        pv_mwh=pv,
        feed_in_price=150.0,
        demand_basis=DemandBasis.MAX_DEMAND if k < 5 else DemandBasis.CAPACITY,
        fixed_price=(36.0, 36.0, 38.0, 38.0, 38.0, 24.0)[k],
        capacity_kva=kva,
        battery=batteries.get(k),
        carbon_scope=scopes[k],
        direct_emissions_t=(250_000.0, 400_000.0, 2000.0, 1500.0, 300.0, 0.0)[k],
        quota_t=(245_000.0, 470_000.0, 2000.0, 1500.0, 300.0, 0.0)[k],
        green_share_min=0.5 if k == 2 else 0.0,
    )


def page_contract(rng: np.random.Generator, steps: int, volume_mwh: float = 300_000.0) -> Contract:
    """300 GWh a year, 0.35 yuan/kWh at most; generation of an invented wind and solar farm."""
    shape = 95.0 * wind(rng, steps) + 90.0 * solar(rng, steps)
    profile = shape * 1.7 * volume_mwh / shape.sum()
    return Contract(
        name="示例绿电合同",
        profile_mwh=profile,
        volume_mwh=volume_mwh,
        price=np.full(1, 342.0),
        price_cap=350.0,
        certificate_price=6.0,
        delivery_price=0.0,
        take_or_pay=0.8,
        shortfall_price=60.0,
    )


def shaped_load(
    rng: np.random.Generator,
    steps: int,
    mean_mw: float,
    shifts: tuple[float, float, float],
    weekend: float,
    noise: float,
) -> Floats:
    """(steps,) MWh per hour: three shifts of eight hours, weekends, slow noise."""
    hour = hour_of_day(steps).astype(int)
    day = np.arange(steps) // 24
    factor = np.array(shifts)[hour // 8] * np.where(day % 7 >= 5, weekend, 1.0)
    drift = 0.2 * noise * slow_noise(rng, steps, 0.95)
    load = factor * np.clip(1 + drift, 0.5, 1.6)
    return np.asarray(load * mean_mw / load.mean())


def slow_noise(rng: np.random.Generator, steps: int, memory: float) -> Floats:
    """(steps,) autoregressive noise of order one; its memory is cut off after 300 steps."""
    kernel = memory ** np.arange(300)
    return np.asarray(np.convolve(rng.standard_normal(steps), kernel)[:steps])


def wind(rng: np.random.Generator, steps: int) -> Floats:
    """(steps,) share of the rated power, windier in winter and at night."""
    gust = 0.25 * slow_noise(rng, steps, 0.97)
    season = 0.35 * np.cos(2 * np.pi * np.arange(steps) / 8760)
    night = 0.15 * np.cos(2 * np.pi * hour_of_day(steps) / 24)
    return np.asarray(1 / (1 + np.exp(-(gust + season + night - 0.9))))


def solar(rng: np.random.Generator, steps: int) -> Floats:
    """(steps,) share of the rated power under changing clouds."""
    hour = hour_of_day(steps)
    day = np.arange(steps) // 24
    season = 1 - 0.3 * np.cos(2 * np.pi * (day + 10) / 365)
    height = np.maximum(np.sin(np.pi * (hour - 6) / 12), 0) * season
    cloud = np.repeat(rng.beta(4, 1.6, steps // 24 + 1), 24)[:steps]
    return np.asarray(np.clip(0.85 * height * cloud, 0, 1))


def benchmark_park(
    n: int, *, batteries: int = 0, demand: bool = False, seed: int = 1, steps: int = 8760
) -> EnergyProblem:
    """n invented enterprises of mixed shapes under one binding contract of 300 GWh."""
    rng = np.random.default_rng(seed)
    enterprises = []
    for k in range(n):
        _, _, shifts, weekend, noise = SHAPES[k % len(SHAPES)]
        mean = 100.0 / n * float(rng.uniform(0.5, 1.5))
        load = shaped_load(rng, steps, mean, shifts, weekend, noise)
        tariff = shanxi_2022(430.0 + 15.0 * (k % 7))
        enterprises.append(
            Enterprise(
                name=f"示例企业{k + 1}",
                load_mwh=load,
                grid_price=tariff.prices(hour_of_day(steps)),
                demand_basis=DemandBasis.MAX_DEMAND if demand else DemandBasis.NONE,
                fixed_price=36.0 if demand else 0.0,
                capacity_kva=float(load.max() * 1200),
                battery=Battery(mean / 4, mean) if k < batteries else None,
            )
        )
    volume = 300_000.0 * steps / 8760
    shape = wind(rng, steps) + solar(rng, steps)
    contract = Contract(
        "示例绿电合同", shape * 1.9 * volume / shape.sum(), volume, np.full(1, 350.0)
    )
    return EnergyProblem(tuple(enterprises), (contract,), START)
