"""What a figure is: the definition that an app writes in its `figures.py`.

The engine reads a definition for a `Question` (a unit, a date or a period, a state of knowledge):
it asks for the rows once, and takes the value from the same rows.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.db.models.expressions import Combinable
from django.forms import Field
from django.utils.functional import Promise

from luodi.ground.scope.api import Unit, UnitKind

Value = Decimal | dt.date | str | bool | None


class Kind(enum.StrEnum):
    """How a value comes from the rows (`amount` and `side` are the rows' own, see `Figure.rows`)."""

    COUNT = "count"  # how many rows
    SUM = "sum"  # the sum of the amounts
    MEAN = "mean"  # the mean of the amounts that are known
    SHARE = "share"  # amounts (rows) with `side` over all, in per cent
    GROWTH = "growth"  # with `side` (current) over those without (base), less one, in per cent
    LEAST = "least"  # the smallest amount
    GREATEST = "greatest"  # the greatest amount
    MEDIAN = "median"  # half of the amounts are no greater (interpolated)
    P90 = "p90"  # nine tenths of the amounts are no greater (interpolated)
    RANK = "rank"  # the amount of the latest row: a place, 1 is the first
    DATE = "date"  # the earliest day of the rows
    WORD = "word"  # the word of the latest row (a class in an assessment)
    YES_NO = "yes_no"  # whether there is a row


class Time(enum.StrEnum):
    """What a figure is asked about: a day (how many there are) or a period (how many happened)."""

    DAY = "day"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: about which unit (and all below it), when, and as known at which instant.

    `since` and `until` are days, both included; a figure of a day looks at `until` only. `known_at`
    is None for what is known now.
    """

    unit: Unit
    until: dt.date
    since: dt.date | None = None
    known_at: dt.datetime | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """One record that carries a value.

    `key` names the record for ever (`directory_person:17`); `amount` is what it adds (1 in a
    count); `side` tells the numerator of a share, the current period of a growth.
    """

    key: str
    label: str
    amount: Decimal | None = Decimal(1)
    side: bool | None = None
    on: dt.date | None = None
    word: str = ""
    url: str = ""


Rows = QuerySet[Any, Any] | Sequence[Row]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with a name.

    `rows` gives the records that carry the value: either a queryset whose rows have (annotated, or
    as fields) what `columns` names, or a few `Row`s. The value is computed from exactly these rows
    by the rule of `kind`, rounded half up to `places`.
    """

    key: str  # "directory.members"
    name: str | Promise  # 党员人数
    unit: str | Promise  # 人; "%" for shares and growth
    kind: Kind
    rows: Callable[[Question], Rows]
    definition: str | Promise  # one or two sentences: what is counted, by which rule
    time: Time = Time.DAY
    synonyms: Sequence[str] = ()  # how people write it, in Chinese and in English
    columns: Columns | None = None  # how a queryset's rows are shown; None for `Row`s
    places: int = 0
    # to read the value, on the unit asked about; "" for what is public (units and their names)
    permission: str = "cases.view"
    rows_permission: str = ""  # to open the rows; "" for the same as the value
    units: Sequence[UnitKind] = ()  # the kinds of unit that a board shows it for; () for all
    parameters: Sequence[str] = ()
    # the parameters as fields of a form, with labels and choices; None: any text
    parameter_fields: Callable[[], Mapping[str, Field]] | None = None
    listed: Callable[[Question], str] | None = None  # the address of the app's own list of the rows
    version: int = 1
    source: str = ""  # the regulation or standard of the definition, with its clause


@dataclass(frozen=True, slots=True)
class Columns:
    """Which expressions of a queryset's rows are its key, label, amount, side, day and word.

    Names of fields or annotations. `key` names the record, of `model` (of the queryset's own where
    none is given): a figure of people has rows of memberships and the people's keys. `label` (a
    field or expression of that model, or an annotation of the queryset) and `url` (which takes what
    `url_of` names) are only asked for the rows that are shown, as they are today.
    """

    label: str | Combinable
    amount: str = ""
    side: str = ""
    on: str = ""
    word: str = ""
    url: Callable[[Any], str] | None = None
    url_of: str = "pk"
    key: str = "pk"
    model: type[Model] | None = None


# Gets the keys that are wanted, or none for all; what it yields beside them does no harm.
Provider = Callable[[Collection[str]], Iterator[Figure]]
