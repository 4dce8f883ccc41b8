"""Distances on the earth."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .core import Floats

EARTH_KM = 6371.0088  # mean radius, IUGG


def kilometres(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Floats:
    """Measure great-circle distances (haversine) of points in degrees; NaN where one is unknown."""
    x, y, a, b = (np.radians(v) for v in (lon1, lat1, lon2, lat2))
    h = np.sin((y - b) / 2) ** 2 + np.cos(y) * np.cos(b) * np.sin((x - a) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(h, 1.0))))


def flat_metres(lon: Floats, lat: Floats, lat0: float) -> Floats:
    """Give n × 2 local plane coordinates in metres (equirectangular around ``lat0``)."""
    across = lon * np.cos(np.radians(lat0))
    return np.asarray(1000 * EARTH_KM * np.radians(np.column_stack([across, lat])))
