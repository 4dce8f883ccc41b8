"""What is told by itself each day: what is due, what was suspended until today, a group's post.

Each tells a person once a day, in one message, however much it is; the number of queries does not
grow with the cases.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.notices.api import Message, Robot, living_robots, tell_each, tell_group
from luodi.ground.scope.api import SYSTEM, Unit, acting, below
from luodi.rooms.casework.models import Case, Measure
from luodi.rooms.casework.notify import in_turn

MEASURE_SOON = dt.timedelta(days=3)
POSTED = 20  # lines of a post; the rest is a number
TURN = ("waiting_account", "waiting_unit", "waits_on")


def _tell(
    counts: Mapping[int, Any], key: str, say: Callable[[Any], str], url: str, now: dt.datetime
) -> int:
    day = timezone.localdate(now)
    tell_each(
        (Message(pk, f"{key}:{day}", say(count), url) for pk, count in counts.items()), at=now
    )
    return len(counts)


def _by_person(cases: Any, now: dt.datetime) -> Counter[int]:
    """How many of the cases wait for each account."""
    turns = cases.order_by().values_list(*TURN).annotate(Count("pk"))
    return in_turn(list(turns), timezone.localdate(now))


def warn(now: dt.datetime) -> int:
    """Tells each person how much of theirs is about to be late or is late; returns how many."""
    with acting(SYSTEM):
        soon = Case.objects.amber(now) | Case.objects.overdue(now)
        return _tell(
            _by_person(soon, now),
            "cases-due",
            lambda count: (
                _("您有 %(count)s 个问题临近期限或已超期，请及时办理。") % {"count": count}
            ),
            "/cases/problems/?whose=me",
            now,
        )


def remind_suspended(now: dt.datetime) -> int:
    """Tells who suspended a case until a day that this day has come, daily until it is resumed."""
    with acting(SYSTEM):
        over = Case.objects.open().filter(paused=True, paused_until__lte=timezone.localdate(now))
        return _tell(
            _by_person(over, now),
            "cases-resume",
            lambda count: (
                _("您有 %(count)s 个挂起的问题到了约定恢复的日期，请恢复办理或说明原因。")
                % {"count": count}
            ),
            "/cases/problems/?whose=me&light=paused",
            now,
        )


def _due(day: dt.date) -> Any:
    return Measure.objects.open().filter(
        case__closed_at__isnull=True, due_on__lte=day + MEASURE_SOON
    )


def remind_measures(now: dt.datetime) -> int:
    """Tells each owner how many of their measures are due within three days, or past it."""
    day = timezone.localdate(now)

    def say(found: tuple[int, int]) -> str:
        return _("您负责的整改措施：%(soon)s 项三天内到期，%(late)s 项已过期限。") % {
            "soon": found[0],
            "late": found[1],
        }

    with acting(SYSTEM):
        rows = _due(day).filter(owner__isnull=False).order_by().values_list("owner")
        found = rows.annotate(
            soon=Count("pk", filter=Q(due_on__gte=day)), late=Count("pk", filter=Q(due_on__lt=day))
        )
        counts = {owner: (soon, late) for owner, soon, late in found}
        return _tell(counts, "measures-due", say, "/", now)


# --- group chats ------------------------------------------------------------------------------


def post_to_groups(now: dt.datetime) -> int:
    """Posts to each group what is late or soon late below its unit; returns to how many.

    Once on a working day of the unit's calendar, nothing where there is nothing, and no personal
    information: numbers, states and days, not the titles that somebody wrote.
    """
    day = timezone.localdate(now)
    posted = 0
    with acting(SYSTEM):
        for robot in living_robots():
            if not calendar_for(robot.unit).is_working_day(day):
                continue
            if message := _post(robot, now):
                subject, body = message
                posted += tell_group(robot=robot, key=f"due:{day}", subject=subject, body=body)
    return posted


def _post(robot: Robot, now: dt.datetime) -> tuple[str, str] | None:
    cases = (Case.objects.amber(now) | Case.objects.overdue(now)).under(robot.unit)
    late = cases.aggregate(late=Count("pk", filter=Q(next_due_at__lt=now)), all=Count("pk"))
    measures = _due(timezone.localdate(now)).filter(_below(robot.unit)).count()
    if not late["all"] and not measures:
        return None
    soon = late["all"] - late["late"]
    subject = _("%(unit)s：%(late)s 个问题已超期，%(soon)s 个临近期限") % {
        "unit": robot.unit,
        "late": late["late"],
        "soon": soon,
    }
    shown = cases.select_related("waiting_unit").order_by("next_due_at", "pk")[:POSTED]
    lines = [_line(case, now) for case in shown]
    if late["all"] > POSTED:
        lines.append(_("……另有 %(count)s 个") % {"count": late["all"] - POSTED})
    if measures:
        lines.append(_("整改措施：%(count)s 项三天内到期或已过期限") % {"count": measures})
    lines.append(f"{settings.SITE_URL.rstrip('/')}/cases/problems/")
    return subject, "\n".join(lines)


def _line(case: Case, now: dt.datetime) -> str:
    due = case.next_due_at
    mark = _("超期") if due and due < now else _("临近")
    day = f"{timezone.localtime(due):%Y-%m-%d %H:%M}" if due else ""
    return f"- {mark} {case.code} {case.state_now.label} {case.waiting_unit or ''} {day}"


def _below(unit: Unit) -> Q:
    start, end = below(unit.path)
    return Q(path__gte=start, path__lt=end)
