"""What happens by itself: papers are cleared when due, elections and arrears said in time."""

from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, acting, today
from luodi.rooms.pathways.verbs.development import forget_unsuccessful
from luodi.rooms.pathways.verbs.dues import remind_arrears
from luodi.rooms.pathways.verbs.terms import remind_terms


@app.periodic(cron="30 4 * * *")
@app.task(name="pathways.forget", queueing_lock="pathways.forget")
def forget(timestamp: int) -> int:
    with acting(SYSTEM):
        return forget_unsuccessful(today())


@app.periodic(cron="30 0 * * *")  # 08:30 in Shanghai
@app.task(name="pathways.remind", queueing_lock="pathways.remind")
def remind(timestamp: int) -> int:
    with acting(SYSTEM):
        return remind_terms(today())


@app.periodic(cron="40 0 10 * *")  # on the tenth, when the month before should be entered
@app.task(name="pathways.arrears", queueing_lock="pathways.arrears")
def arrears(timestamp: int) -> int:
    with acting(SYSTEM):
        return remind_arrears(today())
