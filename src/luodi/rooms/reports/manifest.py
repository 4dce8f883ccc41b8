"""Reports whose numbers are figures: what they bring."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from luodi.ground.audit.api import PARTS
from luodi.manifest import GUIDES, LEADERS, READERS, Finder, Job, Manifest, Place
from luodi.rooms.reports.belongings import BELONGINGS
from luodi.rooms.reports.finders import find_reports
from luodi.rooms.reports.forms import ReportForm


def ready() -> None:
    PARTS["reports_report", "head"] = _head


def _head(_trail: object, head: dict[str, str], _kept: Any) -> dict[str, str]:
    """What stands around the text, by the labels of its form."""
    return {str(ReportForm.base_fields[name].label): text for name, text in head.items() if text}


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
    belongings=BELONGINGS,
    search=[Finder(_("报告"), find_reports, ("reports.view",), more="reports:reports")],
    actions={
        "report-pack": _("导出佐证材料包"),
        "report-article": _("照片放进文章"),
    },
    ready=ready,
)
