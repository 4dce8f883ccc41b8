from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "luodi.apps.reports"
    label = "reports"
