"""What was written, once; and how files of a kind are read, so that nobody is asked twice."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from luodi.ground.tables.api import OWN, Guard, Unwatched


class Written(models.Model):
    """An upload that was written. Its token is unique, so two who write the same write it once."""

    account = models.ForeignKey("scope.Account", models.CASCADE, related_name="+")
    token = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=60)
    digest = models.CharField(max_length=64)
    rows = models.IntegerField(default=0)
    at = models.DateTimeField(default=timezone.now)

    guard = Guard(read=OWN)
    watch = Unwatched("what was written has its own entries; this only keeps it from being twice")

    class Meta:
        indexes = [models.Index(fields=["account", "kind", "digest"], name="imports_written_file")]

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"


class Habit(models.Model):
    """What an account answered of files of a kind with these titles."""

    account = models.ForeignKey("scope.Account", models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    titles = models.CharField(max_length=64)  # SHA-256 of the titles
    answers = models.JSONField(default=dict)

    guard = Guard(read=OWN)
    watch = Unwatched("how somebody's files are read is his own affair and changes no record")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "titles"], name="imports_habit_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.titles[:8]}"
