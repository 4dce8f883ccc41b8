from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "luodi.apps.registers"
    label = "registers"
