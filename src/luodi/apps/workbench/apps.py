from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "luodi.apps.workbench"
    label = "workbench"
