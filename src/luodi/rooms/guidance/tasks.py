"""What happens by itself: who answers for a guide is reminded of its review."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.rooms.guidance.reminders import remind as remind_people


@app.periodic(cron="20 0 * * *")  # 08:20 in Shanghai
@app.task(name="guidance.remind", queueing_lock="guidance.remind")
def remind(timestamp: int) -> int:
    with acting(SYSTEM):
        return remind_people(today())
