from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "luodi.ground.audit"

    def ready(self) -> None:
        from luodi.ground.audit import signs  # noqa: F401
        from luodi.ground.audit.history import register_history
        from luodi.ground.audit.words import ACTIONS, VALUES
        from luodi.manifest import manifests

        for manifest in manifests():
            for one in manifest.histories:
                register_history(one.table, one.children, one.permission, one.page)
            ACTIONS.update(manifest.actions)
            VALUES.update(manifest.values)
