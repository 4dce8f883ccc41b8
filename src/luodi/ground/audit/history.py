"""One record's whole history: its own entries and those of what belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast
from django.urls import reverse

from luodi.ground.audit.models import Entry
from luodi.ground.audit.words import (
    Names,
    action_label,
    changes,
    names_for,
    subject_label,
    tables,
)
from luodi.ground.scope.api import Account, Actor, is_site_wide, within

CHILDREN: dict[str, list[tuple[str, str]]] = {}
PAGES: dict[str, Callable[[Any], str]] = {
    "scope_unit": lambda unit: reverse("scope:unit", args=[unit.pk])
}
# Without which a table's entries are not shown: a permission, or what says so of an actor and one.
Needed = str | Callable[[Actor, Entry], bool]
NEEDS: dict[str, Needed] = {}
MOST = 500
AUDIT = "trail.view"


def register_history(
    subject: str,
    children: Sequence[tuple[str, str]] = (),
    permission: Needed = "",
    page: Callable[[Any], str] | None = None,
) -> None:
    """Tells that a record of the table `subject` has a history of its own.

    `children` are the tables that belong to it, each with the column that points to it: their
    entries stand in its history. `a__b` is the column b of the row that a points to; such entries
    an auditor finds in the trail only. With `permission`, the entries of all these tables are shown
    only to who has it on the record's unit (or to whom the function says yes), as the record's own
    page is. `page` gives the address of the record's own page, to which its history leads back.
    """
    CHILDREN[subject] = list(children)
    if page:
        PAGES[subject] = page
    if permission:
        NEEDS.update(dict.fromkeys([subject, *(table for table, _column in children)], permission))


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in words: what was done to which kind of record, and the changes."""

    entry: Entry
    action: str
    subject: str
    changes: list[str]


@dataclass(frozen=True, slots=True)
class Step:
    """What one person did in one go (one transaction)."""

    first: Entry
    lines: list[Line]

    @property
    def who(self) -> str:
        return str(getattr(self.first, "who", None) or "")

    @property
    def why(self) -> str:
        return next((line.entry.why for line in self.lines if line.entry.why), "")


def reached(actor: Actor, rows: QuerySet[Entry]) -> QuerySet[Entry]:
    """Of the whole trail, what an auditor's role reaches.

    What belongs to units below; of what belongs to none, what the accounts at home there did, what was
    done to them, and the tries to sign in as one of them.
    """
    if actor.everything or is_site_wide(actor, AUDIT):
        return rows
    ranges = actor.ranges_of(AUDIT)
    accounts = Account.objects.filter(within(ranges, "home__path"))
    keys = accounts.annotate(as_text=Cast("pk", CharField())).values("as_text")
    return rows.filter(
        within(ranges)
        | Q(path__isnull=True, account_id__in=accounts.values("pk"))
        | Q(path__isnull=True, subject="scope_account", subject_id__in=keys)
        | Q(action="sign-in-failed", changes__username__1__in=list(_names(accounts)))
    )


def _names(accounts: QuerySet[Account]) -> QuerySet[Account, str]:
    return accounts.values_list("username", flat=True)


def with_who() -> QuerySet[Entry]:
    """The entries that the actor may see, each with the name of who did it as `who`."""
    name = Account.objects.filter(pk=OuterRef("account_id")).values("name")[:1]
    return Entry.objects.annotate(who=Subquery(name))


def entries_of(subject: str, subject_id: str, *, whole_trail: bool = False) -> list[Entry]:
    """The entries of a record and its children, the newest first, at most MOST.

    The children's ids come from their tables. With `whole_trail` (for auditors, who see the trail
    but no rows) they come from the trail itself, which also knows children that were deleted.
    """
    wanted = Q(subject=subject, subject_id=subject_id)
    for table, column in CHILDREN.get(subject, ()):
        wanted |= Q(subject=table, subject_id__in=_children(table, column, subject_id, whole_trail))
    return list(with_who().filter(wanted).order_by("-id")[:MOST])


def record_of(subject: str, subject_id: str) -> tuple[object, str]:
    """The record as far as the actor may see it, and the address of its page ("" for none)."""
    try:
        found = tables()[subject]._default_manager.filter(pk=subject_id).first()
    except (KeyError, ValueError):
        return None, ""
    page = PAGES.get(subject)
    return found, page(found) if found and page else ""


def may_read(actor: Actor, entry: Entry) -> bool:
    """Sight of a unit's rows is not enough where their pages ask for more (who is in a party)."""
    needed = NEEDS.get(entry.subject)
    if callable(needed):
        return needed(actor, entry)
    return needed is None or actor.may(needed, entry.path)


def _children(table: str, column: str, parent_id: str, whole_trail: bool) -> QuerySet[Any, Any]:
    if whole_trail:
        if "__" in column:
            return Entry.objects.none().values("subject_id")
        found = Entry.objects.filter(subject=table, action="insert")
        pointer = found.annotate(parent=Cast(F(f"changes__{column}__1"), CharField()))
        return pointer.filter(parent=parent_id).values("subject_id")
    model = tables()[table]
    names = {f.column: f.name for f in model._meta.concrete_fields}
    field = names.get(column, column)
    rows = model._default_manager.filter(**{field: parent_id})
    # `as_text`: a name that no table has (a register's own column is called `key`).
    keys: QuerySet[Any, Any] = rows.annotate(as_text=Cast("pk", CharField())).values("as_text")
    return keys


def steps(entries: Sequence[Entry]) -> Iterator[Step]:
    """Entries in words, those of one transaction together; newest first, within a step in order."""
    names = names_for(entries)
    for _key, group in groupby(entries, key=lambda one: (one.epoch, one.xid, one.account_id)):
        lines = [line(entry, names) for entry in reversed(list(group))]
        told = [one for one in lines if one.changes or one.entry.action != "update"]
        if told:
            yield Step(told[0].entry, told)


def line(entry: Entry, names: Names) -> Line:
    return Line(
        entry, action_label(entry.action), subject_label(entry.subject), changes(entry, names)
    )
