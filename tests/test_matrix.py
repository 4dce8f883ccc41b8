"""Every page, as every role and as nobody, about objects inside and outside the role's scope.

`PAGES` says who may open what. A page without an entry fails; so does an entry without a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import connection
from django.test import Client

from tests.addresses import address, patterns
from tests.world import World
from tests.zone import PLACES

ALL = frozenset(PLACES)
OFFICERS = frozenset({"office", "secretary", "deputy", "county_officer"})
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "auditor"})
SEES = OFFICERS | {"instructor", "branch_secretary", "liaison"}  # rows of the first enterprise
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Page:
    """Who gets a page about what is inside (200); `outside`: who also gets it of what is not.

    `get`: what else those who may reach it get instead of 200. `nobody`: what nobody gets.
    `refused`: what everybody else gets.
    """

    who: frozenset[str]
    outside: frozenset[str] = NOBODY
    get: int = 200
    nobody: int = 302
    refused: frozenset[int] = frozenset({403, 404})


def of_rows(who: frozenset[str]) -> Page:
    """A page about a row: of what is outside only the officers of the whole zone see anything."""
    return Page(who, who & OFFICERS)


def anyone(code: int = 200, nobody: int = 302) -> Page:
    return Page(ALL, ALL, get=code, nobody=nobody)


def holders(*roles: str) -> Page:
    return Page(frozenset(roles), frozenset(roles))


POST_ONLY = anyone(405)
CASES = holders(*SEES, "part_time_member", "department_officer")
PROGRAMMES = Page(CASES.who - {"liaison"}, CASES.who - {"liaison"})
DEFINERS = holders("office", "county_officer")
KNOWN = holders(*SEES, "part_time_member")
UNIT_WRITERS = holders("office", "system_admin")
PEOPLE = SEES - {"liaison"}
POSTS = frozenset({"office"})
ENTERPRISES = frozenset({"office", "instructor"})

REPORT_WRITERS = OFFICERS | {"instructor"}
REPORTS = REPORT_WRITERS | {"branch_secretary", "part_time_member"}

CLOSED = anyone(404, nobody=404)

PAGES: dict[str, Page] = {
    "home": anyone(),
    "pins": anyone(),
    "my_figures": anyone(),
    "search:search": anyone(),
    "set_language": anyone(302, nobody=302),
    # the sign-in, its second factor, one's sessions
    "account_login": anyone(302, nobody=200),
    "account_logout": anyone(),
    "account_inactive": anyone(nobody=200),
    "account_signup": anyone(302, nobody=200),
    "account_reauthenticate": anyone(),
    "closed": CLOSED,
    "account_email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_change_password": anyone(),
    "account_set_password": CLOSED,
    "account_reset_password": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_confirm_email": CLOSED,
    "account_reset_password_from_key_done": CLOSED,
    "account_reset_password_from_key": CLOSED,
    "account_reset_password_done": CLOSED,
    "mfa_index": anyone(),
    "mfa_authenticate": anyone(302),
    "mfa_reauthenticate": anyone(302),
    "mfa_activate_totp": anyone(302),
    "mfa_deactivate_totp": anyone(404),
    "mfa_view_recovery_codes": anyone(404),
    "mfa_generate_recovery_codes": anyone(302),
    "mfa_download_recovery_codes": anyone(404),
    "usersessions_list": anyone(),
    # units, accounts, roles
    "scope:me": anyone(),
    "scope:tree": anyone(),
    "scope:unit": anyone(),
    "scope:unit_new": UNIT_WRITERS,
    "scope:unit_change": UNIT_WRITERS,
    "scope:unit_move": UNIT_WRITERS,
    "scope:unit_close": UNIT_WRITERS,
    "scope:accounts": holders("security_admin"),
    "scope:account_new": holders("security_admin"),
    "scope:account": holders("security_admin"),
    "scope:grant": holders("security_admin"),
    "scope:password": POST_ONLY,
    "scope:second_factor": POST_ONLY,
    "scope:active": POST_ONLY,
    "scope:token": POST_ONLY,
    "scope:revoke": POST_ONLY,
    "scope:role_end": POST_ONLY,
    # the trail
    "audit:trail": holders("auditor"),
    "audit:seals": holders("auditor"),
    "audit:history": Page(PEOPLE | {"auditor"}, OFFICERS | {"auditor"}),  # of a person
    # the directory
    "directory:enterprises": anyone(),
    "directory:add_enterprise": holders("office", "instructor"),
    "directory:enterprise": of_rows(SEES),
    "directory:change_enterprise": of_rows(ENTERPRISES),
    "directory:lead": of_rows(ENTERPRISES),
    "directory:branches": anyone(),
    "directory:found_branch": holders("office"),
    "directory:branch": of_rows(SEES),
    "directory:reorganise_branch": of_rows(frozenset({"office"})),
    "directory:term": of_rows(frozenset({"office"})),
    "directory:span": of_rows(frozenset({"office"})),
    "directory:dissolve_branch": of_rows(frozenset({"office"})),
    "directory:override": of_rows(frozenset({"office"})),
    "directory:end_override": of_rows(frozenset({"office"})),
    "directory:end_span": of_rows(frozenset({"office"})),
    "directory:people": holders(*PEOPLE, "part_time_member"),
    "directory:add_person": holders(*PEOPLE),
    "directory:person": of_rows(PEOPLE),
    "directory:change_person": of_rows(PEOPLE),
    "directory:reveal": of_rows(frozenset({"office"})),
    "directory:export_person": of_rows(frozenset({"office"})),
    "directory:erase_person": of_rows(PEOPLE),
    "directory:join": of_rows(PEOPLE),
    "directory:appoint": of_rows(PEOPLE),
    "directory:advance": of_rows(PEOPLE),
    "directory:transfer": of_rows(PEOPLE),
    "directory:end_membership": of_rows(PEOPLE),
    "directory:correct_membership": of_rows(PEOPLE),
    "directory:end_post": of_rows(PEOPLE),
    "directory:correct_post": of_rows(PEOPLE),
    "directory:privacy": anyone(),
    "directory:export": holders("office"),
    "directory:close_enterprise": of_rows(ENTERPRISES),
    # casework
    "cases:/cases/": anyone(302),
    "cases:problems": CASES,
    "cases:board": CASES,
    "cases:responsibilities": CASES,
    "cases:rectifications": CASES,
    "cases:statistics": CASES,
    "cases:assign": POST_ONLY,
    "cases:keep_filter": POST_ONLY,
    "cases:drop_filter": POST_ONLY,
    "cases:raise": holders(*SEES),
    "cases:behalf": holders(*SEES - {"liaison"}, "department_officer"),
    "cases:settings": holders(*CASES.who, "system_admin"),
    "cases:category": holders(*OFFICERS),
    "cases:template": holders(*OFFICERS),
    "cases:poster": of_rows(SEES),
    "cases:rotate": POST_ONLY,
    "cases:case": of_rows(SEES),
    "cases:phone": of_rows(SEES - {"liaison"}),
    "cases:forget": of_rows(POSTS),
    "cases:act": of_rows(SEES),
    "cases:act_measure": Page(  # who may only look is sent back to the case
        OFFICERS | {"instructor"}, OFFICERS, refused=frozenset({302, 404})
    ),
    # reports
    "reports:reports": holders(*REPORTS),
    "reports:draft": holders(*REPORT_WRITERS),
    "reports:preview": POST_ONLY,
    "reports:templates": holders(*REPORTS),
    "reports:template": holders(*REPORTS),
    "reports:template_new": holders(*REPORT_WRITERS),
    "reports:verify": anyone(nobody=200),
    "reports:key": anyone(nobody=200),
    "reports:report": of_rows(REPORTS - {"part_time_member"}),
    "reports:edit": of_rows(REPORT_WRITERS),
    "reports:publish": POST_ONLY,
    "reports:call_off": POST_ONLY,
    "reports:drop": POST_ONLY,
    "reports:withdraw": of_rows(REPORT_WRITERS),
    "reports:compare": of_rows(REPORTS - {"part_time_member"}),
    "reports:reading": of_rows(REPORTS - {"part_time_member"}),
    "reports:article": of_rows(REPORTS - {"part_time_member"}),
    "reports:article_shown": of_rows(REPORTS - {"part_time_member"}),
    "reports:file": of_rows(REPORTS - {"part_time_member"}),
    # figures
    "figures:catalogue": anyone(),
    "figures:check": CASES,
    "figures:reading": CASES,
    # programmes
    "programmes:board": PROGRAMMES,
    "programmes:roadmap": PROGRAMMES,
    "programmes:workplan": PROGRAMMES,
    "programmes:new_programme": holders(*OFFICERS),
    "programmes:programme": of_rows(SEES - {"liaison"}),
    "programmes:change_programme": of_rows(OFFICERS),
    "programmes:new_measure": of_rows(OFFICERS),
    "programmes:change_measure": of_rows(OFFICERS),
    "programmes:finish_measure": of_rows(OFFICERS),
    "programmes:reopen_measure": POST_ONLY,
    "programmes:link_case": of_rows(OFFICERS),
    "programmes:unlink_case": POST_ONLY,
    "programmes:new_target": of_rows(OFFICERS),
    "programmes:target": of_rows(SEES - {"liaison"}),
    "programmes:trend": of_rows(SEES - {"liaison"}),
    "programmes:change_target": of_rows(OFFICERS),
    "programmes:drop_target": of_rows(OFFICERS),
    "programmes:open_case": POST_ONLY,
    "programmes:indicators": PROGRAMMES,
    "programmes:indicator": PROGRAMMES,
    "programmes:new_indicator": holders(*OFFICERS),
    "programmes:change_indicator": holders(*OFFICERS),
    "programmes:observe": holders(*OFFICERS),
    "programmes:observation": of_rows(SEES - {"liaison"}),
    "programmes:correct": of_rows(OFFICERS),
    "programmes:withdraw": POST_ONLY,
    # an enterprise's public form, for whoever holds its code
    "cases:report": anyone(nobody=200),
    "cases:reported": anyone(404, nobody=404),
    # calendars: working days, and one's own deadlines
    "calendars:calendars": holders("system_admin"),
    "calendars:set_day": POST_ONLY,
    "calendars:set_hours": POST_ONLY,
    "calendars:fill": POST_ONLY,
    "calendars:clear": POST_ONLY,
    "calendar": anyone(),
    "change_calendar": POST_ONLY,
    "calendar_feed": anyone(nobody=200),
    # evidence, messages
    # registers: the zone's own, whose definition everyone below knows
    "registers:registers": CASES,
    "registers:define": DEFINERS,
    "registers:install": DEFINERS,
    "registers:entries": KNOWN,
    "registers:record": holders(*SEES),
    "registers:definition": DEFINERS,
    "registers:change": DEFINERS,
    "registers:retire": POST_ONLY,
    "registers:add_column": DEFINERS,
    "registers:change_column": DEFINERS,
    "registers:move_column": POST_ONLY,
    "registers:retire_column": POST_ONLY,
    "registers:add_figure": DEFINERS,
    "registers:change_figure": DEFINERS,
    "registers:retire_figure": POST_ONLY,
    "registers:export": Page(KNOWN.who, KNOWN.who, get=302),
    "registers:entry": of_rows(SEES),
    "registers:change_entry": of_rows(SEES),
    "registers:correct_entry": of_rows(SEES),
    "registers:end_entry": of_rows(SEES),
    "registers:withdraw_entry": of_rows(SEES),
    "registers:attach": of_rows(SEES),
    "registers:rounds": KNOWN,
    "registers:open_round": holders(*OFFICERS),
    "registers:round": KNOWN,
    "registers:nominate": holders(*SEES),
    "registers:ballot": POST_ONLY,
    "registers:advance": POST_ONLY,
    "registers:review": holders(*OFFICERS),
    "registers:object": KNOWN,
    "registers:resolve": holders(*OFFICERS),
    "evidence:file": of_rows(SEES),
    # of people; a dry run is its maker's own
    "imports:upload": holders("office", "instructor"),
    "imports:template": holders("office", "instructor"),
    "imports:report": Page(NOBODY),
    "imports:errors": Page(NOBODY),
    "imports:details": Page(NOBODY),
    "imports:answers": POST_ONLY,
    "imports:correct": POST_ONLY,
    "imports:discard": POST_ONLY,
    "notices:inbox": anyone(),
    "notices:read_all": POST_ONLY,
    "notices:follow": POST_ONLY,
    "notices:deliveries": anyone(),
    "notices:retry": POST_ONLY,
    "notices:robots": holders("office", "system_admin"),
    "notices:remove_robot": POST_ONLY,
}

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
            assert client.post(url, {}).status_code in {403, 405}, url
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
                    assert status in {200, 400, 403, 404, 405, 409, 422}, f"{role} {url}: {status}"


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
