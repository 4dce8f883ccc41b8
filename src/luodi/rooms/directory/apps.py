from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "luodi.rooms.directory"
    label = "directory"

    def ready(self) -> None:
        from django.urls import reverse

        from luodi.ground.audit.api import register_history

        register_history(
            "directory_person",
            [("directory_membership", "person_id"), ("directory_post", "person_id")],
            permission="people.view",
            page=lambda row: reverse("directory:person", args=[row.pk]),
        )
        register_history(
            "directory_branch",
            [
                ("directory_standing", "branch_id"),
                ("directory_branchspan", "branch_id"),
                ("directory_ruleoverride", "branch_id"),
            ],
            page=lambda row: reverse("directory:branch", args=[row.pk]),
        )
        register_history(
            "directory_enterprise",
            [("directory_lead", "enterprise_id")],
            page=lambda row: reverse("directory:enterprise", args=[row.pk]),
        )
        from luodi.ground.imports.api import provide
        from luodi.rooms.directory.sheets.enterprises import Enterprises
        from luodi.rooms.directory.sheets.people import People

        provide("people", People)
        provide("enterprises", Enterprises)
