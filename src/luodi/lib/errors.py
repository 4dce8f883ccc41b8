"""Errors that a user can do something about. Verbs raise them; the edge turns them into a sentence.

A message may be a lazily translated string: it is only turned to text where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping


class UserError(Exception):
    """Something the user asked for cannot be done. `str(error)` is the sentence to show."""

    status = 422

    def __init__(self, message: object, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class NotAllowed(UserError):
    """The actor's roles do not allow the verb."""

    status = 403


class NotFound(UserError):
    """There is no such record, or the actor may not know that there is."""

    status = 404


class Stale(UserError):
    """Someone else changed the record since the actor read it; `theirs` says what it is now."""

    status = 409

    def __init__(self, message: object, theirs: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.theirs = dict(theirs or {})
