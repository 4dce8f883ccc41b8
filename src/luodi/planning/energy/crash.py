"""A starting basis: the sorted allocation with idle batteries, which simplex then improves.

Thousands of hours then start at their optimal corner; what is left to find is the storage. Where
a solved model already knew a battery's owner, its storage starts as it ended there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import highspy
import numpy as np

from ..core import Floats
from . import greedy
from .highs import Solver
from .model import Block, Index, Model

LOWER, BASIC, UPPER = (
    highspy.HighsBasisStatus.kLower,
    highspy.HighsBasisStatus.kBasic,
    highspy.HighsBasisStatus.kUpper,
)
CODES = (LOWER, BASIC, UPPER)
OWN_COLUMNS, OWN_ROWS = ("charge", "discharge", "state", "export", "peak"), ("state", "demand")


@dataclass(frozen=True)
class Memory:
    """How a battery owner's part of a solved model ended (0 lower bound, 1 basic, 2 upper).

    ``withdrawal``: (T,) MWh. ``green``, ``balance``: (T,), -1 where there was none.
    """

    withdrawal: Floats
    columns: dict[str, Index]
    rows: dict[str, Index]
    green: Index
    balance: Index


Memories = Mapping[str, Memory]  # by the enterprise's name


def remember(solver: Solver, withdrawal: Floats) -> dict[str, Memory]:
    """The batteries of a solved model of one contract. ``withdrawal``: (N, T) MWh."""
    model = solver.model
    if len(model.problem.contracts) != 1:
        return {}
    basis = solver.highs.getBasis()
    code = {BASIC: 1, UPPER: 2}
    columns = np.array([code.get(c, 0) for c in basis.col_status], dtype=np.intp)
    rows = np.array([code.get(r, 0) for r in basis.row_status], dtype=np.intp)
    out = {}
    for k, taker in enumerate(model.takers):
        i = taker.members[0]
        if i in model.charge:
            own_columns, own_rows = _own(model, i)
            out[model.problem.enterprises[i].name] = Memory(
                withdrawal[i],
                {name: columns[b.columns] for name, b in own_columns.items()},
                {name: rows[b.columns] for name, b in own_rows.items()},
                _by_step(model.green[0, k], columns, model.problem.steps),
                _by_step(model.rows["balance", i], rows, model.problem.steps),
            )
    return out


def _own(model: Model, i: int) -> tuple[dict[str, Block], dict[str, Block]]:
    """The columns and rows that concern one enterprise's storage and demand alone."""
    columns = {n: getattr(model, n)[i] for n in OWN_COLUMNS if i in getattr(model, n)}
    return columns, {n: model.rows[n, i] for n in OWN_ROWS if (n, i) in model.rows}


def _by_step(block: Block, status: Index, steps: int) -> Index:
    out = np.full(steps, -1, dtype=np.intp)
    out[block.at] = status[block.columns]
    return out


def room(model: Model, memories: Memories) -> Floats:
    """(K, T) MWh of green power that each taker has use for, batteries idle or as remembered."""
    problem = model.problem
    out = np.stack([t.room for t in model.takers])
    for k, taker in enumerate(model.takers):
        if not taker.plain:
            e = problem.enterprises[taker.members[0]]
            known = memories.get(e.name)
            out[k] = np.maximum(e.load_mwh - e.pv_mwh if known is None else known.withdrawal, 0)
    return out


def start(solver: Solver, memories: Memories | None = None, *, priced: bool = False) -> None:
    """Give the solver the basis of the sorted allocation (models of one contract only).

    ``priced``: the volume is in the prices, and its row and the floor's are free.
    """
    model = solver.model
    contracts = model.problem.contracts
    if len(contracts) != 1 or contracts[0].behind_meter:
        return  # behind the meter green power lowers the demand: the sorted start only misleads
    columns, rows = _basis(model, memories or {}, priced)
    if not memories and int((columns == 1).sum()) != int((rows != 1).sum()):
        return  # not square: a degenerate tie; simplex starts from its own basis instead
    basis = highspy.HighsBasis()
    basis.col_status = [CODES[c] for c in columns.tolist()]
    basis.row_status = [CODES[r] for r in rows.tolist()]
    basis.valid = True
    basis.alien = bool(memories)  # may be singular: to be completed with slacks
    solver.highs.setBasis(basis)


def _basis(model: Model, memories: Memories, priced: bool) -> tuple[Index, Index]:
    """0 at the lower bound, 1 basic, 2 at the upper bound: columns, rows."""
    problem, c = model.problem, model.problem.contracts[0]
    columns = np.zeros(model.cost.size, dtype=np.intp)
    rows = np.ones(model.row_lower.size, dtype=np.intp)
    wanted = room(model, memories)
    done = greedy.allocate(problem, c, model.takers, wanted)
    place = [_places(model.green[0, k], problem.steps) for k in range(len(model.takers))]
    for k, taker in enumerate(model.takers):
        block = model.green[0, k]
        taken = done.taken[k][block.at]
        columns[block.columns[taken >= model.upper[block.columns] - 1e-9]] = 2
        known = memories.get(problem.enterprises[taker.members[0]].name)
        if not taker.plain and ("balance", taker.members[0]) in model.rows:
            _balance(model, k, done.taken[k], wanted[k], place[k], columns, rows)
            if known is not None:
                _recall(model, k, known, place[k], columns, rows)
    _hours(model, done, place, columns, rows)
    for month, (k, t) in done.month_last.items():
        at = model.rows["month", 0].first + month
        taken = done.taken[:, problem.month == month].sum()
        if taken >= c.monthly_mwh[month] - 1e-6:
            _pair(columns, rows, int(place[k][t]), at, 2)
    if not priced:
        _horizon(model, done, place, columns, rows)
    for i in model.peak:
        if problem.enterprises[i].name not in memories:
            _peaks(model, i, columns, rows)
    return columns, rows


def _places(block: Block, steps: int) -> Index:
    out = np.full(steps, -1, dtype=np.intp)
    out[block.at] = block.columns
    return out


def _pair(columns: Index, rows: Index, column: int, row: int, side: int) -> None:
    """A tight row leaves the basis for a column, unless the column already serves another."""
    if column >= 0 and columns[column] != 1:
        columns[column], rows[row] = 1, side


def _balance(
    model: Model, k: int, taken: Floats, room: Floats, place: Index, columns: Index, rows: Index
) -> None:
    block = model.rows["balance", model.takers[k].members[0]]
    full = (taken >= room - 1e-9) & (room > 0) & (place >= 0)
    at = full[block.at]
    inside = place[block.at[at]]
    free = columns[inside] != 2
    columns[inside[free]] = 1
    rows[block.columns[at][free]] = 2


def _recall(model: Model, k: int, known: Memory, place: Index, columns: Index, rows: Index) -> None:
    """The storage as it ended before; without a purchase, green power and balance too."""
    i = model.takers[k].members[0]
    own_columns, own_rows = _own(model, i)
    for name, block in own_columns.items():
        columns[block.columns] = known.columns[name]
    for name, block in own_rows.items():
        rows[block.columns] = known.rows[name]
    idle = (known.withdrawal <= 1e-9) & (place >= 0)
    columns[place[idle]] = np.maximum(known.green[idle], 0)
    balance = model.rows["balance", i]
    at = (known.withdrawal <= 1e-9)[balance.at]
    rows[balance.columns[at]] = known.balance[balance.at[at]]


def _hours(
    model: Model, done: greedy.Sorted, place: list[Index], columns: Index, rows: Index
) -> None:
    profile = model.problem.contracts[0].profile_mwh
    block = model.rows["hour", 0]
    tight = done.taken.sum(axis=0)[block.at] >= profile[block.at] - 1e-9
    for t, row in zip(block.at[tight], block.columns[tight], strict=True):
        if done.cut[t] >= 0:
            _pair(columns, rows, int(place[done.cut[t]][t]), int(row), 2)


def _horizon(
    model: Model, done: greedy.Sorted, place: list[Index], columns: Index, rows: Index
) -> None:
    c = model.problem.contracts[0]
    used = float(done.taken.sum())
    if done.last is not None:
        column = int(place[done.last[0]][done.last[1]])
        if used >= c.volume_mwh - 1e-6:
            _pair(columns, rows, column, model.rows["volume", 0].first, 2)
        elif ("floor", 0) in model.rows:
            _pair(columns, rows, column, model.rows["floor", 0].first, 0)
    if 0 in model.missing and used < c.floor_mwh - 1e-6:
        _pair(columns, rows, model.missing[0], model.rows["floor", 0].first, 0)


def _peaks(model: Model, i: int, columns: Index, rows: Index) -> None:
    """Each month's demand is set by its highest step."""
    block, month = model.rows["demand", i], model.problem.month
    need = model.row_lower[block.columns]
    best: dict[int, int] = {}
    for at in np.argsort(need, kind="stable"):
        best[int(month[block.at[at]])] = int(at)
    for m, at in best.items():
        column = int(model.peak[i].columns[m])
        if need[at] / model.problem.step_h > model.lower[column]:
            _pair(columns, rows, column, int(block.columns[at]), 0)
