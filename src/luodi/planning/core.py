"""What every planner shares: the shape of a plan, progress and stopping, and errors in words.

A planner is a pure function ``solve(problem, *, time_limit, seed, progress=None) -> Plan``.
Problems are frozen and validated; plans verify themselves without the solver.
"""

from __future__ import annotations

import signal
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from types import FrameType
from typing import Generic, Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Lang = Literal["zh", "en"]
Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Longs = NDArray[np.int64]
Flags = NDArray[np.bool_]
P = TypeVar("P")


class Text(NamedTuple):
    """One sentence or label in both languages of the planners."""

    zh: str
    en: str

    def say(self, lang: Lang) -> str:
        return self.zh if lang == "zh" else self.en


class PlanningError(Exception):
    """A failure that can be told to a user in one sentence, without a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text = Text(zh, en)

    def say(self, lang: Lang) -> str:
        return self.text.say(lang)


class BadData(PlanningError):
    """Input that cannot be right. Row and column are 1-based, as a spreadsheet shows them.

    ``sheet``, ``row`` and ``column`` are empty, 0 and empty where the place is not a cell.
    """

    def __init__(
        self, zh: str, en: str, *, sheet: str = "", row: int = 0, column: str = ""
    ) -> None:
        super().__init__(zh, en)
        self.sheet, self.row, self.column = sheet, row, column

    def say(self, lang: Lang) -> str:
        zh, en = lang == "zh", lang == "en"
        place = []
        if self.sheet:
            place.append(f"工作表“{self.sheet}”" if zh else f"sheet “{self.sheet}”")
        if self.row:
            place.append(f"第 {self.row} 行" if zh else f"row {self.row}")
        if self.column:
            place.append(f"“{self.column}”列" if zh else f"column “{self.column}”")
        head = (", " if en else "").join(place)
        return f"{head}{': ' if en else '：'}{self.text.say(lang)}" if head else self.text.say(lang)


class Infeasible(PlanningError):
    """No plan keeps every constraint. ``clashes`` names those that cannot hold together."""

    def __init__(self, clashes: Sequence[Text]) -> None:
        self.clashes = tuple(clashes)
        super().__init__(
            "没有可行的方案。以下条件不能同时满足：" + "；".join(c.zh for c in self.clashes),
            "No feasible plan. These conditions cannot hold together: "
            + "; ".join(c.en for c in self.clashes),
        )


class Status(StrEnum):
    """``OPTIMAL``: proven within the tolerance. ``FEASIBLE``: valid, stopped before the proof."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


STATUS_TEXT = {
    Status.OPTIMAL: Text("已证明最优", "proven optimal"),
    Status.FEASIBLE: Text("可行，未证明最优", "feasible, not proven optimal"),
}


@dataclass(frozen=True, slots=True)
class Violation:
    """One constraint that a plan breaks, by ``amount`` in the constraint's unit."""

    constraint: Text
    amount: float
    where: str = ""

    def say(self, lang: Lang) -> str:
        head = f"{self.constraint.say(lang)} {self.where}".strip()
        return f"{head}: {self.amount:g}"


@dataclass(frozen=True, kw_only=True)
class Plan(ABC, Generic[P]):
    """The result of a planner. ``objective`` and ``bound`` are in the planner's own unit.

    ``bound`` is a proven limit of the objective (below it when minimising, above it when
    maximising) or ``None`` where no bound is known; it is never guessed.
    """

    objective: float
    bound: float | None
    status: Status
    seconds: float

    @property
    def gap(self) -> float | None:
        """|objective − bound| / |objective|; ``None`` without a bound."""
        return relative_gap(self.objective, self.bound)

    @abstractmethod
    def check(self, problem: P) -> list[Violation]:
        """Verify every constraint and the objective from the problem alone, without the solver."""


def relative_gap(objective: float, bound: float | None) -> float | None:
    if bound is None:
        return None
    return abs(objective - bound) / max(abs(objective), 1e-9)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where a running solve stands. ``incumbent`` is ``None`` until a plan is known."""

    incumbent: float | None
    bound: float | None

    @property
    def gap(self) -> float | None:
        return None if self.incumbent is None else relative_gap(self.incumbent, self.bound)


class Progress:
    """Tells a listener how a solve proceeds, and carries the wish to stop back to it.

    A solver calls :meth:`report` and looks at :attr:`stopped`; when it is true it ends soon and
    returns the best plan it has.
    """

    def __init__(self, listener: Callable[[Snapshot], None] | None = None) -> None:
        self._listener = listener
        self._began = time.perf_counter()
        self._parts: list[Progress] = []
        self.stopped = False

    def stop(self) -> None:
        self.stopped = True
        for part in self._parts:
            part.stop()

    def part(self) -> Progress:
        """Give a part of the question its own: by the same clock, stopped with this, silent."""
        one = Progress()
        one._began, one.stopped = self._began, self.stopped
        self._parts.append(one)
        return one

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._began

    def report(self, incumbent: float | None, bound: float | None) -> None:
        if self._listener is not None:
            self._listener(Snapshot(incumbent, bound))


@contextmanager
def stop_on_interrupt(progress: Progress) -> Iterator[None]:
    """Let the first Ctrl-C stop the solver and keep the plan; the second ends the program."""

    def interrupted(signum: int, frame: FrameType | None) -> None:
        if progress.stopped:
            raise KeyboardInterrupt
        progress.stop()

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
