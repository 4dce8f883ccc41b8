"""Every page, as every role and as nobody, about objects inside and outside the role's scope.

Each app's `tests/matrix.py` says who may open what. A page without an entry fails; so does an entry
without a page.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from tests.addresses import address, patterns
from tests.expect import ALL
from tests.matrix import PAGES
from tests.world import World

WALKED = patterns()


def test_every_page_has_an_entry_and_every_entry_a_page() -> None:
    assert set(PAGES) == set(WALKED)


def addresses(name: str, world: World) -> Iterator[tuple[str, bool]]:
    """The page's addresses about what is inside, and about what is outside."""
    for arguments in WALKED[name]:
        yield address(name, arguments, world.inside), True
        if arguments:
            yield address(name, arguments, world.outside), False


def trail() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM audit_entry")
        (last,) = cursor.fetchone()
    return int(last)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_who_may_open_it(world: World, name: str) -> None:
    page = PAGES[name]
    for url, inside in addresses(name, world):
        for role in (*sorted(ALL), None):
            with world.tried():
                before = trail()
                status = world.clients[role].get(url).status_code
                written = trail() - before
            case = f"{role} {'inside' if inside else 'outside'} {url}: {status}"
            if role is None:
                assert status == page.nobody, case
            elif role in (page.who if inside else page.outside):
                assert status == page.get, case
                assert written == 0, f"{case} wrote {written} entries"
            else:
                assert status in page.refused, case
                assert written == 0, case


@pytest.mark.parametrize("name", sorted(PAGES))
def test_nothing_is_written_without_the_pages_own_token(world: World, name: str) -> None:
    """A POST from another site carries the session, but not the token of a form of ours."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.clients["office"].cookies
    for url, _inside in addresses(name, world):
        with world.tried():
            before = trail()
            # RFC 8058: a mail program posts there by itself; the address says enough, no session does
            refused = {404} if name == "notices:no_mail" else {403, 405}
            if (
                name == "public:type_size"
            ):  # a kept page holds nobody's token; it sets a cookie, no more
                refused = {302}
            assert client.post(url, {}).status_code in refused, url
            assert trail() == before, url


@pytest.mark.parametrize("role", ["instructor", "liaison", "department_officer"])
def test_nothing_is_written_about_what_is_outside(world: World, role: str) -> None:
    """A form that is filled in well, sent to the address of what somebody else has."""
    day = dict.fromkeys(("on", "since", "due_on"), "2026-01-01")
    words = dict.fromkeys(("reason", "text", "note", "name", "words", "title", "result"), "示例")
    for name in WALKED:
        here = {url for url, inside in addresses(name, world) if inside}
        for url in {url for url, inside in addresses(name, world) if not inside} - here:
            for form in ({}, {**day, **words, "version": "1", "unit": "示例丙公司", "value": "1"}):
                with world.tried():
                    before = trail()
                    status = world.clients[role].post(url, form).status_code
                    assert trail() == before, f"{role} {url}: {status}"
                    # the second factor's pages first ask for the password once more
                    again = name.startswith("mfa_") and status == 302
                    assert again or status in {200, 400, 403, 404, 405, 409, 422}, (
                        f"{role} {url}: {status}"
                    )


def test_hostile_addresses_are_not_errors(world: World) -> None:
    """Numbers past every range, and texts where an id belongs."""
    for name, lists in WALKED.items():
        for arguments in lists:
            if "pk" not in arguments or name.startswith(("account_", "mfa_")):
                continue
            for pk in (0, 2**31, 2**63, 10**40):
                kinds = dict.fromkeys(world.inside, pk)
                url = address(name, arguments, {**world.inside, **kinds})
                with world.tried():
                    status = world.clients["office"].get(url).status_code
                assert status in {200, 403, 404, 405}, f"{url}: {status}"
