"""Entries that run out remind who keeps them: a month before, and once more a week before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Exists, F, OuterRef
from django.utils.translation import gettext as _

from luodi.ground.notices.api import Message, tell_each
from luodi.ground.scope.api import ROLE_KINDS, RoleHolding
from luodi.rooms.registers.models import Entry

MONTH, WEEK = dt.timedelta(days=30), dt.timedelta(days=7)
Keepers = dict[int, list[tuple[str, int]]]


def remind_ending(day: dt.date) -> int:
    """Tells the keepers of what ends within a month; returns how many entries that are.

    Each is told twice at the most, however often this runs. A fixed number of queries.
    """
    later = Entry.objects.known().filter(
        origin=OuterRef("origin"), since_on__gt=OuterRef("since_on")
    )
    ending = Entry.objects.known().filter(
        register__dated=True,
        register__retired_at__isnull=True,
        valid__endswith__gt=day,
        valid__endswith__lte=day + MONTH,
    )
    ending = ending.exclude(Exists(later.order_by().values("pk"))).annotate(
        end=F("valid__endswith")
    )
    found = list(
        ending.select_related("register__unit", "unit").prefetch_related(
            "register__columns", "references__unit", "references__person"
        )
    )
    keepers = _keepers({pk for one in found for pk in _chain(one)}, day)
    tell_each(
        Message(account, _key(one, day), _text(one), f"/registers/entries/{one.origin_id}/")
        for one in found
        for account in _of(one, keepers)
    )
    return len(found)


def _chain(entry: Entry) -> list[int]:
    """The entry's unit and those above it up to the one that keeps the register, nearest first."""
    ids = [int(part) for part in entry.unit.path.strip(".").split(".")]
    return ids[entry.register.unit.path.count(".") - 1 :][::-1] or [entry.unit_id]


def _keepers(units: Iterable[int], day: dt.date) -> Keepers:
    """By unit, who may write registers there today: role and account."""
    roles = [role.key for role in ROLE_KINDS.values() if "registers.write" in role.permissions]
    held = RoleHolding.objects.on(day).filter(
        unit_id__in=list(units), role__in=roles, account__is_active=True
    )
    found: Keepers = {}
    for unit, role, account in held.values_list("unit_id", "role", "account_id"):
        found.setdefault(unit, []).append((role, account))
    return found


def _of(entry: Entry, keepers: Keepers) -> set[int]:
    """The people of the nearest unit that has any who may write this register."""
    wanted = entry.register.write_roles
    for unit in _chain(entry):
        if people := {pk for role, pk in keepers.get(unit, []) if not wanted or role in wanted}:
            return people
    return set()


def _key(entry: Entry, day: dt.date) -> str:
    end: dt.date = entry.valid.upper
    return f"entry-ends:{entry.origin_id}:{end}:{'week' if end <= day + WEEK else 'month'}"


def _text(entry: Entry) -> str:
    # In a register of people the title may be a name: the unit is enough in a message.
    title = entry.unit if entry.register.is_personal else entry.title
    return _("台账“%(register)s”：“%(title)s”有效期到 %(day)s，请续期、变更或确认到期。") % {
        "register": entry.register,
        "title": title,
        "day": entry.valid.upper - dt.timedelta(days=1),
    }
