"""Who goes when: a proposal is asked for, computed in the worker, accepted or left."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from typing import Annotated

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.notices.api import tell
from luodi.ground.records.api import YesNo, verb
from luodi.ground.scope.api import SYSTEM, Actor, acting, defer
from luodi.lib.errors import UserError
from luodi.planning.core import Progress, Snapshot
from luodi.rooms.classes.models import Cohort, Course, Plan, Trainee
from luodi.rooms.classes.placing import Found, asked_of, found_for

WRITE = "classes.write"
TASK = "classes.plan"
EVERY = 1.0  # seconds between two words of progress
KEEP = YesNo(
    _("已安排的人不动"),
    default=True,
    help=_("只安排还没有期次的人；不选则重新安排（人工安排的不动）。"),
)
State = Plan.State


@verb(permission=WRITE, on="course")
def ask_plan(
    *,
    actor: Actor,
    course: Course,
    keep: Annotated[bool, KEEP] = True,
    at: dt.datetime | None = None,
    now: bool = False,
) -> Plan:
    """Asks the worker for a proposal (`now`: computes it here). One at a time for a course.

    Raises UserError where nobody is left to be placed, or no cohort to place them in.
    """
    at = at or timezone.now()
    if asked_of(course, timezone.localdate(at), keep=keep) is None:
        raise UserError(gettext("没有还要安排的人，或没有还没开班的期次。先列入名单、新建期次。"))
    try:
        with transaction.atomic():
            Plan.objects.filter(course=course, state=State.READY).update(state=State.STALE)
            plan = Plan.objects.create(
                unit=course.unit,
                course=course,
                asked_by_id=actor.account_id or None,
                asked_at=at,
            )
    except IntegrityError:
        running = Plan.objects.filter(course=course, state__in=[State.WAITING, State.RUNNING])
        return running.get()
    if now:
        _keep(plan, course, at, keep=keep, progress=None)
    else:
        defer(TASK, plan_id=plan.pk, keep=keep)
    return plan


def carry_out_plan(plan_id: int, *, keep: bool) -> None:
    """In the worker: computes a proposal that is waiting; the solver runs outside transactions."""
    with acting(SYSTEM):
        plan = Plan.objects.select_related("course__unit").filter(pk=plan_id).first()
        if plan is None or plan.state not in {State.WAITING, State.RUNNING}:
            return
        plan.state = State.RUNNING
        plan.save(update_fields=["state"])
    _keep(plan, plan.course, timezone.now(), keep=keep, progress=Progress(_teller(plan_id)))


def _teller(plan_id: int) -> Callable[[Snapshot], None]:
    """Keeps how far the solver is, at most once a second, for whoever looks at the page."""
    last = [0.0]

    def tell_progress(snapshot: Snapshot) -> None:
        if time.monotonic() - last[0] < EVERY:
            return
        last[0] = time.monotonic()
        with acting(SYSTEM):
            Plan.objects.filter(pk=plan_id).update(
                objective=snapshot.incumbent, bound=snapshot.bound
            )

    return tell_progress


def _keep(
    plan: Plan, course: Course, at: dt.datetime, *, keep: bool, progress: Progress | None
) -> None:
    """Computes, and writes the proposal; a failure is written too, so that nobody waits for it."""
    with acting(SYSTEM):
        asked = asked_of(course, timezone.localdate(at), keep=keep)
    found: Found | None = None
    note = ""
    if asked is None:
        note = gettext("没有还要安排的人，或没有还没开班的期次。")
    else:
        try:
            found = found_for(asked, progress)
        except Exception as problem:
            note = str(problem)[:300]
    with acting(SYSTEM):
        plan.finished_at = timezone.now()
        plan.state, plan.note = (State.READY, "") if found else (State.FAILED, note)
        if found and asked:
            before = {one.pk: one.cohort_id for one in asked.trainees}
            plan.placed = {str(key): value for key, value in found.placed.items()}
            plan.left = {str(key): why for key, why in found.left.items()}
            plan.objective, plan.bound, plan.proven = found.objective, found.bound, found.proven
            plan.moved = sum(
                before[key] is not None and before[key] != value
                for key, value in found.placed.items()
            )
        plan.save()
        if plan.asked_by is not None:
            tell(
                accounts=[plan.asked_by],
                key=f"class-plan:{plan.pk}",
                text=gettext("“%(course)s”的分班方案：%(state)s")
                % {"course": course, "state": plan.get_state_display()},
                url=f"/classes/courses/{course.pk}/people/",
            )


@verb(permission=WRITE, on="plan")
@transaction.atomic
def accept_plan(*, actor: Actor, plan: Plan) -> int:
    """Places everybody as a proposal says; returns how many.

    Who has been dropped, trained or placed by hand since stays as they are. Raises UserError for a
    proposal that is not ready, or whose cohorts have filled or finished meanwhile.
    """
    held = Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if held.state == State.ACCEPTED:
        return 0
    if held.state != State.READY:
        raise UserError(gettext("这个方案不能采用了，请重新计算。"))
    cohorts = {
        one.pk: one
        for one in Cohort.objects.select_for_update(of=("self",)).filter(course=held.course_id)
    }
    wanted = {int(key): value for key, value in held.placed.items()}
    rows = Trainee.objects.select_for_update(of=("self",)).filter(pk__in=wanted)
    moving = [one for one in rows if not (one.trained_on or one.dropped_on or one.by_hand)]
    for one in moving:
        one.cohort = cohorts.get(wanted[one.pk])
        if one.cohort is None or one.cohort.finished_at:
            raise UserError(gettext("方案里的期次已经变了，请重新计算。"))
    Trainee.objects.bulk_update(moving, ["cohort"], batch_size=500)
    for cohort in cohorts.values():
        if cohort.trainees.count() > cohort.most:
            said = gettext("“%(cohort)s”会超过 %(most)s 人，请重新计算。")
            raise UserError(said % {"cohort": cohort.name, "most": cohort.most})
    held.state = State.ACCEPTED
    held.save(update_fields=["state"])
    return len(moving)
