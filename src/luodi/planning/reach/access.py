"""Minutes to places over the street graph.

How fast people move, by mode and slope.

Walking: Tobler (1993), Three presentations on geographical analysis and modeling, NCGIA report
93-1: speed falls with exp(−3.5 · |slope + 0.05|), fastest slightly downhill; scaled so that the
flat speed is the one given. Cycling: Parkin and Rotheram (2010), Transport Policy 17, 335–341:
each percent uphill takes 1.44 km/h, each percent downhill adds 0.86 km/h; kept between 4 km/h and
1.5 times the flat speed.

Flat walking: 4 km/h, which is the 1,000 m in 15 minutes of GB 50180-2018, table 3.0.4.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import dijkstra

from ..core import Floats, Ints, Text


def minutes_to_nearest(minutes: csr_array, sources: Ints, limit: float = np.inf) -> Floats:
    """Give minutes from every node to its nearest source; infinity beyond ``limit``.

    ``minutes`` as :meth:`Network.minutes`. One search for all sources together.
    """
    if not len(sources):
        return np.full(minutes.shape[0], np.inf)
    return np.asarray(dijkstra(minutes, indices=sources, min_only=True, limit=limit))


def nearest(minutes: csr_array, sources: Ints, limit: float) -> tuple[Floats, Ints]:
    """Add to :func:`minutes_to_nearest` which source it is (place in ``sources``, else −1)."""
    n = minutes.shape[0]
    if not len(sources):
        return np.full(n, np.inf), np.full(n, -1, dtype=np.intp)
    far, _, source = dijkstra(
        minutes, indices=sources, min_only=True, limit=limit, return_predecessors=True
    )
    order = np.argsort(sources, kind="stable")
    at = order[np.searchsorted(sources[order], np.maximum(source, 0)).clip(max=len(order) - 1)]
    return np.asarray(far), np.where(np.isfinite(far), at, -1).astype(np.intp)


def connect(minutes: csr_array, node: Ints, way: Floats) -> csr_array:
    """Append places as nodes of their own, each ``way`` minutes from its ``node``.

    Only the search leaves them, so that they never serve as a short cut.
    """
    n, k = minutes.shape[0], len(node)
    return csr_array(
        (
            np.concatenate([minutes.data, np.maximum(way, 1e-6)]),
            np.concatenate([minutes.indices, node.astype(np.int32)]),
            np.concatenate(
                [minutes.indptr, minutes.indptr[-1] + np.arange(1, k + 1, dtype=np.int32)]
            ),
        ),
        shape=(n + k, n + k),
    )


def between(
    minutes: csr_array, sources: Ints, node: Ints, way: Floats, limit: float, chunk: int = 32
) -> csr_array:
    """n × m minutes between points (``way`` from their ``node``) and sources, up to ``limit``."""
    blocks = []
    for i in range(0, len(sources), chunk):
        far = dijkstra(minutes, indices=sources[i : i + chunk], limit=limit)
        far = np.atleast_2d(far)[:, node] + way[None]
        rows, cols = np.nonzero(far <= limit)
        blocks.append(
            csr_array(
                (np.maximum(far[rows, cols], 1e-9), (rows, cols)), shape=(far.shape[0], len(node))
            )
        )
    if not blocks:
        return csr_array((len(node), 0))
    return csr_array(vstack(blocks).T)


Mode = Literal["walk", "cycle"]
MODES: dict[str, Text] = {"walk": Text("步行", "on foot"), "cycle": Text("骑行", "by bicycle")}
FLAT_KMH: dict[Mode, float] = {"walk": 4.0, "cycle": 15.0}


def speed_kmh(mode: Mode, grade: Floats, flat_kmh: float) -> Floats:
    """Speed in km/h on slopes ``grade`` (rise over run, positive uphill)."""
    if mode == "walk":
        return np.asarray(flat_kmh * np.exp(-3.5 * (np.abs(grade + 0.05) - 0.05)))
    percent = 100 * grade
    change = np.where(percent > 0, -1.44 * percent, -0.86 * percent)
    return np.clip(flat_kmh + change, min(4.0, flat_kmh), 1.5 * flat_kmh)
