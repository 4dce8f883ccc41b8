"""Reports whose numbers are figures: what they bring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luodi.ground.audit.api import PARTS
from luodi.manifest import (
    GUIDES,
    LEADERS,
    READERS,
    Decision,
    Finder,
    Job,
    Manifest,
    Overview,
    Place,
)
from luodi.rooms.reports.belongings import BELONGINGS
from luodi.rooms.reports.finders import find_reports
from luodi.rooms.reports.forms import ReportForm
from luodi.rooms.reports.models import Report, State


def ready() -> None:
    PARTS["reports_report", "head"] = _head


def _head(_trail: object, head: dict[str, str], _kept: Any) -> dict[str, str]:
    """What stands around the text, by the labels of its form."""
    return {str(ReportForm.base_fields[name].label): text for name, text in head.items() if text}


def decisions_of(actor: Any, view: Overview) -> Iterator[Decision]:
    """Reports of the unit that wait to be reviewed, or to be signed."""
    for permission, state, label in (
        ("reports.review", State.SUBMITTED, _("报告待审核")),
        ("reports.publish", State.APPROVED, _("报告待签发")),
    ):
        if actor.may(permission, view.unit.path):
            count = Report.objects.filter(unit=view.unit, state=state).count()
            yield Decision(label, count, reverse("reports:reports"))


MANIFEST = Manifest(
    label=_("报告"),
    prefix="reports/",
    permissions={
        "reports.view": READERS,
        "reports.write": GUIDES,
        "reports.publish": GUIDES,
        "reports.review": LEADERS,
        "reports.signing": {"secretary", "county_officer"},
    },
    places=[Place("reports:reports", _("报告"), "report", Job.NUMBERS, ("reports.view",))],
    decisions=decisions_of,
    belongings=BELONGINGS,
    search=[Finder(_("报告"), find_reports, ("reports.view",), more="reports:reports")],
    actions={
        "report-pack": _("导出佐证材料包"),
        "report-article": _("照片放进文章"),
    },
    ready=ready,
)
