"""What happens by itself: who raised an objection is forgotten in time, what ends is told."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.rooms.registers.reminders import remind_ending
from luodi.rooms.registers.verbs.awarding import forget_objectors


@app.periodic(cron="20 4 * * *")
@app.task(name="registers.forget", queueing_lock="registers.forget")
def forget(timestamp: int) -> int:
    with acting(SYSTEM):
        return forget_objectors()


@app.periodic(cron="10 0 * * *")  # 08:10 in Shanghai
@app.task(name="registers.remind", queueing_lock="registers.remind")
def remind(timestamp: int) -> int:
    with acting(SYSTEM):
        return remind_ending(today())
