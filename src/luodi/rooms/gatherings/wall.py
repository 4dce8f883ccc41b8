"""A code on the wall that rotates: whoever opens it there and gives a name is marked as having come.

It proves only that somebody had the link within two minutes; so the page says, and who takes the
minutes can put it right. Nothing is kept but that the person came: no time, no place, no device.
"""

from __future__ import annotations

import datetime as dt

from django.core import signing
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.errors import UserError
from luodi.lib.names import common_form
from luodi.lib.text import one_line
from luodi.rooms.gatherings.models import Attendance, Gathering, Presence
from luodi.rooms.gatherings.people import expected_at
from luodi.rooms.gatherings.verbs.checks import not_cancelled, unsigned

SALT = "luodi.gatherings.wall"
SECONDS = 120  # that a code holds
EVERY = 30  # after which the wall shows another
EARLY = dt.timedelta(hours=1)  # before it begins, from which on one can come


class Ended(UserError):
    """The code has been replaced by another."""


def token_of(gathering: Gathering) -> str:
    """The code of this half minute."""
    return signing.dumps(gathering.pk, salt=SALT)


def gathering_of(token: str) -> int:
    """Which gathering a code is of. Raises Ended."""
    try:
        return int(signing.loads(token, salt=SALT, max_age=SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        raise Ended(_("这个二维码已过期，请再扫一次墙上的。")) from None


@transaction.atomic
def come(*, token: str, name: str, at: dt.datetime | None = None) -> Gathering:
    """Marks who gives a name as having come; once: who is marked already stays as they are.

    Raises Ended, UserError for a name that is not, or not once, on the list, and outside the time
    from an hour before it begins to its end.
    """
    at = at or timezone.now()
    pk = gathering_of(token)
    with acting(SYSTEM):
        row = Gathering.objects.select_related("unit").filter(pk=pk).first()
        if row is None:
            raise Ended(_("这个二维码已过期，请再扫一次墙上的。"))
        not_cancelled(row)
        unsigned(row)
        if not row.starts_at - EARLY <= at <= row.ends_at:
            raise UserError(_("不在活动时间内，请找记录人登记。"), "name")
        wanted = common_form(one_line(name))
        found = [one for one in expected_at(row) if common_form(one.name) == wanted]
        if len(found) != 1:
            raise UserError(_("名单里没有找到，请核对姓名，或找记录人登记。"), "name")
        person = found[0]
        Attendance.objects.get_or_create(
            gathering=row,
            person=person,
            defaults={"account_id": person.account_id, "state": Presence.CAME},
        )
        row.people.filter(person=person, state="").update(state=Presence.CAME)
    return row


def so_far(gathering: Gathering) -> tuple[int, int]:
    """How many have come by the code, of how many."""
    came = gathering.people.filter(state=Presence.CAME).count()
    return came, expected_at(gathering).count()
