from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "luodi.apps.registers"
    label = "registers"

    def ready(self) -> None:
        from luodi.apps.audit.api import register_history
        from luodi.apps.registers import privacy

        privacy.declare()
        register_history(
            "registers_entry", [("registers_entry", "origin_id")], permission="registers.view"
        )
        register_history(
            "registers_register",
            [("registers_column", "register_id"), ("registers_registerfigure", "register_id")],
            permission="registers.view",
        )
        register_history(
            "registers_round", [("registers_candidacy", "round_id")], permission="registers.view"
        )
