"""What the worker does for imports: files that are too long for a page."""

from procrastinate.contrib.django import app

from luodi.ground.imports import working
from luodi.ground.scope.api import require_ours


@app.task(name="imports.take_in")
def take_in(
    account_id: int, kind: str, digest: str, write: bool, language: str, proof: str = ""
) -> None:
    """Reads or writes an upload, as it was asked for."""
    arguments = {"account_id": account_id, "kind": kind, "digest": digest, "write": write}
    require_ours("imports.take_in", proof, **arguments, language=language)
    working.carry_out(account_id, kind, digest, write, language)
