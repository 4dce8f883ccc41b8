"""What the worker does for reports."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import require_ours
from luodi.rooms.reports.verbs.publishing import carry_out_publishing


@app.task(name="reports.publish")
def publish(report_id: int, order: list[str], proof: str = "") -> None:
    """Publishes a report that is too long for a page, as it was when it was asked for."""
    require_ours("reports.publish", proof, report_id=report_id, order=order)
    carry_out_publishing(report_id, order)
