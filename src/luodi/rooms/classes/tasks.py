"""What the worker does for classes: it computes who goes when."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import require_ours
from luodi.rooms.classes.verbs.planning import TASK, carry_out_plan


@app.task(name=TASK)
def plan(plan_id: int, keep: bool, proof: str = "") -> None:
    """Computes a proposal of who goes into which cohort."""
    require_ours(TASK, proof, plan_id=plan_id, keep=keep)
    carry_out_plan(plan_id, keep=keep)
