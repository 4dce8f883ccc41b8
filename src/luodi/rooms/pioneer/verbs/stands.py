"""Who holds a post or an area: taken, handed on, given up; what the sign may show."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Choices, Date, Reason, Version, verb
from luodi.ground.scope.api import Actor, because, today
from luodi.lib.errors import NotFound, Stale, UserError
from luodi.rooms.directory.api import MEMBER_STAGES, Membership, Person, PersonOf
from luodi.rooms.pioneer.models import SHOWN, Holding, Stand

AgreedOf = Annotated[
    Sequence[str],
    Choices(
        _("本人同意公示"),
        default=(),
        choices=list(SHOWN.items()),
        help=_("扫码的人只看到本人同意的内容。"),
    ),
]


@verb(permission="pioneer.write", on="stand")
@transaction.atomic
def hand_stand_on(
    *,
    actor: Actor,
    stand: Stand,
    person: Annotated[Person, object, PersonOf(_("由谁担任"))],
    on: Annotated[dt.date, Date(_("自"))],
    agreed: AgreedOf = (),
    reason: Annotated[str, Reason(_("说明"), required=False, default="")] = "",
) -> Holding:
    """Gives a post or an area to a member from a day on; who held it until then holds it no more."""
    row = _held(stand)
    if row.closed_on is not None and row.closed_on <= on:
        raise UserError(gettext("它已于%(day)s停用。") % {"day": row.closed_on}, "on")
    if not Membership.objects.on(on).filter(person=person, stage__in=MEMBER_STAGES).exists():
        raise UserError(
            gettext("%(name)s在%(day)s不是党员。") % {"name": person, "day": on}, "person"
        )
    now = row.holdings.filter(until=None).first()
    if now is not None and now.person_id == person.pk:
        raise UserError(gettext("现在就由%(name)s担任。") % {"name": person}, "person")
    if reason:
        because(reason)
    if now is not None:
        _end(now, on)
    if row.holdings.filter(until__gt=on).exists():
        raise UserError(gettext("那一天还由别人担任。"), "on")
    return Holding.objects.create(stand=row, person=person, since=on, agreed=list(agreed))


@verb(permission="pioneer.write", on="stand")
@transaction.atomic
def leave_stand(
    *,
    actor: Actor,
    stand: Stand,
    on: Annotated[dt.date, Date(_("不再担任的日期"))],
    reason: Annotated[str, Reason(_("说明"), required=False, default="")] = "",
) -> Stand:
    """Ends that somebody holds it; it then stands empty, and the list says so."""
    row = _held(stand)
    now = row.holdings.filter(until=None).first()
    if now is None:
        raise UserError(gettext("现在没有人担任。"))
    if reason:
        because(reason)
    _end(now, on)
    return row


@verb(permission="pioneer.write", on="stand")
@transaction.atomic
def agree_to_show(
    *,
    actor: Actor,
    stand: Stand,
    agreed: AgreedOf = (),
    version: Annotated[int | None, Version()] = None,
) -> Holding:
    """Changes what the sign's page shows of who holds it: as the holder wishes, at any time."""
    row = _held(stand)
    now = row.holdings.filter(until=None).first()
    if now is None:
        raise UserError(gettext("现在没有人担任。"))
    if version is not None and version != now.version:
        raise Stale(gettext("别人刚刚改过，请刷新后再试。"), {"version": now.version})
    now.agreed = list(agreed)
    now.save(update_fields=["agreed"])
    return now


def _held(stand: Stand) -> Stand:
    row = Stand.objects.select_for_update(of=("self",)).filter(pk=stand.pk).first()
    if row is None:
        raise NotFound(gettext("没有这条记录，或您无权查看。"))
    return row


def _end(now: Holding, on: dt.date) -> None:
    if on <= now.since:
        raise UserError(gettext("应晚于现在担任人的起始日期%(day)s。") % {"day": now.since}, "on")
    now.until = on
    now.save(update_fields=["until"])


def shown_of(holding: Holding | None) -> dict[str, object]:
    """What of who holds it the holder agreed to show."""
    if holding is None or (holding.until is not None and holding.until <= today()):
        return {}
    values = {
        "name": holding.person.name,
        "unit": str(holding.person.unit),
        "since": holding.since,
    }
    return {key: values[key] for key in SHOWN if key in holding.agreed}
