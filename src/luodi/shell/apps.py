from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _

from luodi.manifest import manifests


class ShellConfig(AppConfig):
    name = "luodi.shell"

    def ready(self) -> None:
        Field.default_error_messages["required"] = _("请填写或选择。")
        for manifest in manifests():
            if manifest.ready:
                manifest.ready()
