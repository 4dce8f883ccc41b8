"""What the worker does for the directory: large workbooks, of registers too."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import require_ours
from luodi.rooms.directory.sheets import working


@app.task(name="directory.take_in")
def take_in(
    account_id: int,
    kind: str,
    digest: str,
    name: str,
    dry_run: bool,
    of: int,
    language: str,
    proof: str = "",
) -> None:
    """Reads or writes a workbook that is too long for a page."""
    arguments = {"account_id": account_id, "kind": kind, "digest": digest, "name": name}
    arguments |= {"dry_run": dry_run, "of": of, "language": language}
    require_ours("directory.take_in", proof, **arguments)
    working.carry_out(account_id, kind, digest, name, dry_run, of, language)
