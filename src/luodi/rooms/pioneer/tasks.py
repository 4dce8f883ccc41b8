"""What happens by itself: tasks that nobody took on go back to who raised them, before they are late."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.rooms.pioneer.verbs.tasks import return_unclaimed


@app.periodic(cron="20 0 * * *")  # 08:20 in Shanghai
@app.task(name="pioneer.return_unclaimed", queueing_lock="pioneer.return_unclaimed")
def return_tasks(timestamp: int) -> int:
    with acting(SYSTEM):
        return return_unclaimed(today())
