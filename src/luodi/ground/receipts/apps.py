from django.apps import AppConfig


class ReceiptsConfig(AppConfig):
    name = "luodi.ground.receipts"
    label = "receipts"
