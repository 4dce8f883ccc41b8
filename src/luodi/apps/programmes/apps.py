from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "luodi.apps.programmes"
    label = "programmes"
