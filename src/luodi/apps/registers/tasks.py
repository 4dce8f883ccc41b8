"""What happens by itself: who raised an objection is forgotten in time."""

from procrastinate.contrib.django import app

from luodi.apps.registers.verbs.awarding import forget_objectors
from luodi.apps.scope.api import SYSTEM, acting


@app.periodic(cron="20 4 * * *")
@app.task(name="registers.forget", queueing_lock="registers.forget")
def forget(timestamp: int) -> int:
    with acting(SYSTEM):
        return forget_objectors()
