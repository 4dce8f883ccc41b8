"""What the worker does for seasons: plans."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import require_ours
from luodi.rooms.seasons.verbs.planning import TASK, carry_out


@app.task(name=TASK)
def plan(plan_id: int, account_id: int, proof: str = "") -> None:
    """Computes a plan, as it was asked for."""
    require_ours(TASK, proof, plan_id=plan_id, account_id=account_id)
    carry_out(plan_id, account_id)
