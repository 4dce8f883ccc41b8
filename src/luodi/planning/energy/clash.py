"""Why no plan exists: the rows of an infeasibility certificate, in words."""

from __future__ import annotations

import highspy
import numpy as np
from scipy import sparse

from ..core import Text
from .highs import Solver
from .model import Model
from .problem import Contract
from .units import degrees


def clashes(model: Model) -> list[Text]:
    """Conditions that cannot hold together.

    Elastic targets: the least total shortfall of all targets is found; by duality, the rows with
    a price there are a certificate (Farkas) that exactly these cannot hold together.
    """
    targets = [(key, b.first) for key, b in model.rows.items() if key[0] in ("share", "quota")]
    rows = [r for _, r in targets]
    height, width = model.matrix.shape
    slack = sparse.csc_array(
        (np.ones(len(rows)), (rows, np.arange(len(rows)))), shape=(height, len(rows))
    )
    elastic = Model(
        model.problem,
        model.takers,
        0.0,
        np.concatenate([np.zeros(width), np.ones(len(rows))]),
        np.concatenate([model.lower, np.zeros(len(rows))]),
        np.concatenate([model.upper, np.full(len(rows), np.inf)]),
        model.row_lower,
        model.row_upper,
        sparse.csc_array(sparse.hstack([model.matrix, slack])),
    )
    solver = Solver(elastic)
    answer = solver.run()
    if solver.highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return [Text("储能或合同的数据自相矛盾", "the data of a battery or contract contradict")]
    return _name(model, answer.row_dual, answer.x[width:], rows)


def _name(model: Model, y: np.ndarray, short: np.ndarray, rows: list[int]) -> list[Text]:
    problem = model.problem
    missing = dict(zip(rows, short, strict=True))
    found: list[Text] = []
    for (kind, who), block in model.rows.items():
        active = np.abs(y[block.columns]) > 1e-7
        if not active.any():
            continue
        if kind == "share":
            e = problem.enterprises[who]
            gap = missing.get(block.first, 0.0)
            zh, en = f"（缺 {degrees(gap)}）", f" ({gap:,.0f} MWh short)"
            found.append(
                Text(
                    f"企业“{e.name}”的绿电占比不低于 {e.green_share_min:.0%}"
                    f"{zh if gap > 0.5 else ''}",
                    f"“{e.name}” has at least {e.green_share_min:.0%} green"
                    f"{en if gap > 0.5 else ''}",
                )
            )
            continue
        if kind not in ("volume", "quota", "month", "hour"):
            continue
        c = problem.contracts[who]
        found.append(_contract_limit(model, kind, c, block.first))
    return found + _bounds(model, y)


def _contract_limit(model: Model, kind: str, c: Contract, row: int) -> Text:
    name, volume, least = c.name, c.volume_mwh, model.row_lower[row]
    return {
        "volume": Text(
            f"合同“{name}”总电量不超过 {degrees(volume)}",
            f"“{name}” delivers at most {volume:,.0f} MWh",
        ),
        "quota": Text(
            f"合同“{name}”作为直连项目至少自用 {degrees(least)}",
            f"“{name}” as a direct connection is used for at least {least:,.0f} MWh",
        ),
        "month": Text(f"合同“{name}”的月度电量上限", f"the monthly limits of “{name}”"),
        "hour": Text(f"合同“{name}”的发电曲线", f"the generation profile of “{name}”"),
    }[kind]


def _bounds(model: Model, y: np.ndarray) -> list[Text]:
    """Bounds that share the blame: the profile of a contract or the load of a taker."""
    pull = model.matrix.T @ y
    found: list[Text] = []
    for c, contract in enumerate(model.problem.contracts):
        by_profile = by_load = False
        for k, taker in enumerate(model.takers):
            block = model.green[c, k]
            active = pull[block.columns] > 1e-7
            profile = model.upper[block.columns] < taker.room[block.at] - 1e-9
            by_profile |= bool((active & profile).any())
            by_load |= bool((active & ~profile).any())
        if by_profile:
            found.append(
                Text(
                    f"合同“{contract.name}”的发电曲线",
                    f"the generation profile of “{contract.name}”",
                )
            )
        if by_load:
            found.append(
                Text("企业在发电时段的用电量", "what the enterprises use while it generates")
            )
    return list(dict.fromkeys(found))
