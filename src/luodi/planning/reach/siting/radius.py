"""The radius formulation of the p-median as a sparse model for HiGHS."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csc_array

from .highs import Model
from .median import Median


def radius_model(p: Median) -> tuple[Model, float]:
    """The model and the constant to add. Columns: m sites y, then z per point and radius.

    For a point with distinct radii r1 < … < rK (rK: what it has without any new site), z_k = 1 if
    no open site is within r_k: people · (r1 + Σ (r_{k+1} − r_k) z_k), where z_k plus the sites at
    exactly r_k must reach z_{k−1} (z_0 = 1).
    """
    n, m = p.near.shape
    order = np.argsort(p.near, axis=1, kind="stable")
    minutes = np.take_along_axis(p.near, order, axis=1)
    useful = minutes < p.far[:, None]
    fresh = useful & np.column_stack([np.ones(n, bool), minutes[:, 1:] > minutes[:, :-1]])
    row_of = np.cumsum(fresh.ravel()).reshape(n, m) - 1
    total = int(fresh.sum())
    point = np.repeat(np.arange(n), m).reshape(n, m)[fresh]
    radius = minutes[fresh]
    last = np.append(point[1:] != point[:-1], True) if total else np.zeros(0, bool)
    first = np.append(True, point[1:] != point[:-1]) if total else np.zeros(0, bool)
    following = np.where(last, p.far[point], np.append(radius[1:], 0.0))
    r, s = row_of[useful], order[useful]
    later = np.flatnonzero(~first)
    entries = coo_array(
        (
            np.concatenate([np.ones(len(s)), np.ones(total), -np.ones(len(later))]),
            (
                np.concatenate([r, np.arange(total), later]),
                np.concatenate([s, m + np.arange(total), m + later - 1]),
            ),
        ),
        shape=(total, m + total),
    )
    extra, caps = [], []
    for weights, cap in ((np.ones(m), float(p.count)), (p.cost, p.budget)):
        if np.isfinite(cap):
            extra.append(np.concatenate([weights, np.zeros(total)]))
            caps.append(cap)
    block = coo_array(np.array(extra).reshape(len(extra), m + total))
    matrix = csc_array(
        coo_array(
            (
                np.concatenate([entries.data, block.data]),
                (
                    np.concatenate([entries.row, block.row + total]),
                    np.concatenate([entries.col, block.col]),
                ),
            ),
            shape=(total + len(caps), m + total),
        )
    )
    least = np.minimum(p.far, p.near.min(axis=1, initial=np.inf))
    model = Model(
        cost=np.concatenate([np.zeros(m), p.people[point] * (following - radius)]),
        matrix=matrix,
        row_lower=np.concatenate([first.astype(float), np.full(len(caps), -np.inf)]),
        row_upper=np.concatenate([np.full(total, np.inf), np.array(caps)]),
        lower=np.zeros(m + total),
        upper=np.concatenate([np.ones(m), np.full(total, np.inf)]),
        integer=np.arange(m + total) < m,
    )
    return model, float(p.people @ least)
