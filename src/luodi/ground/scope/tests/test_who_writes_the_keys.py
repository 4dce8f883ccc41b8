"""What decides who sees what is written only by whom it is given to: the database holds that."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db import DatabaseError, connection, transaction
from tests.zone import SINCE, Zone

from luodi.ground.scope import api as scope
from luodi.ground.scope.api import NOBODY, SYSTEM, Account, UnitKind, acting
from luodi.ground.scope.models import ApiToken, RoleHolding, Unit
from luodi.lib.errors import UserError

ORDINARY = ("liaison", "instructor", "office", "secretary", "auditor", "system_admin")


def refused(statement: str, *values: object) -> bool:
    """Whether injected SQL changes nothing."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.rowcount == 0
    except DatabaseError:
        return True


@pytest.mark.parametrize("role", ORDINARY)
def test_injected_sql_gives_nobody_more(zone: Zone, role: str) -> None:
    me, other = zone.accounts[role].pk, zone.accounts["security_admin"].pk
    Authenticator.objects.create(user_id=other, type="totp", data={})
    with acting(zone.actor(role)):
        assert refused(
            "INSERT INTO scope_roleholding (account_id, unit_id, role, valid)"
            " VALUES (%s, %s, 'county_officer', '[2020-01-01,)')",
            me,
            zone.county.pk,
        )
        assert refused("UPDATE scope_roleholding SET role = 'office', unit_id = %s", zone.zone.pk)
        assert refused("UPDATE scope_roleholding SET valid = '[2000-01-01,)'")
        assert refused("DELETE FROM scope_roleholding")
        assert refused(
            "INSERT INTO scope_apitoken (account_id, name, digest, expires_on, created_at)"
            " VALUES (%s, '', '', '2099-01-01', now())",
            other,
        )
        assert refused("UPDATE scope_apitoken SET account_id = %s", me)
        assert refused("UPDATE scope_account SET password = '' WHERE id <> %s", me)
        assert refused("DELETE FROM mfa_authenticator WHERE user_id = %s", other)
        assert refused("UPDATE mfa_authenticator SET user_id = %s WHERE user_id <> %s", me, me)


@pytest.mark.parametrize("role", ["liaison", "instructor", "security_admin"])
def test_nobody_draws_another_s_unit_into_theirs(zone: Zone, role: str) -> None:
    far = f"{zone.enterprise.path}{zone.elsewhere.pk}."
    with acting(zone.actor(role)):
        assert refused("UPDATE scope_unit SET path = %s WHERE id = %s", far, zone.elsewhere.pk)
        assert refused("UPDATE scope_unit SET path = '0.' WHERE id = %s", zone.elsewhere.pk)
        assert refused("DELETE FROM scope_unit WHERE id = %s", zone.elsewhere.pk)
        assert refused(
            "INSERT INTO scope_unit (id, kind, name, short_name, path, sort_key)"
            " VALUES (99999, 'county', 'x', '', '99999.', '')"
        )


def test_with_forged_settings_too(zone: Zone) -> None:
    with acting(zone.actor("liaison")), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('luodi.powers', 'accounts', true)")
        assert refused("UPDATE scope_roleholding SET valid = '[2000-01-01,)'")
        cursor.execute("SELECT set_config('luodi.account', '0', true)")
        assert refused("UPDATE scope_account SET password = ''")


def test_everybody_reads_them(zone: Zone) -> None:
    for actor in (NOBODY, zone.actor("liaison"), zone.actor("auditor")):
        with acting(actor):
            assert Unit.objects.count() == 8
            assert RoleHolding.objects.count() == len(zone.accounts)
            assert Account.objects.count() == len(zone.accounts)
            assert not ApiToken.objects.exists()


def test_who_may_still_does(zone: Zone) -> None:
    with acting(zone.actor("security_admin")) as security:
        made = scope.create_account(actor=security, username="new", name="示例\u202e新\n人")
        assert made.name == "示例新 人"
        held = scope.grant_role(
            actor=security, account=made, unit=zone.enterprise, role="liaison", since=SINCE
        )
        held.refresh_from_db()
        assert scope.end_role(actor=security, holding=held).valid[1] == scope.today()
        scope.reset_password(actor=security, account=made)
        assert not Account.objects.get(pk=made.pk).check_password("")
    with acting(zone.actor("liaison")) as liaison:
        scope.choose_language(actor=liaison, language="en")
    assert Account.objects.get(pk=liaison.account_id).language == "en"
    with acting(zone.actor("system_admin")) as system:
        unit = scope.create_unit(
            actor=system, kind=UnitKind.DISTRICT, name="示例新区", parent=zone.zone
        )
        scope.move_unit(actor=system, unit=zone.second, parent=unit)
    assert Unit.objects.get(pk=zone.second.pk).path.startswith(unit.path)


def test_a_closed_unit_gets_no_role_and_nothing_below_it(zone: Zone) -> None:
    scope.close_unit(actor=SYSTEM, unit=zone.elsewhere, on=dt.date(2022, 1, 1))
    scope.close_unit(actor=SYSTEM, unit=zone.other_district, on=dt.date(2022, 1, 1))
    with pytest.raises(UserError, match="已经撤销"):
        scope.grant_role(
            actor=SYSTEM, account=zone.accounts["office"], unit=zone.elsewhere, role="liaison"
        )
    with pytest.raises(UserError, match="已经撤销"):
        scope.create_unit(
            actor=SYSTEM, kind=UnitKind.ENTERPRISE, name="示例", parent=zone.other_district
        )
    with pytest.raises(UserError, match="已经撤销"):
        scope.move_unit(actor=SYSTEM, unit=zone.second, parent=zone.other_district)
