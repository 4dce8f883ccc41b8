"""Jobs that the worker does in somebody's name: their arguments are signed.

The queue is a table that the application's role writes. Whoever injects SQL can put a job there, but not
the signature of one that the program did not ask for.
"""

from __future__ import annotations

from typing import Any

from django.core import signing
from procrastinate.contrib.django import app

from luodi.lib.errors import NotAllowed

Arguments = dict[str, Any]


def defer(task: str, **arguments: Any) -> None:
    """Leaves a job to the worker. The task takes the arguments and `proof`, and asks `require_ours`."""
    app.configure_task(task).defer(**arguments, proof=_proof(task, arguments))


def require_ours(task: str, proof: str, **arguments: Any) -> None:
    """Raises NotAllowed for a job that the program did not ask for with these arguments."""
    try:
        asked = signing.loads(proof, salt=f"luodi.job.{task}")
    except signing.BadSignature:
        asked = None
    if asked != arguments:
        raise NotAllowed(f"{task}: a job that nobody signed")


def _proof(task: str, arguments: Arguments) -> str:
    return signing.dumps(arguments, salt=f"luodi.job.{task}")
