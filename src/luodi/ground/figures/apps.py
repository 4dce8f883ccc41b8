"""Figures: numbers with a name, read at a date, opened to their rows."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "luodi.ground.figures"
    label = "figures"

    def ready(self) -> None:
        from luodi.ground.figures.registry import autodiscover

        autodiscover()
