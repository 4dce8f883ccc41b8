"""Evaluates a figure's rows: one SQL statement gives the value's parts, the digest and a page.

The rows' queryset stands once in the statement, as a common table expression; what is added up and
what is shown come from it, so a value cannot differ from its rows.
"""

# ruff: noqa: S608 - every part is a constant of the program; values are parameters
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, DateField, DecimalField, F, Func, QuerySet, TextField
from django.db.models.functions import Cast

from luodi.ground.audit.api import as_known, require_begun
from luodi.ground.figures.definition import Columns, Figure, Kind, Question, Row
from luodi.ground.figures.values import QUANTILES, Sums, digest_of, order_of, sums_of

ALL = 0  # a page size: every row


@dataclass(frozen=True, slots=True)
class Found:
    """What there is: the parts of the value; with rows asked for, the digest and a page of them."""

    sums: Sums
    digest: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """How much is asked for: the parts alone, or the digest too and this page of the rows.

    per_page: rows of a page, `ALL` for every one; None for no rows (those whom they are not for).
    """

    digest: bool = True
    page: int = 1
    per_page: int | None = 50


PARTS = Wanted(digest=False, per_page=None)
ADDRESSED = 500  # rows that a page or a loop may show at once, each with its address


def evaluate(figure: Figure, question: Question, wanted: Wanted) -> Found:
    """Reads a figure's rows, within what the transaction's scope shows.

    Where nothing was known at the instant because nothing was recorded yet, that is refused: it is
    not a zero.
    """
    found = _evaluate(figure, question, wanted)
    if question.known_at is not None and not found.sums.count:
        require_begun(question.known_at)
    return found


def _evaluate(figure: Figure, question: Question, wanted: Wanted) -> Found:
    with as_known(question.known_at, question.unit):
        rows = figure.rows(question)
        if not isinstance(rows, QuerySet):
            return _in_python(figure, rows, wanted)
        if figure.columns is None:
            raise TypeError(f"{figure.key} has a queryset and no columns")
        statement = _Statement(figure, figure.columns, rows, wanted)
        try:
            found = statement.run()
        except EmptyResultSet:
            return _in_python(figure, [], wanted)
    return replace(found, rows=statement.labelled(found.rows))


def _in_python(figure: Figure, rows: Sequence[Row], wanted: Wanted) -> Found:
    ordered = sorted(rows, key=lambda row: order_of(row.key))
    shown: Sequence[Row] = []
    if wanted.per_page is not None:
        start = (wanted.page - 1) * wanted.per_page
        shown = ordered[start : start + wanted.per_page] if wanted.per_page else ordered
    digest = digest_of(ordered) if wanted.digest else ""
    return Found(sums_of(ordered, figure.kind), digest, tuple(shown))


# Each part of a value in SQL; only those that the kind needs are added up.
PARTS_OF: dict[Kind, dict[str, str]] = {
    Kind.SUM: {"total": "sum(row_amount)"},
    Kind.MEAN: {"total": "sum(row_amount)", "known": "count(row_amount)"},
    Kind.SHARE: {
        "total": "sum(row_amount)",
        "part": "sum(row_amount) FILTER (WHERE row_side)",
    },
    Kind.GROWTH: {
        "part": "sum(row_amount) FILTER (WHERE row_side)",
        "rest": "sum(row_amount) FILTER (WHERE row_side IS NOT TRUE)",
    },
    Kind.LEAST: {"low": "min(row_amount)"},
    Kind.GREATEST: {"high": "max(row_amount)"},
    Kind.DATE: {"first": "min(row_on)"},
    Kind.RANK: {"last": "(array_agg(row_amount ORDER BY row_on DESC NULLS LAST, row_key DESC))[1]"},
    Kind.WORD: {"word": "(array_agg(row_word ORDER BY row_on DESC NULLS LAST, row_key DESC))[1]"},
}
for _kind, _quantile in QUANTILES.items():
    _sorted = "(array_agg(row_amount ORDER BY row_amount))"
    _place = f"({_quantile} * (count(row_amount) - 1))"
    PARTS_OF[_kind] = {
        "known": "count(row_amount)",
        "low": f"{_sorted}[floor{_place}::int + 1]",
        "high": f"{_sorted}[least(floor{_place}::int + 2, count(row_amount)::int)]",
    }


def _numeric(name: str) -> Func:
    """A field as a number of its own scale."""
    return Func(F(name), template="(%(expressions)s)::numeric", output_field=DecimalField())


class _Statement:
    """The one statement behind a reading, and the labels of the rows that are shown."""

    def __init__(
        self, figure: Figure, columns: Columns, rows: QuerySet[Any, Any], wanted: Wanted
    ) -> None:
        self.figure, self.columns, self.wanted = figure, columns, wanted
        self.model = columns.model or rows.model
        self.table = self.model._meta.db_table
        self.annotated = set(rows.query.annotations) & {columns.label, columns.url_of}
        named = self._named()
        self.names = list(named)
        ordered = rows if rows.query.distinct_fields else rows.order_by()
        self.rows = ordered.annotate(**named).values_list(*named)

    def _named(self) -> dict[str, Any]:
        """What the statement takes of each row."""
        columns = self.columns
        named: dict[str, Any] = {"row_key": F(columns.key)}
        if columns.amount:
            named["row_amount"] = _numeric(columns.amount)
        if columns.side:
            named["row_side"] = Cast(F(columns.side), BooleanField())
        if columns.on:
            named["row_on"] = Cast(F(columns.on), DateField())
        if columns.word:
            named["row_word"] = Cast(F(columns.word), TextField())
        if self.wanted.per_page is not None:
            if columns.label in self.annotated:
                named["row_label"] = Cast(F(str(columns.label)), TextField())
            if columns.url_of in self.annotated:
                named["row_url"] = F(columns.url_of)
        return named

    def run(self) -> Found:
        inner, params = self.rows.query.sql_with_params()
        names = ", ".join(self.names)
        parts = {"count": "count(*)", **PARTS_OF.get(self.figure.kind, {})}
        if self.wanted.digest:
            parts["digest"] = self._digest()
        totals = ", ".join(f"{self._fill(sql)} AS total_{name}" for name, sql in parts.items())
        sql = f"WITH found ({names}) AS ({inner}), total AS (SELECT {totals} FROM found)"
        if self.wanted.per_page is None:
            sql += " SELECT * FROM total"
        else:
            sql += (
                f", page AS (SELECT * FROM found ORDER BY row_key{self._limit()})"
                " SELECT * FROM total LEFT JOIN page ON true ORDER BY row_key"
            )
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            answers = cursor.fetchall()
        first = dict(zip(parts, answers[0], strict=False))
        digest = first.pop("digest", "")
        rows: tuple[Row, ...] = ()
        if self.wanted.per_page is not None:
            shown = [dict(zip(self.names, one[len(parts) :], strict=True)) for one in answers]
            rows = tuple(self._row(one) for one in shown if one["row_key"] is not None)
        return Found(self._sums(first), digest, rows)

    def _fill(self, sql: str) -> str:
        """Where rows have no amount each counts one."""
        if self.columns.amount:
            return sql
        return sql.replace("row_amount", "1::numeric")

    def _limit(self) -> str:
        size = self.wanted.per_page
        return (
            f" LIMIT {int(size)} OFFSET {(int(self.wanted.page) - 1) * int(size)}" if size else ""
        )

    def _digest(self) -> str:
        """`values.digest_of` in SQL."""
        columns = self.columns
        word = "row_word"
        for plain, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n")):
            word = f"replace({word}, {_quoted(plain)}, {_quoted(escaped)})"
        fields = [
            ("row_key", True, ""),
            ("coalesce(trim_scale(row_amount)::text, '')", bool(columns.amount), "1"),
            ("coalesce(row_side::int::text, '')", bool(columns.side), ""),
            ("coalesce(to_char(row_on, 'YYYY-MM-DD'), '')", bool(columns.on), ""),
            (f"coalesce({word}, '')", bool(columns.word), ""),
        ]
        line, constant = "", f"{self.table}:"  # in as few pieces as can be: each row adds them up
        for number, (sql, there, otherwise) in enumerate(fields):
            constant += "\t" if number else ""
            if there:
                line, constant = f"{line}{_quoted(constant)} || {sql} || ", ""
            else:
                constant += otherwise
        line += _quoted(constant)
        return (
            f"encode(sha256(convert_to(coalesce(string_agg({line}, E'\\n' ORDER BY row_key), ''),"
            " 'UTF8')), 'hex')"
        )

    def _sums(self, parts: dict[str, Any]) -> Sums:
        return replace(
            Sums(), **{name: value for name, value in parts.items() if value is not None}
        )

    def _row(self, one: dict[str, Any]) -> Row:
        amount: Decimal | None = one["row_amount"] if self.columns.amount else Decimal(1)
        url = self.columns.url
        return Row(
            key=f"{self.table}:{one['row_key']}",
            label=one.get("row_label") or "",
            amount=amount,
            side=one.get("row_side"),
            on=one.get("row_on"),
            word=one.get("row_word") or "",
            url=url(one["row_url"]) if url and "row_url" in one else "",
        )

    def labelled(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        """The rows with the labels and addresses that their records have today; one query.

        A record that is no more, or not the reader's to see, stands there with its key.
        """
        columns = self.columns
        if not rows or {columns.label, columns.url_of} <= self.annotated:
            return rows
        own_label = columns.label not in self.annotated
        label = columns.label if own_label else columns.key
        expression = F(label) if isinstance(label, str) else label
        keys = [int(row.key.partition(":")[2]) for row in rows]
        url_of = "pk" if columns.url_of in self.annotated else columns.url_of
        # a frozen or exported reading needs no addresses, and half its time would go into them
        address = columns.url if len(rows) <= ADDRESSED else None
        today = {
            pk: (str(text), address(url) if address else "")
            for pk, text, url in self.model._default_manager.filter(pk__any=keys)
            .order_by()
            .annotate(row_label=expression)
            .values_list("pk", "row_label", url_of)
        }
        shown = []
        for key, row in zip(keys, rows, strict=True):
            text, url = today.get(key, (row.key, ""))
            shown.append(replace(row, label=text if own_label else row.label, url=row.url or url))
        return tuple(shown)


def _quoted(text: str) -> str:
    return "E'" + text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n") + "'"
