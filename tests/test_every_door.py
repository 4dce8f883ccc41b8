"""Each table, each command, each scope, against a model that was written by hand and shares no text with the policies.

The world has something of every kind in two units next door. A scope is right, the other unit's, a helper's
with a share, an account's own, forged, of another transaction, expired, or none.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from luodi.ground.scope.actor import EVERYTHING, Scope, _apply, _state, below
from luodi.ground.scope.api import SYSTEM, Account
from luodi.ground.tables.api import Public, tables
from tests.world import World

Row = dict[str, Any]
Rule = Callable[["Asker", Row], bool]
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")
RLS = "42501"


@dataclass(frozen=True)
class Asker:
    """Who asks, as the model sees it: a prefix of paths (None: no rows), an account, powers, cases that
    were shared with a unit below the prefix."""

    prefix: str | None = None
    account: int | None = None
    powers: frozenset[str] = frozenset()
    shared: frozenset[int] = frozenset()
    homes: frozenset[int] = frozenset()  # accounts whose home the power over accounts reaches
    mine: frozenset[int] = frozenset()  # measures that the account owns
    signed: bool = True


def inside(who: Asker, row: Row, column: str = "path") -> bool:
    path = row.get(column)
    return who.prefix is not None and path is not None and path.startswith(who.prefix)


def own(who: Asker, row: Row) -> bool:
    return who.account is not None and row["account_id"] == who.account


def engine(who: Asker, row: Row) -> bool:
    return "engine" in who.powers


def everybody(who: Asker, row: Row) -> bool:
    return True


def whoever_signed(who: Asker, row: Row) -> bool:
    return who.signed


def nobody(who: Asker, row: Row) -> bool:
    return False


def either(*rules: Rule) -> Rule:
    return lambda who, row: any(rule(who, row) for rule in rules)


def power(name: str) -> Rule:
    return lambda who, row: name in who.powers


def of_case(who: Asker, row: Row) -> bool:
    return inside(who, row) or row["case_id"] in who.shared


def handed_on(who: Asker, row: Row) -> bool:
    return inside(who, row) or (inside(who, row, "unit_path") and row["case_id"] in who.shared)


def kept_above(who: Asker, row: Row) -> bool:
    """What a superior keeps is read by who sees any row below it."""
    return who.prefix is not None and (inside(who, row) or who.prefix.startswith(row["path"]))


def over(column: str) -> Rule:
    return lambda who, row: "accounts" in who.powers and row[column] in who.homes


def oneself(column: str) -> Rule:
    return lambda who, row: who.account is not None and row[column] == who.account


def of_units(who: Asker, row: Row) -> bool:
    """What became of units is read by who administers the tree."""
    return "system" in who.powers and row["subject"] in {"scope_unit", "scope_unitname"}


OWN = dict.fromkeys(COMMANDS, own)
OWN_OR_ENGINE = dict.fromkeys(COMMANDS, either(own, engine))
CASE = dict.fromkeys(COMMANDS, of_case)
KEPT = {"SELECT": kept_above, "INSERT": inside, "UPDATE": inside, "DELETE": inside}
ASKED = {**KEPT, "INSERT": kept_above}
SHARE_SEEN = either(inside, lambda who, row: inside(who, row, "unit_path"))


def measured(column: str) -> dict[str, Rule]:
    return dict.fromkeys(COMMANDS, either(inside, lambda who, row: row[column] in who.mine))


MODEL: dict[str, dict[str, Rule]] = {
    "audit_entry": {"SELECT": either(inside, power("trail"), of_units)},
    "audit_seal": {"SELECT": everybody, "INSERT": engine},
    "casework_case": dict.fromkeys(COMMANDS, either(inside, lambda w, r: r["id"] in w.shared)),
    "casework_event": {"SELECT": of_case, "INSERT": of_case},
    "casework_verification": {"SELECT": of_case, "INSERT": of_case},
    "casework_link": CASE,
    "casework_measure": CASE,
    "casework_responsibility": CASE,
    "casework_publicattempt": dict.fromkeys(COMMANDS, engine),
    "casework_reportkey": dict.fromkeys(COMMANDS, engine),
    "casework_savedfilter": OWN,
    "casework_share": {
        "SELECT": SHARE_SEEN,
        "INSERT": handed_on,
        "UPDATE": handed_on,
        "DELETE": SHARE_SEEN,
    },
    "imports_habit": OWN,
    "imports_written": OWN,
    "mfa_authenticator": {
        "SELECT": everybody,
        **dict.fromkeys(COMMANDS[1:], either(over("user_id"), oneself("user_id"))),
    },
    "notices_delivery": dict.fromkeys(COMMANDS, either(inside, own, power("system"), engine)),
    "notices_nomail": OWN_OR_ENGINE,
    "notices_notice": {**OWN_OR_ENGINE, "INSERT": engine},
    "notices_robot": dict.fromkeys(COMMANDS, either(inside, power("system"))),
    "programmes_measure": measured("id"),
    "programmes_measurecase": measured("measure_id"),
    "receipts_receipt": OWN_OR_ENGINE,
    "registers_ballot": dict.fromkeys(COMMANDS, either(inside, own)),
    "registers_candidacy": ASKED,
    "registers_objection": ASKED,
    "registers_column": KEPT,
    "registers_register": KEPT,
    "registers_registerfigure": KEPT,
    "registers_round": KEPT,
    "scope_absence": {
        "SELECT": everybody,
        **dict.fromkeys(COMMANDS[1:], either(over("account_id"), oneself("account_id"))),
    },
    "scope_account": {
        "SELECT": everybody,
        "INSERT": over("id"),
        "UPDATE": either(over("id"), oneself("id")),
        "DELETE": over("id"),
    },
    "scope_apitoken": {
        "SELECT": everybody,
        **dict.fromkeys(COMMANDS[1:], over("account_id")),
    },
    "chat_binding": dict.fromkeys(COMMANDS, either(own, power("system"), engine)),
    "chat_chatapp": {"SELECT": whoever_signed, **dict.fromkeys(COMMANDS[1:], power("system"))},
    "chat_told": dict.fromkeys(COMMANDS, either(own, power("system"), engine)),
    "cockpit_morning": OWN_OR_ENGINE,
    "workbench_feed": OWN_OR_ENGINE,
    "workbench_preference": OWN_OR_ENGINE,
}
# Their rules speak of other tables' rows: tried by tests of their own (test_inside_the_role.py,
# test_who_writes_the_keys.py, the planning room's).
ELSEWHERE = {
    "scope_roleholding",
    "scope_unit",
    "scope_unitname",
    "programmes_pledge",
    "programmes_programme",
    "programmes_target",
}
# Rooms whose rules speak of parties, of homes, of who may use a venue: their own tests try them as the
# role of the application; they have no words in this model yet.
ROOMS_OF_THEIR_OWN = (
    "care_",
    "classes_",
    "duties_",
    "energy_",
    "exchange_",
    "gatherings_",
    "pioneer_",
    "places_",
)
PLAIN = dict.fromkeys(COMMANDS, inside)


def rules_of(table: str) -> dict[str, Rule]:
    rules = MODEL.get(table, PLAIN)
    if tables()[table].append_only:
        return {key: rule for key, rule in rules.items() if key in ("SELECT", "INSERT")}
    return rules


def guarded() -> list[str]:
    return sorted(
        name
        for name, one in tables().items()
        if not isinstance(one.guard, Public)
        and name not in ELSEWHERE
        and not name.startswith(ROOMS_OF_THEIR_OWN)
    )


def test_a_new_table_with_a_rule_of_its_own_is_in_the_model() -> None:
    """Only rows that belong to a unit and are seen by who reaches it need no word here."""
    from luodi.ground.tables.api import IN_SCOPE

    special = {name for name in guarded() if tables()[name].guard.policies()[0].using.count("OR")}
    special |= {
        name for name in guarded() if IN_SCOPE not in tables()[name].guard.policies()[0].using
    }
    special |= {name for name in guarded() if len(tables()[name].guard.policies()) > 1}
    assert special - set(MODEL) == set()


# --- the database's answer --------------------------------------------------------------------


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(statement: str, *values: object) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def primary_key(table: str) -> str:
    return str(
        asked(
            "SELECT attname FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]"
            " WHERE indisprimary AND indrelid = %s::regclass",
            table,
        )[0][0]
    )


def columns(table: str) -> str:
    found = asked(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        table,
    )
    return str(found[0][0])


def answer(command: str, table: str, key: str, rows: list[Row], names: str) -> set[Any]:
    """The keys of the rows on which the command works; what is an error works on none."""
    if command == "INSERT":
        return {row[key] for row in rows if inserted(table, row, names)}
    statement = {
        "SELECT": f'SELECT "{key}" FROM {table}',
        "UPDATE": f'UPDATE {table} SET "{key}" = "{key}" RETURNING "{key}"',
        "DELETE": f'DELETE FROM {table} RETURNING "{key}"',
    }[command]
    try:
        with undone():
            return {row[0] for row in asked(statement)}
    except DatabaseError:
        return set()


def inserted(table: str, row: Row, names: str) -> bool:
    """Whether the policies let the row be added; that its key is taken is found after them."""
    try:
        with undone(), connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names}"
                f" FROM json_populate_record(NULL::{table}, %s)",
                [json.dumps(row)],
            )
    except DatabaseError as problem:
        state = getattr(problem.__cause__, "sqlstate", "")
        return state not in (RLS, "LD003")
    return True


# --- the scopes -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tried:
    name: str
    settings: dict[str, str]
    who: Asker


@pytest.fixture(scope="module")
def seen(world: World) -> tuple[list[Tried], dict[str, list[Row]]]:
    """The scopes, and every row there is."""
    rows: dict[str, list[Row]] = {}
    for table in guarded():
        every: dict[str, Row] = {}
        for account in (0, *Account.objects.values_list("pk", flat=True)):
            with undone():
                scope = Scope(account, (EVERYTHING,), SYSTEM.powers, (EVERYTHING,))
                here, now, _before = _state()
                _apply(scope.settings(here, now))
                for (text,) in asked(f"SELECT to_jsonb(t)::text FROM {table} AS t"):
                    every[text] = json.loads(text)
        rows[table] = list(every.values())
    return list(_scopes(world, rows)), rows


def _scopes(world: World, rows: dict[str, list[Row]]) -> Iterator[Tried]:
    here, now, _before = _state()
    zone = world.zone

    def tried(name: str, prefix: str | None, account: int = 10**9, *powers: str) -> Tried:
        ranges = (below(prefix),) if prefix else ()
        shares = [
            one for one in rows["casework_share"] if prefix and one["unit_path"].startswith(prefix)
        ]
        reach = (below(zone.enterprise.path),) if "accounts" in powers else ()
        values = Scope(account, ranges, frozenset(powers), reach).settings(here, now)
        homes = (
            frozenset(
                Account.objects.filter(home__path__startswith=zone.enterprise.path).values_list(
                    "pk", flat=True
                )
            )
            if powers
            else frozenset()
        )
        mine = frozenset(
            one["id"] for one in rows["programmes_measure"] if one["owner_id"] == account
        )
        who = Asker(
            prefix,
            account,
            frozenset(powers),
            frozenset(one["case_id"] for one in shares),
            homes,
            mine,
        )
        return Tried(name, values, who)

    right = tried("right", zone.enterprise.path)
    yield right
    yield tried("next door", zone.elsewhere.path)
    yield tried("helper", zone.department.path)
    yield tried("zone", zone.zone.path)
    yield tried("administrator", None, 10**9, "accounts", "system")
    yield tried("auditor", None, 10**9, "trail")
    for account in Account.objects.filter(username__in=["office", "liaison", "example-1"]):
        yield tried(f"own {account.username}", None, account.pk)
    unsigned = Asker(signed=False)
    yield Tried("none", dict.fromkeys(right.settings, ""), unsigned)
    wide = Scope(0, (EVERYTHING,), SYSTEM.powers, (EVERYTHING,))
    good = wide.settings(here, now)
    for name, value in good.items():  # each setting of a higher scope, under one's own signature
        if name not in ("luodi.signature", "luodi.until"):
            yield Tried(f"forged {name}", {**right.settings, name: value or "0"}, unsigned)
    yield Tried("forged altogether", {**good, "luodi.signature": "0" * 64}, unsigned)
    yield Tried("replayed", wide.settings("1.1", now), unsigned)
    yield Tried("expired", wide.settings(here, now - 86_400), Asker(signed=False, account=-1))


def differences(
    tables_: list[str], scopes: list[Tried], rows: dict[str, list[Row]]
) -> Iterator[str]:
    for table in tables_:
        key, names = primary_key(table), columns(table)
        rules = rules_of(table)
        # the trail of the exchange is its parties': that room's own tests try it
        tried_on = [r for r in rows[table] if not str(r.get("subject")).startswith("exchange_")]
        known = {row[key] for row in tried_on}
        for one in scopes:
            with undone():
                _apply(one.settings)
                for command in COMMANDS:
                    rule = rules.get(command, nobody)
                    if not one.who.signed:
                        rule = everybody if rule is everybody and command == "SELECT" else nobody
                    wanted = {row[key] for row in tried_on if rule(one.who, row)}
                    got = answer(command, table, key, tried_on, names) & known
                    if command != "INSERT":  # one cannot change what one does not see
                        read = rules["SELECT"]
                        wanted = {
                            row[key]
                            for row in tried_on
                            if row[key] in wanted
                            and (read is everybody or (one.who.signed and read(one.who, row)))
                        }
                    if got != wanted:
                        yield f"{command} {table} as {one.name}: {len(got - wanted)} too many, {len(wanted - got)} missing"


def test_the_database_does_what_the_model_says(
    seen: tuple[list[Tried], dict[str, list[Row]]],
) -> None:
    scopes, rows = seen
    assert sum(map(bool, rows.values())) > 30
    assert list(differences(guarded(), scopes, rows)) == []


TAKEN_AWAY = {
    "evidence_file": "DROP POLICY scope ON evidence_file",
    "directory_person": "ALTER POLICY scope ON directory_person USING (true) WITH CHECK (true)",
    "casework_case": "CREATE POLICY wide ON casework_case FOR SELECT USING (true)",
    "registers_register": "ALTER POLICY changed ON registers_register USING (true) WITH CHECK (true)",
    "notices_notice": "ALTER POLICY added ON notices_notice WITH CHECK (true)",
    "scope_account": "ALTER POLICY changed ON scope_account USING (true) WITH CHECK (true)",
    "directory_enterprise": "CREATE OR REPLACE FUNCTION luodi_scope_ok() RETURNS boolean"
    " LANGUAGE sql STABLE PARALLEL RESTRICTED AS 'SELECT true'",
}


@pytest.fixture
def owner(world: World, server: tuple[str, dict[str, str]]) -> Iterator[None]:
    """The application may become the schema's owner meanwhile; it does not become it by itself."""
    with psycopg.connect(server[0], autocommit=True) as superuser:
        if superuser.info.server_version < 160_000:
            pytest.skip("the server cannot lend a role without what it owns")
        superuser.execute("GRANT luodi_owner TO luodi_app WITH INHERIT FALSE, SET TRUE")
        yield
        superuser.execute("REVOKE luodi_owner FROM luodi_app")


def test_a_policy_taken_away_is_caught(
    seen: tuple[list[Tried], dict[str, list[Row]]], owner: None
) -> None:
    for table, statement in TAKEN_AWAY.items():
        with undone(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE luodi_owner")
            cursor.execute(statement)
            cursor.execute("SET LOCAL ROLE luodi_app")
            assert list(differences([table], *seen)), table


# --- functions that read past the policies ----------------------------------------------------

# What each SECURITY DEFINER function may do, and how it is asked by who is not signed.
DEFINERS = {
    "luodi_scope_ok": ("says whether the scope is signed", "SELECT NULL WHERE luodi_scope_ok()"),
    "luodi_signed": ("says whether a message is", "SELECT NULL WHERE luodi_signed('x', 'y')"),
    "luodi_since": (
        "gives former values within the scope",
        "SELECT FROM luodi_since('scope_unit', now(), '0', ':')",
    ),
    "luodi_note": ("notes what is no change", "SELECT luodi_note('export', 'x', '', '', '{}')"),
    "luodi_trail": ("writes an entry", "SELECT luodi_trail('export', 'x', '', '', '{}')"),
    "luodi_watch": ("a trigger: writes what changed", "SELECT luodi_watch()"),
    "luodi_tell": ("writes signed messages", "SELECT luodi_tell('[]', 'x')"),
    "casework_find": (
        "finds cases within the scope",
        "SELECT casework_find(ARRAY['''a'''], 10)",
    ),
    "registers_find": ("finds entries within the scope", "SELECT registers_find(1, 'a', 10)"),
    "energy_sells": ("whether one sells under a contract", "SELECT NULL WHERE energy_sells(1)"),
    "energy_buys": ("whether one buys under it", "SELECT NULL WHERE energy_buys(1)"),
    "energy_month_stays": (
        "a trigger: a closed month does not move",
        "SELECT energy_month_stays()",
    ),
    "luodi_exchange_own": (
        "the parties that one speaks for",
        "SELECT NULL WHERE luodi_exchange_own() <> '{}'",
    ),
    "luodi_exchange_desks": (
        "the desks at which one brokers",
        "SELECT NULL WHERE luodi_exchange_desks() <> '{}'",
    ),
}
INSIDE_ONLY = {"luodi_trail"}  # no role but the owner may call it
NEEDS_NO_SCOPE = {
    "luodi_signed",
    "luodi_scope_ok",
    "luodi_trail",
    "luodi_watch",
    "energy_month_stays",
}


def test_every_function_that_reads_past_the_policies_is_known(world: World) -> None:
    found = asked(
        "SELECT proname, proowner::regrole::text, proconfig, prosrc,"
        " has_function_privilege('luodi_app', oid, 'EXECUTE')"
        " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY proname"
    )
    assert {row[0] for row in found} == set(DEFINERS)
    for name, owned_by, settings, body, callable_ in found:
        assert owned_by == "luodi_owner", name
        assert "search_path=pg_catalog, public" in settings, name
        assert callable_ == (name not in INSIDE_ONLY), name
        if name not in NEEDS_NO_SCOPE:
            assert "luodi_scope_ok()" in body or "luodi_signed(" in body, name
    with undone():
        _apply(dict.fromkeys(Scope().settings("", 0), ""))
        for name, (_does, statement) in DEFINERS.items():
            try:
                with undone():
                    assert asked(statement) == [], name
            except DatabaseError as problem:
                state = getattr(problem.__cause__, "sqlstate", "")
                assert state in (RLS, "0A000"), name  # refused, or a trigger's only
