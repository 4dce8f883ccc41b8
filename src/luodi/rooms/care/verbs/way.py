"""Steps on the way, the beds and terms that they give and end: what the verbs of the way share."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.care.models import Agreement, Bed, Fact, Resident, State, Stay, Step
from luodi.rooms.care.verbs.common import locked, own

STEPS = {
    "enquiry": _("咨询"),
    "visit": _("参观"),
    "trial": _("试住"),
    "admission": _("入住"),
    "leave": _("请假外出"),
    "hospital": _("住院"),
    "return": _("返回"),
    "move": _("调换床位"),
    "departure": _("退住"),
    "death": _("离世"),
    "withdrawal": _("不再考虑"),
}
ENDS = {"departure": State.LEFT, "death": State.DIED, "withdrawal": State.WITHDRAWN}


def note_step(
    actor: Actor, resident: Resident, kind: str, on: dt.date, note: str = "", before: str = ""
) -> Step:
    """Writes down what happened on the way."""
    return Step.objects.create(
        resident=resident,
        kind=kind,
        on=on,
        at=timezone.now(),
        by_id=own(actor),
        note=note,
        before=before,
    )


def in_state(resident: Resident, state: State, **values: Any) -> Resident:
    resident.state = state
    for name, value in values.items():
        setattr(resident, name, value)
    resident.save(update_fields=["state", *values])
    resident.refresh_from_db()
    return resident


def give_bed(resident: Resident, bed: Bed, since: dt.date, *, trial: bool = False) -> Stay:
    """Gives a bed from a day on. Raises UserError for one that is taken, closed, or elsewhere."""
    bed = locked(bed)
    if bed.unit_id != resident.unit_id or (bed.closed_on is not None and bed.closed_on <= since):
        raise UserError(gettext("这张床位不在本机构，或已停用。"), "bed")
    try:
        with transaction.atomic():
            return Stay.objects.create(
                resident=resident, bed=bed, during=(since, None), trial=trial
            )
    except IntegrityError:
        raise UserError(
            gettext("床位%(bed)s在这段时间已有人。") % {"bed": bed.name}, "bed"
        ) from None


def cut_stay(resident: Resident, on: dt.date) -> None:
    """Ends the stay in force on a day; one that began that day or later makes way."""
    for stay in Stay.objects.select_for_update().filter(resident=resident, during__endswith=None):
        if stay.during.lower >= on:
            stay.delete()
            continue
        stay.during = (stay.during.lower, on)
        stay.save(update_fields=["during"])


def agree(
    resident: Resident,
    since: dt.date,
    until: dt.date | None,
    level: str,
    agent: str = "",
    agent_phone: str = "",
    deposit: Decimal = Decimal(0),
) -> Agreement:
    try:
        with transaction.atomic():
            return Agreement.objects.create(
                resident=resident,
                signed_on=since,
                during=(since, until),
                level=level,
                agent=agent,
                agent_phone=agent_phone,
                deposit=deposit,
            )
    except IntegrityError:
        raise UserError(gettext("这段时间已有协议。"), "on") from None


def end_agreements(resident: Resident, on: dt.date) -> None:
    """Ends what was agreed beyond a day."""
    for row in Agreement.objects.select_for_update().filter(resident=resident):
        if row.during.upper is not None and row.during.upper <= on:
            continue
        if row.during.lower >= on:
            row.delete()
            continue
        row.during = (row.during.lower, on)
        row.save(update_fields=["during"])


def consents(resident: Resident, kind: str, on: dt.date) -> bool:
    """Whether a consent is in force on a day."""
    rows = Fact.objects.filter(resident=resident, kind=kind, since__lte=on)
    return any(one.holds_on(on) for one in rows)
