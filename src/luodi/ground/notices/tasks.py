"""What is sent by itself."""

from django.utils import timezone
from procrastinate.contrib.django import app

from luodi.ground.notices.api import deliver, digest, pass_on
from luodi.ground.scope.api import SYSTEM, acting, today


@app.periodic(cron="* * * * *")
@app.task(name="notices.deliver", queueing_lock="notices.deliver")
def deliver_waiting(timestamp: int) -> None:
    """Sends what waits, each message in transactions of its own, and what is new to the chats."""
    with acting(SYSTEM):
        pass_on(timezone.now())
    deliver()


@app.periodic(cron="30 0 * * *")
@app.task(name="notices.digest", queueing_lock="notices.digest")
def daily_digest(timestamp: int) -> None:
    """One e-mail a day, at 8:30 in China (the clock of the queue is UTC)."""
    with acting(SYSTEM):
        digest(today())
