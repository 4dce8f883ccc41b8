"""The objects in the database that follow from the declarations, each with the statement that makes it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from luodi.ground.tables.declared import Table, beside_models, sql_files, tables
from luodi.ground.tables.guard import IN_RANGE, ByUnit, Public
from luodi.ground.tables.watch import Key, Trigger, Watch

# In the order in which they are made; what goes, goes in the opposite one.
KINDS = (
    "function",
    "index",
    "key",
    "trigger",
    "security",
    "policy",
    "rights",
    "statistics",
)


class Name(NamedTuple):
    kind: str
    table: str
    name: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.kind, self.table, self.name) if part)


@dataclass(frozen=True, slots=True)
class Object:
    """`text` is how the catalogue words it, for what is compared word for word; a policy, a trigger
    or a function, which the database words in its own way, is compared by digests."""

    name: Name
    sql: str
    text: str | None = None

    @property
    def digest(self) -> str:
        return digest(self.sql)


def digest(text: str) -> str:
    """Sixteen digits that another text does not have."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def objects() -> dict[Name, Object]:
    """All that is declared, in the order in which it is made."""
    made = [*_functions()]
    added = beside_models()[1]
    for table, declared in tables().items():
        made += _of(table, declared)
        policies = [*declared.guard.policies(), *declared.more.policies, *added.get(table, ())]
        made += [Object(Name("policy", table, one.name), one.sql(table)) for one in policies]
    made.sort(key=lambda one: KINDS.index(one.name.kind))
    return {one.name: one for one in made}


# A statement begins after an empty line, with its comment.
PARTS = re.compile(r"\n\n+(?=(?:--.*\n)*CREATE )")
FUNCTION = re.compile(r"^CREATE OR REPLACE FUNCTION (\w+)\(", re.M)
RANGE = re.compile(r"\bIN_RANGE\(([\w.]+)\)")


def _functions() -> Iterator[Object]:
    for file in sql_files():
        for part in PARTS.split(file.read_text(encoding="utf-8")):
            found = FUNCTION.findall(part)
            if len(found) != 1:
                raise ValueError(f"{file}: one CREATE OR REPLACE FUNCTION between empty lines")
            text = RANGE.sub(lambda path: IN_RANGE.format(path=path[1]), part)
            yield Object(Name("function", "", found[0]), text)


def _of(table: str, declared: Table) -> Iterator[Object]:
    closed = not isinstance(declared.guard, Public)
    yield _security(table, closed)
    yield _rights(table, declared.rights)
    if isinstance(declared.guard, ByUnit):
        yield from _by_unit(table, declared)
    for key in declared.more.keys:
        yield _key(table, key)
    for trigger in (*_triggers(declared), *declared.more.triggers):
        yield Object(Name("trigger", table, trigger.name), trigger.sql(table))
    for column, steps in declared.more.statistics.items():
        statement = f"ALTER TABLE {table} ALTER {column} SET STATISTICS {steps};"
        yield Object(Name("statistics", table, column), statement, str(steps))


def _security(table: str, closed: bool) -> Object:
    yes, force = ("ENABLE", "FORCE") if closed else ("DISABLE", "NO FORCE")
    return Object(
        Name("security", table, ""),
        f"ALTER TABLE {table} {yes} ROW LEVEL SECURITY;"
        f"ALTER TABLE {table} {force} ROW LEVEL SECURITY;",
        "forced" if closed else "none",
    )


def _rights(table: str, rights: list[str]) -> Object:
    words = ", ".join(rights)
    grant = f"GRANT {words} ON {table} TO luodi_app;" if rights else ""
    return Object(Name("rights", table, ""), f"REVOKE ALL ON {table} FROM luodi_app;{grant}", words)


def _by_unit(table: str, declared: Table) -> Iterator[Object]:
    """The copied path, its index, and what keeps it right."""
    for unique, name, columns in (("", "path", "path"), ("UNIQUE ", "id_path", "id, path")):
        text = f"CREATE {unique}INDEX {table}_{name} ON public.{table} USING btree ({columns})"
        yield Object(Name("index", table, f"{table}_{name}"), f"{text};", text)
    yield _key(table, Key(f"{table}_path_fk", f"{declared.column}, path", declared.parent))
    fill = Trigger(
        f"{table}_path",
        f"BEFORE INSERT OR UPDATE OF {declared.column}",
        f"luodi_fill_path('{declared.column}', '{declared.parent}')",
    )
    yield Object(Name("trigger", table, fill.name), fill.sql(table))


def _key(table: str, key: Key) -> Object:
    text = key.text()
    statement = f"ALTER TABLE {table} ADD CONSTRAINT {key.name} {text};"
    return Object(Name("key", table, key.name), statement, text)


def _triggers(declared: Table) -> Iterator[Trigger]:
    if isinstance(declared.watch, Watch):
        ignored = [*declared.watch.ignored, *(["version"] if declared.versioned else [])]
        words = [*declared.watch.hidden, *(f"-{one}" for one in ignored)]
        arguments = ", ".join(f"'{word}'" for word in words)
        when = "AFTER INSERT OR UPDATE OR DELETE"
        yield Trigger("watch", when, f"luodi_watch({arguments})")
    if declared.versioned:
        yield Trigger("version", "BEFORE UPDATE", "luodi_next_version()")
    if declared.append_only:
        # A unit that moves takes its rows' paths along; nothing else of them ever changes.
        moves = "'path'" if isinstance(declared.guard, ByUnit) else ""
        yield Trigger("append_only", "BEFORE UPDATE OR DELETE", f"luodi_refuse({moves})")
        yield Trigger("never_truncated", "BEFORE TRUNCATE", "luodi_refuse()", each="STATEMENT")
