from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "luodi.apps.casework"
    label = "casework"

    def ready(self) -> None:
        from luodi.apps.audit.api import VALUES, register_history
        from luodi.apps.casework import tasks  # registers what a changed calendar sets off
        from luodi.apps.casework.procedure import procedures, state_label

        tasks.listen()
        parts = ("responsibility", "measure", "verification", "link")
        register_history("casework_case", [(f"casework_{part}", "case_id") for part in parts])
        VALUES["casework_case", "state"] = state_label
        VALUES["casework_case", "procedure"] = lambda key: procedures()[key].label
