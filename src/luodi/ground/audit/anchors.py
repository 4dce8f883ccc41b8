"""The seals, written down outside the database too: a line each, in a file that only grows.

A cut tail, deleted seals and a trail that was rewritten as a whole fit together in the database; they do
not fit this file. Whoever can write both can change both: a copy on another machine, or a printed page, is
better (`luodi audit verify --root`).
"""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings


def file() -> Path:
    return Path(settings.DATA_DIR) / "anchors.txt"


def write_down(pk: int, entries: int, digest: str) -> None:
    """Adds a seal: its number, how many entries it covers, and its digest."""
    file().parent.mkdir(parents=True, exist_ok=True)
    with file().open("a", encoding="ascii") as kept:
        kept.write(f"{pk} {entries} {digest}\n")


def known() -> dict[int, str]:
    """The digests that stand outside, by seal; none where there is no file yet."""
    if not file().exists():
        return {}
    lines = (line.split() for line in file().read_text(encoding="ascii").splitlines())
    return {int(parts[0]): parts[2] for parts in lines if len(parts) == 3}


def set_aside() -> None:
    """Begins a new file, after a backup was restored: seals since the backup are gone with good reason."""
    if file().exists():
        file().rename(file().with_name(f"anchors-{time.time_ns()}.txt"))
