"""Units by what they are called, or were: in any spelling, short, or by the initials of their pinyin."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Sequence

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from luodi.ground.scope.models import Unit, UnitName
from luodi.ground.scope.who import today
from luodi.lib.chinese import initials
from luodi.lib.errors import UserError
from luodi.lib.names import common_form
from luodi.lib.text import one_line

Kind = UnitName.Kind
LATIN = re.compile(r"[A-Za-z0-9]{2,}")
Listener = Callable[[Unit], None]
_listeners: list[Listener] = []


def when_renamed(listener: Listener) -> None:
    """Calls `listener(unit)` in the transaction in which a unit has been given another name."""
    _listeners.append(listener)


# --- finding ----------------------------------------------------------------------------------


def called(text: str, unit: str = "") -> Q:
    """The condition that a unit has, or had, a name with the text in it; `unit` leads to it.

    Two letters or more are also looked for among the initials of the pinyin.
    """
    form = common_form(text)
    if not form:
        return Q(pk__in=[])
    found = Q(form__contains=form)
    if LATIN.fullmatch(form):
        found |= Q(initials__contains=form)
    named = UnitName.objects.filter(found)
    return Q(**{f"{unit}__in" if unit else "pk__in": named.order_by().values("unit_id")})


def named_exactly(units: QuerySet[Unit], text: str, most: int = 9) -> list[Unit]:
    """The units of that name in any spelling: by a name in force, else by a former one."""
    names = UnitName.objects.filter(form=common_form(text), unit__in=units.order_by())
    by = {True: set[int](), False: set[int]()}
    for pk, valid in names.values_list("unit_id", "valid"):
        by[valid.upper is None].add(pk)
    return list(units.filter(pk__in=by[True] or by[False])[:most])


def former_names(unit: Unit) -> list[UnitName]:
    """What a unit was called before, the latest first."""
    past = unit.names.filter(valid__upper_inf=False).exclude(kind=Kind.ALIAS)
    return list(past.order_by("-valid"))


def aliases_of(unit: Unit) -> list[str]:
    """What else a unit is called."""
    return list(unit.names.filter(kind=Kind.ALIAS).order_by("id").values_list("name", flat=True))


# --- writing ----------------------------------------------------------------------------------


def first_names(unit: Unit) -> None:
    """Writes the names of a unit that has just been made."""
    _open(unit, Kind.OFFICIAL, unit.name, unit.opened_on)
    _open(unit, Kind.SHORT, unit.short_name, None)


def renamed(unit: Unit, name: str, short_name: str, since: dt.date, corrects: bool) -> None:
    """Ends the names that change and opens the new ones; a correction leaves no former name.

    Raises UserError for a day to come, or before the present name began.
    """
    if since > today():
        raise UserError(_("更名日期不能晚于今天。"), "since")
    for kind, text in ((Kind.OFFICIAL, name), (Kind.SHORT, short_name)):
        now = unit.names.filter(kind=kind, valid__upper_inf=True).first()
        if now is not None and now.name == text:
            continue
        if now is not None and not corrects and now.valid.lower and since < now.valid.lower:
            raise UserError(
                _("现在的名称自%(day)s起使用，更名不能早于这一天。") % {"day": now.valid.lower},
                "since",
            )
        begins: dt.date | None = since
        if now is not None and (corrects or now.valid.lower == since):
            begins = now.valid.lower
            now.delete()
        elif now is not None:
            now.valid = DateRange(now.valid.lower, since)
            now.save(update_fields=["valid"])
        elif kind == Kind.SHORT:
            begins = None
        _open(unit, kind, text, begins)


def tell(unit: Unit) -> None:
    """Tells those who keep a unit's name elsewhere, as words of a search do."""
    for listener in _listeners:
        listener(unit)


def called_also(unit: Unit, names: Iterable[str]) -> None:
    """Makes these, and no others, what a unit is called besides."""
    wanted = [text for one in names if (text := one_line(one)[:120])]
    had = unit.names.filter(kind=Kind.ALIAS)
    had.exclude(name__in=wanted).delete()
    known = set(had.values_list("name", flat=True))
    for text in dict.fromkeys(wanted):
        if text not in known:
            _open(unit, Kind.ALIAS, text, None)


def split_names(text: str) -> Sequence[str]:
    """Several names of one field: `甲、乙`.

    >>> split_names("示例甲、 示例乙；")
    ['示例甲', '示例乙']
    """
    return [one.strip() for one in re.split(r"[、，,;；\n]", text) if one.strip()]


def _open(unit: Unit, kind: str, name: str, since: dt.date | None) -> None:
    if name:
        UnitName.objects.create(
            unit=unit,
            kind=kind,
            name=name,
            form=common_form(name)[:240],
            initials=initials(name)[:240],
            valid=DateRange(since, None),
        )
