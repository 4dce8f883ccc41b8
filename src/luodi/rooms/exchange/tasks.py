"""What the worker does for the exchange: plans, and the sums that are published each month."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import require_ours
from luodi.rooms.exchange.verbs.planning import carry_out


@app.task(name="exchange.plan")
def plan(run_id: int, account_id: int, proof: str = "") -> None:
    """Computes a plan, as it was asked for."""
    require_ours("exchange.plan", proof, run_id=run_id, account_id=account_id)
    carry_out(run_id, account_id)
