"""What happens by itself: silence confirms, what is late goes up, and what is soon late is told.

Each task may run twice or be killed half-way: what it did it finds done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from luodi.ground.calendars.api import when_changed
from luodi.ground.notices.api import tell
from luodi.ground.scope.api import SYSTEM, Account, Unit, acting
from luodi.lib.errors import UserError
from luodi.rooms.casework.engine import reproject
from luodi.rooms.casework.models import Case
from luodi.rooms.casework.notify import whose_turn
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


def warn(now: dt.datetime) -> int:
    """Tells each person, in one message a day, how much of theirs is about to be late or is late."""
    day = timezone.localdate(now)
    counts: dict[int, int] = {}
    with acting(SYSTEM):
        soon = Case.objects.amber(now) | Case.objects.overdue(now)
        for case in soon.only("waiting_account", "waiting_unit", "waits_on").iterator():
            for pk in whose_turn(case, now):
                counts[pk] = counts.get(pk, 0) + 1
        for pk, count in counts.items():
            tell(
                accounts=[Account(pk=pk)],
                key=f"cases-due:{day}",
                text=_("您有 %(count)s 个问题临近期限或已超期，请及时办理。") % {"count": count},
                url="/cases/problems/?whose=me",
                at=now,
            )
    return len(counts)


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
    with acting(SYSTEM):
        forget_attempts(now - dt.timedelta(days=2))


@app.task(name="casework.reproject")
def reproject_task(unit_id: int | None) -> None:
    reproject_open(unit_id)


def listen() -> None:
    """Makes a changed calendar set off the new computation of deadlines."""
    when_changed(_later)


def _later(unit_id: int | None) -> None:
    reproject_task.defer(unit_id=unit_id)
