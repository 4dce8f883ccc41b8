"""One search from all places at once, for networks of hundreds of thousands of nodes.

Distances settle in steps of ``width`` (delta-stepping: Meyer and Sanders (2003), J. Algorithms 49,
114–152). The nodes are cut into strips for several threads; what crosses a border is exchanged until
nothing gets nearer.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import reverse_cuthill_mckee

from ..compiled import AVAILABLE, compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
CROSSING = 0.01  # share of arcs between strips above which nodes are numbered anew
NEAR, FAR = 1, 2
LARGE = 100_000  # nodes from which preparing pays


class Search:
    """Prepared once per graph (``minutes`` as in ``access``), then asked as often as wanted."""

    def __init__(self, minutes: csr_array, strips: int | None = None) -> None:
        threads = min(4, os.cpu_count() or 1)
        count = strips or 2 * threads  # two each, so that a thread that is held up is helped
        self.order: Ints | None = None
        crossing = self._cut(minutes, count)
        if crossing > CROSSING * minutes.nnz:
            self.order = reverse_cuthill_mckee(minutes, symmetric_mode=False).astype(np.intp)
            minutes = csr_array(minutes[self.order][:, self.order])
            self._cut(minutes, count)
            self.number = np.empty(len(self.order), dtype=np.intp)
            self.number[self.order] = np.arange(len(self.order))
        self.graph = (
            minutes.indptr.astype(np.int32),
            minutes.indices.astype(np.int32),
            minutes.data.astype(np.float64),
        )
        self.width = 2.0 * float(minutes.data.mean()) if minutes.nnz else 1.0
        n = minutes.shape[0]
        self.near, self.far = np.zeros(n, dtype=np.int32), np.zeros(n, dtype=np.int32)
        self.mark = np.zeros(n, dtype=np.uint8)
        self.pool = ThreadPoolExecutor(threads)
        self.to_nearest(np.zeros(1, dtype=np.intp))  # compiles, and touches the memory

    def _cut(self, minutes: csr_array, count: int) -> int:
        n = minutes.shape[0]
        self.cuts = np.linspace(0, n, count + 1).astype(np.int64)
        tail = np.repeat(np.arange(n), np.diff(minutes.indptr))
        strip = np.searchsorted(self.cuts, np.arange(n), side="right")
        across = np.flatnonzero(strip[tail] != strip[minutes.indices])
        self.border = tail[across], minutes.indices[across].astype(np.intp), minutes.data[across]
        return len(across)

    def to_nearest(self, sources: Ints, limit: float = np.inf) -> tuple[Floats, NDArray[np.int32]]:
        """Minutes from every node to its nearest source (infinity beyond ``limit``), and which
        source that is (position in ``sources``, else −1). Not for two threads at once."""
        n = len(self.mark)
        far, who = np.full(n, np.inf), np.full(n, -1, dtype=np.int32)
        start = sources if self.order is None else self.number[sources]
        far[start], who[start] = 0.0, np.arange(len(start))
        fresh = np.union1d(start, self._exchange(far, who, limit))
        while len(fresh):
            ends = np.searchsorted(fresh, self.cuts)
            work = []
            for i in range(len(self.cuts) - 1):
                mine = fresh[ends[i] : ends[i + 1]]
                low, high = self.cuts[i], self.cuts[i + 1]
                self.far[low : low + len(mine)] = mine
                self.mark[mine] = FAR
                if len(mine):
                    work.append(self.pool.submit(
                        _settle, *self.graph, low, high, len(mine), self.width, limit, far, who,
                        self.near[low:high], self.far[low:high], self.mark,
                    ))  # fmt: skip
            for job in work:
                job.result()
            fresh = self._exchange(far, who, limit)
        if self.order is not None:
            far, who = far[self.number], who[self.number]
        return far, who

    def _exchange(self, far: Floats, who: NDArray[np.int32], limit: float) -> Ints:
        """Carry minutes over the borders; the nodes that got nearer, sorted."""
        tail, head, cost = self.border
        then = far[tail] + cost
        use = np.flatnonzero((then < far[head]) & (then <= limit))
        use = use[np.argsort(-then[use], kind="stable")]  # of several, the nearest is written last
        far[head[use]], who[head[use]] = then[use], who[tail[use]]
        return np.unique(head[use])


def prepared(minutes: csr_array) -> csr_array | Search:
    """What ``access.nearest`` searches fastest: a large graph is prepared if numba is there."""
    return Search(minutes) if AVAILABLE and minutes.shape[0] >= LARGE else minutes


@compiled
def _settle(
    indptr: NDArray[np.int32],
    indices: NDArray[np.int32],
    cost: Floats,
    low: int,
    high: int,
    waiting: int,
    width: float,
    limit: float,
    far: Floats,
    who: NDArray[np.int32],
    queue: NDArray[np.int32],
    later: NDArray[np.int32],
    mark: NDArray[np.uint8],
) -> None:
    """Settle the nodes of one strip, low ≤ node < high, from the ``waiting`` first of ``later``.

    ``queue`` is a ring of nodes below ``level``, ``later`` a list of those beyond it; ``mark``
    keeps a node from standing twice in either.
    """
    size = high - low
    level = np.inf
    for i in range(waiting):
        level = min(level, far[later[i]])
    while waiting:
        before, level = level, level + width
        begin = count = kept = 0
        nearest = np.inf
        for i in range(waiting):
            v = later[i]
            if far[v] < before:
                continue  # settled meanwhile
            if far[v] < level:
                queue[count] = v
                count += 1
                mark[v] = NEAR
            else:
                later[kept] = v
                kept += 1
                nearest = min(nearest, far[v])
        waiting = kept
        if count == 0:
            level = nearest
            continue
        while count:
            u = queue[begin]
            begin = begin + 1 if begin + 1 < size else 0
            count -= 1
            mark[u] = 0
            for e in range(indptr[u], indptr[u + 1]):
                v = indices[e]
                then = far[u] + cost[e]
                if low <= v < high and then < far[v] and then <= limit:
                    far[v] = then
                    who[v] = who[u]
                    if mark[v] == NEAR:
                        continue
                    if then < level:
                        at = begin + count
                        queue[at if at < size else at - size] = v
                        count += 1
                        mark[v] = NEAR
                    elif mark[v] == 0:
                        later[waiting] = v
                        waiting += 1
                        mark[v] = FAR
