"""Pages of units, accounts, roles and tokens: who may, and what is written."""

from __future__ import annotations

import datetime as dt
import re
import uuid

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.zone import Zone

from luodi.ground.scope.api import (
    SYSTEM,
    Account,
    ApiToken,
    RoleHolding,
    Unit,
    UnitKind,
    create_account,
    create_unit,
    today,
)


def post(client: Client, address: str, **data: object) -> object:
    return client.post(address, {"_once": str(uuid.uuid4()), **data})


def test_the_tree_holds_every_open_unit_with_the_counts(zone: Zone) -> None:
    html = zone.client("liaison").get("/units/").content.decode()
    for unit in Unit.objects.all():
        assert unit.name in html
    counted = re.findall(r"(企业|产业链党建区) <a [^>]*directory.subordinates[^>]*>(\d)</a>", html)
    assert ("企业", "2") in counted and ("产业链党建区", "2") in counted


def queries(client: Client, address: str) -> int:
    client.get(address)  # the first visit of a session also writes it
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


@pytest.mark.parametrize("place", ["/units/", "/units/{}/"])
def test_the_pages_cost_the_same_queries_however_many_units(zone: Zone, place: str) -> None:
    client, address = zone.client("office"), place.format(zone.district.pk)
    few = queries(client, address)
    for n in range(5):
        create_unit(actor=SYSTEM, kind=UnitKind.ENTERPRISE, name=f"示例{n}厂", parent=zone.district)
    assert queries(client, address) == few


def test_search_finds_by_part_of_the_name(zone: Zone) -> None:
    html = zone.client("office").get("/units/?q=甲公").content.decode()
    assert "示例甲公司" in html and "示例乙公司" not in html


def test_a_unit_shows_superiors_children_and_who_serves(zone: Zone) -> None:
    html = zone.client("liaison").get(f"/units/{zone.district.pk}/").content.decode()
    assert "示例县" in html and "示例乙公司" in html and "党建指导员" in html


def test_who_serves_in_an_enterprise_is_for_those_who_reach_it(zone: Zone) -> None:
    mine = zone.client("liaison").get(f"/units/{zone.enterprise.pk}/").content.decode()
    assert "企业联络员" in mine
    other = zone.client("liaison").get(f"/units/{zone.elsewhere.pk}/").content.decode()
    assert "谁担任什么角色" not in other


def test_the_office_adds_renames_moves_and_closes_a_unit(zone: Zone) -> None:
    client = zone.client("office")
    post(
        client,
        f"/units/{zone.district.pk}/new/",
        kind="enterprise",
        name="示例新厂",
        opened_on="2022-12-22",
    )
    unit = Unit.objects.get(name="示例新厂")
    assert unit.parent == zone.district and unit.opened_on == dt.date(2022, 12, 22)
    post(client, f"/units/{unit.pk}/change/", name="示例更名厂", short_name="更名厂")
    post(client, f"/units/{unit.pk}/move/", parent=zone.other_district.pk)
    unit.refresh_from_db()
    assert (unit.name, unit.parent) == ("示例更名厂", zone.other_district)
    assert unit.path.startswith(zone.other_district.path)
    post(client, f"/units/{unit.pk}/close/", on="2023-01-01")
    assert not Unit.objects.open().filter(pk=unit.pk).exists()


def test_a_refused_form_comes_back_filled(zone: Zone) -> None:
    client = zone.client("office")
    answer = post(client, f"/units/{zone.district.pk}/new/", kind="enterprise", name="示例甲公司")
    html = answer.content.decode()  # type: ignore[attr-defined]
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert "已有“示例甲公司”" in html and 'value="示例甲公司"' in html


@pytest.mark.parametrize("role", ["liaison", "auditor", "part_time_member", "security_admin"])
def test_nobody_else_changes_units(zone: Zone, role: str) -> None:
    client = zone.client(role)
    for page in ("new", "change", "move", "close"):
        address = f"/units/{zone.district.pk}/{page}/"
        assert client.get(address).status_code == 403
        assert post(client, address, name="示例").status_code == 403  # type: ignore[attr-defined]


def test_an_account_is_opened_with_a_password_that_is_shown_once(zone: Zone) -> None:
    client = zone.client("security_admin")
    post(client, "/admin/accounts/new/", username="Wang.Shili", name="示例王", home=zone.zone.pk)
    account = Account.objects.get(username="wang.shili")
    address = f"/admin/accounts/{account.pk}/"
    found = re.search(r'class="secret">([^<]+)<', client.get(address).content.decode())
    assert found and account.check_password(found[1]) and account.must_change_password
    assert "secret" not in client.get(address).content.decode()


def test_a_password_is_reset_and_the_old_one_is_dead(zone: Zone) -> None:
    account, client = zone.accounts["liaison"], zone.client("security_admin")
    signed_in = zone.client("liaison")
    post(client, f"/admin/accounts/{account.pk}/password/")
    found = re.search(
        r'class="secret">([^<]+)<', client.get(f"/admin/accounts/{account.pk}/").content.decode()
    )
    account.refresh_from_db()
    assert found and account.check_password(found[1]) and account.must_change_password
    assert signed_in.get("/").status_code == 302
    own = post(client, f"/admin/accounts/{zone.accounts['security_admin'].pk}/password/")
    assert own.status_code == 422  # type: ignore[attr-defined]


def test_a_lost_second_factor_is_taken_away(zone: Zone) -> None:
    account, client = zone.accounts["liaison"], zone.client("security_admin")
    address = f"/admin/accounts/{account.pk}/"
    assert post(client, f"{address}second-factor/").status_code == 422  # type: ignore[attr-defined]
    assert "second-factor" not in client.get(address).content.decode()
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user_id=account.pk, type=kind, data={"secret": "x"})
    assert "second-factor" in client.get(address).content.decode()
    assert post(client, f"{address}second-factor/").status_code == 302  # type: ignore[attr-defined]
    assert not Authenticator.objects.filter(user_id=account.pk)
    own = zone.accounts["security_admin"].pk
    refused = post(client, f"/admin/accounts/{own}/second-factor/")
    assert refused.status_code == 422  # type: ignore[attr-defined]


def test_roles_are_granted_and_ended(zone: Zone) -> None:
    client = zone.client("security_admin")
    account = create_account(actor=SYSTEM, username="new", name="示例新人", home=zone.zone)
    post(
        client,
        f"/admin/accounts/{account.pk}/grant/{zone.second.pk}/",
        role="liaison",
        since="2022-12-20",
    )
    holding = RoleHolding.objects.get(account=account)
    assert holding.unit == zone.second and holding.valid.lower == dt.date(2022, 12, 20)
    post(client, f"/admin/roles/{holding.pk}/end/")
    holding.refresh_from_db()
    assert holding.valid.upper == today()


def test_an_account_is_stopped_and_started(zone: Zone) -> None:
    client, account = zone.client("security_admin"), zone.accounts["liaison"]
    post(client, f"/admin/accounts/{account.pk}/active/")
    account.refresh_from_db()
    assert not account.is_active
    post(client, f"/admin/accounts/{account.pk}/active/", on="1")
    account.refresh_from_db()
    assert account.is_active


def test_a_token_is_shown_once_and_revoked(zone: Zone) -> None:
    client = zone.client("security_admin")
    service = create_account(
        actor=SYSTEM, username="robot", name="示例系统", is_service=True, home=zone.zone
    )
    until = today() + dt.timedelta(days=30)
    post(
        client,
        f"/admin/accounts/{service.pk}/token/",
        name="示例接口",
        expires_on=until.isoformat(),
    )
    html = client.get(f"/admin/accounts/{service.pk}/").content.decode()
    assert (
        "luodi_" in html
        and "luodi_" not in client.get(f"/admin/accounts/{service.pk}/").content.decode()
    )
    token = ApiToken.objects.get(account=service)
    post(client, f"/admin/tokens/{token.pk}/revoke/")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("role", ["office", "system_admin", "auditor", "liaison"])
def test_accounts_are_the_security_administrators_alone(zone: Zone, role: str) -> None:
    client = zone.client(role)
    pk = zone.accounts["deputy"].pk
    assert client.get("/admin/accounts/").status_code == 403
    assert client.get(f"/admin/accounts/{pk}/").status_code == 403
    assert post(client, f"/admin/accounts/{pk}/password/").status_code == 403  # type: ignore[attr-defined]
    assert post(client, f"/admin/accounts/{pk}/active/").status_code == 403  # type: ignore[attr-defined]


def test_the_language_is_kept_on_the_account(zone: Zone) -> None:
    client = zone.client("office")
    assert "我的账户" in client.get("/me/").content.decode()
    post(client, "/me/", language="en")
    assert Account.objects.get(pk=zone.accounts["office"].pk).language == "en"
    assert 'lang="en"' in client.get("/me/").content.decode()


def test_accounts_are_listed_with_their_roles_in_fixed_queries(zone: Zone) -> None:
    client = zone.client("security_admin")
    html = client.get("/admin/accounts/?role=liaison").content.decode()
    assert "示例liaison" in html and "示例office" not in html
    assert queries(client, "/admin/accounts/?role=liaison") == queries(client, "/admin/accounts/")


def test_pages_made_for_somebody_are_kept_nowhere(zone: Zone) -> None:
    client = zone.client("liaison")
    for address in ("/", "/enterprises/", "/api/me"):
        assert client.get(address)["Cache-Control"] == "private, no-store"
