"""What a first visit costs: under 150 kB compressed, in few files."""

from __future__ import annotations

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from tests.zone import Zone

LIMIT = 150_000
FILES = 8


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.parametrize(("role", "address"), [(None, "/accounts/login/"), ("office", "/")])
def test_the_first_page_is_small(zone: Zone, role: str | None, address: str) -> None:
    response = zone.client(role).get(address)
    assert response.status_code == 200
    html = response.content.decode()
    files = set(re.findall(r'(?:src|href)="/static/([^"#?]+)"', html))
    assert {"vendor/bootstrap.min.css", "luodi/luodi.css", "luodi/luodi.js"} <= files
    total = compressed(response.content)
    for name in files:
        found = finders.find(name)
        assert found, f"{name} is not there"
        with open(str(found), "rb") as stream:
            total += compressed(stream.read())
    assert len(files) + 1 <= FILES
    assert total < LIMIT


def test_nothing_comes_from_another_site(zone: Zone) -> None:
    for address in ("/", "/units/", "/me/"):
        html = zone.client("office").get(address).content.decode()
        assert not re.findall(r'(?:src|href|action)="(?:https?:)?//', html)
