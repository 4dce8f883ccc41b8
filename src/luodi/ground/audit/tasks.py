"""The trail is sealed by itself; jobs of killed workers are taken up again."""

from asgiref.sync import async_to_sync
from procrastinate.contrib.django import app

from luodi.ground.audit import anchors
from luodi.ground.audit.api import seal
from luodi.ground.scope.api import SYSTEM, acting


@app.periodic(cron="*/5 * * * *")
@app.task(name="audit.seal", queueing_lock="audit.seal")
def seal_trail(timestamp: int) -> None:
    with acting(SYSTEM):
        made = seal()
    if made:  # committed by now
        anchors.write_down(made.pk, made.entries, str(made))


@app.periodic(cron="*/2 * * * *")
@app.task(name="audit.take_up_stalled", queueing_lock="audit.take_up_stalled")
def take_up_stalled(timestamp: int) -> None:
    """A job whose worker was killed stays "doing": it is put back (every task is idempotent)."""
    manager = app.job_manager
    for job in async_to_sync(manager.get_stalled_jobs)(seconds_since_heartbeat=60):
        async_to_sync(manager.retry_job)(job)
