from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "luodi.ground.imports"
    label = "imports"
