"""Makes the database what the declarations say, and says where it is not."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from luodi.ground.tables.catalogue import Found, catalogue
from luodi.ground.tables.declared import is_own, own_apps, tables
from luodi.ground.tables.objects import KINDS, Name, Object, objects

LOCK = 0x6C756F6470  # any fixed number: one process at a time


class Undeclared(Exception):
    """Something in the database that no declaration speaks of, and that we do not remove unasked."""


def differences() -> list[str]:
    """What in the database is not as declared, a line each. Any role may ask; it takes one query."""
    wanted = objects()
    with connection.cursor() as cursor:
        have = catalogue(cursor)
    return [
        *(f"table {one}: not declared" for one in _unknown_tables(have)),
        *(f"{one.name}: not as declared" for one in _changed(wanted, have)),
        *(f"{one.name}: not declared" for one in (*_stale(wanted, have), *_strange(wanted, have))),
    ]


def reconcile() -> list[str]:
    """Makes, changes and removes until nothing differs; what was done, a line each.

    As the role that owns the schema, after all migrations. Idempotent. Raises Undeclared for a
    table, a trigger or a function of ours that nothing declares.
    """
    wanted = objects()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        have = catalogue(cursor)
        unknown = [*_unknown_tables(have), *(str(one.name) for one in _strange(wanted, have))]
        if unknown:
            raise Undeclared(
                f"not declared: {', '.join(unknown)}; see luodi/ground/tables/README.md"
            )
        stale, changed = _stale(wanted, have), _changed(wanted, have)
        again = [have[one.name] for one in changed if one.name in have]
        going = [one for one in (*stale, *again) if one.address and one.name.kind != "function"]
        going.sort(key=lambda one: KINDS.index(one.name.kind), reverse=True)
        going += [one for one in stale if one.name.kind == "function"]
        _run(cursor, [one.drop for one in going])
        _run(cursor, [one.sql for one in changed])
        if changed:
            have = catalogue(cursor)
        _run(cursor, [found.comment(mark) for found, mark in _marks(wanted, have)])
    return [f"- {one.name}" for one in stale] + [f"+ {one.name}" for one in changed]


def _run(cursor: CursorWrapper, statements: Iterable[str]) -> None:
    if text := "\n".join(statements):
        cursor.execute(f"SET LOCAL check_function_bodies = off;\n{text}")


def _changed(wanted: dict[Name, Object], have: dict[Name, Found]) -> list[Object]:
    return [one for one in wanted.values() if not _stands(one, have.get(one.name))]


def _stands(one: Object, found: Found | None) -> bool:
    if found is None:
        return False
    if one.text is not None:
        return found.text == one.text
    return found.mark == found.mark_for(one.digest)


def _marks(wanted: dict[Name, Object], have: dict[Name, Found]) -> Iterable[tuple[Found, str]]:
    """The comments that are not yet as they should be."""
    for name, one in wanted.items():
        found = have[name]
        mark = found.mark_for(one.digest)
        if found.address and found.mark != mark:
            yield found, mark


def _stale(wanted: dict[Name, Object], have: dict[Name, Found]) -> list[Found]:
    """What was declared once, and any policy: one too many opens a door."""
    return [
        one
        for name, one in have.items()
        if name not in wanted and (one.mark.startswith("luodi ") or name.kind == "policy")
    ]


def _strange(wanted: dict[Name, Object], have: dict[Name, Found]) -> list[Found]:
    """Triggers on our models' tables and functions with our names that nothing ever declared."""
    prefixes = ("luodi_", *(f"{app.label}_" for app in own_apps()))
    own = {one._meta.db_table for one in apps.get_models(include_auto_created=True) if is_own(one)}
    return [
        one
        for name, one in have.items()
        if name not in wanted
        and not one.mark.startswith("luodi ")
        and (
            (name.kind == "function" and name.name.startswith(prefixes))
            or (name.kind == "trigger" and name.table in own)
        )
    ]


def _unknown_tables(have: dict[Name, Found]) -> list[str]:
    present = {name.table for name in have if name.kind == "security"}
    return sorted(present - set(tables()))
