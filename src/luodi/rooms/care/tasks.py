"""What happens by itself: rows 36 hours ahead each hour; each night, files past their years are erased.

Each task may run twice: what it did it finds done.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from procrastinate.contrib.django import app

from luodi.ground.scope.api import SYSTEM, Unit, UnitKind, acting
from luodi.lib.errors import UserError
from luodi.rooms.care.models import LIVING, Resident
from luodi.rooms.care.verbs.erasing import erasable, erase
from luodi.rooms.care.verbs.scheduling import refresh

BATCH = 200


def lay_ahead(now: dt.datetime) -> None:
    """Lays the rows of every home anew, a home in a transaction."""
    with acting(SYSTEM):
        homes = list(Unit.objects.open().of_kind(UnitKind.CARE_HOME))
    for home in homes:
        with acting(SYSTEM):
            people = Resident.objects.filter(unit=home, state__in=LIVING).defer("picture")
            refresh(list(people), now)


def erase_old(day: dt.date) -> int:
    """Erases the files whose years are over; gives how many."""
    with acting(SYSTEM):
        keys = list(erasable(day).values_list("pk", flat=True)[:BATCH])
    done = 0
    for pk in keys:
        with acting(SYSTEM):
            try:
                erase(actor=SYSTEM, resident=Resident.objects.get(pk=pk), on=day)
            except UserError:  # money is still open
                continue
            done += 1
    return done


@app.periodic(cron="5 * * * *")
@app.task(name="care.lay_ahead", queueing_lock="care.lay_ahead")
def lay_hourly(timestamp: int) -> None:
    lay_ahead(timezone.now())


@app.periodic(cron="20 18 * * *")  # 02:20 in Shanghai
@app.task(name="care.erase", queueing_lock="care.erase")
def erase_nightly(timestamp: int) -> None:
    erase_old(timezone.localdate())
