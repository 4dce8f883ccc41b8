"""Roles: dated, declared by the kind of unit, and never a way to give oneself power."""

from __future__ import annotations

import datetime as dt

import pytest
from tests.zone import Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import SYSTEM
from luodi.lib.errors import NotAllowed, UserError

DAY = dt.timedelta(days=1)


def test_a_role_counts_only_while_it_is_valid(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    holding = account.roles.get()
    scope.end_role(actor=SYSTEM, holding=holding, on=scope.today())
    assert scope.actor_for(account).holdings == ()
    assert scope.actor_for(account, on=scope.today() - DAY).roles == {"liaison"}


def test_a_unit_has_only_the_roles_of_its_kind(zone: Zone) -> None:
    with pytest.raises(UserError) as refused:
        scope.grant_role(
            actor=SYSTEM, account=zone.accounts["liaison"], unit=zone.district, role="liaison"
        )
    assert refused.value.field == "role"


def test_the_same_role_twice_at_a_time_is_refused(zone: Zone) -> None:
    with pytest.raises(UserError):
        scope.grant_role(
            actor=SYSTEM, account=zone.accounts["liaison"], unit=zone.enterprise, role="liaison"
        )


def test_nobody_ends_the_role_that_gives_them_this_power(zone: Zone) -> None:
    account = zone.accounts["security_admin"]
    with pytest.raises(NotAllowed):
        scope.end_role(actor=zone.actor("security_admin"), holding=account.roles.get())


def test_nobody_grants_a_role_to_themselves(zone: Zone) -> None:
    with pytest.raises(UserError):
        scope.grant_role(
            actor=zone.actor("security_admin"),
            account=zone.accounts["security_admin"],
            unit=zone.zone,
            role="office",
        )


@pytest.mark.parametrize("role", ["system_admin", "auditor"])
def test_the_three_administrators_are_three_people(zone: Zone, role: str) -> None:
    with pytest.raises(UserError):
        scope.grant_role(
            actor=SYSTEM, account=zone.accounts["security_admin"], unit=zone.zone, role=role
        )


def test_an_officer_cannot_give_roles(zone: Zone) -> None:
    with pytest.raises(NotAllowed):
        scope.grant_role(
            actor=zone.actor("office"),
            account=zone.accounts["liaison"],
            unit=zone.second,
            role="liaison",
        )


def test_a_token_works_until_it_is_revoked(zone: Zone) -> None:
    account = scope.create_account(actor=SYSTEM, username="mes", name="示例系统", is_service=True)
    scope.grant_role(actor=SYSTEM, account=account, unit=zone.enterprise, role="liaison")
    token, secret = scope.issue_token(
        actor=SYSTEM, account=account, name="试验", expires_on=scope.today() + DAY
    )
    actor = scope.actor_for_token(secret)
    assert actor is not None and actor.roles == {"liaison"}
    assert scope.actor_for_token(secret + "x") is None
    scope.revoke_token(actor=SYSTEM, token_id=token.pk)
    assert scope.actor_for_token(secret) is None


def test_a_unit_cannot_be_moved_below_itself(zone: Zone) -> None:
    with pytest.raises(UserError):
        scope.move_unit(actor=SYSTEM, unit=zone.zone, parent=zone.district)


def test_two_units_of_one_name_under_one_parent_are_refused(zone: Zone) -> None:
    with pytest.raises(UserError) as refused:
        scope.create_unit(
            actor=SYSTEM, kind=scope.UnitKind.ENTERPRISE, name=" 示例甲公司 ", parent=zone.district
        )
    assert refused.value.field == "name"


def test_a_security_admin_has_no_power_over_accounts_outside_the_tree(zone: Zone) -> None:
    """With another's password, or token, one would have their roles: the county's, say."""
    actor = zone.actor("security_admin")
    system = scope.create_account(
        actor=SYSTEM, username="mes", name="示例系统", is_service=True, home=zone.zone
    )
    until = scope.today() + DAY
    token, _secret = scope.issue_token(actor=actor, account=system, name="", expires_on=until)
    scope.grant_role(actor=SYSTEM, account=system, unit=zone.county, role="county_officer")
    officer = zone.accounts["county_officer"]
    soon = zone.accounts["liaison"]
    scope.reset_password(actor=actor, account=soon)
    scope.grant_role(
        actor=SYSTEM, account=soon, unit=zone.county, role="county_officer", since=until
    )
    for refused in (
        lambda: scope.reset_password(actor=actor, account=officer),
        lambda: scope.reset_password(actor=actor, account=soon),
        lambda: scope.set_active(actor=actor, account=officer, active=False),
        lambda: scope.issue_token(actor=actor, account=system, name="", expires_on=until),
        lambda: scope.revoke_token(actor=actor, token_id=token.pk),
    ):
        with pytest.raises(NotAllowed):
            refused()


def test_ending_a_role_never_lengthens_it(zone: Zone) -> None:
    """Else a security administrator would take up a former role of their own again."""
    account = zone.accounts["liaison"]
    former = scope.end_role(actor=SYSTEM, holding=account.roles.get(), on=scope.today())
    former.refresh_from_db()
    with pytest.raises(UserError) as refused:
        scope.end_role(actor=SYSTEM, holding=former, on=scope.today() + 30 * DAY)
    assert refused.value.field == "on"
    assert scope.actor_for(account).holdings == ()
