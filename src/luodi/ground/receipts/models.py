"""A receipt for each write: the same key, sent again, gets the same answer and writes nothing."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from luodi.ground.tables.api import OWN, Guard, Unwatched, has_power


class Receipt(models.Model):
    account_id = models.BigIntegerField()
    key = models.UUIDField()
    request = models.CharField(max_length=64)  # SHA-256 of method, path and body
    status = models.IntegerField(null=True)
    location = models.TextField(blank=True)
    body = models.BinaryField(blank=True, default=b"")
    content_type = models.CharField(max_length=100, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    guard = Guard(read=f"{OWN} OR {has_power('engine')}")
    watch = Unwatched("what was answered to a request, kept for days", timeless=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account_id", "key"], name="receipt_once")]

    def __str__(self) -> str:
        return str(self.key)
