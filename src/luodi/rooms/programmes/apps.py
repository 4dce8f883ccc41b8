from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    name = "luodi.rooms.programmes"
    label = "programmes"
