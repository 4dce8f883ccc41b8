from django.apps import AppConfig


class ShellConfig(AppConfig):
    name = "luodi.shell"
    label = "shell"
