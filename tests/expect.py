"""The words in which each app's `tests/matrix.py` says who may do what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.zone import PLACES, Zone

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
FOUNDED = dt.date(2021, 3, 1)
Ids = dict[str, Any]
Body = Callable[[Ids], Any]

ALL = frozenset(PLACES)
NOBODY: frozenset[str] = frozenset()
OFFICERS = frozenset({"office", "secretary", "deputy", "county_officer"})
ZONE = OFFICERS - {"county_officer"}  # who leads what the other district has no instructor for
ADMINISTRATORS = frozenset({"system_admin", "security_admin", "auditor"})
REPORTERS = frozenset({"branch_secretary", "liaison"})
LEAD = frozenset({"instructor"})
DEPARTMENT = frozenset({"department_officer"})
SEES = OFFICERS | LEAD | REPORTERS  # rows of the first enterprise
PEOPLE = SEES - {"liaison"}
POSTS = frozenset({"office"})
ENTERPRISES = frozenset({"office", "instructor"})
CONFIGURE = frozenset({"office", "system_admin"})
DEFINERS = frozenset({"office", "county_officer"})
WRITERS = OFFICERS | LEAD
READERS = WRITERS | {"branch_secretary"}
KNOWN = SEES | {"part_time_member"}  # the zone's own
VIEWERS = SEES - {"liaison"} | {"part_time_member", "department_officer"}


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
CLOSED = anyone(404, nobody=404)
CASES = holders(*SEES, "part_time_member", "department_officer")


@dataclass(frozen=True)
class Operation:
    """Who may do it about what is inside, and who also about what is outside (the zone's officers).

    `about`: what `{pk}` names, or the state of the case that `{code}` names. `otherwise`: what the
    others are told.
    """

    who: frozenset[str]
    body: Body = lambda ids: None
    about: str = "handling"
    outside: frozenset[str] | None = None
    query: str = ""
    otherwise: frozenset[int] = frozenset({403, 404})
    open: bool = False  # to nobody too

    def whose(self, *, inside: bool) -> frozenset[str]:
        if inside:
            return self.who
        return self.who & OFFICERS if self.outside is None else self.outside


def reading(who: frozenset[str], about: str = "", query: str = "") -> Operation:
    """A list, which everyone of `who` gets with the rows that they see."""
    return Operation(who, about=about, outside=None if about else who, query=query)


def empty(ids: Ids) -> Any:
    return {}


def reason(ids: Ids) -> Any:
    return {"reason": "示例"}


def text(ids: Ids) -> Any:
    return {"text": "示例"}


def on(ids: Ids) -> Any:
    return {"on": "2024-01-01"}


def account_of(zone: Zone, number: int) -> Any:
    """Whose the messages and the feed are: of who is inside (0), or sees what is outside."""
    return zone.accounts["branch_secretary" if number == 0 else "office"]
