"""Who works in a studio, and until when."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Date, Text, verb
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.rooms.directory.api import Person, PersonOf
from luodi.rooms.pioneer.models import Studio, StudioMember


@verb(permission="pioneer.write", on="studio")
@transaction.atomic
def join_studio(
    *,
    actor: Actor,
    studio: Studio,
    person: Annotated[Person, object, PersonOf(_("人员"))],
    on: Annotated[dt.date, Date(_("自"))],
    role: Annotated[str, Text(_("分工"), required=False, default="", most=60)] = "",
) -> Studio:
    """Notes that somebody works in a studio from a day on."""
    if studio.studiomember_set.filter(person=person, closed_on=None).exists():
        raise UserError(gettext("%(name)s已在这个工作室。") % {"name": person}, "person")
    StudioMember.objects.create(studio=studio, person=person, opened_on=on, role=role)
    return studio


@verb(permission="pioneer.write", on="member")
@transaction.atomic
def leave_studio(
    *, actor: Actor, member: StudioMember, on: Annotated[dt.date, Date(_("至"))]
) -> Studio:
    """Ends that somebody works in a studio."""
    if member.closed_on is not None:
        raise UserError(gettext("已于%(day)s结束。") % {"day": member.closed_on})
    if member.opened_on is not None and on < member.opened_on:
        raise UserError(gettext("结束日期不能早于开始日期。"), "on")
    member.closed_on = on
    member.save(update_fields=["closed_on"])
    return member.studio
