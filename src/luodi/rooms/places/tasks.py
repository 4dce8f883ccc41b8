"""What happens by itself: an offer that nobody answers goes to the next in line."""

from django.utils import timezone
from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, acting
from luodi.rooms.places.verbs.waiting import lapse_unanswered


@app.periodic(cron="*/10 * * * *")
@app.task(name="places.lapse", queueing_lock="places.lapse")
def lapse(timestamp: int) -> int:
    with acting(SYSTEM):
        return lapse_unanswered(timezone.now())
