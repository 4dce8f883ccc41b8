"""Which imports there are: those that manifests bring, and one of every kind of record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from luodi.ground.imports.importer import Importer
from luodi.ground.imports.plain import Declared
from luodi.ground.records.api import (
    Choices,
    RecordOf,
    Resource,
    record_of,
    resources,
    sheet_of,
    write_row,
)
from luodi.ground.scope.api import Actor
from luodi.lib.errors import NotFound
from luodi.manifest import manifests


def importer_for(actor: Actor, kind: str) -> Importer:
    """What takes in `people`, or `register-12`: of one of many the rest of the name says which.

    A kind of record that is declared once is called by its table. Raises NotFound where no room brings
    such, NotAllowed for whoever may not.
    """
    name, _dash, which = kind.partition("-")
    for manifest in manifests():
        if name in manifest.imports:
            importer: Importer = manifest.imports[name](actor, which)
            return importer
    resource = next((one for one in resources() if one.table == kind), None)
    if resource is None:
        raise NotFound(_("没有这种导入。"))
    return declared(resource)(actor, "")


def declared(resource: Resource) -> Declared:
    """A kind of record as a sheet: a row is found by its key, and written by the resource's verbs."""
    sheet = sheet_of(resource)

    def before(record: Any) -> Mapping[str, object]:
        return {one.key: _as_cell(resource, one.key, record) for one in sheet.columns}

    return Declared(
        name=resource.table,
        title=(sheet.title("zh"), sheet.title("en")),
        columns=sheet.columns,
        permission=resource.write,
        find=lambda actor, values: record_of(resource, actor, values),
        write=lambda actor, record, values: write_row(resource, actor, record, values),
        back=resource.url,
        before=before,
    )


def _as_cell(resource: Resource, name: str, record: Any) -> object:
    """What a record has, as a cell of its sheet holds it."""
    field, value = resource.field(name), getattr(record, name)
    if isinstance(field, RecordOf):
        return getattr(value, "name", None) or (str(value) if value is not None else None)
    if isinstance(field, Choices):
        words = {str(key): str(word) for key, word in field.choices}
        return "、".join(words.get(str(one), str(one)) for one in value or ())
    return value
