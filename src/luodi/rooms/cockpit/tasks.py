"""The cockpit's figures in the morning, to who wants them."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from luodi.ground.calendars.api import calendar_for
from luodi.ground.notices.api import tell
from luodi.ground.scope.api import SYSTEM, Account, Actor, Unit, acting, actor_for
from luodi.lib.errors import UserError
from luodi.rooms.cockpit.models import Morning
from luodi.rooms.cockpit.reading import board_of


@app.periodic(cron="20 0 * * *")  # 08:20 in Shanghai, before the day's mail
@app.task(name="cockpit.tell_mornings", queueing_lock="cockpit.tell_mornings")
def tell_mornings(timestamp: int) -> None:
    with acting(SYSTEM):
        send_mornings(timezone.localdate())


def send_mornings(on: dt.date) -> int:
    """Tells who wants it how yesterday ended, on working days; how many were told."""
    told = 0
    for wish in Morning.objects.all():
        account = Account.objects.filter(pk=wish.account_id, is_active=True).first()
        unit = Unit.objects.filter(pk=wish.unit_id).first()
        if account is None or unit is None or not calendar_for(unit).is_working_day(on):
            continue
        reader = actor_for(account)
        try:
            text = _words(reader, unit, on - dt.timedelta(days=1))
        except UserError:  # who has lost the role is told no more, and asks again when it returns
            continue
        url = f"{reverse('cockpit:cockpit')}?unit={unit.pk}&on={on - dt.timedelta(days=1)}"
        tell(accounts=[account], key=f"cockpit:{on}", text=text, url=url)
        told += 1
    return told


def _words(reader: Actor, unit: Unit, day: dt.date) -> str:
    """The figures that moved within the week, in one line each; read with the reader's own powers."""
    with acting(reader), translation.override(reader.language):
        reader.require("cockpit.view", unit.path)
        board = board_of(actor=reader, unit=unit, on=day)
        lines = [f"{one.name} {one.text}（{one.change}）" for one in board.moved]
        words = "；".join(lines) or _("一周内没有变化。")
        return _("%(unit)s %(day)s 一屏：%(words)s") % {"unit": unit, "day": day, "words": words}
