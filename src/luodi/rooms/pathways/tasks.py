"""What happens by itself: papers whose time has run out are cleared."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.rooms.pathways.verbs.development import forget_unsuccessful


@app.periodic(cron="30 4 * * *")
@app.task(name="pathways.forget", queueing_lock="pathways.forget")
def forget(timestamp: int) -> int:
    with acting(SYSTEM):
        return forget_unsuccessful(today())
