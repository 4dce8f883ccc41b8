from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "luodi.ground.notices"
    label = "notices"

    def ready(self) -> None:
        from luodi.ground.notices import guesses  # noqa: F401 - listens
