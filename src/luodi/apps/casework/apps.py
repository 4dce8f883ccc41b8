from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "luodi.apps.casework"
    label = "casework"

    def ready(self) -> None:
        from luodi.apps.casework import tasks  # registers what a changed calendar sets off

        tasks.listen()
