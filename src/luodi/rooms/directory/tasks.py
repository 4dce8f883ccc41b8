"""What the worker does for the directory: large workbooks, of registers too."""

from procrastinate.contrib.django import app

from luodi.rooms.directory.sheets import working


@app.task(name="directory.take_in")
def take_in(
    account_id: int, kind: str, digest: str, name: str, dry_run: bool, of: int, language: str
) -> None:
    """Reads or writes a workbook that is too long for a page."""
    working.carry_out(account_id, kind, digest, name, dry_run, of, language)
