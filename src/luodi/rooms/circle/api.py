"""The circle: what other rooms may use of it."""

from luodi.rooms.circle.models import Settlement, Site, Study
from luodi.rooms.circle.verbs import ask_study

__all__ = ["Settlement", "Site", "Study", "ask_study"]
