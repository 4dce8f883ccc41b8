from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    name = "luodi.apps.receipts"
    label = "receipts"
