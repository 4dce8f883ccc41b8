"""Django's system checks: every table says who sees its rows, and what is kept of their changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from luodi.ground.tables.declared import beside_models
from luodi.ground.tables.guard import ByUnit, Guard, Public
from luodi.ground.tables.watch import Unwatched, Watch

GUARDED = "say who sees its rows: `guard = ByUnit()`, `Guard(read=…)`, or `Public('the reason')`"
WATCHED = "say what is kept of its changes: `watch = Watch()`, or `Unwatched('the reason')`"


def check_models(app_configs: Sequence[AppConfig] | None, **rest: object) -> Iterable[CheckMessage]:
    """Errors for models, those that Django makes for pairs among them, that leave something open."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield from check_model(model)


def check_model(model: type[models.Model]) -> Iterable[CheckMessage]:
    """The errors of one model."""
    said = beside_models()[0].get(model._meta.db_table)
    guard = said.guard if said else getattr(model, "guard", None)
    watch = said.watch if said else getattr(model, "watch", None)
    if not isinstance(guard, Guard | Public):
        yield Error("Nothing guards its table.", GUARDED, model, "tables.E001")
    if not isinstance(watch, Watch | Unwatched):
        yield Error("Nothing watches its table.", WATCHED, model, "tables.E002")
    for one in (guard, watch):
        if isinstance(one, Public | Unwatched) and not one.reason.strip():
            yield Error(
                "There is no reason.", f"{type(one).__name__} has one", model, "tables.E003"
            )
    if isinstance(guard, ByUnit) and not said:
        yield from _check_unit(model, guard)
    if isinstance(watch, Watch) and not said:
        yield from _check_columns(model, watch)


def _check_unit(model: type[models.Model], guard: ByUnit) -> Iterable[CheckMessage]:
    try:
        link = model._meta.get_field(guard.via)
        model._meta.get_field("path")
    except FieldDoesNotExist as problem:
        yield Error(str(problem), "ByUnit needs `path`, and `via` a key", model, "tables.E004")
        return
    parent = link.related_model
    if not isinstance(link, models.ForeignKey) or not isinstance(parent, type):
        yield Error(f"`{guard.via}` is no foreign key.", None, model, "tables.E004")
    elif parent._meta.label != "scope.Unit" and not isinstance(
        getattr(parent, "guard", None), ByUnit
    ):
        yield Error(f"`{guard.via}` leads to no path.", None, model, "tables.E004")


def _check_columns(model: type[models.Model], watch: Watch) -> Iterable[CheckMessage]:
    columns = {field.column for field in model._meta.local_fields}
    for name in {*watch.hidden, *watch.ignored} - columns:
        yield Error(f"Watch names `{name}`, which is no column.", None, model, "tables.E005")
