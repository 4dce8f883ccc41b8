"""Conditions on entries: what a list is filtered by and what a figure counts, in one form.

A condition is `{"column": key, "test": one of TESTS, "value": text}`; all of a list must be met.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypedDict

from django.db.models import Q
from django.db.models.expressions import RawSQL
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.lib.errors import UserError
from luodi.rooms.registers.kinds import BETWEEN, YES, cleaned
from luodi.rooms.registers.lookups import LOOKUPS, output_of
from luodi.rooms.registers.models import NUMBERS, Column, Kind, Register
from luodi.rooms.registers.queries import EntryQuerySet
from luodi.rooms.registers.reading import name_of, with_columns
from luodi.shell.cells import text_of

MOST = 10
LARGEST = Decimal(10) ** 15

TESTS: dict[str, str | Promise] = {
    "is": gettext_lazy("是（多个用顿号隔开）"),
    "not": gettext_lazy("不是"),
    "contains": gettext_lazy("含有"),
    "ge": gettext_lazy("不小于（不早于）"),
    "le": gettext_lazy("不大于（不晚于）"),
    "year": gettext_lazy("在这一年"),
    "filled": gettext_lazy("已填"),
    "empty": gettext_lazy("没有填"),
}
SHORT: dict[str, str | Promise] = {**TESTS, "is": gettext_lazy("为")}


class Condition(TypedDict):
    column: str
    test: str
    value: str


def holds(column: Column) -> str:
    """What a column's expression gives: text, number, date, bool or list."""
    if column.kind == Kind.LOOKUP:
        internal = output_of(column.lookup).get_internal_type()
        return {"BooleanField": "bool", "DateField": "date", "IntegerField": "number"}.get(
            internal, "text"
        )
    return {
        Kind.NUMBER: "number",
        Kind.MONEY: "number",
        Kind.DATE: "date",
        Kind.YES_NO: "bool",
        Kind.CHOICES: "list",
    }.get(Kind(column.kind), "text")


FITTING = {
    "text": {"is", "not", "contains"},
    "number": {"is", "ge", "le"},
    "date": {"is", "ge", "le", "year"},
    "bool": {"is"},
    "list": {"contains"},
}


def checked(register: Register, conditions: Sequence[Any], field: str) -> list[Condition]:
    """The conditions as they are kept. Raises UserError where one makes no sense."""
    if len(conditions) > MOST:
        raise UserError(_("最多 %(most)s 个条件。") % {"most": MOST}, field)
    columns = {column.key: column for column in register.all_columns}
    found: list[Condition] = []
    for one in conditions:
        if not isinstance(one, dict) or one.get("column") not in columns:
            raise UserError(_("条件里有不存在的列。"), field)
        column, test = columns[one["column"]], str(one.get("test", ""))
        if test not in _fitting(column):
            raise UserError(_("“%(column)s”不能这样比较。") % {"column": column}, field)
        value = "" if test in ("filled", "empty") else str(one.get("value", "")).strip()
        try:
            _condition(column, test, value)
            found.append({"column": column.key, "test": test, "value": _kept(column, value)})
        except UserError as problem:
            raise UserError(str(problem), field) from None
    return found


def _fitting(column: Column) -> set[str]:
    """The tests that make sense; a choice is kept as a code, in which no words can be found."""
    tests = FITTING[holds(column)] | {"filled", "empty"}
    return tests - {"contains"} if holds(column) == "text" and labels_of(column) else tests


def labels_of(column: Column) -> Mapping[str, object]:
    """The labels of what a column offers to choose from; {} where one writes freely."""
    return LOOKUPS[column.lookup].choices if column.kind == Kind.LOOKUP else column.labels


def _kept(column: Column, value: str) -> str:
    """With codes for labels, which have as many languages as the page: the same means the same."""
    if holds(column) == "bool" and value:
        return "是" if value.lower() in YES else "否"
    if not labels_of(column) or not value:
        return value
    codes = []
    for part in BETWEEN.split(value):
        if part.strip():
            code = _lookup_value if column.kind == Kind.LOOKUP else _choice_value
            codes.append(code(column, part.strip()))
    return "、".join(codes)


def narrowed(
    rows: EntryQuerySet,
    columns: Iterable[Column],
    conditions: Sequence[Condition],
    on: dt.date,
    at: dt.datetime | None = None,
) -> EntryQuerySet:
    """The entries that meet all conditions."""
    wanted = used(columns, conditions)
    met = as_q(columns, conditions)
    rows = with_columns(rows, wanted, on, at)
    for column in wanted:
        rows = _by_index(rows, column, conditions)
    return rows.filter(met)


def _by_index(
    rows: EntryQuerySet, column: Column, conditions: Sequence[Condition]
) -> EntryQuerySet:
    """Those with a number, or a day, between the limits that the conditions set to a column.

    They are looked up in an index (see `tables.py`) and not compared to the last digit.
    """
    if column.kind not in NUMBERS | {Kind.DATE}:
        return rows
    limits = [_limits(column, one) for one in conditions if one["column"] == column.key]
    found = [limit for limit in limits if limit is not None]
    if not found:
        return rows
    between = [max(low for low, _high in found), min(high for _low, high in found)]
    keys = RawSQL(
        "ARRAY(SELECT entry_id FROM registers_number"
        " WHERE register_id = %s AND key = %s AND number BETWEEN %s AND %s)",
        [column.register_id, column.key, *between],
    )
    return rows.filter(id__any=keys)


def _limits(column: Column, condition: Condition) -> tuple[float, float] | None:
    """The least and the greatest number that meet a condition; a day counts as 20221222."""
    test, text = condition["test"], condition["value"]
    if test == "year":
        return float(f"{text}0101"), float(f"{text}1231")
    if test not in ("is", "ge", "le"):
        return None
    values = [_value(column, part) for part in BETWEEN.split(text) if part.strip()]
    numbers = [_indexed(value) for value in values]
    if not numbers:
        return None
    return (
        min(numbers) if test != "le" else float("-inf"),
        max(numbers) if test != "ge" else float("inf"),
    )


def _indexed(value: object) -> float:
    return float(f"{value:%Y%m%d}" if isinstance(value, dt.date) else str(value))


def used(columns: Iterable[Column], conditions: Sequence[Condition]) -> list[Column]:
    wanted = {one["column"] for one in conditions}
    return [column for column in columns if column.key in wanted]


def as_q(columns: Iterable[Column], conditions: Sequence[Condition]) -> Q:
    """For rows that have the conditions' columns beside them."""
    by = {column.key: column for column in columns}
    found = Q()
    for one in conditions:
        if one["column"] not in by:  # a column that is gone is met by nothing
            return Q(pk__in=[])
        found &= _condition(by[one["column"]], one["test"], one["value"])
    return found


def _condition(column: Column, test: str, value: str) -> Q:
    name = name_of(column.key)
    if test in ("filled", "empty"):
        return Q(**{f"{name}__isnull": test == "empty"})
    if not value:
        raise UserError(_("“%(column)s”的条件没有写值。") % {"column": column})
    if test == "year":
        if not (value.isascii() and value.isdigit() and len(value) == 4):
            raise UserError(_("“%(value)s”不是年份，例如 2022。") % {"value": value})
        return Q(**{f"{name}__year": int(value)})
    if holds(column) == "list":
        return Q(**{f"{name}__contains": cleaned(column, [value])})
    if test == "contains":
        return Q(**{f"{name}__icontains": value})
    values = [_value(column, part) for part in BETWEEN.split(value) if part.strip()]
    if test in ("ge", "le"):
        return Q(**{f"{name}__{'gte' if test == 'ge' else 'lte'}": values[0]})
    within = Q(**{f"{name}__in": values})
    return within if test == "is" else ~within


def _value(column: Column, part: str) -> object:
    kind = holds(column)
    if column.kind == Kind.LOOKUP:
        part = _lookup_value(column, part.strip())
    if kind == "bool":
        return part.strip().lower() in YES
    named = column.kind in (Kind.LOOKUP, Kind.UNIT, Kind.PERSON)
    try:
        if kind == "number":  # with any decimals: "at least 0.5" makes sense of whole numbers
            return _finite(part)
        kept = part if named else cleaned(column, part)
        if kind == "date":
            return dt.date.fromisoformat(str(kept))
    except (ValueError, ArithmeticError):
        raise UserError(_("“%(value)s”不能和这一列比较。") % {"value": part}) from None
    return kept


def _finite(part: str) -> Decimal:
    number = Decimal(part.strip().replace(",", ""))
    if not abs(number) < LARGEST:  # neither NaN nor infinity is
        raise ValueError
    return number


def _lookup_value(column: Column, part: str) -> str:
    """A looked-up value by its label or by its own name."""
    for value, label in labels_of(column).items():
        if part in (value, str(label)):
            return value
    return part


def _choice_value(column: Column, part: str) -> str:
    kept = cleaned(column, part)
    return str(kept[0] if isinstance(kept, list) else kept)


def as_typed(register: Register, one: Condition) -> str:
    """A condition's value as one types it: with the labels of choices."""
    column = next((c for c in register.all_columns if c.key == one["column"]), None)
    if column is None or any(BETWEEN.search(str(label)) for label in labels_of(column).values()):
        return one["value"]  # a label with a comma in it would be read as two
    return _("、").join(_label(column, part) for part in BETWEEN.split(one["value"]))


def in_words(register: Register, conditions: Sequence[Condition]) -> str:
    """The conditions as a sentence; "" for none."""
    by = {column.key: column for column in register.all_columns}
    parts = []
    for one in conditions:
        column = by.get(one["column"])
        if column is not None:
            value = _("、").join(_label(column, part) for part in BETWEEN.split(one["value"]))
            words = {"column": column, "test": SHORT[one["test"]], "value": value}
            parts.append((_("%(column)s%(test)s%(value)s") % words).strip())
    return _("，").join(parts)


def _label(column: Column, part: str) -> str:
    if holds(column) == "bool" and part:
        return str(text_of(part.strip().lower() in YES))
    return str(labels_of(column).get(part, part))
