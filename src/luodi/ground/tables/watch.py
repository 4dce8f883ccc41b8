"""What of a table's rows is kept: the trail, versions, and rows that never change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from luodi.ground.tables.guard import Policy


@dataclass(frozen=True, slots=True)
class Watch:
    """Every change of a row goes to the trail, from which the past is read.

    `hidden` columns are named without their values; `ignored` ones tell nothing (a search vector)
    and leave no entry of their own.
    """

    hidden: Sequence[str] = ()
    ignored: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Unwatched:
    """The trail says nothing of the table; the reason says why nobody will miss it.

    No figure of the past may read such a table, because it would count today's rows, unless
    `timeless`: its rows change no fact (a session), or say themselves since when they are known.
    """

    reason: str
    timeless: bool = False


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger of the table's own: `when` as in `AFTER INSERT`, `does` as in `count_them('x')`."""

    name: str
    when: str
    does: str
    each: str = "ROW"
    condition: str = ""

    def sql(self, table: str) -> str:
        """The statement that makes it."""
        only = f" WHEN ({self.condition})" if self.condition else ""
        return (
            f"CREATE TRIGGER {self.name} {self.when} ON {table}"
            f" FOR EACH {self.each}{only} EXECUTE FUNCTION {self.does};"
        )


@dataclass(frozen=True, slots=True)
class Key:
    """A foreign key of several columns, which Django has none of; it follows its parent."""

    name: str
    columns: str
    parent: str
    parent_columns: str = "id, path"

    def text(self) -> str:
        """Its definition, as the database words it."""
        return (
            f"FOREIGN KEY ({self.columns}) REFERENCES {self.parent}({self.parent_columns})"
            " ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED"
        )


@dataclass(frozen=True, slots=True)
class More:
    """What few tables need besides.

    rights: what the application may do at all. statistics: how many steps the planner keeps of a
    column. policies: beside those of the guard.
    """

    rights: Sequence[str] | None = None
    triggers: Sequence[Trigger] = ()
    keys: Sequence[Key] = ()
    statistics: Mapping[str, int] = field(default_factory=dict)
    policies: Sequence[Policy] = ()
