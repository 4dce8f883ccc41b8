"""What is told by itself: what is at risk, to who can still act; what was missed, once, to the superior.

On working days of each zone's calendar, one message a day to a person, however much it is. Who can act
is told when a window becomes at risk and once more on its last two working days.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.notices.api import Message, tell_each
from luodi.ground.scope.api import ROLE_KINDS, SYSTEM, RoleHolding, Unit, UnitKind, acting
from luodi.lib.calendars import WorkingCalendar
from luodi.rooms.duties.reading import Slot, missed_in, open_now
from luodi.rooms.duties.windows import ONE_DAY, State

ACTS, WATCHES = "gatherings.write", "duties.excuse"
LAST = 2  # working days before the end on which one is told once more
BOARD = "/duties/"


def remind(now: dt.datetime) -> int:
    """Tells everybody of every zone; returns how many people were told."""
    day = timezone.localdate(now)
    told = 0
    with acting(SYSTEM):
        for zone in Unit.objects.open().of_kind(UnitKind.ZONE).order_by("path"):
            calendar = calendar_for(zone)
            if calendar.is_working_day(day):
                told += _tell_actors(zone, day, calendar, now)
                told += _tell_superiors(zone, day, calendar, now)
    return told


def _tell_actors(zone: Unit, day: dt.date, calendar: WorkingCalendar, now: dt.datetime) -> int:
    before = _previous(day, calendar)
    risky = [one for one in open_now(zone, day) if one.state is State.RISK]
    due = [one for one in risky if one.risk_on > before or _left(day, one.last, calendar) <= LAST]
    acting_for = _nearest(due, ACTS, day)
    return _tell(
        acting_for,
        f"duties-due:{day}",
        lambda found: (
            _("%(count)s 项应办事项临近期末，还没有开展：%(first)s。请安排，或向上级说明理由。")
            % {"count": len(found), "first": _named(found)}
        ),
        now,
    )


def _tell_superiors(zone: Unit, day: dt.date, calendar: WorkingCalendar, now: dt.datetime) -> int:
    """What ended since the working day before and was not done: told this once."""
    missed = missed_in(zone, _previous(day, calendar), day - ONE_DAY, day)
    above = _nearest(missed, WATCHES, day)
    return _tell(
        above,
        f"duties-missed:{day}",
        lambda found: (
            _("%(count)s 项应办事项期末没有完成：%(first)s。可以了解情况，有正当理由的登记免办。")
            % {"count": len(found), "first": _named(found)}
        ),
        now,
    )


def _previous(day: dt.date, calendar: WorkingCalendar) -> dt.date:
    """The working day before."""
    day -= ONE_DAY
    while not calendar.is_working_day(day):
        day -= ONE_DAY
    return day


def _left(day: dt.date, last: dt.date, calendar: WorkingCalendar) -> int:
    """How many working days are left, a day and the last one counted."""
    days = (day + ONE_DAY * n for n in range((last - day).days + 1))
    return sum(calendar.is_working_day(one) for one in days)


def _nearest(slots: Iterable[Slot], permission: str, day: dt.date) -> Mapping[int, list[Slot]]:
    """By account, the windows of the units for which nobody nearer has the permission."""
    slots = list(slots)
    chains = {one.unit.pk: [int(p) for p in one.unit.path.strip(".").split(".")] for one in slots}
    roles = [role.key for role in ROLE_KINDS.values() if permission in role.permissions]
    held = RoleHolding.objects.on(day).filter(
        unit__in={pk for chain in chains.values() for pk in chain},
        role__in=roles,
        account__is_active=True,
    )
    people: dict[int, set[int]] = defaultdict(set)
    for unit, account in held.values_list("unit", "account"):
        people[unit].add(account)
    found: dict[int, list[Slot]] = defaultdict(list)
    for one in slots:
        nearest = next((people[pk] for pk in reversed(chains[one.unit.pk]) if people[pk]), set())
        for account in nearest:
            found[account].append(one)
    return found


def _tell(
    found: Mapping[int, list[Slot]], key: str, say: Callable[[list[Slot]], str], now: dt.datetime
) -> int:
    tell_each((Message(pk, key, say(slots), BOARD) for pk, slots in found.items()), at=now)
    return len(found)


def _named(found: list[Slot]) -> str:
    """The first few, by name."""
    names = [f"{one.unit}{one.duty}" for one in found[:3]]
    more = _("等") if len(found) > len(names) else ""
    return _("、").join(names) + more
