from django.apps import AppConfig


class WorkbenchConfig(AppConfig):
    name = "luodi.rooms.workbench"
    label = "workbench"
