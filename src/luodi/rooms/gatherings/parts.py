"""What gatherings put on the workbench, on a person's page, in the timeline and into the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Request, Unit, UnitKind, today
from luodi.manifest import Deadline, Moment
from luodi.rooms.directory.api import Membership, Person, Post
from luodi.rooms.gatherings.inviting import url_of, when_of
from luodi.rooms.gatherings.models import Attendance, Gathering, Minutes, State, Task
from luodi.rooms.gatherings.models.gathering import THERE
from luodi.rooms.gatherings.people import expected_at
from luodi.rooms.gatherings.verbs.checks import VIEW, WRITE

SHOWN, MOST = 8, 200
AHEAD, BACK = dt.timedelta(days=14), dt.timedelta(days=60)


def of_mine(actor: Actor) -> QuerySet[Gathering]:
    """The gatherings of the units where the actor has a role that writes, and of their branches."""
    ids = [one.unit_id for one in actor.holdings if WRITE in one.role.permissions]
    branch = Q(unit__parent__in=ids, unit__kind=UnitKind.BRANCH)
    return Gathering.objects.filter(Q(unit__in=ids) | branch).select_related("unit")


def waiting(request: Request, _about: None) -> Mapping[str, Any] | None:
    """What waits for me: attendance to record, minutes to write or sign; what comes; my tasks."""
    actor, now = request.actor, timezone.now()
    mine = of_mine(actor) if actor.may(WRITE) else Gathering.objects.none()
    signed = Minutes.objects.filter(gathering=OuterRef("pk"), state=Minutes.State.SIGNED)
    begun = mine.filter(starts_at__lte=now, starts_at__gt=now - BACK).exclude(state=State.CANCELLED)
    late = list(begun.exclude(Exists(signed)).order_by("starts_at")[:MOST])
    late = [row for row in late if row.recorded_at is None or "text" in row.of_kind.needs]
    ahead = mine.filter(starts_at__gt=now, starts_at__lt=now + AHEAD, state=State.PLANNED)
    coming = list(ahead.order_by("starts_at")[:SHOWN])
    known = {one.pk for one in coming}
    coming += [one for one in invited(actor, now) if one.pk not in known][:SHOWN]
    tasks = list(open_tasks(actor)[:SHOWN])
    if not (late or coming or tasks):
        return None
    return {
        "late": [(row, next_step(row)) for row in late[:SHOWN]],
        "coming": [(row, when_of(row)) for row in coming[:SHOWN]],
        "tasks": tasks,
        "today": today(),
    }


def next_step(row: Gathering) -> str:
    """What is to be done next with a gathering that has begun, in words."""
    if row.recorded_at is None and row.told_came is None:
        return _("登记出席")
    if row.minutes.filter(state=Minutes.State.DRAFT).exists():
        return _("签认记录")
    return _("写记录")


def open_tasks(actor: Actor) -> QuerySet[Task]:
    """What gatherings gave me to do."""
    rows = Task.objects.filter(owner_id=actor.account_id or None, done_on=None, case=None)
    return rows.select_related("gathering__unit").order_by("due_on", "pk")


def invited(actor: Actor, now: dt.datetime) -> list[Gathering]:
    """What I am asked to, by name or by the rule of its kind, from now on; the soonest first."""
    rows = Gathering.objects.filter(starts_at__gt=now, state=State.PLANNED)
    rows = rows.select_related("unit").order_by("starts_at")
    by_name = Attendance.objects.filter(gathering=OuterRef("pk"), account_id=actor.account_id)
    found = {one.pk: one for one in rows.filter(Exists(by_name))[:MOST]}
    me = Person.objects.filter(account_id=actor.account_id).first()
    if me is not None:
        held = Membership.objects.on(today()).filter(person=me)
        posts = Post.objects.on(today()).filter(person=me)
        units = [
            *held.values_list("branch__unit", flat=True),
            *held.values_list("branch__superior__unit", flat=True),
            *posts.values_list("unit", flat=True),
        ]
        for one in rows.filter(unit__in=[unit for unit in units if unit])[:MOST]:
            if one.pk not in found and expected_at(one).filter(pk=me.pk).exists():
                found[one.pk] = one
    return sorted(found.values(), key=lambda one: one.starts_at)


def deadlines_of(actor: Actor, at: dt.datetime) -> Iterator[Deadline]:
    """What I am asked to, and what I was given to do. A change raises the version, so that a calendar
    moves its entry and never doubles it."""
    if not actor.account_id:
        return
    for row in invited(actor, at):
        what = f"{row.title}（{row.place}）" if row.place else row.title
        yield Deadline(
            f"gathering-{row.pk}", what, url_of(row), row.starts_at, row.changed_at, row.sequence
        )
    for task in open_tasks(actor)[:MOST]:
        if task.due_on is not None:
            said = _("会议任务到期：%(text)s") % {"text": task.text[:80]}
            yield Deadline(f"gathering-task-{task.pk}", said, url_of(task.gathering), task.due_on)


def moments_of(actor: Actor, unit: Unit, limit: int) -> Iterator[Moment]:
    """What a unit held, the latest first."""
    if not actor.may(VIEW, unit.path):
        return
    rows = Gathering.objects.filter(unit=unit, state=State.HELD).order_by("-starts_at")
    for row in rows[:limit]:
        yield Moment(row.on, f"{row.of_kind}：{row.title}", url_of(row))


def came_to(request: Request, person: Person) -> Mapping[str, Any] | None:
    """What a person came to this year, and the hours of education that it counts."""
    if not request.actor.may(VIEW, person.unit.path):
        return None
    year = today().year
    rows = Attendance.objects.filter(person=person, state__in=THERE)
    found = rows.select_related("gathering__unit").order_by("-gathering__starts_at")[:SHOWN]
    listed = [one.gathering for one in found]
    hours = hours_of([person], dt.date(year, 1, 1), today()).get(person.pk, Decimal(0))
    return {"rows": listed, "hours": hours, "year": year} if listed else None


def hours_of(people: list[Person], since: dt.date, until: dt.date) -> dict[int, Decimal]:
    """The hours of education of people between two days, both counted, by person: of the gatherings
    that they came to; a correction of a list changes them. One query."""
    held = Gathering.objects.filter(state=State.HELD, hours__isnull=False).between(since, until)
    rows = Attendance.objects.filter(
        person__in=people, state__in=THERE, gathering__in=held.order_by()
    )
    sums = rows.order_by().values_list("person").annotate(total=Sum("gathering__hours"))
    return {person: total for person, total in sums if person is not None}
