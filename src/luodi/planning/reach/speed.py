"""How fast people move, by mode and slope.

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

from ..core import Floats, Text

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
