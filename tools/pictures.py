"""Takes the pictures of docs/pictures from a running demonstration, in Debian's chromium.

luodi demo &   then   python tools/pictures.py [FOLDER] [NAME …]
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

ADDRESS = "http://127.0.0.1:8000"
PASSWORD = "luodi-2022-demo"  # noqa: S105 - the demonstration's, printed by `luodi demo`
WIDTHS = {"desktop": (1440, 900), "phone": (390, 844)}
QUIET = [
    "--lang=zh-CN",
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TEXT = (
    "截至2022年12月22日，全区有2个企业党总支、2个党支部，党员92人。班子平均年龄从52.27岁下降到49.34岁。"
    "累计解决企业问题24个。全年接待客商380余人次。"
)
# name: who signs in, address
PAGES = {
    "sign-in": ("", "/accounts/login/"),
    "workbench": ("instructor1", "/"),
    "workbench-liaison": ("liaison1", "/"),
    "raise": ("liaison1", "/cases/raise/"),
    "problems": ("office", "/cases/problems/"),
    "problems-chips": ("office", "/cases/problems/?light=red&whose=others"),
    "problems-filters": ("office", "/cases/problems/?light=red&filters=1"),
    "board": ("office", "/cases/board/"),
    "case": ("instructor2", "/cases/problems/?q=压缩空气站"),
    "responsibilities": ("office", "/cases/responsibilities/"),
    "rectifications": ("office", "/cases/rectifications/"),
    "statistics": ("secretary", "/cases/statistics/?since=2021-01-01"),
    "figures": ("secretary", "/figures/?since=2021-01-01&until=2022-12-22"),
    "reading": ("secretary", "/figures/directory.members/?until=2022-12-22"),
    "programmes": ("office", "/programmes/?at=2022-12-22"),
    "roadmap": ("office", "/programmes/roadmap/"),
    "workplan": ("office", "/programmes/workplan/"),
    "registers": ("office", "/registers/"),
    "reports": ("office", "/reports/"),
    "report": ("office", "/reports/1/"),
    "check": ("office", "/figures/check/"),
    "tree": ("office", "/units/"),
    "enterprises": ("office", "/enterprises/"),
    "people": ("office", "/people/"),
    "branches": ("office", "/branches/"),
    "privacy": ("office", "/privacy/"),
    "inbox": ("instructor1", "/notices/"),
    "accounts": ("secadmin", "/admin/accounts/"),
    "trail": ("auditor", "/audit/"),
    "seals": ("auditor", "/audit/seals/"),
    "settings": ("office", "/cases/settings/"),
    "me": ("liaison1", "/me/"),
}


def main(folder: Path, wanted: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        for name, (username, address) in PAGES.items():
            if not wanted or name in wanted:
                for kind in WIDTHS:
                    take(browser, folder / f"{name}-{kind}.png", kind, username, address)
        browser.close()


@cache
def signed_in(browser: Browser, username: str) -> BrowserContext:
    """A browser that somebody has signed in with; once each, as sign-ins are limited."""
    context = browser.new_context(locale="zh-CN")
    if username:
        page = context.new_page()
        page.goto(f"{ADDRESS}/accounts/login/")
        page.fill("input[name=login]", username)
        page.fill("input[name=password]", PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_load_state()
        page.close()
    return context


def take(browser: Browser, target: Path, kind: str, username: str, address: str) -> None:
    """One picture: opens the address and keeps the first two screens of it."""
    width, height = WIDTHS[kind]
    page = signed_in(browser, username).new_page()
    page.set_viewport_size({"width": width, "height": height})
    answer = page.goto(ADDRESS + address)
    if target.name.startswith("case-"):  # the first case of the list
        page.goto(
            ADDRESS + str(page.locator("main a[href^='/cases/WT']").first.get_attribute("href"))
        )
    if target.name.startswith("check-"):
        page.fill("textarea[name=text]", TEXT)
        page.fill("input[name=at]", "2022-12-22")
        page.press("input[name=at]", "Enter")
        page.wait_for_load_state()
    tall = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": min(max(int(tall), height), 2 * height)})
    page.screenshot(path=target)
    print(target.name, answer.status if answer else "")
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "docs/pictures"), sys.argv[2:])
