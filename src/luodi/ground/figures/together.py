"""Counts over one table, in one pass: a board of sixty figures asks three tables, not sixty times."""

# ruff: noqa: S608 - what Django compiled, put together
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import QuerySet
from django.db.models.sql.where import AND

Condition = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Counting:
    """A queryset as the conditions that all hold for its rows; `empty` where none can."""

    table: str
    conditions: list[Condition]
    empty: bool = False


def counting(rows: object) -> Counting | None:
    """How a queryset can be counted beside others; None where it joins, groups or cuts."""
    if not isinstance(rows, QuerySet):
        return None
    query = rows.query.chain()
    first = query.get_initial_alias()
    used = {alias for alias, count in query.alias_refcount.items() if count}
    whole = query.distinct or query.combinator or query.is_sliced or query.group_by is not None
    where = query.where
    if whole or used != {first} or where.negated or where.connector != AND:
        return None
    compiler = query.get_compiler(connection=connection)
    table = rows.model._meta.db_table
    conditions: list[Condition] = []
    for child in where.children:
        try:
            sql, params = compiler.compile(child)
        except FullResultSet:
            continue
        except EmptyResultSet:
            return Counting(table, [], empty=True)
        conditions.append((sql, tuple(params)))
    return Counting(table, conditions)


def count_together(asked: Sequence[Counting]) -> list[int]:
    """How many rows of their one table each has: what all demand stands in the WHERE."""
    some = [one for one in asked if not one.empty]
    if not some:
        return [0] * len(asked)
    shared = [one for one in some[0].conditions if all(one in rest.conditions for rest in some)]
    parts: list[str] = []
    params: list[Any] = []
    for one in some:
        own = [condition for condition in one.conditions if condition not in shared]
        sql, given = _all_of(own)
        parts.append(f"count(*) FILTER (WHERE {sql})")
        params += given
    sql, given = _all_of(shared)
    statement = f'SELECT {", ".join(parts)} FROM "{some[0].table}" WHERE {sql}'
    with connection.cursor() as cursor:
        cursor.execute(statement, [*params, *given])
        counts = iter(cursor.fetchone())
    return [0 if one.empty else next(counts) for one in asked]


def _all_of(conditions: Sequence[Condition]) -> Condition:
    texts = [f"({sql})" for sql, _params in conditions]
    return " AND ".join(texts) or "true", tuple(p for _sql, params in conditions for p in params)
