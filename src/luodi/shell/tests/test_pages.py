"""Every page's frame: who sees which places, and what a refusal looks like."""

from __future__ import annotations

import re

import pytest
from tests.zone import Zone

from luodi.shell.templatetags.luodi import browser


def test_home_needs_a_sign_in(zone: Zone) -> None:
    response = zone.client(None).get("/")
    assert response.status_code == 302 and response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", ["office", "liaison", "auditor"])
def test_the_frame_has_what_keyboards_and_readers_need(zone: Zone, role: str) -> None:
    html = zone.client(role).get("/").content.decode()
    assert 'class="skip" href="#main"' in html and '<main id="main"' in html
    assert 'lang="zh-Hans"' in html and html.count("<h1") == 1
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_an_unknown_page_says_so(zone: Zone) -> None:
    response = zone.client("office").get("/nowhere/")
    assert response.status_code == 404 and "没有这一页" in response.content.decode()


def test_a_body_that_is_too_large_is_refused_unread(zone: Zone) -> None:
    answer = zone.client("office").post("/me/", CONTENT_LENGTH=str(2 * 1024**3))
    assert answer.status_code == 413 and "没有接收" in answer.content.decode()


def test_a_refusal_outside_a_form_is_a_page_with_its_sentence(zone: Zone) -> None:
    answer = zone.client("liaison").get("/admin/accounts/")
    assert answer.status_code == 403
    assert "您的角色不能做这件事" in answer.content.decode()
    assert 'id="nav"' in answer.content.decode()


def test_one_place_is_current_and_only_what_one_may_see_is_shown(zone: Zone) -> None:
    html = zone.client("auditor").get("/audit/seals/").content.decode()
    assert html.count('aria-current="page"') == 1
    assert "/admin/accounts/" not in html and "/audit/" in html


def test_what_one_reader_was_shown_is_not_shown_to_another(zone: Zone) -> None:
    def places(role: str, address: str) -> str:
        html = zone.client(role).get(address).content.decode()
        return html[html.index('<nav id="nav"') : html.index("side-me")]

    first = places("office", "/notices/")
    assert places("office", "/notices/") == first
    assert places("office", "/cases/problems/") != first  # another place is current
    assert "/admin/accounts/" in places("security_admin", "/notices/")
    assert "/admin/accounts/" not in places("office", "/notices/")
    zone.client("office").post("/me/", {"language": "en"})
    assert "工作台" not in places("office", "/notices/")


def test_a_list_is_a_fragment_of_its_page(zone: Zone) -> None:
    client = zone.client("security_admin")
    headers = {"HX-Request": "true", "HX-Target": "listing-accounts"}
    part = client.get("/admin/accounts/", headers=headers)
    assert part.content.strip().startswith(b"<section") and b"<nav id" not in part.content
    assert "HX-Target" in part["Vary"]
    assert b"<nav id" in client.get("/admin/accounts/").content


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/120.0.0.0 Safari/537.36 Edg/120.0.0.0",
            "Edge · Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
            "Mobile/15E148 wxwork/4.1 MicroMessenger/7.0",
            "企业微信 · iPhone",
        ),
        ("curl/8.5", "curl/8.5"),
    ],
)
def test_a_browser_is_told_in_two_words(agent: str, words: str) -> None:
    assert browser(agent) == words
