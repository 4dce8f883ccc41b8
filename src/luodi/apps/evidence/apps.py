from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "luodi.apps.evidence"
    label = "evidence"
