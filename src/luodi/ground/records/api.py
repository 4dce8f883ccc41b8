"""Kinds of records and verbs: what rooms may use of this."""

from luodi.ground.records.derived import field_of
from luodi.ground.records.fields import (
    AccountOf,
    Choice,
    Choices,
    Date,
    Field,
    Files,
    FilesField,
    Instant,
    Money,
    Number,
    Prose,
    Reason,
    ReasonForm,
    RecordOf,
    Text,
    UnitOf,
    YesNo,
)
from luodi.ground.records.models import Lasting, several
from luodi.ground.records.operations import router_of
from luodi.ground.records.pages import urls_of
from luodi.ground.records.resource import Resource, resource_of, resources, resources_of
from luodi.ground.records.sheets import record_of, sheet_of, write_row
from luodi.ground.records.verbs import (
    FieldsForm,
    Verb,
    Version,
    form_of,
    operation_of,
    page_of,
    path_of,
    schema_of,
    verb,
)
from luodi.ground.records.writing import (
    change_record,
    close_record,
    create_record,
    remove_record,
)

__all__ = [
    "AccountOf",
    "Choice",
    "Choices",
    "Date",
    "Field",
    "FieldsForm",
    "Files",
    "FilesField",
    "Instant",
    "Lasting",
    "Money",
    "Number",
    "Prose",
    "Reason",
    "ReasonForm",
    "RecordOf",
    "Resource",
    "Text",
    "UnitOf",
    "Verb",
    "Version",
    "YesNo",
    "change_record",
    "close_record",
    "create_record",
    "field_of",
    "form_of",
    "operation_of",
    "page_of",
    "path_of",
    "record_of",
    "remove_record",
    "resource_of",
    "resources",
    "resources_of",
    "router_of",
    "schema_of",
    "several",
    "sheet_of",
    "urls_of",
    "verb",
    "write_row",
]
