"""Who administers or reads a whole zone signs in with more than a password."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from tests.zone import PASSWORD, Zone

ALL = (
    "system_admin",
    "security_admin",
    "auditor",
    "office",
    "secretary",
    "deputy",
    "county_officer",
)


@pytest.mark.parametrize("role", ALL)
def test_a_second_factor_is_demanded(zone: Zone, settings: Any, role: str) -> None:
    client = zone.client(role)
    assert client.get("/me/").status_code == 200
    settings.SECOND_FACTOR_DEMANDED = True
    assert client.get("/me/")["Location"] == "/accounts/2fa/"
    page = client.get("/accounts/2fa/").content.decode()
    assert "通行密钥" in page and "验证器应用" in page
    kept = {"credential": {}, "name": "示例"}
    Authenticator.objects.create(
        user_id=zone.accounts[role].pk, type=Authenticator.Type.WEBAUTHN, data=kept
    )
    assert client.get("/me/").status_code == 200


def test_who_reads_their_own_enterprise_needs_none(zone: Zone, settings: Any) -> None:
    settings.SECOND_FACTOR_DEMANDED = True
    assert zone.client("liaison").get("/me/").status_code == 200


def test_a_passkey_is_offered_where_one_signs_in(zone: Zone, settings: Any) -> None:
    client = Client()
    client.post("/accounts/login/", {"login": "liaison", "password": PASSWORD})
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/webauthn/add/").content.decode()
    assert 'id="mfa_webauthn_add"' in page and "webauthn.js" in page and "challenge" in page
    assert client.get("/accounts/2fa/webauthn/").status_code == 200
    assert client.get("/accounts/2fa/webauthn/keys/1/edit/").status_code == 404
