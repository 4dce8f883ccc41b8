"""What a process has used, and the lines of the table that the benchmark ends with."""

import resource
import statistics
from dataclasses import dataclass

Run = dict[str, float]


def peak_mb() -> float:
    """Highest resident memory of this process in MB (Linux counts in kB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def middle(runs: list[Run], key: str = "seconds") -> float:
    return statistics.median(r[key] for r in runs)


def stopped(runs: list[Run]) -> float:
    """The seconds after which a peer was stopped, 0 if it never was."""
    return max((r.get("stopped", 0.0) for r in runs), default=0.0)


@dataclass(frozen=True)
class Line:
    """One comparison; cells are texts as printed, ``met`` is ``None`` where there is no target."""

    case: str
    ours: str
    peer: str = ""
    faster: str = ""
    memory: str = ""
    target: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        verdict = {None: "", True: "met", False: "MISSED"}[self.met]
        return (
            self.case, self.ours, self.peer, self.faster, self.memory, self.target, verdict,
        )  # fmt: skip


HEAD = ("case", "luodi", "peer", "time ratio", "memory ratio", "target", "")
LINES: list[Line] = []


def note(
    case: str,
    ours: str,
    *,
    peer: str = "",
    times: tuple[float, float] | None = None,
    mb: tuple[float, float] | None = None,
    target: str = "",
    met: bool | None = None,
) -> None:
    """Print a line now, and keep it for the table. ``times``, ``mb``: of ours and the peer."""
    line = Line(
        case,
        ours,
        peer,
        f"{times[1] / times[0]:.1f} x" if times else "",
        f"{mb[0] / mb[1]:.2f}" if mb else "",
        target,
        met,
    )
    LINES.append(line)
    print("   " + " | ".join(c for c in line.cells() if c), flush=True)


def table() -> str:
    """All lines as Markdown. Time ratio: how often ours is faster. Memory: ours / the peer's."""
    rows = [HEAD, tuple("---" for _ in HEAD), *(line.cells() for line in LINES)]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
