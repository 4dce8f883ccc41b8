"""The pages of signing in, in our words: a wrong password, the lock-out, the first password."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from tests.zone import PASSWORD, Zone

from luodi.ground.scope.api import SYSTEM, create_account


@pytest.fixture(autouse=True)
def nobody_is_locked_out(db: None) -> None:
    cache.clear()


def test_a_wrong_password_and_the_lock_out_are_told_in_plain_words(zone: Zone) -> None:
    client = zone.client(None)
    attempt = {"login": "office", "password": "wrong-password"}
    first = client.post("/accounts/login/", attempt).content.decode()
    assert "登录名或密码不对" in first and 'value="office"' in first
    for _n in range(5):
        last = client.post("/accounts/login/", attempt).content.decode()
    assert "暂时不能再试" in last
    right = client.post("/accounts/login/", {"login": "office", "password": PASSWORD})
    assert "暂时不能再试" in right.content.decode()


def test_a_given_password_must_be_changed_first(zone: Zone) -> None:
    create_account(actor=SYSTEM, username="fresh", name="示例新人", password=PASSWORD)
    client = zone.client(None)
    client.post("/accounts/login/", {"login": "fresh", "password": PASSWORD})
    assert client.get("/")["Location"] == "/accounts/password/change/"
    assert "请先换成只有自己知道的密码" in client.get("/accounts/password/change/").content.decode()
    new = "a-better-horse-22"
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post("/accounts/password/change/", data).status_code == 302
    assert client.get("/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/me/sessions/",
        "/accounts/reauthenticate/",
    ],
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_account_pages_speak_the_account_s_language(
    zone: Zone, address: str, language: str
) -> None:
    account = zone.accounts["office"]
    account.language = language
    account.save(update_fields=["language"])
    html = zone.client("office").get(address).content.decode()
    assert f'lang="{"en" if language == "en" else "zh-Hans"}"' in html
    assert "Menu:" not in html  # allauth's own layout


def test_nobody_signs_up(zone: Zone) -> None:
    assert "不开放注册" in zone.client(None).get("/accounts/signup/").content.decode()
