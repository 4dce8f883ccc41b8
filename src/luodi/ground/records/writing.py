"""The generic verbs: a record is created, changed, closed or removed, by whoever may."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model, ProtectedError
from django.utils.translation import gettext as _
from psycopg.errors import UniqueViolation

from luodi.ground.records.resource import Resource
from luodi.ground.records.verbs import path_of
from luodi.ground.scope.api import Actor, because
from luodi.lib.errors import NotFound, Stale, UserError


def create_record(*, actor: Actor, resource: Resource, values: Mapping[str, Any]) -> Model:
    """Creates a record of its values by field name. Raises NotAllowed, UserError."""
    actor.require(resource.write, path_of(resource.owner_of(values)))
    if resource.create:
        made: Model = resource.create(actor=actor, **values)
        return made
    record: Any = resource.model(**values)
    _save(resource, record, list(values))
    record.refresh_from_db()  # the database fills its path
    return cast(Model, record)


def change_record(
    *,
    actor: Actor,
    resource: Resource,
    record: Model,
    values: Mapping[str, Any],
    version: int | None = None,
) -> Model:
    """Changes what of the values differs. Raises NotAllowed, UserError, Stale for an old version.

    Who moves a record to another unit needs the permission on both.
    """
    found = locked(actor, resource, record, version)
    if (owner := resource.owner_of(values)) is not None:
        actor.require(resource.write, path_of(owner))
    if resource.change:
        made: Model = resource.change(actor=actor, record=found, **values)
        return made
    differing = {key: value for key, value in values.items() if getattr(found, key) != value}
    if differing:
        for key, value in differing.items():
            setattr(found, key, value)
        _save(resource, found, list(differing))
        found.refresh_from_db()
    return cast(Model, found)


def close_record(
    *,
    actor: Actor,
    resource: Resource,
    record: Model,
    on: dt.date,
    reason: str = "",
    version: int | None = None,
) -> Model:
    """Closes a record from a day on; it stays, with its history. Raises as `change_record`."""
    found = locked(actor, resource, record, version)
    if getattr(found, resource.closes) is not None:
        raise UserError(_("它已经停用。"))
    if reason:
        because(reason)
    setattr(found, resource.closes, on)
    try:
        _save(resource, found, [resource.closes])
    except UserError as problem:
        raise UserError(problem.message, "on") from problem
    found.refresh_from_db()
    return cast(Model, found)


def remove_record(
    *,
    actor: Actor,
    resource: Resource,
    record: Model,
    reason: str = "",
    version: int | None = None,
) -> None:
    """Removes a record that nothing needs; the trail keeps it. Raises as `change_record`."""
    found = locked(actor, resource, record, version)
    if reason:
        because(reason)
    if resource.remove:
        resource.remove(actor=actor, record=found)
        return
    try:
        with transaction.atomic():
            found.delete()
    except ProtectedError:
        raise UserError(_("还有记录属于它，不能删除。")) from None


def locked(actor: Actor, resource: Resource, record: Model, version: int | None) -> Any:
    """The record as it stands, held until the transaction ends, for whoever may write it."""
    actor.require(resource.write, path_of(record))
    found: Any = resource.model._default_manager.select_for_update().filter(pk=record.pk).first()
    if found is None:
        raise NotFound(_("没有这条记录，或您无权查看。"))
    if version is not None and resource.versioned and found.version != version:
        said = {
            one.name: one.spoken(value)
            for one in resource.changed
            if (value := getattr(found, one.name)) is not None or one.name != resource.closes
        }
        raise Stale(_("别人刚刚改过这条记录。"), {**said, "version": found.version})
    return found


def _save(resource: Resource, record: Any, names: list[str]) -> None:
    """Saves a record whose fields, constraints and rules hold; else a UserError at its field."""
    for field in resource.changed:
        if field.name in names:
            field.check(getattr(record, field.name))
    try:
        record.full_clean(exclude=_unasked(resource))
    except ValidationError as problem:
        raise _as_user_error(resource, problem) from problem
    if resource.opens and resource.closes:
        opened, closed = (getattr(record, one) for one in (resource.opens, resource.closes))
        if opened and closed and closed < opened:
            raise UserError(_("停用日期不能早于启用日期。"), resource.closes)
    if resource.check:
        resource.check(record)
    is_new = record.pk is None
    try:
        with transaction.atomic():
            record.save() if is_new else record.save(update_fields=names)
    except IntegrityError as problem:
        if isinstance(problem.__cause__, UniqueViolation):
            raise UserError(_("已经有这样一条记录。"), _first(resource)) from None
        raise


def _unasked(resource: Resource) -> set[str]:
    """What nobody is asked for is nobody's fault: the path, the version, the key."""
    asked = {resource.owner, *(one.name for one in resource.changed)}
    return {one.name for one in resource.meta.concrete_fields} - asked


def _as_user_error(resource: Resource, problem: ValidationError) -> UserError:
    """The first fault of a model's own checks, at its field where there is one."""
    name, faults = next(iter(problem.error_dict.items()))
    names = {one.name for one in resource.changed}
    # a constraint names its field by its code: `violation_error_code="closed_on"`
    field = next((one for one in (name, faults[0].code) if one in names), None)
    if faults[0].code in {"unique", "unique_together"}:
        return UserError(_("已经有这样一条记录。"), field or _first(resource))
    return UserError(faults[0].messages[0], field)


def _first(resource: Resource) -> str | None:
    """The field at which a record that is there already is told."""
    return next((one for one in reversed(resource.key)), None)
