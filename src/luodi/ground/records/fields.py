"""Field types: from one declaration follow label, form field, wire type, Excel column, option, check.

A declaration stands in a verb's signature, `name: Annotated[str, Text(_("名称"), most=60)]`, or follows
from a model's field (`field_of`). Each type is one class; nothing else says how its values are asked
for, sent, shown, filtered or sorted.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, StringConstraints
from pydantic import Field as Wired

from luodi.ground.scope.api import (
    Account,
    Actor,
    RecordField,
    Unit,
    UnitField,
    name_of,
    units_known,
    units_of,
)
from luodi.lib import wire
from luodi.lib.errors import UserError
from luodi.lib.excel import Kind as Cell
from luodi.lib.text import one_line

Words = str | Promise
NO_NUL = r"^[^\x00]*$"
ALL: tuple[str, Words] = ("", gettext_lazy("全部"))
YES, NO = "✓", "—"
WHY, UNIT, FILES = gettext_lazy("理由"), gettext_lazy("单位"), gettext_lazy("佐证材料")


class Named(BaseModel):
    """A record that another one names: its id, and what it is called."""

    id: int
    name: str


@dataclass(frozen=True)
class Field:
    """One value of a record or of a verb. `synonyms`: what else a heading in Excel may say."""

    label: Words = ""
    name: str = ""
    required: bool = True
    default: Any = None
    help: Words = ""
    synonyms: tuple[str, ...] = ()

    cell: ClassVar[Any] = Cell.TEXT
    align: ClassVar[str] = ""
    blank: ClassVar[Any] = None  # what is kept where nothing is said

    @property
    def nothing(self) -> Any:
        """What is kept where nothing is said."""
        return self.blank if self.default is None else self.default

    # --- a form -----------------------------------------------------------------------------

    def asked(self, actor: Actor) -> forms.Field:
        """The field of a form for an actor."""
        raise NotImplementedError

    def common(self) -> dict[str, Any]:
        """What every field of a form is told."""
        return {"label": self.label, "required": self.required, "help_text": self.help}

    def kept(self, value: Any) -> Any:
        """What a form gives, as a verb takes it; None for nothing, which is then the default."""
        return None if value in (None, "") else value

    # --- the wire ---------------------------------------------------------------------------

    @property
    def wired(self) -> Any:
        """The type of what comes in over REST."""
        raise NotImplementedError

    @property
    def told(self) -> Any:
        """The type of what goes out over REST."""
        return self.wired

    def read(self, value: Any, actor: Actor) -> Any:
        """What came in, as a verb takes it. Raises UserError with the field's name."""
        return value

    def tell(self, value: Any) -> Any:
        """What is stored, as it goes out."""
        return value

    # --- a list -----------------------------------------------------------------------------

    @property
    def sort(self) -> str:
        """What a list orders by."""
        return self.name

    def shown(self, value: Any) -> object:
        """What a page shows of a value."""
        return value

    def spoken(self, value: Any) -> object:
        """What a file, a message, a comparison says of a value."""
        return self.shown(value)

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        """The fields of a list's filter, by their names in the address."""
        return {}

    def narrow(self, given: Mapping[str, Any]) -> Q:
        """The condition that follows from what the filter's fields say."""
        return Q()

    def check(self, value: Any) -> None:
        """Raises UserError, with the field's name, for a value that cannot be taken."""
        if self.required and value in (None, "", [], ()):
            raise UserError(_("请填写或选择。"), self.name)


@dataclass(frozen=True)
class Text(Field):
    """One line."""

    most: int = 200
    blank = ""

    def asked(self, actor: Actor) -> forms.Field:
        return forms.CharField(max_length=self.most, **self.common())

    def kept(self, value: Any) -> Any:
        return one_line(value or "")

    @property
    def wired(self) -> Any:
        return Annotated[str, StringConstraints(max_length=self.most, pattern=NO_NUL)]

    def read(self, value: Any, actor: Actor) -> Any:
        return self.kept(value)

    def check(self, value: Any) -> None:
        super().check(value)
        if value and len(value) > self.most:
            raise UserError(_("最多 %(most)s 个字。") % {"most": self.most}, self.name)


@dataclass(frozen=True)
class Prose(Text):
    """Lines of text."""

    most: int = 10_000

    def asked(self, actor: Actor) -> forms.Field:
        rows = forms.Textarea(attrs={"rows": 4})
        return forms.CharField(max_length=self.most, widget=rows, **self.common())

    def kept(self, value: Any) -> Any:
        return (value or "").replace("\r\n", "\n").strip()


@dataclass(frozen=True)
class Reason(Prose):
    """Why something is done: it stands in the trail."""

    label: Words = WHY
    most: int = 500


@dataclass(frozen=True)
class Number(Field):
    """A number with so many places, within bounds."""

    places: int = 0
    least: Decimal | int | None = None
    most: Decimal | int | None = 2**31 - 1
    align = "end"

    @property
    def cell(self) -> Cell:
        return Cell.DECIMAL if self.places else Cell.INTEGER

    def asked(self, actor: Actor) -> forms.Field:
        return self._asked(**self.common())

    def _asked(self, **options: Any) -> forms.Field:
        options |= {"min_value": self.least, "max_value": self.most}
        if not self.places:
            return forms.IntegerField(**options)
        return forms.DecimalField(decimal_places=self.places, max_digits=15, **options)

    @property
    def wired(self) -> Any:
        bounds: dict[str, Any] = {"ge": self.least, "le": self.most}
        if not self.places:
            return Annotated[int, Wired(**bounds)]
        return Annotated[Decimal, Wired(decimal_places=self.places, max_digits=15, **bounds)]

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        least = _("%(label)s不少于") % {"label": self.label}
        most = _("%(label)s不多于") % {"label": self.label}
        return {
            f"{self.name}_least": self._asked(label=least, required=False),
            f"{self.name}_most": self._asked(label=most, required=False),
        }

    def narrow(self, given: Mapping[str, Any]) -> Q:
        return _between(self.name, given.get(f"{self.name}_least"), given.get(f"{self.name}_most"))


@dataclass(frozen=True)
class Money(Number):
    """An amount in yuan, to the fen."""

    places: int = 2
    most: Decimal | int | None = Decimal("9999999999999")


@dataclass(frozen=True)
class Date(Field):
    """A day."""

    cell = Cell.DATE

    def asked(self, actor: Actor) -> forms.Field:
        return forms.DateField(widget=forms.DateInput, **self.common())

    @property
    def wired(self) -> Any:
        return wire.Day

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        since = _("%(label)s自") % {"label": self.label}
        until = _("%(label)s至") % {"label": self.label}
        return {
            f"{self.name}_since": forms.DateField(label=since, required=False),
            f"{self.name}_until": forms.DateField(label=until, required=False),
        }

    def narrow(self, given: Mapping[str, Any]) -> Q:
        return _between(self.name, given.get(f"{self.name}_since"), given.get(f"{self.name}_until"))


@dataclass(frozen=True)
class Instant(Field):
    """A point of time."""

    cell = Cell.DATETIME

    def asked(self, actor: Actor) -> forms.Field:
        return forms.DateTimeField(widget=forms.DateTimeInput, **self.common())

    @property
    def wired(self) -> Any:
        return wire.Moment


@dataclass(frozen=True)
class Clock(Field):
    """A time of the day, to the minute."""

    def asked(self, actor: Actor) -> forms.Field:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
        return forms.TimeField(widget=widget, **self.common())

    @property
    def wired(self) -> Any:
        return dt.time

    def shown(self, value: Any) -> object:
        return f"{value:%H:%M}" if value is not None else None


@dataclass(frozen=True)
class YesNo(Field):
    """Yes or no: stored as true or false, in words only for people."""

    required: bool = False
    default: Any = False
    cell = Cell.BOOLEAN
    blank = False

    def asked(self, actor: Actor) -> forms.Field:
        return forms.BooleanField(**self.common() | {"required": False})

    @property
    def wired(self) -> Any:
        return bool

    def shown(self, value: Any) -> object:
        return YES if value else NO

    def spoken(self, value: Any) -> object:
        return _("是") if value else _("否")

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        choices = [ALL, ("1", _("是")), ("0", _("否"))]
        return {
            self.name: forms.ChoiceField(label=str(self.label), required=False, choices=choices)
        }

    def narrow(self, given: Mapping[str, Any]) -> Q:
        said = given.get(self.name)
        return Q(**{self.name: said == "1"}) if said else Q()


@dataclass(frozen=True)
class Choice(Field):
    """One of several values, each with its words."""

    choices: Sequence[tuple[Any, Words]] = ()
    cell = Cell.CHOICE
    blank: ClassVar[Any] = ""

    @property
    def labels(self) -> dict[Any, Words]:
        return dict(self.choices)

    def asked(self, actor: Actor) -> forms.Field:
        nothing = ("", _("请选择")) if self.required else ("", "—")
        return forms.ChoiceField(choices=[nothing, *self.choices], **self.common())

    @property
    def wired(self) -> Any:
        return Literal[tuple(key for key, _word in self.choices)]

    @property
    def told(self) -> Any:
        return str  # a word of former days is still told

    def shown(self, value: Any) -> object:
        return self.labels.get(value, value)

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        choices = [ALL, *self.choices]
        return {
            self.name: forms.ChoiceField(label=str(self.label), required=False, choices=choices)
        }

    def narrow(self, given: Mapping[str, Any]) -> Q:
        said = given.get(self.name)
        return Q(**{self.name: said}) if said else Q()

    def check(self, value: Any) -> None:
        super().check(value)
        if value not in (None, "") and value not in self.labels:
            raise UserError(_("请从给出的选项中选择。"), self.name)


@dataclass(frozen=True)
class Choices(Choice):
    """Any number of several values."""

    required: bool = False
    cell = Cell.TEXT
    blank = ()

    def asked(self, actor: Actor) -> forms.Field:
        return forms.MultipleChoiceField(choices=self.choices, widget=_ticks(), **self.common())

    def kept(self, value: Any) -> Any:
        return [key for key, _word in self.choices if key in (value or ())]

    @property
    def wired(self) -> Any:
        return list[super().wired]  # type: ignore[misc]

    @property
    def told(self) -> Any:
        return list[str]

    def shown(self, value: Any) -> object:
        return [str(self.labels.get(one, one)) for one in value or ()]

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        options: dict[str, Any] = {"label": self.label, "required": False}
        return {
            self.name: forms.MultipleChoiceField(choices=self.choices, widget=_ticks(), **options)
        }

    def narrow(self, given: Mapping[str, Any]) -> Q:
        said = given.get(self.name)
        return Q(**{f"{self.name}__contains": said}) if said else Q()

    def check(self, value: Any) -> None:
        Field.check(self, value)
        for one in value or ():
            if one not in self.labels:
                raise UserError(_("请从给出的选项中选择。"), self.name)


@dataclass(frozen=True)
class RecordOf(Field):
    """Another record, by its name on a page and its id over REST.

    `model` is a model, or what gives it; `by` the fields that name a record, the one shown first.
    """

    model: type[Model] | Callable[[], type[Model]] | None = None
    by: tuple[str, ...] = ("name",)

    def rows(self, actor: Actor) -> QuerySet[Any]:
        """What may be named: what the database shows the actor."""
        if self.model is None:
            raise TypeError(f"{self.name} names no model")
        model: Any = self.model if isinstance(self.model, type) else self.model()
        rows: QuerySet[Any] = model._default_manager.order_by(self.by[0], "pk")
        return rows

    def asked(self, actor: Actor) -> forms.Field:
        return RecordField(self.rows(actor), self.by, **self.common())

    @property
    def wired(self) -> Any:
        return wire.Id

    @property
    def told(self) -> Any:
        return Named

    def read(self, value: Any, actor: Actor) -> Any:
        found = self.rows(actor).filter(pk=value).first()
        if found is None:
            raise UserError(_("没有这条记录，或您无权查看。"), self.name)
        return found

    def tell(self, value: Any) -> Any:
        return Named(id=value.pk, name=str(value)) if value else None

    @property
    def sort(self) -> str:
        return f"{self.name}__{self.by[0]}"

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        return {self.name: RecordField(self.rows(actor), self.by, label=self.label, required=False)}

    def narrow(self, given: Mapping[str, Any]) -> Q:
        said = given.get(self.name)
        return Q(**{self.name: said}) if said else Q()

    def initial(self, value: Model) -> str:
        """A record as its input names it."""
        return name_of(value, self.by[0])


@dataclass(frozen=True)
class UnitOf(RecordOf):
    """A unit: one of those where the actor has `permission`; without it, any open one."""

    label: Words = UNIT
    permission: str = ""
    kinds: tuple[str, ...] = ()
    by: tuple[str, ...] = ("name", "short_name")

    def rows(self, actor: Actor) -> QuerySet[Any]:
        units = units_of(actor, self.permission) if self.permission else _known_units(actor)
        return (units.filter(kind__in=self.kinds) if self.kinds else units).order_by("path")

    def asked(self, actor: Actor) -> forms.Field:
        field = UnitField(**self.common())
        field.offer(self.rows(actor))
        return field

    @property
    def sort(self) -> str:
        return f"{self.name}__sort_key"

    def filters(self, actor: Actor) -> dict[str, forms.Field]:
        field = UnitField(label=_("单位（含下级）"), required=False, closed=True)
        # asked where it is shown: an interface is described without a database
        known: Any = SimpleLazyObject(lambda: _known_units(actor))
        field.offer(known)
        return {self.name: field}

    def narrow(self, given: Mapping[str, Any]) -> Q:
        return below_of(f"{self.name}__path", given.get(self.name))


def _known_units(actor: Actor) -> QuerySet[Unit]:
    """The units that there are for the actor, and were: what is looked for stays."""
    return Unit.objects.filter(units_known(actor))


def below_of(path: str, unit: Unit | None) -> Q:
    """The condition that `path` is of the unit or of one below it; none without a unit."""
    if unit is None:
        return Q()
    return Q(**{f"{path}__gte": unit.path, f"{path}__lt": unit.path[:-1] + "/"})


@dataclass(frozen=True)
class AccountOf(RecordOf):
    """Somebody who signs in, with an active account."""

    model: type[Model] | Callable[[], type[Model]] | None = Account
    by: tuple[str, ...] = ("name", "username")

    def rows(self, actor: Actor) -> QuerySet[Any]:
        return super().rows(actor).filter(is_active=True)


class FilesInput(forms.ClearableFileInput):
    """Any number of files; on a phone beside it the camera, whose picture goes along."""

    allow_multiple_selected = True
    template_name = "records/files_input.html"


class FilesField(forms.FileField):
    """Any number of files; gives a list. The one field for files of the whole product."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        options.setdefault("label", FILES)
        options.setdefault("help_text", gettext_lazy("照片、PDF、Word、Excel 等，可一次选多个。"))
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in files]


@dataclass(frozen=True)
class Files(Field):
    """Files that are sent along: by a form, never in JSON."""

    label: Words = FILES
    required: bool = False
    blank = ()

    def asked(self, actor: Actor) -> forms.Field:
        options = self.common()
        if not self.help:
            options.pop("help_text")
        return FilesField(**options)


class ReasonForm(forms.Form):
    """Why, in one's own words; the one such form of the whole product."""

    reason = forms.CharField(label=WHY, max_length=200)


def _ticks() -> forms.CheckboxSelectMultiple:
    """Boxes to tick, in a row as far as it holds them."""
    return forms.CheckboxSelectMultiple(attrs={"class": "inline"})


def _between(name: str, least: Any, most: Any) -> Q:
    given = {f"{name}__gte": least, f"{name}__lte": most}
    conditions = [Q(**{key: value}) for key, value in given.items() if value is not None]
    return functools.reduce(operator.and_, conditions, Q())
