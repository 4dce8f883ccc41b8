from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "luodi.ground.notices"
    label = "notices"
