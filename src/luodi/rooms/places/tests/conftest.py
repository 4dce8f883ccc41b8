"""The room's own fixture, for its tests."""

from luodi.rooms.places.tests.world import centre

__all__ = ["centre"]
