"""What happens by itself: who raised an objection is forgotten in time."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.registers.verbs.awarding import forget_objectors


@app.periodic(cron="20 4 * * *")
@app.task(name="registers.forget", queueing_lock="registers.forget")
def forget(timestamp: int) -> int:
    with acting(SYSTEM):
        return forget_objectors()
