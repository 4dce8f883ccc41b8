"""A plain record's import, declared from its fields, how to find a record, and how to write one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from luodi.ground.imports.importer import Importer, Line, Text
from luodi.ground.scope.api import Actor
from luodi.lib.errors import UserError
from luodi.lib.excel import Column, Sheet
from luodi.lib.sentences import Sentence

Values = dict[str, Any]
Find = Callable[[Actor, Values], models.Model | None]
Write = Callable[[Actor, Any, Values], models.Model]


@dataclass(frozen=True, slots=True)
class Declared:
    """A plain record's import, as a manifest's `imports` takes it.

    `find(actor, values)` gives the record that a row means, or None; `write(actor, record or None,
    values)` calls the verb and gives the record. `values` are by column key; on a change only those
    that the row fills. `before(record)` gives what stands by column key (else its attributes of
    those names). `title`: Chinese and English. `key`: the column that names a record, if one does.
    """

    name: str
    title: tuple[str, str]
    columns: Sequence[Column]
    permission: str
    find: Find
    write: Write
    back: Callable[[], str] = lambda: "/"
    updates: Text = ""
    key: str = ""
    before: Callable[[Any], Mapping[str, object]] | None = None

    def __call__(self, actor: Actor, which: str) -> Plain:
        return Plain(actor, self)


class Plain(Importer):
    """Tries the verb on every row, so that a dry run says all that it refuses; it is undone."""

    def __init__(self, actor: Actor, declared: Declared) -> None:
        super().__init__(actor)
        actor.require(declared.permission)
        self.of = declared
        self.sheet = Sheet(*declared.title, tuple(declared.columns))
        self.title, self.updates, self.back = declared.title[0], declared.updates, declared.back()
        self.subject, self.key = (declared.name, ""), declared.key
        self.seen: dict[object, int] = {}

    def take(self, line: Line) -> None:
        first = next(iter(self.sheet.columns)).key
        try:
            found = self.of.find(self.actor, line.values)
            if found is not None and found.pk in self.seen:
                return self._again(line, found, first)
            if found is not None:
                self.compare(line, found, self._before(found))
                if line.state != "changed":
                    return None
            given = {key: value for key, value in line.values.items() if value is not None}
            with transaction.atomic():
                made = self.of.write(self.actor, found, given)
            self.seen[made.pk] = line.row.number
        except UserError as error:
            line.refuse(error, first)
        return None

    def _again(self, line: Line, found: models.Model, first: str) -> None:
        line.against(found, self._before(found))
        number = self.seen[found.pk]
        if line.changes:
            line.same_as(number, first)
        else:
            line.left = Sentence(f"与第 {number} 行相同。", f"The same as row {number}.")

    def _before(self, found: models.Model) -> Mapping[str, object]:
        if self.of.before is not None:
            return self.of.before(found)
        return {one.key: getattr(found, one.key) for one in self.sheet.columns}

    def write(self, lines: Sequence[Line]) -> None:
        """All is written when it is taken."""
