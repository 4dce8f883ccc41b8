"""What gatherings give to people and units to answer for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, because
from luodi.lib.errors import UserError
from luodi.manifest import Belonging, Heir, Hit, Owner
from luodi.rooms.gatherings.inviting import url_of
from luodi.rooms.gatherings.models import Gathering, State, Task
from luodi.rooms.gatherings.verbs.checks import WRITE


def _open() -> Any:
    rows = Task.objects.filter(done_on=None, case=None, owner__isnull=False)
    return rows.select_related("gathering__unit").order_by("id")


def _tasks(owner: Owner) -> Any:
    rows = _open()
    if owner.account is None:
        return rows.none()
    rows = rows.filter(owner=owner.account)
    if owner.unit is not None:
        rows = rows.filter(gathering__unit=owner.unit)
    return rows


def _tasks_adrift(day: dt.date) -> Any:
    return _open().filter(owner__is_active=False)


def _task_line(row: Task) -> Hit:
    return Hit(row.text, url_of(row.gathering), str(row.gathering.unit))


@transaction.atomic
def hand_task_to(*, actor: Actor, row: Task, heir: Heir, why: str = "") -> Task:
    """Gives an open task to somebody else. Raises NotAllowed, UserError without a person."""
    actor.require(WRITE, row.path)
    if heir.account is None:
        raise UserError(_now("会议任务要交给一个人。"))
    if why:
        because(why)
    row.owner, row.person = heir.account, getattr(heir.account, "person", None)
    row.save(update_fields=["owner", "person"])
    return row


def _planned(owner: Owner) -> Any:
    rows = Gathering.objects.filter(state=State.PLANNED).select_related("unit").order_by("id")
    if owner.account is not None or owner.unit is None or owner.within is not None:
        return rows.none()
    return rows.filter(unit=owner.unit)


def _planned_adrift(day: dt.date) -> Any:
    rows = Gathering.objects.filter(state=State.PLANNED, unit__closed_on__lte=day)
    return rows.select_related("unit").order_by("id")


def _planned_line(row: Gathering) -> Hit:
    return Hit(row.title, url_of(row), str(row.unit))


BELONGINGS = [
    Belonging(_("会议任务"), _tasks, _tasks_adrift, _task_line, hand_task_to),
    # whether it is held, moved or cancelled is decided on its own page
    Belonging(_("计划中的活动"), _planned, _planned_adrift, _planned_line),
]
