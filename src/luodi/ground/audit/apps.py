from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "luodi.ground.audit"
    label = "audit"

    def ready(self) -> None:
        from luodi.ground.audit import signs  # noqa: F401
