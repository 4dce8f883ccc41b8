"""The pages of a kind of record: list, record, forms; and its part of a unit's page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from luodi.ground.records.fields import Date, Field, Prose, Reason, RecordOf
from luodi.ground.records.resource import Resource, resource_of
from luodi.ground.records.verbs import FieldsForm, Version, path_of
from luodi.ground.records.writing import (
    change_record,
    close_record,
    create_record,
    remove_record,
)
from luodi.ground.scope.api import Actor, Request, Unit, name_of, today
from luodi.manifest import Part
from luodi.shell.cells import text_of
from luodi.shell.forms import form_page, posted
from luodi.shell.listing import Column, Listing, cell_of
from luodi.shell.pages import show
from luodi.shell.parts import parts_of

SHOWN = 50  # rows of what belongs to a record, on its page
TOLD = 6  # records of a unit, on the unit's page
STATE = "state"
VERSION = Version(name="version")


class ResourceFilter(forms.Form):
    """The filter of a list: what the resource's filters ask, and whether closed ones are wanted."""

    def __init__(self, data: QueryDict, *, resource: Resource, actor: Actor) -> None:
        super().__init__(data)
        self.resource = resource
        for one in resource.filtered:
            self.fields.update(one.filters(actor))
        if resource.closes:
            choices = [("", _("在用")), ("closed", _("已停用")), ("all", _("全部"))]
            self.fields[STATE] = forms.ChoiceField(label=_("状态"), required=False, choices=choices)

    def condition(self) -> Q:
        """What the fields without an error say."""
        given, found = self.cleaned_data, Q()
        for one in self.resource.filtered:
            found &= one.narrow(given)
        is_open = self.resource.open_today()
        match given.get(STATE, "" if self.resource.closes else "all"):
            case "":
                found &= is_open
            case "closed":
                found &= ~is_open
        return found

    def apply(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(self.condition())


def listing_of(request: Request, resource: Resource) -> Listing:
    """The list of a kind of record, as the address asks for it."""
    columns = list(resource.listed)
    return Listing(
        request,
        resource.all(),
        columns=columns,
        sheet=resource.sheet,
        default_sort=resource.sort or columns[0].name,
        name=resource.many,
        filters=lambda data: ResourceFilter(data, resource=resource, actor=request.actor),
        search=(lambda rows, text: rows.filter(resource.found_by(text)))
        if resource.search
        else None,
        title=resource.labels,
        empty=resource.empty,
    )


@login_required
def list_page(request: Request, resource: Resource) -> HttpResponseBase:
    """The list; its file, its print."""
    request.actor.require(resource.view)
    listing = listing_of(request, resource)
    may_write = request.actor.may(resource.write)
    context = {
        "listing": listing,
        "resource": resource,
        "add": resource.url("new") if may_write else "",
    }
    return listing.export() or show(request, "records/list.html", context)


def find(request: Request, resource: Resource, pk: int, permission: str) -> Any:
    """A record that the actor may see (404), with a permission on it (403)."""
    record = get_object_or_404(resource.all(), pk=pk)
    request.actor.require(permission, path_of(record))
    return record


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of a record's page. `wide` ones are told below the others."""

    label: object
    value: object
    href: str = ""
    wide: bool = False
    align: str = ""


def facts_of(resource: Resource, record: Any) -> Iterator[Fact]:
    """What is known of a record, field by field; what is empty is left out."""
    for field in resource.changed:
        value = getattr(record, field.name)
        if value in (None, "", []) or value == str(record):  # the heading says it
            continue
        href = address_of(value) if isinstance(field, RecordOf) else ""
        yield Fact(field.label, field.shown(value), href, isinstance(field, Prose))


def address_of(record: Model) -> str:
    """Where a record stands; "" where it has no page that we know of."""
    if isinstance(record, Unit):
        return reverse("scope:unit", args=[record.pk])
    found = resource_of(type(record))
    return found.url(record=record) if found else ""


@dataclass(frozen=True, slots=True)
class Children:
    """What belongs to a record, as a table on its page."""

    resource: Resource
    columns: list[Column]
    rows: list[Any]
    more: str
    add: str

    def lines(self) -> Iterator[SafeString]:
        """Each row's cells, written as a list writes them."""
        cells = [cell_of(column) for column in self.columns]
        for row in self.rows:
            yield mark_safe("".join(write(row) for write in cells))  # noqa: S308 - each is escaped


def children_of(request: Request, resource: Resource, record: Any) -> Iterator[Children]:
    for model in resource.children:
        child = resource_of(model)
        if child is None or not request.actor.may(child.view, path_of(record)):
            continue
        pointer = resource.pointer(model).name
        rows = child.all().filter(**{pointer: record}).filter(child.open_today())
        columns = [one for one in child.listed if one.name not in {pointer, child.owner}]
        order = next((c.sort for c in child.listed if c.name == child.sort), columns[0].sort)
        query = f"?{pointer}={record.pk}"
        may_write = request.actor.may(child.write, path_of(record)) and not is_closed(
            resource, record
        )
        yield Children(
            child,
            columns,
            list(rows.order_by(order, "pk")[:SHOWN]),
            child.url() + query,
            child.url("new") + query if may_write else "",
        )


def is_closed(resource: Resource, record: Any) -> bool:
    """Whether a record does not count any more."""
    closed_on = getattr(record, resource.closes) if resource.closes else None
    return closed_on is not None and closed_on <= today()


@login_required
def record_page(request: Request, resource: Resource, pk: int) -> HttpResponseBase:
    """One record: what is known of it, what belongs to it, what can be done."""
    record = find(request, resource, pk, resource.view)
    facts = list(facts_of(resource, record))
    may_write = request.actor.may(resource.write, path_of(record))
    closed = is_closed(resource, record)
    context = {
        "resource": resource,
        "record": record,
        "facts": [one for one in facts if not one.wide],
        "told": [one for one in facts if one.wide],
        "children": list(children_of(request, resource, record)),
        "parts": parts_of(request, resource.parts, record),
        "closed": closed,
        "back": resource.url(),
        "links": resource.links(request, record),
        "change": resource.url("change", record) if may_write else "",
        "close": resource.url("close", record)
        if may_write and resource.closes and getattr(record, resource.closes) is None
        else "",
        "remove": resource.url("remove", record) if may_write and not resource.closes else "",
    }
    return show(request, "records/record.html", context)


@login_required
def create_page(request: Request, resource: Resource) -> HttpResponseBase:
    """The form of a new record; an address may say what is known of it (`?unit=6`)."""
    request.actor.require(resource.write)
    fields = resource.asked
    form = FieldsForm(fields, request.actor, initial=_known(request, fields), **posted(request))
    return form_page(
        request,
        form,
        lambda data: create_record(actor=request.actor, resource=resource, values=data),
        heading=_("新建%(label)s") % {"label": resource.label},
        back=resource.url(),
        crumbs=[(resource.url(), resource.labels)],
        done=lambda made: resource.url(record=made),
        said=_("已保存。"),
    )


def _known(request: HttpRequest, fields: Iterable[Field]) -> dict[str, Any]:
    """What the address says of a record to be: of what it belongs to, its name."""
    known = {}
    actor: Actor = request.actor  # type: ignore[attr-defined]
    for one in fields:
        said = request.GET.get(one.name, "")
        if said.isdecimal() and len(said) < 19 and isinstance(one, RecordOf):
            found = one.rows(actor).filter(pk=int(said)).first()
            known[one.name] = name_of(found, one.by[0]) if found else ""
        elif not said and isinstance(one, RecordOf) and one.required:
            only = list(one.rows(actor)[:2])
            if len(only) == 1:
                known[one.name] = name_of(only[0], one.by[0])
    return known


def initial_of(fields: Iterable[Field], record: Any) -> dict[str, Any]:
    """What a record's form begins with."""
    values = {one.name: getattr(record, one.name) for one in fields}
    for one in fields:
        if isinstance(one, RecordOf) and values[one.name] is not None:
            values[one.name] = one.initial(values[one.name])
    return values


@login_required
def change_page(request: Request, resource: Resource, pk: int) -> HttpResponseBase:
    """The form of a record; when it closed can be put right there, once it has."""
    record = find(request, resource, pk, resource.write)
    has_closed = resource.closes and getattr(record, resource.closes) is not None
    fields = resource.changed if has_closed else resource.asked
    return _about(
        request,
        resource,
        record,
        fields,
        lambda data: change_record(
            actor=request.actor,
            resource=resource,
            record=record,
            version=data.pop(VERSION.name, None),
            values=data,
        ),
        heading=_("更改：%(name)s") % {"name": record},
        initial=initial_of(fields, record),
    )


@login_required
def close_page(request: Request, resource: Resource, pk: int) -> HttpResponseBase:
    """The form that closes a record from a day on."""
    record = find(request, resource, pk, resource.write)
    fields = (Date(_("停用日期"), "on"), Reason(name="reason", required=False))
    return _about(
        request,
        resource,
        record,
        fields,
        lambda data: close_record(actor=request.actor, resource=resource, record=record, **data),
        heading=_("停用：%(name)s") % {"name": record},
        submit=_("停用"),
        note=_("停用后不再出现在清单里，历史记录都保留。"),
        initial={"on": today()},
    )


@login_required
def remove_page(request: Request, resource: Resource, pk: int) -> HttpResponseBase:
    """The form that removes a record."""
    record = find(request, resource, pk, resource.write)
    return _about(
        request,
        resource,
        record,
        (Reason(name="reason", required=False),),
        lambda data: remove_record(actor=request.actor, resource=resource, record=record, **data),
        heading=_("删除：%(name)s") % {"name": record},
        submit=_("删除"),
        note=_("删除后不再出现；删除前的内容留在审计记录里。"),
        initial={},
        done=lambda _nothing: resource.url(),
    )


def _about(
    request: Request,
    resource: Resource,
    record: Any,
    fields: Iterable[Field],
    verb: Callable[[dict[str, Any]], object],
    *,
    heading: str,
    initial: Mapping[str, Any],
    done: Callable[[Any], str] | None = None,
    **words: Any,
) -> HttpResponseBase:
    """The page of a form about a record, with the version that was read."""
    start = dict(initial)
    asked = tuple(fields)
    if resource.versioned:
        asked = (*asked, VERSION)
        start[VERSION.name] = record.version
    here = resource.url(record=record)
    return form_page(
        request,
        FieldsForm(asked, request.actor, initial=start, **posted(request)),
        verb,
        heading=heading,
        back=here,
        crumbs=[(resource.url(), resource.labels), (here, record)],
        done=done,
        said=_("已保存。"),
        **words,
    )


def urls_of(resource: Resource) -> list[URLPattern]:
    """The addresses of a kind of record, below its app's prefix."""
    many, name, given = resource.many, resource.name, {"resource": resource}
    pages = [
        path(f"{many}/", list_page, given, name=many),
        path(f"{many}/new/", create_page, given, name=f"new_{name}"),
        path(f"{many}/<int:pk>/", record_page, given, name=name),
        path(f"{many}/<int:pk>/change/", change_page, given, name=f"change_{name}"),
    ]
    if resource.closes:
        closing = path(f"{many}/<int:pk>/close/", close_page, given, name=f"close_{name}")
        return [*pages, closing]
    removing = path(f"{many}/<int:pk>/remove/", remove_page, given, name=f"remove_{name}")
    return [*pages, removing]


def _in_short(columns: Iterable[Column], row: Any) -> str:
    """A row in a few words: `党群服务中心 · 示例甲公司`."""
    return " · ".join(filter(None, (str(text_of(column.of(row))) for column in columns)))


def unit_part(resource: Resource) -> Part:
    """The records of a unit and of those below it, on the unit's page; nothing where there are none."""

    def of(request: Any, unit: Any) -> Mapping[str, Any] | None:
        actor: Actor = request.actor
        if not actor.may(resource.view, unit.path):
            return None
        rows = resource.all().filter(resource.below(unit), resource.open_today())
        columns = resource.listed[:3]
        found = list(rows.order_by(resource.order, "pk")[: TOLD + 1])
        if not found:
            return None
        filtered = any(one.name == "unit" for one in resource.filtered)
        return {
            "title": resource.labels,
            "lines": [
                (resource.url(record=row), str(row), _in_short(columns[1:], row))
                for row in found[:TOLD]
            ],
            "more": f"{resource.url()}?unit={unit.pk}" if filtered else "",
        }

    return Part("records/part.html", of)
