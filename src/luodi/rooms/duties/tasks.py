"""What happens by itself: on working days people are reminded of what is due."""

from django.utils import timezone
from procrastinate.contrib.django import app

from luodi.rooms.duties.reminders import remind as remind_people


@app.periodic(cron="30 0 * * *")  # 08:30 in Shanghai
@app.task(name="duties.remind", queueing_lock="duties.remind")
def remind(timestamp: int) -> int:
    return remind_people(timezone.now())
