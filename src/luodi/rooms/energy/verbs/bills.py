"""What an enterprise says of its bill: yes, or what is wrong with it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.records.api import Reason, verb
from luodi.ground.scope.api import (
    Actor,
    acting,
    because,
    unbounded,
)
from luodi.lib.errors import UserError
from luodi.rooms.casework.api import raise_problem
from luodi.rooms.energy.models import (
    Bill,
    Settlement,
)
from luodi.rooms.energy.verbs.months import locked, move

State = Settlement.State
NO_RULE = gettext_lazy("不考核")


@verb(permission="energy.agree", on="bill")
def agree_bill(*, actor: Actor, bill: Bill, at: dt.datetime | None = None) -> Bill:
    """Agrees to a bill. With the last of them the month is agreed."""
    return _decide(actor, bill, Bill.State.AGREED, at or timezone.now())


@verb(permission="energy.manage", on="bill")
def agree_for(
    *,
    actor: Actor,
    bill: Bill,
    reason: Annotated[
        str, Reason(gettext_lazy("依据"), help=gettext_lazy("如：企业盖章的纸质账单。"))
    ],
    at: dt.datetime | None = None,
) -> Bill:
    """Enters an enterprise's agreement that came on paper; whoever entered it stands in the trail."""
    because(reason)
    return _decide(actor, bill, Bill.State.AGREED, at or timezone.now())


def _decide(
    actor: Actor, bill: Bill, state: str, at: dt.datetime, text: str = "", code: str = ""
) -> Bill:
    """Writes what an enterprise says. The month, which it does not see, is held and moved on."""
    with acting(unbounded(actor)):
        month = locked(Settlement(pk=bill.settlement_id), State.CHECKED)
        found = Bill.objects.select_for_update().get(pk=bill.pk)
        if found.state == Bill.State.AGREED:
            raise UserError(_("这张账单已经确认过了。"))
        found.state, found.decided_at = state, at
        found.decided_by_id = actor.account_id or None
        if text:
            found.objection, found.case_code = text, code
        found.save()
        if not month.bills.exclude(state=Bill.State.AGREED).exists():
            move(month, State.AGREED)
        found.refresh_from_db()
    return found


@verb(permission="energy.agree", on="bill")
def object_to_bill(
    *,
    actor: Actor,
    bill: Bill,
    reason: Annotated[str, Reason(gettext_lazy("哪里不对"))],
    at: dt.datetime | None = None,
) -> Bill:
    """Objects to a bill: the objection becomes a case, and the month waits."""
    at = at or timezone.now()
    unit = bill.unit
    if bill.state == Bill.State.OBJECTED:
        raise UserError(_("已经提出过异议：%(case)s。") % {"case": bill.case_code})
    said = _("%(month)s 绿电账单有异议：%(why)s") % {"month": f"{bill.month:%Y-%m}", "why": reason}
    case = raise_problem(actor=actor, unit=unit, text=said, at=at)
    return _decide(actor, bill, Bill.State.OBJECTED, at, reason, case.code)
