"""Writes search vectors anew after the way in which texts are cut has changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.apps import apps
from django.db import connection, models

from luodi.ground.scope.api import SYSTEM, acting
from luodi.lib.chinese import CUT_VERSION
from luodi.manifest import Indexed, manifests

PART = 1000


def outdated_indexes() -> Iterator[Indexed]:
    """The models whose vectors were written by another version of `lib.chinese.cut`."""
    for manifest in manifests():
        for one in manifest.indexed:
            if _version(apps.get_model(one.model)) != _mark():
                yield one


def rebuild_indexes(say: Callable[[str], None]) -> None:
    """Brings every outdated index up to date, a part at a time, newest rows first.

    As the role that owns the schema, which alone may mark what is done; stopped halfway, it begins
    again. `say` is told how far it is.
    """
    for one in outdated_indexes():
        model = apps.get_model(one.model)
        with acting(SYSTEM):
            keys = list(model._default_manager.order_by("-pk").values_list("pk", flat=True))
        for start in range(0, len(keys), PART):
            with acting(SYSTEM, why="search"):
                one.rebuild(keys[start : start + PART])
            if len(keys) > PART:
                say(f"检索 search: {min(start + PART, len(keys))} / {len(keys)}")
        with connection.cursor() as cursor:
            cursor.execute(f"COMMENT ON COLUMN {model._meta.db_table}.search IS '{_mark()}'")


def _mark() -> str:
    return f"luodi cut {CUT_VERSION}"


def _version(model: type[models.Model]) -> str | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT col_description(attrelid, attnum) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = 'search'",
            [model._meta.db_table],
        )
        found: str | None = cursor.fetchone()[0]
    return found
