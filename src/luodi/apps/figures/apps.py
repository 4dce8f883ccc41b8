from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "luodi.apps.figures"
    label = "figures"
