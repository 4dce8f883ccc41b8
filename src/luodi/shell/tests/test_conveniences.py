"""What the one script adds, in Chromium: pages are made by Django, the browser sees them as sent."""

from __future__ import annotations

import mimetypes
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from tests.zone import Zone

CHROMIUM = shutil.which("chromium")
SITE = "http://luodi.test"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium here"),
]


class Site:
    """Answers the browser with pages made beforehand; keeps what was posted."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages, self.posts, self.down = pages, [], False
        self.posts: list[str]
        self.moved: dict[str, str] = {}  # where a post leads to

    def answer(self, route: Any) -> None:
        request, parts = route.request, urlsplit(route.request.url)
        if parts.path.startswith("/static/"):
            found = finders.find(parts.path.removeprefix("/static/"))
            kind = mimetypes.guess_type(parts.path)[0] or "text/plain"
            body = Path(str(found)).read_bytes() if found else b""
            route.fulfill(status=200 if found else 404, body=body, content_type=kind)
        elif self.down:
            route.abort("connectionfailed")
        else:
            if request.method == "POST":
                self.posts.append(request.post_data or "")
            address = parts.path + (f"?{parts.query}" if parts.query else "")
            if request.method == "POST" and parts.path in self.moved:
                route.fulfill(status=302, headers={"Location": self.moved[parts.path]})
                return
            page = self.pages.get(address, self.pages.get(parts.path, ""))
            route.fulfill(status=200 if page else 404, body=page, content_type="text/html")


@pytest.fixture
def made(zone: Zone) -> dict[str, str]:
    """Real pages of the product by their addresses; `/form/` is the one of a new unit."""
    client = zone.client("office")
    form = client.get(f"/units/{zone.district.pk}/new/").content.decode()
    assert 'method="post"' in form
    sign_in = zone.client(None).get("/accounts/login/").content.decode()
    return {"/form/": form, "/": client.get("/").content.decode(), "/accounts/login/": sign_in}


@pytest.fixture
def page(made: dict[str, str]) -> Iterator[Any]:
    """A browser's page; started after `made`, for Django's database wants no running loop."""
    from playwright.sync_api import sync_playwright

    quiet = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-gpu"]
    with sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=CHROMIUM,
            args=[*quiet, "--disable-component-update", "--disable-sync"],
        )
        page = browser.new_page(locale="zh-CN")
        page.faults = []  # type: ignore[attr-defined]
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        yield page
        assert page.faults == []  # type: ignore[attr-defined]
        browser.close()


def visit(page: Any, site: Site, address: str) -> None:
    page.route("**/*", site.answer)
    page.goto(SITE + address)


def test_what_was_typed_survives_leaving_the_page(page: Any, made: dict[str, str]) -> None:
    site, asked = Site(made), []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    visit(page, site, "/form/")
    page.fill("[name=name]", "示例新厂")
    page.wait_for_timeout(500)
    page.goto(SITE + "/")
    assert asked == ["beforeunload"]
    page.goto(SITE + "/form/")
    assert page.input_value("[name=name]") == ""
    page.get_by_role("button", name="恢复").click()
    assert page.input_value("[name=name]") == "示例新厂"


def test_a_lost_connection_is_told_and_nothing_is_lost(page: Any, made: dict[str, str]) -> None:
    site = Site(made)
    visit(page, site, "/form/")
    page.fill("[name=name]", "示例新厂")
    page.context.set_offline(True)
    page.locator(".form-actions [type=submit]").click()
    assert "没有网络" in page.locator(".note-js").inner_text()
    assert page.input_value("[name=name]") == "示例新厂"
    page.context.set_offline(False)
    with page.expect_navigation():
        page.locator(".form-actions [type=submit]").click()
    assert len(site.posts) == 1


def test_a_server_that_is_gone_leaves_the_draft(page: Any, made: dict[str, str]) -> None:
    site = Site(made)
    visit(page, site, "/form/")
    page.fill("[name=name]", "示例新厂")
    site.down = True
    page.locator(".form-actions [type=submit]").click()
    page.wait_for_timeout(300)
    site.down = False
    page.goto(SITE + "/form/")
    page.get_by_role("button", name="恢复").click()
    assert page.input_value("[name=name]") == "示例新厂"


@pytest.mark.parametrize("where", ["/form/", "/case/"])
def test_what_was_typed_before_a_session_ended_is_there_after_signing_in(
    page: Any, made: dict[str, str], where: str
) -> None:
    """As the sign-in page promises; also where the form was a part of another page."""
    part = made["/form/"].replace('action=""', 'action="/form/"')
    site = Site({**made, "/case/": part})
    site.moved = {"/form/": "/accounts/login/?next=/form/", "/accounts/login/": "/form/"}
    visit(page, site, where)
    page.fill("[name=name]", "示例新厂")
    page.locator(".form-actions [type=submit]").click()
    page.wait_for_url("**/accounts/login/**")
    page.fill("[name=login]", "office")
    page.fill("[name=password]", "示例")
    page.locator(".form-actions [type=submit]").click()
    page.wait_for_url("**/form/")
    page.get_by_role("button", name="恢复").click()
    assert page.input_value("[name=name]") == "示例新厂"


def test_a_double_click_sends_once_and_a_landed_draft_is_gone(
    page: Any, made: dict[str, str]
) -> None:
    site = Site(dict(made))
    visit(page, site, "/form/")
    site.pages["/form/"] = made["/"]  # the answer to the post is another page
    page.fill("[name=name]", "示例新厂")
    with page.expect_navigation():
        page.locator(".form-actions [type=submit]").dblclick()
    assert len(site.posts) == 1
    site.pages["/form/"] = made["/form/"]
    page.goto(SITE + "/form/")
    page.wait_for_timeout(100)
    assert page.get_by_role("button", name="恢复").count() == 0


def test_no_draft_waits_for_the_next_person(page: Any, made: dict[str, str]) -> None:
    site = Site({**made, "/accounts/logout/": made["/"]})
    page.on("dialog", lambda dialog: dialog.accept())
    visit(page, site, "/form/")
    page.evaluate("sessionStorage.setItem('luodi.draft:999999:/form/|', '[]')")
    page.fill("[name=name]", "示例新厂")
    page.wait_for_timeout(500)
    page.goto(SITE + "/form/")
    kept = page.evaluate("Object.values(sessionStorage).join()")
    assert "示例新厂" in kept and "999999" not in page.evaluate(
        "Object.keys(sessionStorage).join()"
    )
    page.fill("[name=name]", "示例另一个")
    with page.expect_navigation():
        page.locator("form[action$='/logout/']").first.evaluate("form => form.requestSubmit()")
    assert "示例" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_question_is_asked_before_what_cannot_be_undone(page: Any, made: dict[str, str]) -> None:
    form = made["/form/"].replace("data-keep", 'data-confirm="真的吗？"')
    site, asked = Site({**made, "/form/": form}), []
    visit(page, site, "/form/")
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.fill("[name=name]", "示例新厂")
    page.locator(".form-actions [type=submit]").click()
    page.wait_for_timeout(100)
    assert asked == ["真的吗？"]
    assert site.posts == []


def test_a_file_that_is_too_large_is_not_sent(page: Any, made: dict[str, str]) -> None:
    form = (
        made["/form/"]
        .replace('name="short_name"', 'name="file" type="file" data-was="short_name"')
        .replace('type="text" name="file"', 'name="file"')
    )
    form = form.replace('data-upload-mb="50"', 'data-upload-mb="1"')
    assert 'data-upload-mb="1"' in form
    site = Site({**made, "/form/": form})
    visit(page, site, "/form/")
    page.fill("[name=name]", "示例新厂")
    large = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"0" * 2_100_000}
    page.set_input_files("[name=file]", files=[large])
    page.locator(".form-actions [type=submit]").click()
    assert "超过 1 MB" in page.locator(".note-js").inner_text()
    assert site.posts == []


def test_the_phone_s_drawer_opens_without_script(page: Any, made: dict[str, str]) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    bare = made["/"].replace("<script", "<script type='text/plain'")
    visit(page, Site({"/": bare}), "/")
    assert not page.locator("#nav").is_visible()
    page.locator(".topbar-menu").click()
    page.wait_for_timeout(300)
    assert page.locator("#nav").is_visible()
    page.locator(".side-close").click()
    page.wait_for_timeout(300)
    assert not page.locator("#nav").is_visible()
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
