"""Every page's frame: who sees which places, and what a refusal looks like."""

from __future__ import annotations

import re

import pytest
from tests.zone import Zone


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
