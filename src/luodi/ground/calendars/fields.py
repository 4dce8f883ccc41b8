"""Hours of a day as people write them: a field type of the calendar's own."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from django import forms
from django.utils.translation import gettext_lazy as _
from pydantic import StringConstraints

from luodi.ground.records.api import Field
from luodi.ground.scope.api import Actor
from luodi.lib.calendars import Span
from luodi.lib.errors import UserError

SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—~至到]\s*(\d{1,2}):(\d{2})")


class SpansField(forms.CharField):
    """Hours of a day in one line: `08:00-12:00 14:30-18:00`; 24:00 ends a day."""

    def clean(self, value: Any) -> list[Span]:
        text = str(super().clean(value)).replace("：", ":")
        rest = SPAN.sub("", text).strip(" ,，、;；")
        try:
            spans = [
                (dt.time(int(a), int(b)), dt.time(int(c) % 24, int(d)))
                for a, b, c, d in SPAN.findall(text)
            ]
        except ValueError:
            rest = text
        if rest:
            raise forms.ValidationError(_("请这样填写：08:00-12:00 14:30-18:00。"))
        return spans


@dataclass(frozen=True)
class Spans(Field):
    """The working spans of a day, in one line."""

    def asked(self, actor: Actor) -> forms.Field:
        return SpansField(**self.common())

    @property
    def wired(self) -> Any:
        return Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]

    def read(self, value: Any, actor: Actor) -> Iterable[Span]:
        try:
            return SpansField(required=False).clean(value)
        except forms.ValidationError as problem:
            raise UserError(problem.messages[0], self.name) from None

    def check(self, value: Any) -> None:
        """None are too few only where hours are needed: the verb says so."""
