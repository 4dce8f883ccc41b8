"""SQL and Python give the same value and digest, and both what a slow, obvious reference gives."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import transaction
from django.db.models import BooleanField, Case, DateField, DecimalField, TextField, Value, When
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.zone import Zone

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Row
from luodi.ground.figures.engine import ALL, Wanted, evaluate
from luodi.ground.figures.values import value_of
from luodi.ground.scope.api import Unit

Cells = tuple[Decimal | None, bool | None, dt.date | None, str]
AMOUNTS = st.one_of(
    st.none(),
    st.decimals(min_value=-(10**9), max_value=10**9, places=4, allow_nan=False),
    st.integers(0, 3).map(Decimal),
)
ROWS = st.lists(
    st.tuples(
        AMOUNTS,
        st.sampled_from([True, False, None]),
        st.one_of(st.none(), st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1))),
        st.text("甲a\\\t\n'%", max_size=4),
    ),
    max_size=7,
)
FIELDS: dict[str, Any] = {
    "amount": DecimalField(max_digits=30, decimal_places=4),
    "side": BooleanField(),
    "day": DateField(),
    "said": TextField(),
}


def reference(kind: Kind, rows: list[Cells], places: int) -> object:
    """The value by whole fractions, one obvious step after the other."""
    known = sorted(Fraction(amount) for amount, *_rest in rows if amount is not None)
    side = [Fraction(a) for a, s, *_rest in rows if a is not None and s]
    rest = [Fraction(a) for a, s, *_rest in rows if a is not None and not s]
    latest = max(
        ((day or dt.date.min, place) for place, (_a, _s, day, _w) in enumerate(rows)), default=None
    )
    exact: Fraction | None
    match kind:
        case Kind.COUNT:
            return Decimal(len(rows))
        case Kind.YES_NO:
            return bool(rows)
        case Kind.DATE:
            return min((day for _a, _s, day, _w in rows if day), default=None)
        case Kind.WORD:
            return (rows[latest[1]][3] or None) if latest else None
        case Kind.RANK:
            last = rows[latest[1]][0] if latest else None
            exact = None if last is None else Fraction(last)
        case Kind.SUM:
            exact = sum(known, Fraction()) if known or not rows else None
        case Kind.MEAN:
            exact = sum(known) / len(known) if known else None
        case Kind.SHARE:
            exact = 100 * sum(side, Fraction()) / sum(known) if sum(known) else None
        case Kind.GROWTH:
            exact = 100 * (sum(side) - sum(rest)) / sum(rest) if side and sum(rest) else None
        case Kind.LEAST:
            exact = known[0] if known else None
        case Kind.GREATEST:
            exact = known[-1] if known else None
        case Kind.MEDIAN | Kind.P90:
            exact = quantile(known, Fraction(1, 2) if kind is Kind.MEDIAN else Fraction(9, 10))
    return None if exact is None else half_up(exact, places)


def quantile(known: list[Fraction], share: Fraction) -> Fraction | None:
    if not known:
        return None
    place = share * (len(known) - 1)
    below = known[int(place)]
    above = known[min(int(place) + 1, len(known) - 1)]
    return below + (above - below) * (place - int(place))


def half_up(exact: Fraction, places: int) -> Decimal:
    whole, sign = abs(exact) * 10**places, -1 if exact < 0 else 1
    return Decimal(sign * int(whole + Fraction(1, 2))).scaleb(-places)


def figure(kind: Kind, rows: Any, places: int, columns: Columns | None = None) -> Figure:
    return Figure("test.one", "一", "个", kind, lambda _q: rows, "", places=places, columns=columns)


@pytest.fixture
def units(zone: Zone) -> list[Unit]:
    return list(Unit.objects.order_by("pk")[:7])


@given(ROWS, st.sampled_from(list(Kind)), st.integers(0, 3))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_the_database_python_and_the_reference_agree(
    zone: Zone, units: list[Unit], cells: list[Cells], kind: Kind, places: int
) -> None:
    chosen = units[: len(cells)]
    keyed = list(zip(chosen, cells, strict=True))
    rows = [
        Row(f"scope_unit:{unit.pk}", unit.name, amount, side, day, word)
        for unit, (amount, side, day, word) in keyed
    ]
    annotations = {
        name: Case(
            *(When(pk=unit.pk, then=Value(one[place], field)) for unit, one in keyed),
            default=Value(None, field),
            output_field=field,
        )
        for place, (name, field) in enumerate(FIELDS.items())
    }
    queryset = Unit.objects.filter(pk__in=[unit.pk for unit in chosen]).annotate(**annotations)
    columns = Columns("name", amount="amount", side="side", on="day", word="said")
    question = Question(zone.zone, dt.date(2022, 12, 22))
    all_rows = Wanted(per_page=ALL)
    with transaction.atomic():
        in_sql = evaluate(figure(kind, queryset, places, columns), question, all_rows)
    in_python = evaluate(figure(kind, rows, places), question, all_rows)

    expected = reference(kind, cells, places)
    assert value_of(kind, in_sql.sums, places) == expected
    assert value_of(kind, in_python.sums, places) == expected
    assert in_sql.digest == in_python.digest
    assert list(in_sql.rows) == list(in_python.rows)


def test_the_digest_is_what_is_written_of_it() -> None:
    """By hand, as somebody who only has the rows would take it."""
    rows = [
        Row("t:10", "b", Decimal("2.50"), on=dt.date(2022, 1, 2)),
        Row("t:9", "a", None, side=True, word="甲\t乙"),
    ]
    found = evaluate(figure(Kind.SUM, rows, 0), Question(Unit(pk=1), dt.date(2022, 1, 1)), Wanted())
    text = "t:9\t\t1\t\t甲\\t乙\nt:10\t2.5\t\t2022-01-02\t"
    assert found.digest == hashlib.sha256(text.encode()).hexdigest()
