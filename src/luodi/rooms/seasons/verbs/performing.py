"""What becomes of a performance: held with so many people, cancelled, made up for on another day."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Date, Number, Reason, RecordOf, Version, verb
from luodi.ground.scope.api import Actor, because, today
from luodi.lib.errors import Stale, UserError
from luodi.rooms.seasons.models import Performance, Play, Quiet, Season, Troupe, Village

WRITE = "seasons.write"
VILLAGE, TROUPE = RecordOf(_("村"), model=Village), RecordOf(_("剧团"), model=Troupe)


def _fresh(performance: Performance, version: int | None) -> Performance:
    """The performance as it stands, held until the transaction ends. Raises Stale."""
    rows = Performance.objects.select_for_update(of=["self"])
    found = rows.select_related("season__unit", "village", "troupe").get(pk=performance.pk)
    if version is not None and found.version != version:
        now = {"on": found.on, "audience": found.audience or "", "version": found.version}
        raise Stale(gettext("别人刚刚改过这场演出。"), now)
    return found


@verb(permission=WRITE, on="performance")
def hold_performance(
    *,
    actor: Actor,
    performance: Performance,
    audience: Annotated[int, Number(_("观众人数"), least=0, most=100_000, help=_("约数即可。"))],
    play: Annotated[Play | None, RecordOf(_("实际演的剧目"), model=Play)] = None,
    version: Annotated[int | None, Version()] = None,
) -> Performance:
    """Notes that it took place, with the number of people that the village counted."""
    row = _fresh(performance, version)
    if row.state == Performance.State.CANCELLED:
        raise UserError(gettext("这场已经取消，不能登记演出。"))
    if row.on > today():
        raise UserError(gettext("还没有到演出的日子。"))
    row.state, row.audience, row.play = Performance.State.HELD, audience, play or row.play
    row.save(update_fields=["state", "audience", "play"])
    row.refresh_from_db()
    return row


@verb(permission=WRITE, on="performance")
@transaction.atomic
def cancel_performance(
    *,
    actor: Actor,
    performance: Performance,
    reason: Annotated[str, Reason()],
    instead_on: Annotated[
        dt.date | None, Date(_("补演日期"), help=_("还没有定就留空，以后再补。"))
    ] = None,
    version: Annotated[int | None, Version()] = None,
) -> Performance:
    """Cancels a performance, with the day on which it is made up for where that is known."""
    row = _fresh(performance, version)
    if row.state != Performance.State.PLANNED:
        raise UserError(gettext("只有待演的场次能取消。"))
    because(reason)
    row.state, row.why = Performance.State.CANCELLED, reason[:200]
    row.save(update_fields=["state", "why"])
    if instead_on:
        make_up(actor=actor, performance=row, on=instead_on)
    row.refresh_from_db()
    return row


@verb(permission=WRITE, on="performance")
def make_up(
    *,
    actor: Actor,
    performance: Performance,
    on: Annotated[dt.date, Date(_("补演日期"))],
    troupe: Annotated[Troupe | None, RecordOf(_("换成的剧团"), model=Troupe)] = None,
) -> Performance:
    """Puts another performance in the place of a cancelled one."""
    row = _fresh(performance, None)
    if row.state != Performance.State.CANCELLED:
        raise UserError(gettext("只有取消的场次能补演。"))
    if Performance.objects.filter(instead_of=row).exists():
        raise UserError(gettext("这场已经安排了补演。"))
    return add_performance(
        actor=actor,
        season=row.season,
        village=row.village,
        troupe=troupe or row.troupe,
        on=on,
        play=row.play,
        instead_of=row,
    )


@verb(permission=WRITE, on="season")
def add_performance(
    *,
    actor: Actor,
    season: Season,
    village: Annotated[Village | None, VILLAGE],
    troupe: Annotated[Troupe | None, TROUPE],
    on: Annotated[dt.date, Date(_("日期"))],
    play: Annotated[Play | None, RecordOf(_("剧目"), model=Play)] = None,
    instead_of: Performance | None = None,
    at: dt.datetime | None = None,
) -> Performance:
    """Adds one performance by hand. Raises UserError for a day that the season, the village or the
    troupe does not have."""
    assert village and troupe  # asked for: neither has a default
    field = "instead_on" if instead_of else "on"
    if not season.starts_on <= on <= season.ends_on:
        raise UserError(gettext("日期不在演出季里。"), field)
    if play and play.troupe_id != troupe.pk:
        play = None
    counted = Performance.objects.exclude(state=Performance.State.CANCELLED).filter(on=on)
    if counted.filter(village=village).exists():
        raise UserError(gettext("这个村那天已经有一场。"), field)
    if counted.filter(troupe=troupe).count() >= troupe.most_a_day:
        raise UserError(gettext("这个剧团那天已经排满。"), field)
    quiet = Quiet.objects.filter(unit=season.unit, since__lte=on, until__gte=on)
    for one in quiet:
        if one.village_id in {None, village.pk}:
            words = {"why": one, "until": one.until}
            raise UserError(gettext("那天是避让时段（%(why)s，到 %(until)s）。") % words, field)
    made = Performance.objects.create(
        season=season, village=village, troupe=troupe, on=on, play=play, instead_of=instead_of
    )
    made.refresh_from_db()
    return made
