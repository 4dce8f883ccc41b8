from django.apps import AppConfig
from django.forms import Field
from django.utils.translation import gettext_lazy as _


class ShellConfig(AppConfig):
    name = "luodi.shell"
    label = "shell"

    def ready(self) -> None:
        Field.default_error_messages["required"] = _("请填写或选择。")
