"""Who is told of a gathering: of one to come, of its changes."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luodi.ground.calendars.api import calendar_for
from luodi.ground.notices.api import living_robots, tell, tell_group
from luodi.ground.scope.api import Account
from luodi.rooms.gatherings.models import Gathering, State
from luodi.rooms.gatherings.people import expected_at


def url_of(gathering: Gathering) -> str:
    return reverse("gatherings:gathering", args=[gathering.pk])


def accounts_of(gathering: Gathering, but: int = 0) -> list[Account]:
    """Those of the expected and the invited who can sign in."""
    persons = expected_at(gathering).order_by().values("account")
    asked = gathering.people.filter(account__isnull=False).values("account")
    rows = Account.objects.filter(Q(pk__in=persons) | Q(pk__in=asked), is_active=True)
    return list(rows.exclude(pk=but).order_by("pk"))


def when_of(gathering: Gathering) -> str:
    """When and where, in a line: `12月22日 15:00，会议室`."""
    start = timezone.localtime(gathering.starts_at)
    said = f"{date_format(start, 'MONTH_DAY_FORMAT')} {start:%H:%M}"
    return f"{said}，{gathering.place}" if gathering.place else said


def invite_expected(gathering: Gathering, *, at: dt.datetime, but: int = 0) -> None:
    """Tells everybody who is expected, once."""
    _tell(gathering, _("请参加：%(title)s（%(unit)s，%(when)s）"), at, but)


def tell_change(gathering: Gathering, *, at: dt.datetime, but: int = 0) -> None:
    """Tells of a change, or that it was cancelled."""
    if gathering.state == State.CANCELLED:
        said = _("已取消：%(title)s（%(unit)s，%(when)s）")
    else:
        said = _("时间、地点或主题有变：%(title)s（%(unit)s，%(when)s）")
    _tell(gathering, said, at, but)


def post(gathering: Gathering, at: dt.datetime) -> int:
    """Posts to the group chats of the unit, or of the enterprise whose branch it is, on a working day;
    returns to how many. What kind, when, a link: no title that somebody wrote, no name."""
    units = {gathering.unit_id, gathering.unit.parent_id if gathering.unit.kind == "branch" else 0}
    posted = 0
    for robot in living_robots():
        open_today = calendar_for(robot.unit).is_working_day(timezone.localdate(at))
        if robot.unit_id in units and open_today:
            cancelled = gathering.state == State.CANCELLED
            said = _("已取消：%(kind)s（%(when)s）") if cancelled else _("%(kind)s：%(when)s")
            posted += tell_group(
                robot=robot,
                key=f"gathering:{gathering.pk}:{gathering.sequence}",
                subject=said % {"kind": gathering.of_kind, "when": when_of(gathering)},
                body=settings.SITE_URL.rstrip("/") + url_of(gathering),
            )
    return posted


def _tell(gathering: Gathering, said: str, at: dt.datetime, but: int) -> None:
    post(gathering, at)
    words = {"title": gathering.title, "unit": gathering.unit, "when": when_of(gathering)}
    tell(
        accounts=accounts_of(gathering, but),
        key=f"gathering:{gathering.pk}:{gathering.sequence}",
        text=said % words,
        url=url_of(gathering),
        at=at,
    )
