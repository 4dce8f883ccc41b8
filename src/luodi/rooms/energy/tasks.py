"""What the worker does for energy."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import require_ours
from luodi.rooms.energy.verbs.plans import carry_out


@app.task(name="energy.plan")
def plan(scenario_id: int, language: str, proof: str = "") -> None:
    """Computes a plan that somebody asked for."""
    require_ours("energy.plan", proof, scenario_id=scenario_id, language=language)
    carry_out(scenario_id, language)
