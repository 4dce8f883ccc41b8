"""What the workbench keeps: each account's key to its calendar."""

from __future__ import annotations

from django.db import models

from luodi.ground.tables.api import OWN, Guard, Unwatched, has_power


class Feed(models.Model):
    """That an account has a calendar address. Another nonce makes the old address useless."""

    account_id = models.BigIntegerField(primary_key=True)
    nonce = models.CharField(max_length=24)

    guard = Guard(read=f"{OWN} OR {has_power('engine')}")
    watch = Unwatched("the key of a calendar address", timeless=True)

    def __str__(self) -> str:
        return str(self.account_id)
