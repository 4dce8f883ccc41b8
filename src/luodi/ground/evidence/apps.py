from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "luodi.ground.evidence"
    label = "evidence"
