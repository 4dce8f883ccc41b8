from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "luodi.rooms.registers"
    label = "registers"

    def ready(self) -> None:
        from django.urls import reverse

        from luodi.ground.audit.api import register_history
        from luodi.ground.imports.api import provide
        from luodi.rooms.registers import privacy, trail
        from luodi.rooms.registers.sheets import KIND, Entries

        privacy.declare()
        trail.declare()
        register_history(
            "registers_entry",
            [("registers_entry", "origin_id"), ("registers_reference", "entry__origin_id")],
            permission=trail.may_read,
            page=lambda row: reverse("registers:entry", args=[row.pk]),
        )
        register_history(
            "registers_register",
            [("registers_column", "register_id"), ("registers_registerfigure", "register_id")],
            permission="registers.view",
            page=lambda row: reverse("registers:definition", args=[row.pk]),
        )
        register_history(
            "registers_round",
            [("registers_candidacy", "round_id")],
            permission="registers.view",
            page=lambda row: reverse("registers:round", args=[row.pk]),
        )
        provide(KIND, Entries)
