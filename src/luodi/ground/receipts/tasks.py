"""Receipts are kept for a month: no client sends the same thing again later than that."""

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from luodi.ground.receipts.models import Receipt
from luodi.ground.scope.api import SYSTEM, acting

KEPT = dt.timedelta(days=30)


@app.periodic(cron="20 3 * * *")
@app.task(name="receipts.forget", queueing_lock="receipts.forget")
def forget(timestamp: int) -> int:
    """Removes old receipts, with the answers that they hold; returns how many."""
    with acting(SYSTEM):
        return Receipt.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
