from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "luodi.apps.reports"
    label = "reports"

    def ready(self) -> None:
        from luodi.apps.audit.api import ACTIONS

        ACTIONS["report-pack"] = _("导出佐证材料包")
        ACTIONS["report-article"] = _("照片放进文章")
