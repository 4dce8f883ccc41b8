"""Development of members, dues, terms of office, two-way training."""

from luodi.rooms.pathways.models.development import (
    SUCCESS,
    End,
    Fact,
    Helper,
    Interruption,
    Journey,
)

__all__ = ["SUCCESS", "End", "Fact", "Helper", "Interruption", "Journey"]
