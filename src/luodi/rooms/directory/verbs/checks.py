"""Checks of what people type, each with the sentence that says what is wrong."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from luodi.lib.codes import CodeError
from luodi.lib.errors import Stale, UserError
from luodi.lib.text import one_line


def code(check: Callable[[str], str], value: str, field: str) -> str:
    """The code as `check` (of `lib.codes`) gives it back. Raises UserError with its sentence."""
    try:
        return check(value)
    except CodeError as wrong:
        english = (get_language() or "").startswith("en")
        raise UserError(wrong.en if english else wrong.zh, field) from None


def text(value: str, field: str, missing: str, longest: int = 60) -> str:
    """The text as one line. Raises UserError where nothing of it is seen, or it is too long."""
    value = one_line(value)
    if not value:
        raise UserError(missing, field)
    if len(value) > longest:
        raise UserError(_("最多填写%(longest)s个字。") % {"longest": longest}, field)
    return value


def birthday(born_on: dt.date | None, today: dt.date) -> dt.date | None:
    """The day of birth. Raises UserError for a day to come, or over 120 years ago."""
    if born_on is not None and not today.replace(year=today.year - 120, day=1) < born_on <= today:
        raise UserError(_("出生日期应在120年之内，且不晚于今天。"), "born_on")
    return born_on


def same_version(row: models.Model, version: int | None) -> None:
    """Raises Stale where the row is no longer the one that the user read."""
    now = row.version  # type: ignore[attr-defined]
    if version is not None and version != now:
        theirs = {
            field.name: getattr(row, field.name)
            for field in row._meta.concrete_fields
            if field.editable or field.name == "version"
        }
        raise Stale(_("您打开这一页之后，别人更改了它。请看对方的内容再保存。"), theirs)
