"""What reports ask people and units to answer for: drafts, and a unit's own templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import Actor, Unit, serves
from luodi.manifest import Belonging, Heir, Hit, Owner
from luodi.rooms.reports.models import Report, State, Template


def _drafts(owner: Owner) -> Any:
    rows = _open_drafts()
    if owner.account is None or owner.within is not None:
        return rows.none()
    rows = rows.filter(drafted_by=owner.account)
    return rows.filter(unit=owner.unit) if owner.unit is not None else rows


def _open_drafts() -> Any:
    rows = Report.objects.filter(state=State.DRAFT).defer("packed", "text")
    return rows.select_related("unit").order_by("id")


def _drafts_adrift(day: dt.date) -> Any:
    return _open_drafts().filter(~Q(serves("drafted_by_id", None, day)), drafted_by__isnull=False)


def pass_draft_on(*, actor: Actor, row: Report, heir: Heir, why: str = "") -> None:
    """Gives a draft to an heir, or to whoever of the unit writes reports."""
    actor.require("reports.write", row.unit.path)
    Report.objects.filter(pk=row.pk).update(drafted_by=heir.account, version=F("version") + 1)


def _templates(owner: Owner) -> Any:
    rows = _in_force()
    if owner.account is not None or owner.unit is None or owner.within is not None:
        return rows.none()
    return rows.filter(unit=owner.unit)


def _in_force() -> Any:
    newer = Template.objects.filter(key=OuterRef("key"), number__gt=OuterRef("number"))
    return Template.objects.filter(~Exists(newer)).select_related("unit__parent").order_by("id")


def _templates_adrift(day: dt.date) -> Any:
    return _in_force().filter(unit__closed_on__isnull=False)


def pass_template_on(*, actor: Actor, row: Template, heir: Heir, why: str = "") -> None:
    """Gives a template, with its former versions, to the heir's unit or the superior one."""
    actor.require("reports.write", row.unit.path)
    to: Unit | None = heir.unit or row.unit.parent
    if to is not None:
        Template.objects.filter(key=row.key).update(unit=to)


def _draft_line(row: Report) -> Hit:
    return Hit(row.title, reverse("reports:report", args=[row.pk]), str(row.unit))


def _template_line(row: Template) -> Hit:
    return Hit(row.title, reverse("reports:template", args=[row.key]), str(row.unit))


BELONGINGS = [
    Belonging(_("报告草稿"), _drafts, _drafts_adrift, _draft_line, pass_draft_on),
    Belonging(_("报告模板"), _templates, _templates_adrift, _template_line, pass_template_on),
]
