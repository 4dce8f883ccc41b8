"""The figures of registers: as many as administrators defined, read anew at each use.

One key may stand in several registers (each zone its own patents): a figure then counts the
entries of all that are kept at, above or below the unit that is asked about.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, Case, DecimalField, F, Q, QuerySet, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from luodi.ground.figures.api import Columns, Figure, Kind, Question, Time, provide
from luodi.ground.scope.api import Unit
from luodi.rooms.registers.conditions import as_q, in_words, used
from luodi.rooms.registers.models import Entry, RegisterFigure
from luodi.rooms.registers.reading import name_of, with_columns, with_label


def figures() -> Iterator[Figure]:
    """None is declared here: they are data, and asked for at each use."""
    provide(provider)
    return iter(())


def provider(keys: Collection[str]) -> Iterator[Figure]:
    """Every living figure of every register that the reader knows of, or of those with `keys`."""
    rows = RegisterFigure.objects.filter(retired_at=None).select_related("register__unit")
    if keys:
        rows = rows.filter(key__in={key.rpartition(".")[2] for key in keys})
    rows = rows.prefetch_related("register__columns")
    found = sorted(rows, key=lambda one: (one.full_key, one.register.unit.path))
    for key, group in groupby(found, key=lambda one: one.full_key):
        yield _figure(key, list(group))


def _figure(key: str, definitions: list[RegisterFigure]) -> Figure:
    one = definitions[0]
    personal = one.register.is_personal
    return Figure(
        key=key,
        name=str(one),
        unit=one.measure or _("条"),
        kind=Kind(one.kind),
        time=Time(one.time),
        rows=lambda question: entries_of(definitions, question),
        definition=described(one),
        synonyms=tuple(dict.fromkeys([one.name, one.name_en, *one.synonyms])),
        columns=Columns(
            label="label",
            amount="amount",
            side="part" if one.kind == RegisterFigure.Kind.SHARE else "",
            on="since_on",
            url=lambda pk: reverse("registers:entry", args=[pk]),
            url_of="entry",
            key="origin_id",  # what an entry is known and has its evidence by, whatever its version
        ),
        places=one.places,
        permission="registers.view",
        rows_permission="people.view" if personal else "registers.view",
        version=max(d.version for d in definitions),
    )


def described(one: RegisterFigure) -> str:
    """The definition as a sentence."""
    register = one.register
    words = {
        "register": register,
        "time": one.get_time_display(),
        "conditions": in_words(register, one.conditions),
        "amount": next((str(c) for c in register.all_columns if c.key == one.amount), ""),
        "side": in_words(register, one.side),
    }
    sentence = _("台账“%(register)s”中%(time)s条目") % words
    if one.conditions:
        sentence += _("，满足：%(conditions)s") % words
    if one.kind == RegisterFigure.Kind.SUM:
        sentence += _("；“%(amount)s”的合计") % words
    if one.kind == RegisterFigure.Kind.SHARE:
        sentence += _("；其中“%(side)s”的占比") % words
    return sentence + _("。")


def entries_of(definitions: Sequence[RegisterFigure], question: Question) -> QuerySet[Entry]:
    """The entries that carry the value, with their label, amount and (of a share) part."""
    rows: Any = Entry.objects.known(question.known_at).under(question.unit)
    fitting = [one for one in definitions if _concerns(one.register.unit, question.unit)]
    if not fitting:
        none: QuerySet[Entry] = rows.none()
        return none
    first = fitting[0]
    if first.time == RegisterFigure.Time.PERIOD:
        rows = rows.begun(question.since, question.until, question.known_at)
    else:
        rows = rows.filter(valid__contains=question.until)
    counted, part = Q(), Q()
    amount: Any = Value(Decimal(1), output_field=DecimalField())
    for one in fitting:
        columns = one.register.all_columns
        wanted = used(columns, [*one.conditions, *one.side])
        wanted += [c for c in columns if c.key == one.amount and c not in wanted]
        rows = with_columns(rows, wanted, question.until, question.known_at)
        counted |= Q(register=one.register_id) & as_q(columns, one.conditions)
        part |= as_q(columns, one.side)
    if first.amount:
        amount = F(name_of(first.amount))
    rows = with_label(rows.filter(counted), first.register).annotate(
        amount=amount, entry=F("origin_id")
    )
    if first.kind == RegisterFigure.Kind.SHARE:
        side = Case(When(part, then=True), default=False, output_field=BooleanField())
        rows = rows.annotate(part=side)
    found: QuerySet[Entry] = rows
    return found


def _concerns(kept_by: Unit, asked: Unit) -> bool:
    return asked.path.startswith(kept_by.path) or kept_by.path.startswith(asked.path)
