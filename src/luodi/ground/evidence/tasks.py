"""What happens by itself: bytes without a row go."""

from procrastinate.contrib.django import app

from luodi.ground.evidence.api import sweep
from luodi.ground.scope.api import SYSTEM, acting


@app.periodic(cron="40 3 * * *")
@app.task(name="evidence.sweep", queueing_lock="evidence.sweep")
def sweep_files(timestamp: int) -> int:
    with acting(SYSTEM):
        return sweep()
