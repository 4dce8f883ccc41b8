"""The street graph: arrays per node and per directed arc."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from ..core import BadData, Flags, Floats, Ints
from ..geo import flat_metres, kilometres
from .access import Mode, speed_kmh


@dataclass(frozen=True)
class Network:
    """Nodes ``lon``, ``lat`` (degrees); arcs ``tail`` → ``head`` with ``metres``, ``grade``
    (rise over run in the arc's direction) and who may use them (``walk``, ``cycle``)."""

    lon: Floats
    lat: Floats
    tail: Ints
    head: Ints
    metres: Floats
    grade: Floats
    walk: Flags
    cycle: Flags
    elevation: Floats | None = None  # metres per node, where known

    def __post_init__(self) -> None:
        n, m = len(self.lon), len(self.tail)
        if not n or not m:
            raise BadData("路网是空的。", "The street network is empty.")
        if any(len(a) != m for a in (self.head, self.metres, self.grade, self.walk, self.cycle)):
            raise BadData("路段各列长度不一。", "Arc arrays differ in length.")
        ends = np.concatenate([self.tail, self.head])
        if ends.min() < 0 or ends.max() >= n:
            raise BadData("路段引用了未知的节点。", "An arc refers to an unknown node.")
        if not np.isfinite(self.metres).all() or self.metres.min() < 0:
            raise BadData("路段长度不能为负。", "Street lengths must not be negative.")

    @classmethod
    def from_edges(
        cls,
        lon: Floats,
        lat: Floats,
        start: Ints,
        end: Ints,
        *,
        metres: Floats | None = None,
        elevation: Floats | None = None,
        walk: Flags | None = None,
        cycle: Flags | None = None,
        oneway: Flags | None = None,
    ) -> Self:
        """Streets between nodes, usable both ways; ``oneway`` binds bicycles only.

        ``metres`` defaults to the straight line, ``elevation`` (m per node) gives the slopes.
        """
        line = 1000 * kilometres(lon[start], lat[start], lon[end], lat[end])
        length = line if metres is None else np.where(np.isfinite(metres), metres, line)
        yes = np.ones(len(start), dtype=bool)
        rise = np.zeros(len(start)) if elevation is None else elevation[end] - elevation[start]
        grade = np.clip(rise / np.maximum(length, 1.0), -0.5, 0.5)
        on_foot, by_bike = yes if walk is None else walk, yes if cycle is None else cycle
        back = by_bike if oneway is None else by_bike & ~oneway
        return cls(
            lon,
            lat,
            np.concatenate([start, end]),
            np.concatenate([end, start]),
            np.concatenate([length, length]),
            np.concatenate([grade, -grade]),
            np.concatenate([on_foot, on_foot]),
            np.concatenate([by_bike, back]),
            elevation,
        )

    def minutes(self, mode: Mode, flat_kmh: float) -> csr_array:
        """Sparse minutes, *against* the arcs: row = where an arc ends, column = where it starts.

        A search over it from a place gives the minutes that people need *to* the place.
        """
        use = self.walk if mode == "walk" else self.cycle
        pace = speed_kmh(mode, self.grade[use], flat_kmh)
        cost = np.maximum(self.metres[use] / (pace * 1000 / 60), 1e-6)
        n, row, col = len(self.lon), self.head[use], self.tail[use]
        order = np.lexsort((cost, col, row))
        row, col, cost = row[order], col[order], cost[order]
        # of parallel streets the quickest; a sparse array would add them up
        first = np.append(True, (row[1:] != row[:-1]) | (col[1:] != col[:-1]))[: len(row)]
        starts = np.searchsorted(row[first], np.arange(n + 1))
        return csr_array(
            (cost[first], col[first].astype(np.int32), starts.astype(np.int32)), shape=(n, n)
        )

    def usable(self, mode: Mode) -> Ints:
        """Nodes that the mode reaches at all."""
        use = self.walk if mode == "walk" else self.cycle
        return np.unique(np.concatenate([self.tail[use], self.head[use]]))


@dataclass(frozen=True)
class Snapped:
    """Points tied to their nearest usable node; ``metres`` is the straight way to it."""

    node: Ints
    metres: Floats


def snap(network: Network, mode: Mode, lon: Floats, lat: Floats) -> Snapped:
    usable = network.usable(mode)
    lat0 = float(network.lat[usable].mean())
    tree = cKDTree(flat_metres(network.lon[usable], network.lat[usable], lat0))
    far, at = tree.query(flat_metres(lon, lat, lat0))
    return Snapped(usable[at].astype(np.intp), np.asarray(far))


def split_long(
    lon: Floats, lat: Floats, start: Ints, end: Ints, longest_m: float = 100.0
) -> tuple[Floats, Floats, Ints, Ints, Ints]:
    """Cut straight streets into pieces, so that a point lies near some node of its street.

    Returns the nodes, the pieces' ends, and for each piece the street it came from.
    """
    length = 1000 * kilometres(lon[start], lat[start], lon[end], lat[end])
    pieces = np.maximum(np.ceil(length / longest_m).astype(int), 1)
    street = np.repeat(np.arange(len(start)), pieces)
    step = np.arange(len(street)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    inner = step[step > 0], street[step > 0]
    share = inner[0] / pieces[inner[1]]
    a, b = start[inner[1]], end[inner[1]]
    number = np.full(len(street), -1)
    number[step > 0] = len(lon) + np.arange(len(share))
    begin = np.where(step > 0, number, start[street])
    final = step == pieces[street] - 1
    finish = np.where(final, end[street], np.append(number[1:], -1))
    return (
        np.concatenate([lon, lon[a] + share * (lon[b] - lon[a])]),
        np.concatenate([lat, lat[a] + share * (lat[b] - lat[a])]),
        begin.astype(np.intp),
        finish.astype(np.intp),
        street.astype(np.intp),
    )
