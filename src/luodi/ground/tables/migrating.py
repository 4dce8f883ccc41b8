"""Migrations: whether some are still to be applied, what they lack, what they must not touch."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils.translation import override

from luodi.ground.tables.declared import own_apps

FROZEN = "luodi.ground.tables.frozen"


def pending() -> bool:
    """Whether the schema is older than the program."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def missing(models: ProjectState | None = None) -> list[str]:
    """Changes of our models (as they are, unless given) that no migration makes, a line each.

    Asks no database.
    """
    own = {app.label for app in own_apps()}
    with override(None):  # Django's own labels, as makemigrations writes them
        loader = MigrationLoader(None)
        detector = MigrationAutodetector(
            loader.project_state(), models or ProjectState.from_apps(apps)
        )
        changes = detector.changes(loader.graph, trim_to_apps=own)
    return [
        f"{label}: {operation.describe()}: no migration does that"
        for label, made in changes.items()
        for migration in made
        for operation in migration.operations
    ]


def live_imports(files: Iterable[Path] | None = None) -> Iterator[str]:
    """Migrations that import what may change after they have landed, a line each.

    A migration may use what stands in itself and, of the product, what is frozen for good.
    """
    for file in files if files is not None else migration_files():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = ["luodi" if node.level else node.module or ""]
            for name in names:
                if name.split(".")[0] == "luodi" and not f"{name}.".startswith(f"{FROZEN}."):
                    yield f"{file.parent.parent.name}/{file.stem}: imports {name}"


def migration_files() -> Iterator[Path]:
    """Every migration of the product."""
    for app in own_apps():
        yield from sorted(Path(app.path, "migrations").glob("0*.py"))
