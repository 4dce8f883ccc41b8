from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "luodi.rooms.reports"
    label = "reports"

    def ready(self) -> None:
        from luodi.ground.audit.api import ACTIONS, PARTS

        ACTIONS["report-pack"] = _("导出佐证材料包")
        ACTIONS["report-article"] = _("照片放进文章")
        PARTS["reports_report", "head"] = _head


def _head(_trail: object, head: dict[str, str], _kept: Any) -> dict[str, str]:
    """What stands around the text, by the labels of its form."""
    from luodi.rooms.reports.forms import ReportForm

    return {str(ReportForm.base_fields[name].label): text for name, text in head.items() if text}
