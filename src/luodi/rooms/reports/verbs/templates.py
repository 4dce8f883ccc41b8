"""Templates: the shipped ones, and a unit's own in versions."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from luodi.ground.scope.api import Actor, Unit
from luodi.lib.errors import NotFound, Stale, UserError
from luodi.rooms.reports.models import Template
from luodi.rooms.reports.shipped import SHIPPED


@dataclass(frozen=True, slots=True)
class Pattern:
    """A template to draw up a report from, shipped (`number` 0) or own."""

    key: str
    number: int
    name: str
    title: str
    text: str
    note: str = ""


def templates() -> QuerySet[Template]:
    """The versions in force of the templates that the transaction sees."""
    latest = Template.objects.filter(key=OuterRef("key")).order_by("-number").values("number")[:1]
    return Template.objects.filter(number=Subquery(latest)).select_related("unit", "written_by")


def patterns() -> list[Pattern]:
    """All templates that one may draw from: the shipped first."""
    shipped = [pattern(key) for key in SHIPPED]
    return shipped + [_own(one) for one in templates()]


def pattern(key: str) -> Pattern:
    """A template by its key. Raises NotFound."""
    if key in SHIPPED:
        one = SHIPPED[key]
        return Pattern(key, 0, str(one.name), one.title, one.text, str(one.note))
    found = templates().filter(key=key).first()
    if found is None:
        raise NotFound(_("没有这个模板。"))
    return _own(found)


def _own(one: Template) -> Pattern:
    return Pattern(one.key, one.number, one.title, one.title, one.text, str(one.unit))


@transaction.atomic
def write_template(
    *,
    actor: Actor,
    unit: Unit,
    title: str,
    text: str,
    key: str = "",
    number: int | None = None,
    at: dt.datetime | None = None,
) -> Template:
    """Writes a template of the unit's own, or its next version; `number` is the one that was read.

    What does not hold yet may be kept: the margin says so, and it cannot be published.
    """
    actor.require("reports.write", unit.path)
    if not title.strip():
        raise UserError(_("请填写标题。"), "title")
    before = Template.objects.filter(key=key).order_by("-number").first() if key else None
    if key and before is None:
        raise NotFound(_("没有这个模板。"))
    if before is not None:
        actor.require("reports.write", before.unit.path)
        unit = before.unit
        if number is not None and number != before.number:
            raise Stale(_("别人刚刚改过这个模板。"), {"number": before.number, "text": before.text})
    return Template.objects.create(
        unit=unit,
        key=before.key if before else secrets.token_hex(6),
        number=before.number + 1 if before else 1,
        title=title.strip(),
        text=text,
        written_by_id=actor.account_id or None,
        written_at=at or timezone.now(),
    )
