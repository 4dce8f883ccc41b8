"""Who acts, what they may do, and which rows the database will show them."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from luodi.ground.scope.permissions import ROLE_KINDS, RoleKind
from luodi.lib.errors import NotAllowed

PathRange = tuple[str, str]


def below(path: str) -> PathRange:
    """The half-open range of paths of a unit and all units below it; `/` follows `.` in ASCII."""
    return path, path[:-1] + "/"


def only(path: str) -> PathRange:
    """The half-open range that holds this unit's path alone: a child's continues with a digit."""
    return path, path + "\x01"


EVERYTHING: PathRange = ("0", ":")


MINUTES = 30  # that a signed scope lives; a transaction of the program's own may take hours
ENGINE_MINUTES = 12 * 60


@dataclass(frozen=True, slots=True)
class Scope:
    """Which rows a transaction sees: ranges of unit paths, and powers over what no unit owns.

    `reach` are the paths that the power over accounts extends to; `minutes` how long it lives.
    """

    account_id: int = 0
    ranges: tuple[PathRange, ...] = ()
    powers: frozenset[str] = frozenset()
    reach: tuple[PathRange, ...] = ()
    minutes: int = MINUTES

    def settings(self, here: str, now: int) -> dict[str, str]:
        """The transaction's settings, signed: the policies believe no other (see sql/scope.sql).

        here: what the database says of this backend and transaction; now: its clock, in seconds.
        """
        ranges = _merge(self.ranges)
        values = {
            "luodi.until": str(now + 60 * self.minutes),
            "luodi.scope_from": ranges[0][0] if ranges else "",
            "luodi.scope_to": ranges[-1][1] if ranges else "",
            "luodi.scope_many": _multirange(ranges) if len(ranges) > 1 else "",
            "luodi.account": str(self.account_id),
            "luodi.powers": ",".join(sorted(self.powers)),
            "luodi.reach": _multirange(_merge(self.reach)) if self.reach else "",
        }
        values["luodi.signature"] = _sign(here, "scope", *values.values())
        return values


def _merge(ranges: tuple[PathRange, ...]) -> list[PathRange]:
    merged: list[PathRange] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _multirange(ranges: list[PathRange]) -> str:
    return "{" + ",".join(f'["{start}","{end}")' for start, end in ranges) + "}"


def signing_key() -> str:
    """The key under which scopes are signed; the database keeps a copy the app cannot read."""
    return hmac.new(settings.SECRET_KEY.encode(), b"luodi.scope", hashlib.sha256).hexdigest()


def _sign(*fields: str) -> str:
    """SHA-256(key ‖ SHA-256(key ‖ fields)), each field behind its length, as `luodi_signed()` has it."""
    key = signing_key().encode()
    message = "".join(f"{len(one.encode())}:{one}" for one in fields).encode()
    return hashlib.sha256(key + hashlib.sha256(key + message).digest()).hexdigest()


def signed_here(purpose: str, message: str) -> str:
    """The signature of a message that a function of the database acts upon in this transaction only."""
    here, _now = _asked(HERE)
    return _sign(here, purpose, message)


@dataclass(frozen=True, slots=True)
class Holding:
    """A role that somebody holds on a unit, today."""

    role: RoleKind
    unit_id: int
    path: str
    ranges: tuple[PathRange, ...]

    def reaches(self, path: str) -> bool:
        return any(start <= path < end for start, end in self.ranges)


@dataclass(frozen=True)
class Actor:
    """Who calls a verb. Verbs ask `require`; rows are filtered by the database from `scope`.

    `stands_for`: the accounts, with their names, whose deputy the actor is today.
    """

    account_id: int = 0
    name: str = ""
    holdings: tuple[Holding, ...] = ()
    everything: bool = False
    language: str = "zh-hans"
    stands_for: tuple[tuple[int, str], ...] = ()
    extra_ranges: tuple[PathRange, ...] = field(default=(), repr=False)

    def may(self, permission: str, path: str | None = None) -> bool:
        """Whether a held role gives the permission on the unit of that path (or on any unit)."""
        return self.everything or any(
            permission in held.role.permissions and (path is None or held.reaches(path))
            for held in self.holdings
        )

    def require(self, permission: str, path: str | None = None) -> None:
        if not self.may(permission, path):
            raise NotAllowed(_("您的角色不能做这件事，请联系本单位的管理员。"))

    def covers(self, permission: str, path: str) -> bool:
        """Whether one held role gives the permission on that unit and shows every row below it.

        A number read with less would leave rows out without a word.
        """
        start, end = below(path)
        return self.everything or any(
            permission in held.role.permissions
            and held.role.sees_rows
            and any(first <= start and end <= last for first, last in held.ranges)
            for held in self.holdings
        )

    def ranges_of(self, permission: str) -> tuple[PathRange, ...]:
        """The paths on which a held role gives the permission."""
        if self.everything:
            return (EVERYTHING,)
        return tuple(
            one
            for held in self.holdings
            if permission in held.role.permissions
            for one in held.ranges
        )

    @property
    def accounts(self) -> frozenset[int]:
        """Whose affairs are the actor's: their own, and of those for whom they stand in."""
        return frozenset({self.account_id, *(pk for pk, _name in self.stands_for)})

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(held.role.key for held in self.holdings)

    @property
    def powers(self) -> frozenset[str]:
        if self.everything:
            return frozenset().union(*(role.powers for role in ROLE_KINDS.values())) | {"engine"}
        return frozenset[str]().union(*(held.role.powers for held in self.holdings))

    @cached_property
    def scope(self) -> Scope:
        if self.everything:
            all_of_it = (EVERYTHING,)
            return Scope(self.account_id, all_of_it, self.powers, all_of_it, ENGINE_MINUTES)
        ranges = [r for held in self.holdings if held.role.sees_rows for r in held.ranges]
        reach = [r for held in self.holdings if "accounts" in held.role.powers for r in held.ranges]
        return Scope(self.account_id, (*ranges, *self.extra_ranges), self.powers, tuple(reach))


def unbounded(actor: Actor) -> Actor:
    """The same person with sight of all rows: for a verb that has asked before whether they may.

    What is left behind by somebody lies in many units; the trail still says who moved it.
    """
    return replace(actor, everything=True)


SYSTEM = Actor(name="system", everything=True)
NOBODY = Actor(name="nobody")


@contextmanager
def acting(actor: Actor, why: str = "") -> Iterator[Actor]:
    """Opens a transaction in which the database shows what `actor` may see; restores afterwards.

    Every read or write of scoped rows happens inside one of these: the middleware's, a task's, or
    a test's. `why` reaches the audit trail.
    """
    inside = connection.in_atomic_block
    with transaction.atomic():
        here, now, before = _state(inside=inside)
        _apply({**actor.scope.settings(here, now), "luodi.why": why})
        yield actor
        if inside and not connection.needs_rollback:
            _apply(before)


def because(why: str) -> None:
    """Adds the reason that the trail shows beside what this transaction changes from now on."""
    _apply({"luodi.why": why})


def _apply(values: dict[str, str]) -> None:
    _asked(
        "SELECT set_config(key, value, true) FROM json_each_text(%s::json) AS pair(key, value)",
        [json.dumps(values)],
    )


KEPT = (*Scope().settings("", 0), "luodi.why")
HERE = "SELECT luodi_here(), extract(epoch FROM clock_timestamp())::bigint"
WAS = ", ".join(f"coalesce(current_setting('{name}', true), '')" for name in KEPT)


def _state(*, inside: bool = True) -> tuple[str, int, dict[str, str]]:
    """What a signature is bound to, the database's clock in seconds, and the settings as they are."""
    here, now, *values = _asked(f"{HERE}, {WAS}" if inside else HERE)
    return here, now, dict(zip(KEPT, values, strict=False))


def _asked(statement: str, values: Sequence[str] = ()) -> tuple[Any, ...]:
    """Asks with values bound by the server: a signature stands in no text of a statement, which
    other sessions of the role could read."""
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement.encode(), values)
        found: tuple[Any, ...] | None = cursor.fetchone()
    assert found is not None
    return found
