"""What the worker does for reports."""

from procrastinate.contrib.django import app

from luodi.rooms.reports.verbs.publishing import carry_out_publishing


@app.task(name="reports.publish")
def publish(report_id: int) -> None:
    """Publishes a report that is too long for a page."""
    carry_out_publishing(report_id)
