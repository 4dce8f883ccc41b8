"""A kind of record, declared once: what its list, page, forms, files, REST and figure follow from."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist, ImproperlyConfigured
from django.db.models import ForeignKey, Model, Q, QuerySet, UniqueConstraint
from django.urls import reverse
from django.utils.functional import Promise

from luodi.ground.records.derived import field_of, fields_of
from luodi.ground.records.fields import Date, Field, below_of
from luodi.ground.records.models import Lasting
from luodi.ground.scope.api import NOBODY, Actor, Unit, today
from luodi.ground.tables.api import ByUnit
from luodi.lib.chinese import initials
from luodi.manifest import Finder, History, Hit, Job, Manifest, Part, Place, manifests, module_of
from luodi.shell.listing import Column

Text = str | Promise
Write = Callable[..., Model]
INITIALLED = 1000  # records whose initials a search compares


@dataclass(frozen=True, kw_only=True)
class Resource:
    """What is said of a kind of record; everything else follows, and each part can be replaced.

    `fields` are asked for by forms, in their order, and carried by Excel and REST. `columns` of the
    list (the first names the record; without them, the fields), `filters` (without them, all that
    can be) and `search` name fields of the model. `key` names the fields by which a row of a file
    finds its record again: those of the model's unique constraint. `opens` and `closes` name the
    days from and until which a record counts; one that can close is never removed. `owner` is the
    foreign key that leads to the record's unit, as its guard says. `children` are models that belong to it. The
    permissions are `app.view` and `app.write` where no others are named.

    `told` names what a record also says over REST, besides the fields: what verbs alone write.

    A `setting` is what rooms are set up with: it stands neither in the search nor on a unit's page.

    `create`, `change` and `remove` replace the generic verbs, each with their arguments.
    `check(record)` raises UserError for what the app does not take. `parts` stand on a record's page
    besides: buttons (`actions`), below the facts (`main`); `links(request, record)` are the room's own
    pages of a record, each an address with its words, among its buttons. `measure`: how such records are
    counted (个, 处); with it, there is a figure (`ground.figures.counting`).
    """

    model: type[Model]
    fields: Sequence[str | Field]
    view: str = ""
    write: str = ""
    columns: Sequence[str | Column] = ()
    filters: Sequence[str | Field] | None = None
    search: Sequence[str] = ("name",)
    key: Sequence[str] = ()
    sort: str = ""
    owner: str = ""
    opens: str = ""
    closes: str = ""
    children: Sequence[type[Model]] = ()
    told: Sequence[str | Field] = ()
    measure: Text = ""
    synonyms: Sequence[str] = ()
    icon: str = ""
    job: Job | None = None
    plural: str = ""
    setting: bool = False
    empty: Text = ""
    rows: Callable[[], QuerySet[Any]] | None = None
    create: Write | None = None
    change: Write | None = None
    remove: Callable[..., object] | None = None
    check: Callable[[Any], None] | None = None
    parts: Sequence[Part] = ()
    links: Callable[[Any, Any], Sequence[tuple[str, Text]]] = lambda request, record: ()

    def __post_init__(self) -> None:
        app = self.model._meta.app_label
        defaults = {"view": f"{app}.view", "write": f"{app}.write"}
        if isinstance(guard := getattr(self.model, "guard", None), ByUnit):
            defaults["owner"] = guard.via
        if issubclass(self.model, Lasting):
            defaults |= {"opens": "opened_on", "closes": "closed_on"}
        for name, value in defaults.items():
            if not getattr(self, name):
                object.__setattr__(self, name, value)
        if not self.key:
            unique = [
                one.fields for one in self.meta.constraints if isinstance(one, UniqueConstraint)
            ]
            object.__setattr__(self, "key", unique[0] if unique else self.search[:1])

    # --- names ------------------------------------------------------------------------------

    @property
    def meta(self) -> Any:
        return self.model._meta

    @property
    def table(self) -> str:
        return str(self.meta.db_table)

    @property
    def name(self) -> str:
        """What one is called in addresses: `venue`."""
        return str(self.meta.model_name)

    @property
    def many(self) -> str:
        """What several are called in addresses: `venues`."""
        return self.plural or f"{self.name}s"

    @property
    def label(self) -> Text:
        return self.meta.verbose_name  # type: ignore[no-any-return]

    @property
    def labels(self) -> Text:
        """What several are called: Chinese has one word for both."""
        return self.meta.original_attrs.get("verbose_name_plural", self.label)  # type: ignore[no-any-return]

    @cached_property
    def space(self) -> str:
        """The namespace of the app's addresses."""
        config = apps.get_app_config(self.meta.app_label)
        return str(getattr(module_of(config, "urls"), "app_name", config.label))

    def url(self, page: str = "", record: Any = None) -> str:
        """The address of a page: of the list, of a record, of `new`, `change`, `close` or `remove`."""
        name = self.many if record is None and not page else self.name
        name = f"{page}_{name}" if page else name
        return reverse(f"{self.space}:{name}", args=[] if record is None else [record.pk])

    # --- what follows from the model ----------------------------------------------------------

    @cached_property
    def asked(self) -> tuple[Field, ...]:
        """The fields that forms ask for, and files and REST carry."""
        return fields_of(self.model, self.fields, self.write)

    def field(self, name: str) -> Field:
        """A field by its name, of those asked for or of the model."""
        found = next((one for one in self.asked if one.name == name), None)
        return found or field_of(self.model, name, self.write)

    @cached_property
    def filtered(self) -> tuple[Field, ...]:
        """The fields that a list is filtered by."""
        if self.filters is None:
            return tuple(one for one in self.asked if one.filters(NOBODY))
        return tuple(one if isinstance(one, Field) else self.field(one) for one in self.filters)

    @cached_property
    def closing(self) -> Date | None:
        """The day until which a record counts."""
        found = self.field(self.closes) if self.closes else None
        return found if isinstance(found, Date) else None

    @cached_property
    def changed(self) -> tuple[Field, ...]:
        """What a change may touch: what was asked for, and when it closed."""
        return (*self.asked, *((self.closing,) if self.closing else ()))

    @cached_property
    def also_told(self) -> tuple[Field, ...]:
        """What goes out beside the fields."""
        return fields_of(self.model, self.told, self.write)

    @cached_property
    def order(self) -> str:
        """What its records are ordered by: `sort`, which may begin with `-`, else the first column."""
        name = self.sort.removeprefix("-") or self.listed[0].name
        return "-" * self.sort.startswith("-") + self.field(name).sort

    @cached_property
    def listed(self) -> tuple[Column, ...]:
        """The list's columns."""
        names = self.columns or [one.name for one in self.asked]
        return tuple(
            one if isinstance(one, Column) else self.column(one, first=place == 0)
            for place, one in enumerate(names)
        )

    def column(self, name: str, *, first: bool = False) -> Column:
        """The column of a field; the first names the record and leads to it."""
        field = self.field(name)
        return Column(
            name,
            field.label,
            sort=field.sort,
            value=lambda row: field.shown(getattr(row, name)),
            link=(lambda row: self.url(record=row)) if first else None,
            align=field.align,
            phone="title" if first else "line",
            export=lambda row: field.spoken(getattr(row, name)),
        )

    @cached_property
    def sheet(self) -> tuple[Column, ...]:
        """The columns of a file: all fields."""
        return tuple(self.column(one.name) for one in self.changed)

    @cached_property
    def related(self) -> tuple[str, ...]:
        """The foreign keys that pages show."""
        keys = {one.name for one in self.model._meta.concrete_fields if isinstance(one, ForeignKey)}
        shown = {one.name for one in self.changed}
        shown |= {one.name.partition("__")[0] for one in self.listed}
        return tuple(sorted(keys & (shown | {self.owner})))

    def all(self) -> QuerySet[Any]:
        """The records that the transaction shows, with what their pages name."""
        rows = self.rows() if self.rows else self.model._default_manager.all()
        return rows.select_related(*self.related) if self.related else rows

    def completed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a new record: what was not said is as the model has it."""
        unsaid = {one.name: one.nothing for one in self.asked if one.name not in values}
        return {**unsaid, **values}

    def owner_of(self, values: Mapping[str, Any] | Any) -> Any:
        """What a record, or its values, belong to: whose path says who may."""
        if isinstance(values, Mapping):
            return values.get(self.owner)
        return getattr(values, self.owner, None)

    @cached_property
    def path(self) -> str:
        """The field, or the way to it, that holds the path of the record's unit; "" for none."""
        try:
            self.meta.get_field("path")
        except FieldDoesNotExist:
            return f"{self.owner}__path" if self.owner else ""
        return "path"

    @property
    def versioned(self) -> bool:
        return bool(getattr(self.model, "versioned", False))

    # --- conditions ---------------------------------------------------------------------------

    def below(self, unit: Unit | None) -> Q:
        """The records of a unit and of those below it."""
        return below_of(self.path, unit) if self.path else Q()

    def open_on(self, day: Any) -> Q:
        """The records that counted on a day; one whose beginning nobody knows, always."""
        condition = Q()
        if self.opens:
            condition &= Q(**{f"{self.opens}__isnull": True}) | Q(**{f"{self.opens}__lte": day})
        if self.closes:
            condition &= Q(**{f"{self.closes}__isnull": True}) | Q(**{f"{self.closes}__gt": day})
        return condition

    def found_by(self, text: str) -> Q:
        """The records in which a text stands."""
        condition = Q()
        for one in self.search:
            condition |= Q(**{f"{one}__icontains": text})
        return condition

    # --- what it brings beside its pages ------------------------------------------------------

    def places(self) -> Iterator[Place]:
        """A link of the navigation, where a job is named."""
        if self.job:
            yield Place(
                f"{self.space}:{self.many}",
                self.labels,
                self.icon or "ledger",
                self.job,
                (self.view,),
            )

    def finders(self) -> Iterator[Finder]:
        """What finds such records by words."""
        if self.search and not self.setting:
            yield Finder(self.labels, self.find, (self.view,), f"{self.space}:{self.many}")

    def find(self, actor: Actor, text: str, limit: int) -> Iterator[Hit]:
        """The best hits: by words, or by the initials of a name's pinyin."""
        rows = self.all().order_by(self.search[0], "pk")
        found = list(rows.filter(self.found_by(text))[: limit * 4])
        if not found and text.isascii() and text.isalpha():
            few = rows.filter(self.open_today())[:INITIALLED]
            found = [one for one in few if initials(str(one)).startswith(text.lower())]
        hits = (self._hit(row, text) for row in found)
        yield from sorted(hits, key=lambda hit: hit.rank)[:limit]

    def _hit(self, row: Any, text: str) -> Hit:
        name, owner = str(row), self.owner_of(row)
        rank = 0 if name == text else 1 if name.startswith(text) else 3
        return Hit(name, self.url(record=row), str(owner or ""), rank)

    def histories(self) -> Iterator[History]:
        """That each record has a history, with that of what belongs to it."""
        children = [(one._meta.db_table, self.pointer(one).column) for one in self.children]
        yield History(self.table, children, self.view, lambda row: self.url(record=row))

    def pointer(self, child: type[Model]) -> Any:
        """The foreign key of a model that points to this one."""
        for one in child._meta.concrete_fields:
            if one.related_model is self.model:
                return one
        raise ImproperlyConfigured(f"{child.__name__} does not belong to {self.model.__name__}")

    def unit_parts(self) -> Iterator[Part]:
        """The records of a unit, on its page; what belongs to another record stands there."""
        if self.owner == "unit" and not self.setting:
            from luodi.ground.records.pages import unit_part

            yield unit_part(self)

    def open_today(self) -> Q:
        return self.open_on(today())


def resources() -> Iterator[Resource]:
    """Every kind of record that the manifests declare."""
    for manifest in manifests():
        yield from resources_of(manifest)


def resources_of(manifest: Manifest) -> Iterator[Resource]:
    """The kinds of records of one app."""
    for one in manifest.resources:
        assert isinstance(one, Resource)
        yield one


def resource_of(model: type[Model]) -> Resource | None:
    """The declaration of a model, if there is one."""
    return next((one for one in resources() if one.model is model), None)
