from django.apps import AppConfig
from django.core.checks import register


class TablesConfig(AppConfig):
    """What all tables are; its reconciliation runs after migrations (`scope.apps`)."""

    name = "luodi.ground.tables"
    label = "tables"

    def ready(self) -> None:
        from luodi.ground.tables.checks import check_models

        register(check_models, "models")
