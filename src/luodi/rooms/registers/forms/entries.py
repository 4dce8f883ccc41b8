"""Forms that a register's columns make: of an entry, and of the list's filters."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luodi.ground.evidence.api import File
from luodi.ground.records.api import FilesField
from luodi.ground.scope.api import Actor, Unit, called, today, units_of
from luodi.lib.errors import UserError
from luodi.lib.periods import in_reason
from luodi.rooms.directory.api import Named, Person, PersonField
from luodi.rooms.registers.conditions import Condition, as_q, holds, narrowed
from luodi.rooms.registers.lookups import LOOKUPS
from luodi.rooms.registers.models import Column, Entry, Evidence, Kind, Register
from luodi.rooms.registers.queries import EntryQuerySet
from luodi.rooms.registers.reading import with_columns, with_label
from luodi.rooms.registers.verbs.recording import TABLE

DAY = forms.DateInput


def units_below(actor: Actor, register: Register) -> Any:
    """The open units that the actor may write for in the register."""
    return units_of(actor, "registers.write").below(register.unit)


def field_for(column: Column, actor: Actor, register: Register) -> forms.Field:
    """The form's field of a column. What it holds is checked by the verb."""
    common: dict[str, Any] = {
        "label": column.title,
        "required": column.required,
        "help_text": column.help,
    }
    blank = [] if column.required else [("", "—")]
    labels = list(column.labels.items())
    match Kind(column.kind):
        case Kind.NUMBER | Kind.MONEY:
            places = 2 if column.kind == Kind.MONEY else column.places
            return forms.DecimalField(decimal_places=places, max_digits=15, **common)
        case Kind.DATE:
            return forms.DateField(widget=DAY(), **common)
        case Kind.CHOICE:
            return forms.ChoiceField(choices=[*blank, *labels], **common)
        case Kind.CHOICES:
            return forms.MultipleChoiceField(
                choices=labels, widget=forms.CheckboxSelectMultiple, **common
            )
        case Kind.YES_NO:
            options = [*blank, ("是", _("是")), ("否", _("否"))]
            return forms.ChoiceField(choices=options, **common)
        case Kind.UNIT:
            return Named(Unit.objects.open().below(register.unit), **common)
        case Kind.PERSON:
            people = Person.objects.filter(erased_at=None)
            common["help_text"] = column.help or _("填写姓名；同名的从提示中选择。")
            return PersonField(people, **common)
    return forms.CharField(max_length=2000, **common)


class EntryForm(forms.Form):
    """An entry of a register. `what`: record, change (from a day on) or correct (with a reason)."""

    def __init__(
        self, *args: Any, actor: Actor, register: Register, what: str, row: Entry | None = None,
        **rest: Any,
    ) -> None:  # fmt: skip
        if row is not None:
            rest["initial"] = initial_of(row, what)
        super().__init__(*args, **rest)
        self.register = register
        units = units_below(actor, register)
        self.fields["unit"] = Named(units, label=register.unit_title, help_text=_("填写单位名称。"))
        if what == "record" and units.count() == 1 and not self.is_bound:
            self.initial["unit"] = units.get().name
        for column in register.asked:
            self.fields[column.key] = field_for(column, actor, register)
        if what == "change":
            self.fields["on"] = forms.DateField(label=_("从哪一天起"), widget=DAY(), initial=today)
        else:
            self.fields["since"] = forms.DateField(label=register.date_title, widget=DAY())
            if register.dated:
                self.fields["until"] = forms.DateField(
                    label=_("结束日期"),
                    required=False,
                    widget=DAY(),
                    help_text=_("从这一天起不再有效；还有效就空着。"),
                )
        if what == "correct":
            self.fields["reason"] = forms.CharField(label=_("更正的原因"), max_length=300)
        if what == "record" and register.evidence != Evidence.NONE:
            self.fields["files"] = FilesField(
                label=_("佐证材料"), required=register.evidence == Evidence.REQUIRED
            )

    def clean(self) -> dict[str, Any]:
        """The verb's arguments: the columns together as `values`."""
        data = super().clean() or {}
        keys = {column.key for column in self.register.asked}
        values = {key: value for key, value in data.items() if key in keys}
        return {**{k: v for k, v in data.items() if k not in keys}, "values": values}


def initial_of(row: Entry, what: str) -> dict[str, Any]:
    """What stands, as the form shows it."""
    found: dict[str, Any] = {"unit": row.unit.name, "since": row.since, "until": row.until}
    for column in row.register.asked:
        kept = row.values.get(column.key)
        if isinstance(kept, bool):
            kept = "是" if kept else "否"
        found[column.key] = kept
    for one in row.references.all():
        found[one.column] = getattr(one.target, "name", "")
    return found


class EndForm(forms.Form):
    on = forms.DateField(
        label=_("结束日期"), widget=DAY(), initial=today, help_text=_("从这一天起不再有效。")
    )


class FileForm(forms.Form):
    upload = forms.FileField(label=_("佐证材料"))


def end_of(day: dt.date | None) -> dt.datetime | None:
    """The instant at which a day is over."""
    if day is None:
        return None
    return timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59, 59, 999999)))


class EntryFilter(forms.Form):
    """Filters that the columns' types make; with any date, and any state of knowledge."""

    def __init__(self, data: QueryDict, register: Register, columns: list[Column]) -> None:
        super().__init__(data)
        self.register, self.columns = register, columns
        self.fields["unit"] = forms.CharField(label=register.unit_title, required=False)
        for column in register.living:
            self._ask(column)
        self.fields["on"] = forms.DateField(
            label=_("在这一天有效"), required=False, widget=DAY(), help_text=_("空着是今天。")
        )
        self.fields["all"] = forms.BooleanField(label=_("也列出已结束的"), required=False)
        self.fields["known"] = forms.DateField(
            label=_("按这一天所知"), required=False, widget=DAY(), help_text=_("空着是现在所知。")
        )
        if register.evidence != Evidence.NONE:
            self.fields["evidence"] = forms.ChoiceField(
                label=_("佐证材料"),
                required=False,
                choices=[("", _("全部")), ("with", _("有")), ("without", _("缺"))],
            )

    def _ask(self, column: Column) -> None:
        found = holds(column)
        labels = dict(
            LOOKUPS[column.lookup].choices if column.kind == Kind.LOOKUP else column.labels
        )
        if found == "bool":
            labels = {"是": _("是"), "否": _("否")}
        if found in ("number", "date"):
            field = forms.DateField if found == "date" else forms.DecimalField
            for end, word in (("from", gettext("从")), ("to", gettext("到"))):
                limits = {"max_digits": 15, "decimal_places": 6}
                options: dict[str, Any] = {"widget": DAY()} if found == "date" else limits
                self.fields[f"{column.key}_{end}"] = field(
                    label=f"{column.title} {word}", required=False, **options
                )
        elif labels:
            self.fields[column.key] = forms.ChoiceField(
                label=str(column),
                required=False,
                choices=[("", _("全部")), *((key, label) for key, label in labels.items())],
            )

    def clean(self) -> dict[str, Any]:
        """Days out of any calendar, and values that do not fit their column, filter nothing."""
        data = super().clean() or {}
        for name, value in list(data.items()):
            if isinstance(value, dt.date) and not in_reason(value):
                self.add_error(name, _("日期应在1900年至2199年之间。"))
        for one, name in self._asked():
            try:
                as_q(self.register.living, [one])
            except UserError as problem:
                self.add_error(name, str(problem))
        return data

    def day(self) -> dt.date:
        return getattr(self, "cleaned_data", {}).get("on") or today()

    def apply(self, rows: EntryQuerySet) -> EntryQuerySet:
        asked = self.cleaned_data
        at, day = end_of(asked.get("known")), self.day()
        rows = rows.known(at) if asked.get("all") else rows.on(day, at)  # type: ignore[assignment]
        if asked.get("unit"):
            rows = rows.filter(called(asked["unit"], "unit"))
        conditions = [one for one, _name in self._asked()]
        rows = narrowed(rows, self.register.living, conditions, day, at)
        if asked.get("evidence"):
            proven = File.objects.filter(subject=TABLE).values("subject_id")
            rows = (
                rows.filter(origin__in=proven)
                if asked["evidence"] == "with"
                else rows.exclude(origin__in=proven)
            )
        return with_label(with_columns(rows, self.columns, day, at), self.register)

    def _asked(self) -> list[tuple[Condition, str]]:
        """The conditions that the columns' fields say, each with its field."""
        found: list[tuple[Condition, str]] = []
        for column in self.register.living:
            test = "contains" if holds(column) == "list" else "is"
            ends = ((f"{column.key}_from", "ge"), (f"{column.key}_to", "le"))
            for name, how in ((column.key, test), *ends):
                value = self.cleaned_data.get(name)
                if value not in (None, ""):
                    text = f"{value:f}" if isinstance(value, Decimal) else str(value)
                    found.append(({"column": column.key, "test": how, "value": text}, name))
        return found
