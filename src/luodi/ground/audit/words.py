"""What an entry of the trail says, in plain words: labels, choices and names instead of columns."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from django.apps import apps
from django.contrib.postgres.fields.ranges import DateRangeField, DateTimeRangeField
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luodi.ground.audit.models import Entry
from luodi.shell.cells import text_of

HIDDEN = "●"
REPEATED = {"path", "sort_key"}  # say nothing that other columns do not
LONGEST = 160

ACTIONS: dict[str, str | Promise] = {
    "insert": gettext_lazy("新建"),
    "update": gettext_lazy("修改"),
    "delete": gettext_lazy("删除"),
    "sign-in": gettext_lazy("登录"),
    "sign-out": gettext_lazy("退出"),
    "sign-in-failed": gettext_lazy("登录失败"),
    "export": gettext_lazy("导出"),
    "import": gettext_lazy("导入"),
    "reveal": gettext_lazy("查看遮盖的内容"),
    "erase": gettext_lazy("按期清除"),
    "forget": gettext_lazy("按期清除反映人"),
}
FACTS: dict[str, str | Promise] = {
    "address": gettext_lazy("地址"),
    "username": gettext_lazy("登录名"),
    "rows": gettext_lazy("条数"),
    "kind": gettext_lazy("方式"),
    "filters": gettext_lazy("筛选条件"),
    "list": gettext_lazy("清单"),
    "field": gettext_lazy("项目"),
    "reason": gettext_lazy("理由"),
    "created": gettext_lazy("新增"),
}

# What is not a table, or a table of a library that has no name in our words.
SUBJECTS: dict[str, str | Promise] = {
    "listing": gettext_lazy("清单"),
    "mfa_authenticator": gettext_lazy("两步验证"),
}

# Labels of values that a field's `choices` do not know: `VALUES["table", "column"] = label`.
VALUES: dict[tuple[str, str], Callable[[str], object]] = {}

Model = type[models.Model]
Field: TypeAlias = "models.Field[Any, Any]"


class Names(dict[tuple[Model, str], str]):
    """The names behind foreign keys; `kept` is for what `PARTS` looked up on the way."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.kept: dict[object, Any] = {}


# Columns of JSON that hold several facts, or facts that another row explains: from an entry, one of
# the column's two values and what was kept before, to a text for each label.
# `PARTS["table", "column"] = split`.
PARTS: dict[tuple[str, str], Callable[[Entry, Any, dict[object, Any]], Mapping[str, str]]] = {}


def tables() -> dict[str, Model]:
    """The models by their tables."""
    return {model._meta.db_table: model for model in apps.get_models()}


def subject_label(table: str) -> str:
    """What a record of this table is called."""
    model = tables().get(table)
    return str(SUBJECTS.get(table) or (model._meta.verbose_name if model else table))


def action_label(action: str) -> str:
    return str(ACTIONS.get(action, action))


def _fields(table: str) -> dict[str, Field]:
    model = tables().get(table)
    return {str(field.column): field for field in model._meta.concrete_fields} if model else {}


def names_for(entries: Iterable[Entry]) -> Names:
    """The names behind the foreign keys that entries mention: one query for each kind of record."""
    wanted: dict[Model, set[str]] = {}
    for entry in entries:
        fields = _fields(entry.subject)
        for column, pair in entry.changes.items():
            target = fields[column].related_model if column in fields else None
            if isinstance(target, type):
                keys = {str(value) for value in pair if value not in (None, HIDDEN)}
                wanted.setdefault(target, set()).update(keys)
    return Names(
        ((model, str(key)), str(row))
        for model, keys in wanted.items()
        if keys
        for key, row in model._default_manager.in_bulk(keys).items()
    )


class Lookup(Names):
    """Names looked up one by one and kept: for a file, whose rows are not known beforehand."""

    def get(self, key: tuple[Model, str], default: str = "") -> str:  # type: ignore[override]
        if key not in self:
            row = key[0]._default_manager.filter(pk=key[1]).first()
            self[key] = str(row) if row else default
        return self[key]


def changes(entry: Entry, names: Names, *, unnamed: bool = False) -> list[str]:
    """What an entry changed: a sentence for each column, in the model's order.

    Columns without a name for readers (a hash, a counter of versions) only where `unnamed`.
    """
    if entry.action not in {"insert", "update", "delete"}:
        return [
            _("%(label)s：%(value)s") % {"label": FACTS.get(key, key), "value": _plain(value)}
            for key, (_old, value) in entry.changes.items()
            if value not in (None, "", {}, [])
        ]
    fields = _fields(entry.subject)
    order = {column: place for place, column in enumerate(fields)}
    told = []
    for column in sorted(entry.changes, key=lambda c: (order.get(c, len(order)), c)):
        field = fields.get(column)
        if _says_nothing(column, field) or (not unnamed and _is_unnamed(field)):
            continue
        old, new = entry.changes[column]
        label = _label(column, field)
        if (entry.subject, column) in PARTS and HIDDEN not in (old, new):
            told += _sentences(entry, column, old, new, names)
        else:
            told.append(_sentence(entry.action, label, field, old, new, names))
    return [sentence for sentence in told if sentence]


def _sentences(entry: Entry, column: str, old: object, new: object, names: Names) -> list[str]:
    """A sentence for each fact of a column that holds several."""
    split = PARTS[entry.subject, column]
    before, after = (split(entry, one, names.kept) if one else {} for one in (old, new))
    return [
        _told(
            entry.action, label, _shortened(before.get(label, "")), _shortened(after.get(label, ""))
        )
        for label in dict.fromkeys([*before, *after])
        if before.get(label) != after.get(label)
    ]


def _says_nothing(column: str, field: Field | None) -> bool:
    is_key = field is not None and field.primary_key
    return column in REPEATED or is_key or isinstance(field, SearchVectorField)


def _is_unnamed(field: Field | None) -> bool:
    """Whether the model gives the column no label: Django then makes one of the field's name."""
    return field is None or str(field.verbose_name) == field.name.replace("_", " ")


def _label(column: str, field: Field | None) -> str:
    if field is None or _is_unnamed(field):
        return _("内部字段“%(column)s”") % {"column": column}
    return str(field.verbose_name)


def _sentence(
    action: str, label: str, field: Field | None, old: object, new: object, names: Names
) -> str:
    words = {"label": label}
    if HIDDEN in (old, new):
        if action == "update":
            return _("%(label)s有变动（内容不记入）") % words
        return _("%(label)s：（内容不记入）") % words
    before, after = (value_text(field, value, names) for value in (old, new))
    return _told(action, label, before, after)


def _told(action: str, label: str, before: str, after: str) -> str:
    words = {"label": label, "before": before, "after": after}
    if action == "insert":
        return _("%(label)s：%(after)s") % words if after else ""
    if action == "delete":
        return _("%(label)s：%(before)s") % words if before else ""
    if not before:
        return _("填写%(label)s：%(after)s") % words
    if not after:
        return _("清除%(label)s（原为 %(before)s）") % words
    return _("把%(label)s从 %(before)s 改为 %(after)s") % words


def value_text(field: Field | None, value: object, names: Names) -> str:
    """A stored value as a reader knows it; an empty text for nothing."""
    if value in (None, "", [], {}):
        return ""
    if field is None:
        return _plain(value)
    if field.related_model:
        found = names.get((field.related_model, str(value)))
        return found or _("编号 %(id)s") % {"id": value}
    if label := VALUES.get((field.model._meta.db_table, str(field.column))):
        return str(label(str(value)))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, DateRangeField | DateTimeRangeField):
        return _period(str(value))
    if isinstance(field, models.DateTimeField):
        return _moment(str(value))
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, dict):
        text = _("、").join(f"{key}={_plain(one)}" for key, one in value.items())
    elif isinstance(value, list):
        text = _("、").join(_plain(one) for one in value)
    else:
        text = str(text_of(value))
    return _shortened(text)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"


def _moment(text: str) -> str:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        return text
    return str(text_of(moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)))


def _period(text: str) -> str:
    """A range as PostgreSQL writes it, `["2022-12-01 00:00:00+00",)`, as words."""
    found = re.fullmatch(r'[\[(]"?([^",]*)"?,"?([^"\])]*)"?[\])]', text)
    if not found:
        return text
    start, end = (_moment(part) if ":" in part else part for part in found.groups())
    if not end:
        return _("%(start)s 起") % {"start": start}
    return _("%(start)s 至 %(end)s") % {"start": start, "end": end}
