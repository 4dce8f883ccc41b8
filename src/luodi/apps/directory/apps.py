from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "luodi.apps.directory"
    label = "directory"
