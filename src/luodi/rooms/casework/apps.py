from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "luodi.rooms.casework"
    label = "casework"

    def ready(self) -> None:
        from luodi.ground.audit.api import VALUES, register_history
        from luodi.ground.imports.api import provide
        from luodi.rooms.casework import (  # registers what a changed calendar sets off
            privacy,
            tasks,
        )
        from luodi.rooms.casework.importing import Problems
        from luodi.rooms.casework.notify import url_of
        from luodi.rooms.casework.procedure import outcome_label, procedures, state_label

        tasks.listen()
        privacy.declare()
        parts = ("responsibility", "measure", "verification", "link")
        register_history(
            "casework_case", [(f"casework_{part}", "case_id") for part in parts], page=url_of
        )
        VALUES["casework_case", "state"] = state_label
        plain = procedures()["enterprise_problem"]
        VALUES["casework_case", "procedure"] = lambda key: procedures()[key].label
        VALUES["casework_case", "outcome"] = outcome_label
        VALUES["casework_event", "to_state"] = state_label
        VALUES["casework_event", "transition"] = plain.label_of
        provide("cases", Problems)
