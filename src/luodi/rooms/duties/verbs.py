"""Duties: what is set, changed for the future, ended; what is excused."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Date, Reason, Version, verb
from luodi.ground.scope.api import Actor, Unit, UnitKind, unchanged
from luodi.lib.errors import UserError
from luodi.rooms.duties import fields
from luodi.rooms.duties.laying import Layout, holders_of
from luodi.rooms.duties.models import Duty, Edition, Excuse, Subject
from luodi.rooms.duties.shipped import SHIPPED
from luodi.rooms.duties.windows import Every, Window, fixed_day

WRITE, EXCUSE = fields.WRITE, "duties.excuse"
LEAP = 2024


@verb(permission=WRITE, on="unit")
def install(*, actor: Actor, unit: Unit, key: str, since: dt.date | None = None) -> Duty:
    """Takes over a shipped duty for a unit and all below it; from its regulation's day on, or from a
    later one. Once, however often it is called. Raises UserError for an unknown key.
    """
    if key not in SHIPPED:
        raise UserError(gettext("没有这项预置的规定。"), "key")
    if found := Duty.objects.filter(unit=unit, key=key).first():
        return found
    given = SHIPPED[key]
    duty = Duty.objects.create(
        unit=unit,
        key=key,
        name=given.name,
        name_en=given.name_en,
        subject=given.subject,
        measure=given.measure,
        position=list(SHIPPED).index(key),
    )
    Edition.objects.create(
        duty=duty,
        since=max(given.since, since or given.since),
        every=given.every,
        times=given.times,
        kinds=list(given.kinds),
        types=list(given.types),
        least_members=given.least_members,
        people=given.people,
        remind=given.remind,
        regulation=given.regulation,
        clause=given.clause,
        certainty=given.certainty,
    )
    return duty


@verb(permission=WRITE, on="unit")
@transaction.atomic
def add_duty(
    *,
    actor: Actor,
    unit: fields.SetBy,
    name: fields.Name,
    name_en: fields.NameEn = "",
    every: fields.Often,
    times: fields.Times = 1,
    month: fields.Month = None,
    day: fields.Day = None,
    gatherings: fields.Gatherings,
    kinds: fields.Kinds,
    types: fields.Types = (),
    least_members: fields.Least = 0,
    remind: fields.Remind = 5,
    since: fields.Since,
    regulation: fields.Regulation,
    clause: fields.Clause = "",
    certainty: fields.Sure = "own",
    at: dt.datetime | None = None,
) -> Duty:
    """Sets a duty for a unit and all below it, from a day on that is not past."""
    _not_past(since, at)
    if Duty.objects.filter(unit=unit, name=name, ended_on=None).exists():
        raise UserError(gettext("这个单位已有“%(name)s”。") % {"name": name}, "name")
    number = Duty.objects.filter(unit=unit, key__startswith="own_").count() + 1
    duty = Duty.objects.create(
        unit=unit,
        key=f"own_{unit.pk}_{number}",
        name=name,
        name_en=name_en,
        position=len(SHIPPED) + number,
    )
    _edition(
        duty,
        since=since,
        every=every,
        times=times,
        month=month,
        day=day,
        gatherings=gatherings,
        kinds=kinds,
        types=types,
        least_members=least_members,
        remind=remind,
        regulation=regulation,
        clause=clause,
        certainty=certainty,
    )
    return duty


@verb(permission=WRITE, on="duty")
@transaction.atomic
def renew_duty(
    *,
    actor: Actor,
    duty: Duty,
    every: fields.Often,
    times: fields.Times = 1,
    month: fields.Month = None,
    day: fields.Day = None,
    gatherings: fields.Gatherings = (),
    kinds: fields.Kinds,
    types: fields.Types = (),
    least_members: fields.Least = 0,
    remind: fields.Remind = 5,
    since: fields.Since,
    regulation: fields.Regulation,
    clause: fields.Clause = "",
    certainty: fields.Sure = "own",
    version: Annotated[int | None, Version()] = None,
    at: dt.datetime | None = None,
) -> Edition:
    """Changes what a duty asks, from a day on that is not past: the past stays as it was asked.

    An edition that has not begun is replaced. Raises Stale where the duty is no longer at `version`.
    """
    unchanged(duty, version, "name")
    _not_past(since, at)
    today = timezone.localdate(at)
    if duty.ended_on and duty.ended_on <= since:
        raise UserError(gettext("这项规定到那天已经停止。"), "since")
    people = Edition.objects.filter(duty=duty).values_list("people", flat=True).first()
    Edition.objects.filter(Q(since__gt=today) | Q(since=since), duty=duty).delete()
    duty.save(update_fields=["position"])  # a new version: who has the old page open is told
    return _edition(
        duty,
        since=since,
        every=every,
        times=times,
        month=month,
        day=day,
        gatherings=gatherings,
        kinds=kinds,
        types=types,
        least_members=least_members,
        remind=remind,
        regulation=regulation,
        clause=clause,
        certainty=certainty,
        people=people or "",
    )


def _edition(duty: Duty, **values: Any) -> Edition:
    """The edition, once its values fit together. Raises UserError."""
    if duty.subject == Subject.UNIT and not values["gatherings"] and duty.key not in SHIPPED:
        raise UserError(gettext("请选择至少一种活动，开展了它才算完成。"), "gatherings")
    if not values["kinds"]:
        raise UserError(gettext("请选择适用于哪些单位。"), "kinds")
    if values["types"] and UnitKind.BRANCH not in values["kinds"]:
        raise UserError(gettext("只有党组织才分类型：请同时选“党组织”，或不选类型。"), "types")
    if not 1 <= values["times"] <= fields.MOST_TIMES:
        raise UserError(
            gettext("每期次数在 1 到 %(most)s 之间。") % {"most": fields.MOST_TIMES}, "times"
        )
    month, day = values["month"], values["day"]
    if values["every"] == Every.DAY:
        if not month or not day:
            raise UserError(gettext("固定日期要写明月和日。"), "day" if month else "month")
        if fixed_day(LEAP, month, day).day != day:
            said = gettext("%(month)s月没有%(day)s日。") % {"month": month, "day": day}
            raise UserError(said, "day")
        if values["times"] > 1:
            raise UserError(gettext("固定日期的事项，一年一次。"), "times")
    else:
        values |= {"month": None, "day": None}
    return Edition.objects.create(duty=duty, **values)


def _not_past(since: dt.date, at: dt.datetime | None) -> None:
    if since < timezone.localdate(at):
        raise UserError(gettext("不能早于今天：新的规定不改变过去。"), "since")


@verb(permission=WRITE, on="duty")
def rename_duty(
    *,
    actor: Actor,
    duty: Duty,
    name: fields.Name,
    name_en: fields.NameEn = "",
    position: fields.Position = 0,
    version: Annotated[int | None, Version()] = None,
) -> Duty:
    """Changes what a duty is called, and where it stands among others."""
    unchanged(duty, version, "name", "name_en", "position")
    duty.name, duty.name_en, duty.position = name, name_en, position
    duty.save(update_fields=["name", "name_en", "position"])
    return duty


@verb(permission=WRITE, on="duty")
def end_duty(
    *,
    actor: Actor,
    duty: Duty,
    on: Annotated[dt.date, Date(_("停止日期"), help=_("从这一天起不再有新的期间；已开始的照旧。"))],
    at: dt.datetime | None = None,
) -> Duty:
    """Ends a duty: no window begins on or after a day that is not past."""
    if on < timezone.localdate(at):
        raise UserError(gettext("不能早于今天：过去的期间不改变。"), "on")
    if duty.ended_on and duty.ended_on <= timezone.localdate(at):
        raise UserError(gettext("这项规定已经停止；需要时请新设一项。"), "on")
    duty.ended_on = on
    duty.save(update_fields=["ended_on"])
    return duty


# --- what is excused --------------------------------------------------------------------------------


def window_on(duty: Duty, unit: Unit, on: dt.date) -> Window | None:
    """The window of a duty in which a day lies, where the unit owes something in it."""
    found = Layout([duty], holders_of([unit])).owed(
        lambda window: window.start <= on < window.end, [on.year]
    )
    return next((owed.window for _holder, _duty, _edition, owed in found if owed.wanted), None)


@verb(permission=EXCUSE, on="unit")
@transaction.atomic
def excuse(
    *,
    actor: Actor,
    duty: Duty,
    unit: Unit,
    on: dt.date,
    reason: Annotated[str, Reason(most=300)],
    at: dt.datetime | None = None,
) -> Excuse:
    """Excuses a unit from a duty in the window in which a day lies, with the reason.

    Once: of two who do it, the first one's reason stands. Raises UserError where nothing is owed.
    """
    window = window_on(duty, unit, on)
    if window is None or not unit.path.startswith(duty.path):
        raise UserError(gettext("这个单位这一期没有这项要求，不用说明。"), "reason")
    found, _new = Excuse.objects.get_or_create(
        unit=unit,
        duty=duty,
        since=window.start,
        ended_at=None,
        defaults={
            "until": window.last,
            "reason": reason,
            "account_id": actor.account_id or None,
            "made_at": at or timezone.now(),
        },
    )
    return found


@verb(permission=EXCUSE, on="excuse")
def end_excuse(*, actor: Actor, excuse: Excuse, at: dt.datetime | None = None) -> Excuse:
    """Takes an excuse back; it stays on record."""
    if excuse.ended_at is None:
        excuse.ended_at = at or timezone.now()
        excuse.save(update_fields=["ended_at"])
    return excuse
