"""A season of performances: troupes, villages, wishes, and what a good calendar is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..core import BadData, Flags, Floats, Ints
from ..geo import kilometres


@dataclass(frozen=True, kw_only=True)
class Troupes:
    """``size``: performers. ``most_a_day``: shows a day. ``hours``: longest day, travel included.
    ``run``: days in a row before a day of rest. ``free``: troupes × days, may perform."""

    names: tuple[str, ...]
    lon: Floats
    lat: Floats
    size: Ints
    speed_kmh: Floats
    most_a_day: Ints
    hours: Floats
    run: Ints
    free: Flags


@dataclass(frozen=True, kw_only=True)
class Villages:
    """``township``: position in ``townships``. ``audience``: people. ``stage_holds``: performers
    on the village's own stage (0: none). ``least``, ``most``: shows. ``open``: villages × days."""

    names: tuple[str, ...]
    township: Ints
    townships: tuple[str, ...]
    lon: Floats
    lat: Floats
    audience: Floats
    stage_holds: Ints
    least: Ints
    most: Ints
    open: Flags


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """Festivals and market days: a show in ``village`` on a day of ``first``..``last``.
    ``must`` makes it a condition, otherwise missing it costs ``weight`` × ``wish_km``."""

    village: Ints
    first: Ints
    last: Ints
    weight: Floats
    must: Flags
    names: tuple[str, ...]


@dataclass(frozen=True)
class Show:
    village: int
    troupe: int
    day: int


@dataclass(frozen=True, kw_only=True)
class TourProblem:
    """Days count from ``start``. ``shows``: how many in the season. ``spacing``: two shows in one
    village lie at least so many days apart. ``township_least``: shows per township. ``stages``:
    mobile stages per day. ``show_hours``: building up, playing, taking down.

    Everything that is weighed is told in kilometres: ``wish_km`` per wish of weight 1 that is
    missed, ``audience_km`` per 1,000 people whose village gets no show, ``change_km`` per
    published show that is moved. ``detour``: roads against straight lines.
    """

    start: dt.date
    troupes: Troupes
    villages: Villages
    wishes: Wishes
    shows: int
    stages: Ints
    township_least: Ints
    spacing: int = 14
    show_hours: float = 3.0
    wish_km: float = 30.0
    audience_km: float = 5.0
    change_km: float = 100.0
    detour: float = 1.3
    published: tuple[Show, ...] = ()
    fixed_before: int = 0

    def __post_init__(self) -> None:
        t, v, days = self.troupes, self.villages, self.days
        if not days or t.free.shape != (len(t.names), days):
            raise BadData("演出季或剧团档期不完整。", "The season or its free days is wrong.")
        if v.open.shape != (len(v.names), days) or len(self.township_least) != len(v.townships):
            raise BadData("村的档期不完整。", "The villages' days are incomplete.")
        for name, values in (("speed", t.speed_kmh), ("hours", t.hours), ("audience", v.audience)):
            if len(values) and values.min() <= 0:
                raise BadData(f"{name} 应为正数。", f"{name} must be positive.")
        if self.shows < 0 or (v.least > v.most).any() or (t.most_a_day < 1).any():
            raise BadData("场次上下限矛盾。", "The limits of shows contradict each other.")
        if (self.wishes.first > self.wishes.last).any():
            raise BadData("愿望的起止日期颠倒。", "A wish ends before it begins.")

    @property
    def days(self) -> int:
        return len(self.stages)

    def date(self, day: int) -> dt.date:
        return self.start + dt.timedelta(days=int(day))

    @cached_property
    def km(self) -> Floats:
        """Road kilometres between all points: first the homes of troupes, then the villages."""
        lon = np.concatenate([self.troupes.lon, self.villages.lon])
        lat = np.concatenate([self.troupes.lat, self.villages.lat])
        return self.detour * kilometres(lon[:, None], lat[:, None], lon, lat)

    @cached_property
    def needs_stage(self) -> Flags:
        """troupes × villages: the village's own stage is too small for the troupe."""
        return np.asarray(self.troupes.size[:, None] > self.villages.stage_holds[None])
