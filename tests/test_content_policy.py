"""Chromium, told our content policy, finds nothing on our pages that it must stop."""

from __future__ import annotations

import mimetypes
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders

from luodi.ground.scope.api import SYSTEM
from luodi.rooms.casework import api as casework
from tests.zone import Zone

CHROMIUM = shutil.which("chromium")
SITE = "http://luodi.test"
PATHS = (
    "/",
    "/cases/problems/",
    "/cases/board/",
    "/cases/raise/",
    "/cases/statistics/",
    "/enterprises/",
    "/units/",
    "/notices/",
    "/accounts/2fa/",
    "/api/v1/docs",
    "/api/v1/openapi.json",
)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no chromium here")
def test_no_page_is_stopped_by_the_policy(zone: Zone) -> None:
    from playwright.sync_api import sync_playwright

    case = casework.raise_problem(actor=SYSTEM, unit=zone.enterprise, text="示例：停电。")
    paths = (*PATHS, f"/cases/{case.code}/", f"/cases/code/{zone.enterprise.pk}/")
    client = zone.client("office")
    made = {path: client.get(path) for path in paths}
    assert {path: page.status_code for path, page in made.items()} == dict.fromkeys(paths, 200)

    def answer(route: Any) -> None:
        path = urlsplit(route.request.url).path
        if path in made:
            page = made[path]
            route.fulfill(status=200, body=page.content, headers=dict(page.headers))
        else:
            found = finders.find(path.removeprefix("/static/"))
            kind = mimetypes.guess_type(path)[0] or "text/plain"
            body = Path(str(found)).read_bytes() if found else b""
            route.fulfill(status=200 if found else 404, body=body, content_type=kind)

    stopped: list[str] = []
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page()
        page.on("console", lambda said: stopped.append(f"{page.url}: {said.text}"))
        page.route("**/*", answer)
        for path in paths:
            if not path.endswith(".json"):
                page.goto(SITE + path)
        browser.close()
    assert [one for one in stopped if "Content Security Policy" in one] == []
