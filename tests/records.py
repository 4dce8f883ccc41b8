"""What follows for the tests from each kind of record that an app declares: its pages, its operations,
one example inside and one outside. Nothing is written for it by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import URLField

from luodi.ground.records import fields
from luodi.ground.records.api import Field, Resource, create_record, resources
from luodi.ground.scope.api import SYSTEM, Unit
from luodi.manifest import permissions_of
from tests.expect import ADMINISTRATORS, ALL, NOBODY, OFFICERS, Ids, Operation, Page, holders

FAR = (
    frozenset({"part_time_member", "department_officer"}) | ADMINISTRATORS
)  # see no enterprise's rows
ADDRESS = "https://example.org/"
TOLD = frozenset({403, 404, 422})  # a unit out of reach is one that is not there


def kind(resource: Resource) -> str:
    """What an example is called among a world's things."""
    return f"{resource.space}:{resource.name}"


def having(permission: str) -> frozenset[str]:
    return frozenset(role for role in ALL if permission in permissions_of(role))


def _reaching(resource: Resource, permission: str) -> tuple[frozenset[str], frozenset[str]]:
    """Who may do it about what is inside, and about what is outside."""
    who = having(permission)
    return (who - FAR, who & OFFICERS) if resource.path else (who, who)


def pages() -> dict[str, Page]:
    found = {}
    for one in resources():
        found[f"{one.space}:{one.many}"] = holders(*having(one.view))
        found[f"{one.space}:new_{one.name}"] = holders(*having(one.write))
        found[f"{one.space}:{one.name}"] = Page(*_reaching(one, one.view))
        for verb in ("change", "close" if one.closes else "remove"):
            found[f"{one.space}:{verb}_{one.name}"] = Page(*_reaching(one, one.write))
    return found


def meanings() -> dict[tuple[str, str], str]:
    return {
        (name, "pk"): kind(one)
        for one in resources()
        for name in (
            f"{one.space}:{one.name}",
            *(f"{one.space}:{verb}_{one.name}" for verb in ("change", "close", "remove")),
        )
    }


def operations() -> dict[str, Operation]:
    found = {}
    for one in resources():
        many, about = f"/{one.many}", kind(one)
        view, write = _reaching(one, one.view), _reaching(one, one.write)
        found[f"GET {many}"] = Operation(having(one.view), about="", outside=having(one.view))
        found[f"GET {many}/{{pk}}"] = Operation(view[0], about=about, outside=view[1])
        found[f"POST {many}"] = Operation(write[0], _body(one), outside=write[1], otherwise=TOLD)
        found[f"PATCH {many}/{{pk}}"] = Operation(write[0], _change(one), about, write[1])
        if one.closes:
            found[f"POST {many}/{{pk}}/close"] = Operation(
                write[0], lambda ids: {"on": "2099-01-01"}, about, write[1]
            )
        elif _is_pointed_at(one):  # the example has others that belong to it: it stays, and says so
            found[f"DELETE {many}/{{pk}}"] = Operation(NOBODY, about=about, otherwise=TOLD)
        else:
            found[f"DELETE {many}/{{pk}}"] = Operation(write[0], about=about, outside=write[1])
    return found


def _is_pointed_at(one: Resource) -> bool:
    return any(
        type(field) is fields.RecordOf and field.model is one.model
        for other in resources()
        for field in other.asked
    )


def references() -> dict[str, str]:
    """The fields of bodies that hold the id of something."""
    found = {"unit": "unit", "unit_id": "unit", "account": "account", "owner": "account"}
    for one in resources():
        for field in one.asked:
            if type(field) is fields.RecordOf:
                found[field.name] = _target(field)
    return found


def things(unit: Unit, number: int) -> Ids:
    """An example of each kind of record that belongs to the unit."""
    made: dict[type[Any], Any] = {Unit: unit}
    ids: Ids = {}
    for one in resources():
        values = {
            field.name: ADDRESS
            if _is_address(one, field)
            else _example(field, made, f"示例{one.label}{number or ''}")
            for field in one.asked
        }
        made[one.model] = create_record(actor=SYSTEM, resource=one, values=values)
        ids[kind(one)] = made[one.model].pk
    return ids


def _is_address(one: Resource, field: Field) -> bool:
    """Whether a text is an address of the web, which takes no other."""
    found = next((f for f in one.model._meta.concrete_fields if f.name == field.name), None)
    return isinstance(found, URLField)


def _example(field: Field, made: dict[type[Any], Any], name: str) -> Any:
    """A value that a field takes."""
    match field:
        case fields.UnitOf():
            return made[Unit]
        case fields.AccountOf():
            return None
        case fields.RecordOf():
            return made.get(field.model)  # type: ignore[arg-type]  # None: a part of its own kind
        case fields.Choices():
            return [field.choices[0][0]]
        case fields.Choice():
            return field.choices[0][0]
        case fields.YesNo():
            return True
        case fields.Number():
            least = max(field.least or 1, 1)  # a floor may be below the ground
            return Decimal(least) if field.places else int(least)
        case fields.Date():
            return dt.date(2021, 3, 1)
        case fields.Instant():
            return dt.datetime(2021, 3, 2 if "end" in field.name else 1, tzinfo=dt.UTC)
        case fields.Clock():
            return dt.time(9)
    return name


def _body(one: Resource) -> Any:
    """What makes another record over REST."""

    def body(ids: Ids) -> Any:
        return dict(_sent(one, ids, "示例另一个"))

    return body


def _sent(one: Resource, ids: Ids, name: str) -> Iterator[tuple[str, Any]]:
    for field in one.asked:
        if isinstance(field, fields.UnitOf):
            yield field.name, ids["unit"]
        elif type(field) is fields.RecordOf:
            yield field.name, ids[_target(field)]
        elif not isinstance(field, fields.AccountOf):
            value = ADDRESS if _is_address(one, field) else _example(field, {}, name)
            yield (
                field.name,
                str(value) if isinstance(value, Decimal | dt.date | dt.time) else value,
            )


def _target(field: fields.RecordOf) -> str:
    return next(kind(one) for one in resources() if one.model is field.model)


def _change(one: Resource) -> Any:
    text = next(field.name for field in one.asked if type(field) is fields.Text)
    return lambda ids: {text: "示例改名"}
