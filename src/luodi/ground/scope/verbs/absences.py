"""Being away, with a deputy: from a day until a day."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.actor import Actor, acting, unbounded
from luodi.ground.scope.models import Absence, Account, RoleHolding
from luodi.ground.scope.who import actor_for, today
from luodi.lib.errors import NotAllowed, NotFound, UserError
from luodi.lib.periods import in_reason


def may_set_absence(actor: Actor, account: Account) -> bool:
    """One's own; of others, who keeps the units where they serve, or their account."""
    if account.pk == actor.account_id or actor.everything:
        return True
    paths = [held.unit.path for held in _held(account)]
    return bool(paths) and any(
        all(actor.may(permission, path) for path in paths)
        for permission in ("units.write", "accounts.write")
    )


def _held(account: Account) -> list[RoleHolding]:
    return list(account.roles.on(today()).select_related("unit"))


@transaction.atomic
def set_absence(
    *, actor: Actor, account: Account, deputy: Account, since: dt.date, until: dt.date
) -> Absence:
    """Says that somebody is away from `since` until before `until`, and who stands in for them.

    The deputy serves in the same units, or above them: being asked in somebody's place gives nobody
    a view or a power that their own roles do not give.
    """
    if not may_set_absence(actor, account):
        raise NotAllowed(_("只能登记自己的外出，或由本单位的管理员登记。"))
    if not (in_reason(since) and in_reason(until) and since < until):
        raise UserError(_("结束日期必须晚于开始日期。"), "until")
    if until <= today():
        raise UserError(_("这段时间已经过去。"), "until")
    if deputy.pk == account.pk or not deputy.is_active or deputy.is_service:
        raise UserError(_("请选择另一位在岗的人作代理人。"), "deputy")
    reach = actor_for(deputy).holdings
    for held in _held(account):
        if not any(one.role.sees_rows and one.reaches(held.unit.path) for one in reach):
            raise UserError(
                _("%(name)s 不在“%(unit)s”或其上级任职，不能代理。")
                % {"name": deputy.name, "unit": held.unit},
                "deputy",
            )
    try:
        with transaction.atomic(), acting(unbounded(actor)):
            return Absence.objects.create(account=account, deputy=deputy, valid=(since, until))
    except IntegrityError:
        raise UserError(_("这段时间已登记了外出。"), "since") from None


@transaction.atomic
def end_absence(*, actor: Actor, absence_id: int) -> None:
    """Ends an absence today; one that has not begun is as if it had never been said."""
    found = Absence.objects.select_related("account").filter(pk=absence_id).first()
    if found is None:
        raise NotFound(_("没有这条外出登记。"))
    if not may_set_absence(actor, found.account):
        raise NotAllowed(_("只能登记自己的外出，或由本单位的管理员登记。"))
    with acting(unbounded(actor)):
        if found.valid.lower >= today():
            found.delete()
        elif found.valid.upper > today():
            found.valid = (found.valid.lower, today())
            found.save(update_fields=["valid"])
