"""From what somebody typed in a column to what is kept, and from there to what is shown.

Kept: text, choices and places as text, numbers as decimal text with the column's places, days as
ISO text, yes and no as booleans. All of it can be compared in the database.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from luodi.lib.errors import UserError
from luodi.lib.periods import in_reason
from luodi.rooms.registers.models import Column, Kind

LONGEST = 2000
DIGITS = 15  # as many as Excel keeps of a number
BETWEEN = re.compile(r"[、,，;；\n]")
YES, NO = {"是", "有", "yes", "y", "true", "1", "√"}, {"否", "无", "no", "n", "false", "0", "×"}


def cleaned(column: Column, given: Any) -> Any:
    """What is kept of a value; None for nothing. Raises UserError at the column's field.

    References are not for here: they are looked up within the actor's reach.
    """
    if isinstance(given, str):
        given = given.strip()
    if given is None or given in ("", []):
        return None
    return CLEANERS[Kind(column.kind)](column, given)


def _no(column: Column, sentence: str, **words: object) -> UserError:
    text = _("“%(column)s”：%(problem)s") % {"column": column, "problem": sentence % words}
    return UserError(text, column.key)


def _text(column: Column, given: Any) -> str:
    text = str(given)
    if "\0" in text:
        raise _no(column, _("有不能保存的字符。"))
    if len(text) > LONGEST:
        raise _no(column, _("最多 %(most)s 个字。"), most=LONGEST)
    return text


def _number(column: Column, given: Any) -> str:
    plain = unicodedata.normalize("NFKC", str(given)).replace(",", "").strip()
    try:
        number = Decimal(plain) if re.fullmatch(r"[-+]?\d{1,40}(\.\d{1,40})?", plain) else None
    except InvalidOperation:
        number = None
    if number is None or isinstance(given, bool):
        raise _no(column, _("“%(value)s”不是数字，例如 1200.5。"), value=plain[:40])
    places = 2 if column.kind == Kind.MONEY else column.places
    if len(str(abs(int(number)))) + places > DIGITS:
        raise _no(column, _("数字太大，连小数最多 %(most)s 位。"), most=DIGITS)
    kept = round(number, places)
    if kept != number:
        raise _no(column, _("最多 %(places)s 位小数。"), places=places)
    return f"{kept or abs(kept):.{places}f}"  # no minus before a zero


def _date(column: Column, given: Any) -> str:
    if isinstance(given, dt.datetime):
        given = given.date()
    if not isinstance(given, dt.date):
        try:
            given = dt.date.fromisoformat(str(given))
        except ValueError:
            raise _no(column, _("“%(value)s”不是日期，例如 2022-12-22。"), value=given) from None
    if not in_reason(given):
        raise _no(column, _("日期应在1900年至2199年之间。"))
    return str(given.isoformat())


def _choice(column: Column, given: Any) -> str:
    wanted = str(given).strip().lower()
    for value, zh, en in column.choices:
        if wanted in (value.lower(), zh.lower(), en.lower()):
            return str(value)
    labels = _("、").join(list(column.labels.values())[:20])
    raise _no(column, _("“%(value)s”不在选项里，可填：%(all)s。"), value=wanted[:40], all=labels)


def _choices(column: Column, given: Any) -> list[str] | None:
    parts: Iterable[Any] = BETWEEN.split(given) if isinstance(given, str) else given
    if not isinstance(parts, list | tuple):
        raise _no(column, _("应为选项的列表。"))
    ticked = {_choice(column, part) for part in parts if str(part).strip()}
    return [value for value, _zh, _en in column.choices if value in ticked] or None


def _yes_no(column: Column, given: Any) -> bool:
    word = str(given).strip().lower()
    if word not in YES | NO:
        raise _no(column, _("请填“是”或“否”。"))
    return word in YES


def _refuse(column: Column, given: Any) -> Any:
    raise _no(column, _("这一列不用填。"))


CLEANERS: dict[Kind, Callable[[Column, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.PLACE: _text,
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.DATE: _date,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.YES_NO: _yes_no,
    Kind.UNIT: _refuse,
    Kind.PERSON: _refuse,
    Kind.LOOKUP: _refuse,
}


def shown(column: Column, kept: Any) -> object:
    """A kept value as pages and files show it: a Decimal, a date, a bool, a text."""
    if kept is None or kept == "":
        return None
    match Kind(column.kind):
        case Kind.NUMBER | Kind.MONEY:
            return Decimal(kept)
        case Kind.DATE:
            return dt.date.fromisoformat(kept)
        case Kind.CHOICE:
            return column.labels.get(kept, kept)
        case Kind.CHOICES:
            return _("、").join(column.labels.get(one, one) for one in kept)
        case Kind.YES_NO:
            return kept if isinstance(kept, bool) else kept == "true"
    return kept


def words(columns: Iterable[Column], values: dict[str, Any]) -> list[str]:
    """The texts of an entry by which it is found: of text, place and choice columns."""
    found = []
    for column in columns:
        if column.kind in (Kind.TEXT, Kind.PLACE, Kind.CHOICE, Kind.CHOICES):
            kept = values.get(column.key)
            for one in kept if isinstance(kept, list) else [kept]:
                labels = [f"{zh} {en}" for value, zh, en in column.choices if value == one]
                found += labels or ([str(one)] if one else [])
    return found
