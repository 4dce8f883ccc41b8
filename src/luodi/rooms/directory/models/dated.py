"""Dated facts: `valid` says when a fact was true, `known` when we knew it so.

A change opens a new valid period and a correction replaces one; both close what was known before
and open rows beside it, so that a count "as known then" is the same for ever.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateRangeField,
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

Row = TypeVar("Row", bound=models.Model)


class DatedQuerySet(models.QuerySet[Row]):
    """Rows of a dated table, read at a day and at a state of knowledge."""

    def known(self, at: dt.datetime | None = None) -> DatedQuerySet[Row]:
        """What was known at an instant; what is known now where none is given."""
        return self.filter(known_at(at))

    def on(self, day: dt.date, at: dt.datetime | None = None) -> DatedQuerySet[Row]:
        """What was true on a day, as known at an instant (now)."""
        return self.known(at).filter(valid__contains=day)


def known_at(at: dt.datetime | None, prefix: str = "") -> Q:
    """The condition that a row is, or was at an instant, believed; for rows behind `prefix`."""
    if at is None:
        return Q(**{f"{prefix}known__upper_inf": True})
    return Q(**{f"{prefix}known__contains": at})


class Dated(models.Model):
    valid = DateRangeField(_("有效期"))
    known = DateTimeRangeField(_("登记期"), editable=False)

    class Meta:
        abstract = True

    @property
    def since(self) -> dt.date:
        first: dt.date = self.valid.lower
        return first

    @property
    def until(self) -> dt.date | None:
        """The first day on which it is no longer true."""
        last: dt.date | None = self.valid.upper
        return last

    @property
    def is_open(self) -> bool:
        return self.until is None


def numbers(column: str) -> Func:
    """A bigint column as a range of one value: the embedded server has no btree_gist for `=`."""
    return Func(F(column), F(column), Value("[]"), function="int8range")


def words(column: str) -> Func:
    """A text column as a range of one value."""
    return Func(F(column), F(column), Value("[]"), function="luodi_paths")


def never_twice(name: str, *columns: Func) -> list[Any]:
    """Constraints: what `columns` name is true once at a time, in each state of knowledge."""
    return [
        models.CheckConstraint(
            condition=Q(valid__isempty=False) & Q(known__isempty=False), name=f"{name}_periods"
        ),
        ExclusionConstraint(
            name=f"{name}_once",
            expressions=[
                *((column, RangeOperators.EQUAL) for column in columns),
                ("valid", RangeOperators.OVERLAPS),
                ("known", RangeOperators.OVERLAPS),
            ],
        ),
    ]
