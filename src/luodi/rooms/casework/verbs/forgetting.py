"""Forgetting who reported, when the time to keep it has run out."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.audit.api import note
from luodi.ground.scope.api import SYSTEM, Actor, acting
from luodi.lib.chinese import cut
from luodi.lib.errors import UserError
from luodi.rooms.casework.models import Case, ReportKey
from luodi.rooms.directory.api import erasable_on


def may_forget_on(case: Case) -> dt.date | None:
    """The first day on which the reporter may be forgotten; None while the case is open."""
    return None if case.closed_at is None else erasable_on(timezone.localdate(case.closed_at))


@transaction.atomic
def forget_reporter(*, actor: Actor, case: Case, why: str) -> Case:
    """Removes the reporter's name and telephone from a case; the case, and every count, stays.

    The name is no longer found by a search either, except by words that the problem itself has.
    """
    row: Case = Case.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case.pk)
    actor.require("people.reveal", row.unit.path)
    if not why.strip():
        raise UserError(_("请写明清除的理由。"), "why")
    day = may_forget_on(row)
    if day is None:
        raise UserError(_("问题还没有办结，需要能够答复反映人。"))
    if day > timezone.localdate():
        raise UserError(_("保存期未满，%(day)s起才可以清除。") % {"day": day})
    named = set(cut(row.reporter_name)) - set(cut(f"{row.title} {row.text}"))
    Case.objects.filter(pk=row.pk).update(
        reporter_name=_("（已清除）"),
        reporter_phone="",
        search=RawSQL("ts_delete(casework_case.search, %s::text[])", [sorted(named)]),
    )
    with acting(SYSTEM):  # who asks cannot see the keys of those without an account
        ReportKey.objects.filter(case=row).delete()
    note("forget", "casework_case", row.pk, row.unit.path, why=why)
    row.refresh_from_db()
    return row
