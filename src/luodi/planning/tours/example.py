"""72 performances in one season (示例): the number is a newspaper's; troupes, townships, villages,
wishes and places are invented by a seeded formula."""

from __future__ import annotations

import datetime as dt

import numpy as np

from .problem import TourProblem, Troupes, Villages, Wishes


def example(seed: int = 72) -> TourProblem:
    """Three troupes, 9 townships, 54 villages, May to October 2026."""
    rng = np.random.default_rng(seed)
    start = dt.date(2026, 5, 1)
    days = 168
    weekday = np.array([(start + dt.timedelta(days=d)).weekday() for d in range(days)])
    towns = np.column_stack([rng.uniform(111.55, 111.95, 9), rng.uniform(37.10, 37.40, 9)])
    township = np.repeat(np.arange(9), 6)
    at = towns[township] + rng.normal(size=(54, 2)) * 0.035
    free = np.ones((3, days), dtype=bool)
    for t, off in enumerate((0, 1, 2)):
        free[t, weekday == off] = False
    free[1, 40:54] = False  # in town for a festival
    harvest = slice(136, 150)
    open_days = np.ones((54, days), dtype=bool)
    open_days[rng.random(54) < 0.5, harvest] = False
    holds = rng.choice([0, 15, 40], 54, p=[0.4, 0.35, 0.25])
    return TourProblem(
        start=start,
        troupes=Troupes(
            names=("示例剧团甲", "示例剧团乙", "示例文艺队"),
            lon=np.array([111.78, 111.66, 111.86]),
            lat=np.array([37.26, 37.33, 37.17]),
            size=np.array([38, 30, 12]),
            speed_kmh=np.array([35.0, 35.0, 45.0]),
            most_a_day=np.array([2, 2, 2]),
            hours=np.array([10.0, 10.0, 9.0]),
            run=np.array([3, 3, 4]),
            free=free,
        ),
        villages=Villages(
            names=tuple(f"示例村 {i + 1}" for i in range(54)),
            township=township,
            townships=tuple(f"示例乡镇 {i + 1}" for i in range(9)),
            lon=at[:, 0],
            lat=at[:, 1],
            audience=rng.integers(300, 2600, 54).astype(float),
            stage_holds=holds,
            least=np.zeros(54, dtype=np.intp),
            most=np.full(54, 3),
            open=open_days,
        ),
        wishes=_wishes(rng),
        shows=72,
        stages=np.full(days, 1),
        township_least=np.full(9, 6),
        spacing=21,
    )


def _wishes(rng: np.random.Generator) -> Wishes:
    """A temple fair or market in two villages of three, four of them as conditions."""
    village = rng.permutation(54)[:36]
    first = rng.integers(0, 133, 36)  # before the harvest, when some villages are closed
    must = np.arange(36) < 4
    kinds = ("庙会", "集市", "丰收节")
    return Wishes(
        village=village,
        first=first,
        last=first + rng.integers(0, 3, 36),
        weight=rng.choice([0.5, 1.0, 1.5], 36),
        must=must,
        names=tuple(f"示例村 {v + 1}{kinds[i % 3]}" for i, v in enumerate(village)),
    )
