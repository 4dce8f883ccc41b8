"""Signing in, sessions and the headers that keep other sites out."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.utils import timezone

from luodi.ground.audit.models import Entry
from luodi.ground.notices.api import Notice
from luodi.ground.scope import api as scope
from luodi.ground.scope import tries
from luodi.ground.scope.api import SYSTEM
from luodi.ground.scope.models import ApiToken
from luodi.ground.scope.sessions import kept
from luodi.rooms.workbench.feed import token_of as token_of_calendar
from tests.rest import Rest, token_of
from tests.zone import PASSWORD, Zone

LOGIN = "/accounts/login/"


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": "liaison", "password": password, **more})


def is_in(client: Client) -> bool:
    return bool(client.get("/me/").status_code == 200)


# --- headers ----------------------------------------------------------------------------------


def test_another_host_is_refused(zone: Zone) -> None:
    client = zone.client("liaison")
    for host in ("evil.example", "localhost.evil.example", "127.0.0.1@evil.example", "a b"):
        assert client.get("/", headers={"Host": host}).status_code == 400, host


def test_forwarded_headers_are_not_believed(zone: Zone) -> None:
    claims = {
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Port": "1",
        "X-Original-URL": "/admin/accounts/",
    }
    answer = Client().get("/", headers=claims)
    assert answer.status_code == 302 and "evil" not in answer["Location"]
    page = zone.client("liaison").get("/calendar/", headers=claims)
    assert "evil.example" not in page.content.decode()
    sign_in(Client(headers=claims), "wrong")
    failed = Entry.objects.get(action="sign-in-failed")
    assert failed.changes["address"] == [None, "127.0.0.1"]


@pytest.mark.parametrize(
    ("proxies", "chain", "address"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "10.9.9.9, 203.0.113.9", "203.0.113.9"),  # the left one is the client's own claim
        (2, "10.9.9.9, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (1, "", "127.0.0.1"),
        (1, "<script>", "127.0.0.1"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_ones_own_proxies_are_believed(
    zone: Zone, settings: Any, proxies: int, chain: str, address: str
) -> None:
    settings.PROXIES = proxies
    sign_in(Client(headers={"X-Forwarded-For": chain}), "wrong")
    assert Entry.objects.get(action="sign-in-failed").changes["address"] == [None, address]


@pytest.mark.parametrize("path", ["/", LOGIN, "/api/me", "/nothing/", "/cases/problems/"])
def test_every_answer_says_what_browsers_may_do(zone: Zone, path: str) -> None:
    answer = zone.client("liaison").get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/", LOGIN, "/cases/problems/", "/cases/raise/", "/enterprises/", "/api/docs"]
)
def test_no_page_needs_what_the_policy_forbids(zone: Zone, path: str) -> None:
    """No script, style or handler inside a page: the policy would stop it."""
    client = zone.client(None if path == LOGIN else "office")
    page = client.get(path).content.decode().lower()
    scripts = [part.split(">")[0] for part in page.split("<script")[1:]]
    assert all("src=" in one or "application/json" in one for one in scripts), scripts
    for forbidden in ("<style", " style=", " onclick=", " onload=", "javascript:", "http://cdn"):
        assert forbidden not in page, forbidden


def test_cookies_are_out_of_reach(zone: Zone) -> None:
    client = Client()
    client.get(LOGIN)
    sign_in(client)
    session, csrf = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert session["httponly"] and session["samesite"] == "Lax"
    assert csrf["samesite"] == "Lax"


def test_https_makes_cookies_secure() -> None:
    """Settings are read once at the start: asked in a process of its own."""
    program = (
        "from luodi.config import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_PROXY_SSL_HEADER[0],"
        " s.SESSION_COOKIE_NAME[:7], s.CSRF_COOKIE_NAME[:7], s.SECURE_HSTS_SECONDS > 31_000_000)"
    )
    environment = {**os.environ, "LUODI_SITE_URL": "https://luodi.example"}
    told = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert told.stdout.split() == [
        "True",
        "True",
        "HTTP_X_FORWARDED_PROTO",
        "__Host-",
        "__Host-",
        "True",
    ]


# --- signing in -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(zone: Zone, target: str) -> None:
    answer = sign_in(Client(), next=target)
    assert answer.status_code == 302 and answer["Location"] == "/"
    answer = Client().post("/i18n/", {"language": "en", "next": target})
    assert answer.status_code == 302 and "evil" not in answer["Location"]


def test_signing_in_changes_the_session(zone: Zone) -> None:
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = "1"
    session.save()
    client.cookies["sessionid"] = planted = str(session.session_key)
    sign_in(client)
    assert is_in(client)
    assert client.cookies["sessionid"].value != planted
    other = Client()
    other.cookies["sessionid"] = planted
    assert not is_in(other)


def test_guessing_is_locked_out_and_in_the_trail(zone: Zone) -> None:
    client = Client()
    for _attempt in range(5):
        assert "不对" in sign_in(client, "wrong").content.decode()
    refused = sign_in(client)
    assert refused.status_code != 302 and not is_in(client)
    assert "暂时不能再试" in refused.content.decode()
    assert Entry.objects.filter(action="sign-in-failed").count() >= 5


def test_the_right_holder_is_not_locked_out_by_who_guesses(zone: Zone) -> None:
    """The attack: five bad tries from anywhere closed the account to everybody."""
    guesser = Client(REMOTE_ADDR="203.0.113.9")
    for _attempt in range(8):
        sign_in(guesser, "wrong")
    holder = Client()
    assert sign_in(holder).status_code == 302 and is_in(holder)
    assert sign_in(guesser).status_code == 200 and not is_in(guesser)
    told = [one.text for one in Notice.objects.filter(account=zone.accounts["liaison"])]
    assert len(told) == 1 and "203.0.113.9" in told[0]


def test_a_name_tried_from_everywhere_is_open_where_it_is_at_home(zone: Zone) -> None:
    home = Client()
    assert sign_in(home).status_code == 302
    for number in range(tries.PER_NAME + 1):
        tries.admit("liaison", f"203.0.{number}.1")
    assert not tries.admit("liaison", "198.51.100.1")
    assert sign_in(Client()).status_code == 302


def test_each_wait_is_twice_the_one_before() -> None:
    waits = [tries.wait_after(number) for number in range(tries.FREE, tries.FREE + 12)]
    assert waits[:3] == [15, 30, 60] and waits[-1] == tries.LONGEST_WAIT
    assert waits == sorted(waits)


def test_a_one_time_password_ends(zone: Zone) -> None:
    account = scope.create_account(
        actor=SYSTEM, username="fresh", name="示例新人", password=PASSWORD, home=zone.zone
    )
    account.password_ends_at = timezone.now() - dt.timedelta(seconds=1)
    account.save()
    client = Client()
    page = client.post(LOGIN, {"login": "fresh", "password": PASSWORD}).content.decode()
    assert "已经过期" in page and not is_in(client)


@pytest.mark.parametrize(
    "password",
    [
        "Woaini1314520",
        "luodi@2026!!",
        "P@ssw0rd123",
        "20221222abc",
        "qwertyuiop!!",
        "Dangjian888888",
    ],
)
def test_what_anybody_would_try_is_no_password(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_what_the_database_keeps_opens_no_session(zone: Zone) -> None:
    """The attack: a key read from the table was the cookie; so was one read from a copy of it."""
    client = Client()
    sign_in(client)
    key = client.cookies["sessionid"].value
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_key, session_data FROM django_session")
        rows = cursor.fetchall()
        cursor.execute("SELECT session_key FROM usersessions_usersession")
        told = cursor.fetchall()
    assert rows and key not in str(rows) + str(told)
    assert "_auth_user_id" not in client.session.encode(dict(client.session.items()))
    for stolen, _data in rows:
        thief = Client()
        thief.cookies["sessionid"] = stolen
        assert not is_in(thief)
    assert is_in(client)


def test_an_administrator_ends_somebodys_sessions(zone: Zone) -> None:
    client, admin = Client(), zone.client("security_admin")
    sign_in(client)
    account = zone.accounts["liaison"]
    assert "127.0.0.1" in admin.get(f"/admin/accounts/{account.pk}/").content.decode()
    admin.post(f"/admin/accounts/{account.pk}/sessions/")
    assert not is_in(client)


def test_one_session_is_ended_by_itself(zone: Zone) -> None:
    here, there, third = Client(), Client(), Client()
    for one in (here, there, third):
        sign_in(one)
    page = here.get("/me/sessions/")
    theirs = page.context["sessions"].get(session_key=kept(there.cookies["sessionid"].value))
    here.post("/me/sessions/", {"which": theirs.pk})
    assert [is_in(one) for one in (here, there, third)] == [True, False, True]


def test_a_calendar_address_ends_with_the_password(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    token = token_of_calendar(account.pk)
    assert Client().get(f"/calendar/{token}.ics").status_code == 200
    scope.reset_password(actor=SYSTEM, account=account)
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


@pytest.mark.parametrize(
    "password", ["short1", "1234567890123", "password1234", "示例liaison8", "liaison123"]
)
def test_weak_passwords_are_refused(zone: Zone, password: str) -> None:
    client = zone.client("liaison")
    answer = client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )
    assert answer.status_code == 200 and answer.context["form"].errors["password1"]
    assert sign_in(Client()).status_code == 302


def test_a_first_password_must_be_changed(zone: Zone) -> None:
    account = zone.accounts["liaison"]
    account.must_change_password = True
    account.save()
    client = zone.client("liaison")
    assert client.get("/cases/problems/")["Location"] == "/accounts/password/change/"
    fresh = "another-long-secret-7"
    form = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert client.post("/accounts/password/change/", form)["Location"] == "/"
    assert client.get("/cases/problems/").status_code == 200


def test_who_is_away_is_signed_out(zone: Zone) -> None:
    client = zone.client("liaison")
    assert is_in(client)
    session = client.session
    session["seen"] -= settings.IDLE_SECONDS + 1
    session.save()
    assert not is_in(client)


def test_one_sees_and_ends_ones_other_sessions(zone: Zone) -> None:
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    assert is_in(here) and is_in(there)
    page = here.get("/me/sessions/")
    assert len(page.context["sessions"]) == 2
    here.post("/me/sessions/")
    assert is_in(here) and not is_in(there)


# --- what ends, ends at once ------------------------------------------------------------------


def test_an_account_that_is_switched_off_is_out(zone: Zone) -> None:
    client = zone.client("liaison")
    scope.set_active(actor=SYSTEM, account=zone.accounts["liaison"], active=False)
    assert not is_in(client)
    assert sign_in(Client()).status_code != 302 or not is_in(client)


def test_a_role_that_has_ended_opens_nothing(zone: Zone) -> None:
    client = zone.client("liaison")
    holding = zone.accounts["liaison"].roles.get()
    scope.end_role(actor=SYSTEM, holding=holding)
    assert client.get("/cases/raise/").status_code == 403
    assert client.get("/api/cases").json()["count"] == 0


def test_a_token_ends_when_it_is_revoked_or_expires(zone: Zone) -> None:
    rest = Rest(token_of(zone, "liaison"))
    assert rest.get("/me").status_code == 200
    token = ApiToken.objects.get(account__username="robot-liaison")
    token.expires_on = scope.today() - dt.timedelta(days=1)
    token.save()
    assert rest.get("/me").status_code == 401
    token.expires_on = scope.today()
    token.save()
    assert rest.get("/me").status_code == 200
    scope.revoke_token(actor=SYSTEM, token_id=token.pk)
    assert rest.get("/me").status_code == 401


def test_a_token_and_a_session_do_not_mix(zone: Zone) -> None:
    """A wrong token beside a good session is nobody: the session does not help it."""
    client = zone.client("office")
    assert client.get("/api/me", headers={"Authorization": "Bearer luodi_x"}).status_code == 401


@pytest.mark.parametrize("path", ["password/reset/", "email/", "confirm-email/", "password/set/"])
def test_there_is_no_way_in_by_mail(zone: Zone, path: str, mailoutbox: list[Any]) -> None:
    """A mailbox is for notices; who forgets a password asks the security administrator."""
    scope.Account.objects.filter(username="liaison").update(email="liaison@example.com")
    for client in (Client(), zone.client("liaison")):
        answer = client.post(
            f"/accounts/{path}", {"email": "liaison@example.com", "action_add": ""}
        )
        assert answer.status_code == 404
    assert mailoutbox == []


def test_a_second_factor_that_comes_or_goes_is_in_the_trail(zone: Zone) -> None:
    client = Client()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    secret = client.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, int(time.time()) // 30))
    assert client.post("/accounts/2fa/totp/activate/", {"code": code}).status_code == 302
    kept = [one.data for one in Authenticator.objects.all()]
    assert kept and secret not in str(kept)  # encrypted in the database
    told = Entry.objects.filter(subject="mfa_authenticator").order_by("id")
    assert {entry.account_id for entry in told} == {zone.accounts["liaison"].pk}
    assert {str(entry.changes["type"][1]) for entry in told} == {"totp", "recovery_codes"}
    assert all(entry.changes["data"] == ["●", "●"] for entry in told)
    other = Client()
    sign_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": "0" * 6})
    assert Entry.objects.filter(action="sign-in-failed", changes__kind=[None, "mfa"]).exists()
    assert client.post("/accounts/2fa/totp/deactivate/").status_code == 302
    assert Entry.objects.filter(subject="mfa_authenticator", action="delete").exists()
