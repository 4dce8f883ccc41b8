"""An invented town (示例): streets, hills, homes and places are made by a seeded formula."""

from __future__ import annotations

import numpy as np

from ..core import Floats
from .network import Network, split_long
from .problem import People, Places, ReachProblem, Siting

KINDS = ("健身点", "球场", "步道", "文化活动室")
GROUPS = ("0–14 岁", "15–59 岁", "60 岁及以上")


def example(seed: int = 7, size: int = 34) -> ReachProblem:
    """A town of about 48,000 people, 12 communities and villages, 22 places, 60 candidates."""
    rng = np.random.default_rng(seed)
    network = streets(rng, size)
    villages = np.column_stack([rng.uniform(0.1, 0.9, 12), rng.uniform(0.1, 0.9, 12)])
    villages[0] = (0.5, 0.5)
    weight = np.where(np.arange(12) == 0, 5.0, rng.uniform(0.6, 1.6, 12))
    area = rng.choice(12, size=900, p=weight / weight.sum())
    spread = np.where(area == 0, 0.13, 0.05)[:, None]
    at = np.clip(villages[area] + rng.normal(size=(900, 2)) * spread, 0.0, 1.0)
    adults = rng.poisson(33, 900).astype(float)
    count = np.column_stack([rng.poisson(8, 900), adults, rng.poisson(12, 900)]).astype(float)
    lon, lat = _degrees(at)
    kind = np.array([0] * 9 + [1] * 4 + [2] * 3 + [3] * 6)
    near = villages[rng.choice(12, 22, p=weight / weight.sum())]
    place = _degrees(np.clip(near + rng.normal(size=(22, 2)) * 0.06, 0, 1))
    sites = _degrees(rng.uniform(0.04, 0.96, (60, 2)))
    return ReachProblem(
        network=network,
        places=Places(
            names=tuple(f"示例{KINDS[k]} {i + 1}" for i, k in enumerate(kind)),
            kind=kind,
            lon=place[0],
            lat=place[1],
            capacity=rng.integers(20, 120, 22).astype(float),
        ),
        people=People(
            lon=lon,
            lat=lat,
            area=area,
            areas=("示例城区", *(f"示例村 {i}" for i in range(1, 12))),
            count=count,
            groups=GROUPS,
        ),
        kinds=KINDS,
        limit_minutes=np.array([15.0, 15.0, 15.0, 15.0]),
        siting=Siting(
            kind=0,
            goal="cover",
            names=tuple(f"示例候选点 {i + 1}" for i in range(60)),
            lon=sites[0],
            lat=sites[1],
            cost=rng.integers(8, 30, 60).astype(float),
            capacity=np.full(60, 60.0),
            count=5,
        ),
    )


def _degrees(at: Floats) -> tuple[Floats, Floats]:
    """Unit square to a box of about 8 km × 8 km at an invented place."""
    return 111.70 + 0.09 * at[:, 0], 37.20 + 0.072 * at[:, 1]


def streets(rng: np.random.Generator, size: int) -> Network:
    """A bent grid with missing streets and a hill in the north-east."""
    u, v = (a.ravel() for a in np.meshgrid(np.linspace(0, 1, size), np.linspace(0, 1, size)))
    at = np.column_stack([u, v]) + rng.normal(size=(size * size, 2)) * 0.25 / size
    number = np.arange(size * size).reshape(size, size)
    across = np.stack([number[:, :-1], number[:, 1:]], -1).reshape(-1, 2)
    along = np.stack([number[:-1], number[1:]], -1).reshape(-1, 2)
    pairs = np.concatenate([across, along])
    pairs = pairs[rng.random(len(pairs)) > 0.18]
    lon, lat = _degrees(at)
    x, y, start, end, _ = split_long(lon, lat, pairs[:, 0], pairs[:, 1])
    hill = (x - 111.77) ** 2 / 0.0004 + (y - 37.255) ** 2 / 0.00025
    return Network.from_edges(x, y, start, end, elevation=180 * np.exp(-hill))
