from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "luodi.apps.audit"
    label = "audit"

    def ready(self) -> None:
        from luodi.apps.audit import signs  # noqa: F401
