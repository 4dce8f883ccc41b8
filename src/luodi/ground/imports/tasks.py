"""What the worker does for imports: files that are too long for a page."""

from procrastinate.contrib.django import app

from luodi.ground.imports import working


@app.task(name="imports.take_in")
def take_in(account_id: int, kind: str, digest: str, write: bool, language: str) -> None:
    """Reads or writes an upload."""
    working.carry_out(account_id, kind, digest, write, language)
