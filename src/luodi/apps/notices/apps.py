from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "luodi.apps.notices"
    label = "notices"
