from django.apps import AppConfig


class CaseworkConfig(AppConfig):
    name = "luodi.apps.casework"
    label = "casework"

    def ready(self) -> None:
        from luodi.apps.audit.api import VALUES, register_history
        from luodi.apps.casework import privacy, tasks  # registers what a changed calendar sets off
        from luodi.apps.casework.notify import url_of
        from luodi.apps.casework.procedure import outcome_label, procedures, state_label

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
        _provide_workbooks()


def _provide_workbooks() -> None:
    from django.urls import reverse

    from luodi.apps.casework.importing import KIND, Problems
    from luodi.apps.directory.api import working

    def page(kind: str, digest: str) -> str:
        return reverse("cases:import_report", args=[digest])

    working.provide(KIND, lambda actor, kind: Problems(actor), page)
