from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "luodi.apps.directory"
    label = "directory"

    def ready(self) -> None:
        from luodi.apps.audit.api import register_history

        register_history(
            "directory_person",
            [("directory_membership", "person_id"), ("directory_post", "person_id")],
            permission="people.view",
        )
        register_history(
            "directory_branch",
            [
                ("directory_standing", "branch_id"),
                ("directory_branchspan", "branch_id"),
                ("directory_ruleoverride", "branch_id"),
            ],
        )
        register_history("directory_enterprise", [("directory_lead", "enterprise_id")])
