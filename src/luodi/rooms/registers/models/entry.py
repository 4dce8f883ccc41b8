"""Entries: rows of registers, dated twice as the directory's facts are."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Scoped, Unit
from luodi.ground.tables.api import FOUND_BY_OWNER, ByUnit, More, Watch
from luodi.rooms.directory.api import Dated, Person, never_twice, numbers
from luodi.rooms.registers.models.register import Register
from luodi.rooms.registers.queries import EntryManager
from luodi.rooms.registers.tables import KEEP_NUMBERS


class Entry(Scoped, Dated):
    """What a register says of a unit in a valid period, as known from one instant to another.

    All rows of one entry, through its changes and corrections, have the same `origin`: the first
    of them, by whose key it is known outside. `values` holds what the columns ask for, except
    references, which are rows of their own; numbers as decimal text, days as ISO text.
    """

    register = models.ForeignKey(
        Register, models.PROTECT, related_name="entries", verbose_name=_("台账")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="register_entries", verbose_name=_("单位")
    )
    origin = models.ForeignKey(
        "self", models.PROTECT, related_name="versions", db_index=True, editable=False
    )
    values = models.JSONField(_("内容"), default=dict)
    since_on = models.GeneratedField(
        expression=Func(F("valid"), function="lower"),
        output_field=models.DateField(),
        db_persist=True,
    )
    account_id = models.BigIntegerField(null=True, editable=False)
    search = SearchVectorField(null=True, editable=False)

    watch = Watch(ignored=["search"])
    more = More(triggers=[KEEP_NUMBERS], policies=[FOUND_BY_OWNER])

    objects = EntryManager()

    class Meta:
        verbose_name = _("台账条目")
        constraints = never_twice("entry", numbers("origin_id"))
        indexes = [
            models.Index(
                fields=["register", "since_on", "id"],
                condition=Q(known__upper_inf=True),
                name="entry_register_since",
            ),
            GinIndex(fields=["search"], name="entry_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """What names it: its title column, else its unit."""
        key = self.register.title_column
        for one in self.references.all() if key and key not in self.values else ():
            if one.column == key:
                return str(one.target or "")
        value: Any = self.values.get(key) if key else None
        return str(value) if value else str(self.unit)


class Reference(Scoped):
    """That an entry names a unit or a person in a column: a row, so that scope and merges hold."""

    entry = models.ForeignKey(
        Entry, models.CASCADE, related_name="references", verbose_name=_("条目")
    )
    column = models.CharField(_("列"), max_length=40)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("单位")
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="register_references",
        verbose_name=_("人员"),
    )

    guard = ByUnit(via="entry")
    watch = Watch()

    class Meta:
        verbose_name = _("台账条目的引用")
        constraints = [
            models.UniqueConstraint(fields=["entry", "column"], name="reference_once"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, person__isnull=True)
                | Q(unit__isnull=True, person__isnull=False),
                name="reference_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.column}: {self.target}"

    @property
    def target(self) -> Unit | Person | None:
        """The unit or the person; None for a person whom the reader may not see."""
        if self.unit_id is not None:
            return self.unit
        try:
            return self.person
        except Person.DoesNotExist:
            return None
