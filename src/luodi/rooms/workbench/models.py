"""What the workbench keeps of an account: its key to the calendar, and what it has pinned."""

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


class Preference(models.Model):
    """What an account wants first: `pins` are names of places, `figures` keys of figures, in order."""

    account_id = models.BigIntegerField(primary_key=True)
    pins = models.JSONField(default=list)
    figures = models.JSONField(default=list)

    guard = Guard(read=f"{OWN} OR {has_power('engine')}")
    watch = Unwatched("what an account wants first on its own pages", timeless=True)

    def __str__(self) -> str:
        return str(self.account_id)
