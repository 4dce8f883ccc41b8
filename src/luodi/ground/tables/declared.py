"""What all tables of the product are declared to be: models, and each app's `tables.py` for the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from django.apps import AppConfig, apps
from django.db import models
from django.utils.module_loading import module_has_submodule

from luodi.ground.tables.guard import ByUnit, Guard, Policy, Public
from luodi.ground.tables.watch import More, Unwatched, Watch

OWN = "luodi."
NOTHING_MORE = More()


@dataclass(frozen=True, slots=True)
class Table:
    """A declaration. `column` and `parent` say where a table guarded `ByUnit` has its path from.

    For a table without a model of ours, an app's `tables.py` has it in `TABLES`, by name.
    """

    guard: Guard | Public
    watch: Watch | Unwatched
    append_only: bool = False
    versioned: bool = False
    more: More = NOTHING_MORE
    column: str = ""
    parent: str = ""

    @property
    def rights(self) -> list[str]:
        """What the application may do with the table, if a policy lets it."""
        if self.more.rights is not None:
            return sorted(self.more.rights)
        kept = ["INSERT", "SELECT"]
        return kept if self.append_only else sorted([*kept, "DELETE", "UPDATE"])


def own_apps() -> Iterator[AppConfig]:
    """The product's own apps, in the order in which they stand on each other."""
    return (app for app in apps.get_app_configs() if app.name.startswith(OWN))


def is_own(model: type[models.Model]) -> bool:
    """Whether a model, or the one that a table of pairs was made for, is of the product."""
    return model.__module__.startswith(OWN)


def of_model(model: type[models.Model]) -> Table | None:
    """What a model says of its table; None where it does not say who sees it and what is kept."""
    guard, watch = getattr(model, "guard", None), getattr(model, "watch", None)
    if not isinstance(guard, Guard | Public) or not isinstance(watch, Watch | Unwatched):
        return None
    column = parent = ""
    if isinstance(guard, ByUnit):
        link = model._meta.get_field(guard.via)
        assert isinstance(link, models.ForeignKey)
        column, parent = link.column, link.remote_field.model._meta.db_table
    return Table(
        guard=guard,
        watch=watch,
        append_only=getattr(model, "append_only", False),
        versioned=getattr(model, "versioned", False),
        more=getattr(model, "more", NOTHING_MORE),
        column=column,
        parent=parent,
    )


@cache
def beside_models() -> tuple[dict[str, Table], dict[str, list[Policy]]]:
    """The tables without a model of ours, and the policies that one app adds to another's table."""
    tables: dict[str, Table] = {}
    policies: dict[str, list[Policy]] = {}
    for app in own_apps():
        if not app.module or not module_has_submodule(app.module, "tables"):
            continue
        module = import_module(f"{app.name}.tables")
        tables |= getattr(module, "TABLES", {})
        for table, added in getattr(module, "POLICIES", {}).items():
            policies.setdefault(table, []).extend(added)
    return tables, policies


@cache
def tables() -> Mapping[str, Table]:
    """Every declared table by its name."""
    found = {
        model._meta.db_table: table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and (table := of_model(model))
    }
    return found | beside_models()[0]


def sql_files() -> Iterator[Path]:
    """Every app's `sql/*.sql`: the functions, in the order in which they need each other."""
    for app in own_apps():
        yield from sorted(Path(app.path, "sql").glob("*.sql"))
