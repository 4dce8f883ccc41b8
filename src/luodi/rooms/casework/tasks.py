"""What happens by itself: silence confirms, what is late goes up, and reminders are sent.

Each task may run twice or be killed half-way: what it did it finds done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone
from procrastinate.contrib.django import app

from luodi.ground.calendars.api import when_changed
from luodi.ground.scope.api import SYSTEM, Unit, acting
from luodi.lib.errors import UserError
from luodi.rooms.casework.engine import reproject
from luodi.rooms.casework.models import Case
from luodi.rooms.casework.reminders import (
    post_to_groups,
    remind_measures,
    remind_suspended,
    warn,
)
from luodi.rooms.casework.verbs.progress import confirm_by_time
from luodi.rooms.casework.verbs.public import forget_attempts
from luodi.rooms.casework.verbs.steering import escalate_overdue

BATCH = 500


def _each(cases: Iterable[int], verb: Callable[[Case], object]) -> int:
    """Carries out a verb on each case in a transaction of its own; one refusal stops no other."""
    done = 0
    for pk in cases:
        with acting(SYSTEM):
            try:
                verb(Case(pk=pk))
            except UserError:  # somebody was quicker
                continue
            done += 1
    return done


def confirm_silent(now: dt.datetime) -> int:
    """Confirms what was submitted and not answered in time; returns how many."""
    with acting(SYSTEM):
        waiting = list(
            Case.objects.filter(confirm_at__lte=now)
            .order_by("confirm_at")
            .values_list("pk", flat=True)[:BATCH]
        )
    return _each(waiting, lambda case: confirm_by_time(case=case, at=now))


def escalate_late(now: dt.datetime) -> int:
    """Brings what has become overdue before the next level; returns how many."""
    with acting(SYSTEM):
        late = list(
            Case.objects.overdue(now)
            .to_escalate()
            .order_by("next_due_at")
            .values_list("pk", flat=True)[:BATCH]
        )
    return _each(late, lambda case: escalate_overdue(case=case, at=now))


def reproject_open(unit_id: int | None) -> int:
    """Computes the deadlines of open cases anew after a calendar changed; returns how many moved."""
    moved, last = 0, 0
    while True:
        with acting(SYSTEM):
            cases = Case.objects.open().filter(pk__gt=last).order_by("pk")
            if unit_id is not None:
                cases = cases.under(Unit.objects.get(pk=unit_id))
            batch = list(cases.select_related("unit").select_for_update(of=("self",))[:BATCH])
            moved += sum(reproject(case) for case in batch)
        if not batch:
            return moved
        last = batch[-1].pk


# --- the queue's names for these ------------------------------------------------------------


@app.periodic(cron="*/10 * * * *")
@app.task(name="casework.carry_on", queueing_lock="casework.carry_on")
def carry_on(timestamp: int) -> None:
    now = timezone.now()
    confirm_silent(now)
    escalate_late(now)


@app.periodic(cron="0 0 * * *")  # 08:00 in Shanghai
@app.task(name="casework.warn", queueing_lock="casework.warn")
def warn_daily(timestamp: int) -> None:
    now = timezone.now()
    warn(now)
    remind_measures(now)
    remind_suspended(now)
    with acting(SYSTEM):
        forget_attempts(now - dt.timedelta(days=2))


@app.periodic(cron="30 0 * * *")  # 08:30 in Shanghai
@app.task(name="casework.post_to_groups", queueing_lock="casework.post_to_groups")
def post_daily(timestamp: int) -> None:
    post_to_groups(timezone.now())


@app.task(name="casework.reproject")
def reproject_task(unit_id: int | None) -> None:
    reproject_open(unit_id)


def listen() -> None:
    """Makes a changed calendar set off the new computation of deadlines."""
    when_changed(_later)


def _later(unit_id: int | None) -> None:
    reproject_task.defer(unit_id=unit_id)
