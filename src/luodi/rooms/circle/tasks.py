"""What the worker does for the circle."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import require_ours
from luodi.rooms.circle.verbs import TASK, carry_out


@app.task(name=TASK)
def study(study_id: int, account_id: int, proof: str = "") -> None:
    """Computes a study, as it was asked for."""
    require_ours(TASK, proof, study_id=study_id, account_id=account_id)
    carry_out(study_id, account_id)
