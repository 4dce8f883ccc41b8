"""A kind of record over REST: the same verbs as its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, QueryDict
from ninja import Path, Query, Router, Schema, Status
from pydantic import create_model

from luodi.ground.audit.api import changed_since
from luodi.ground.records.fields import Date, Field, Named, Reason
from luodi.ground.records.pages import ResourceFilter
from luodi.ground.records.resource import Resource
from luodi.ground.records.verbs import path_of, read_body, schema_of
from luodi.ground.records.writing import (
    change_record,
    close_record,
    create_record,
    remove_record,
)
from luodi.ground.scope.api import NOBODY, actor_of
from luodi.lib.errors import UserError
from luodi.lib.wire import Id, Line
from luodi.shell.rest import Following, Listed, created, listed, version_of


def schema_out(resource: Resource) -> type[Schema]:
    """What a record is over REST: its id, its fields, its version."""
    wires: dict[str, Any] = {"id": (int, ...)}
    for one in (*resource.changed, *resource.also_told):
        wires[one.name] = (one.told | None, None)
    if owner := _owner(resource):
        wires[owner.name] = (Named | None, None)
    if resource.versioned:
        wires["version"] = (int, ...)
    return create_model(f"{resource.model.__name__}Out", __base__=Schema, **wires)


def _owner(resource: Resource) -> Field | None:
    """What a record belongs to, where no field asks for it."""
    if not resource.owner or any(one.name == resource.owner for one in resource.changed):
        return None
    return resource.field(resource.owner)


def told(resource: Resource, record: Any) -> dict[str, Any]:
    """A record as it goes out."""
    fields = [*resource.changed, *resource.also_told, *filter(None, [_owner(resource)])]
    values = {one.name: one.tell(getattr(record, one.name)) for one in fields}
    values["id"] = record.pk
    if resource.versioned:
        values["version"] = record.version
    return values


def schema_query(resource: Resource) -> type[Schema]:
    """How a list is asked for: as the page's address, with the parts of the contract."""
    wires: dict[str, Any] = {"q": (Line, "")}
    for name, field in ResourceFilter(QueryDict(), resource=resource, actor=NOBODY).fields.items():
        several = hasattr(field, "choices") and field.widget.allow_multiple_selected
        wires[name] = (list[Line], []) if several else (Line, "")
    return create_model(f"{resource.model.__name__}Query", __base__=Following, **wires)


def router_of(resource: Resource) -> Router:
    """The operations of a kind of record: list, get, create, change, close or remove."""
    router = Router(tags=[resource.many])
    many, one = f"/{resource.many}", f"/{resource.many}/{{pk}}"
    model, label = resource.model.__name__, resource.name
    out, asked = schema_out(resource), schema_query(resource)
    new = schema_of(f"{model}New", resource.asked)
    partly = schema_of(f"{model}Change", resource.changed, partly=True)
    change = create_model(f"{model}Change", __base__=partly, version=(Id | None, None))

    def find(request: HttpRequest, pk: int, permission: str) -> Any:
        record = resource.all().get(pk=pk)
        actor_of(request).require(permission, path_of(record))
        return record

    def whole(record: Any) -> dict[str, Any]:
        return told(resource, resource.all().get(pk=record.pk))

    def index(request: HttpRequest, wanted: Any) -> Any:
        actor_of(request).require(resource.view)
        rows = rows_of(request, resource, wanted)
        order = [resource.order] if resource.sort else []
        part = listed(rows, wanted, *order)
        return part | {"items": [told(resource, row) for row in part["items"]]}

    def get(request: HttpRequest, pk: int) -> Any:
        return told(resource, find(request, pk, resource.view))

    def add(request: HttpRequest, data: Schema) -> Any:
        actor = actor_of(request)
        actor.require(resource.write)  # who may not learns nothing of what the body would meet
        values = resource.completed(read_body(resource.asked, data, actor))
        made = create_record(actor=actor, resource=resource, values=values)
        return created(request, whole(made), f"{many}/{made.pk}")

    def edit(request: HttpRequest, pk: int, data: Any) -> Any:
        actor, record = actor_of(request), find(request, pk, resource.write)
        made = change_record(
            actor=actor,
            resource=resource,
            record=record,
            version=version_of(request, data.version),
            values=read_body(resource.changed, data, actor),
        )
        return whole(made)

    def close(request: HttpRequest, pk: int, data: Any) -> Any:
        record = find(request, pk, resource.write)
        version = version_of(request, data.version)
        return whole(
            close_record(
                actor=actor_of(request),
                resource=resource,
                record=record,
                on=data.on,
                reason=data.reason or "",
                version=version,
            )
        )

    def remove(request: HttpRequest, pk: int) -> Any:
        record = find(request, pk, resource.write)
        version = version_of(request, None)
        remove_record(actor=actor_of(request), resource=resource, record=record, version=version)
        return Status(204, None)

    pk = Path[Id]
    _add(router, "GET", many, index, f"list_{resource.many}", _listed(out), wanted=_query(asked))
    _add(router, "GET", one, get, f"get_{label}", out, pk=pk)
    _add(router, "POST", many, add, f"create_{label}", out, 201, data=new)
    _add(router, "PATCH", one, edit, f"change_{label}", out, pk=pk, data=change)
    if resource.closes:
        fields = (Date("", "on"), Reason(name="reason", required=False, default=""))
        body = create_model(
            f"{model}Close",
            __base__=schema_of(f"{model}Close", fields),
            version=(Id | None, None),
        )
        _add(router, "POST", f"{one}/close", close, f"close_{label}", out, pk=pk, data=body)
    else:
        _add(router, "DELETE", one, remove, f"remove_{label}", None, 204, pk=pk)
    return router


def _add(
    router: Router,
    method: str,
    path: str,
    operation: Callable[..., Any],
    name: str,
    response: Any,
    status: int = 200,
    **parameters: Any,
) -> None:
    """Adds an operation whose parameters are of types that are made here."""
    operation.__annotations__ = {"request": HttpRequest, **parameters}
    operation.__name__ = name
    router.api_operation(
        [method], path, response={status: response}, operation_id=name, url_name=name
    )(operation)


def _query(asked: type[Schema]) -> Any:
    """The address's parameters, for a type that is made here."""
    query: Any = Query
    return query[asked]


def _listed(out: type[Schema]) -> Any:
    """The envelope of a list, for a type that is made here."""
    envelope: Any = Listed
    return envelope[out]


def rows_of(request: HttpRequest, resource: Resource, wanted: Any) -> Any:
    """The records that are asked for. Raises UserError at the filter that is wrong."""
    form = ResourceFilter(request.GET, resource=resource, actor=actor_of(request))
    if not form.is_valid():
        name, sentences = next(iter(form.errors.items()))
        raise UserError(sentences[0], name)
    rows = form.apply(resource.all())
    if wanted.q and resource.search:
        rows = rows.filter(resource.found_by(wanted.q))
    return changed_since(rows, wanted.changed_since)
