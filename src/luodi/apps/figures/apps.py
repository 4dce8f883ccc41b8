"""Figures: numbers with a name, read at a date, opened to their rows."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "luodi.apps.figures"
    label = "figures"

    def ready(self) -> None:
        from luodi.apps.figures.registry import autodiscover

        autodiscover()
