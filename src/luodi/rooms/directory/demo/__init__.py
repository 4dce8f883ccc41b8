"""The demonstration's zone and its people; what every room's part of it builds on."""

from luodi.rooms.directory.demo.asking import PAGE_ON, Asked, noon
from luodi.rooms.directory.demo.organisation import ABOVE_SIZE, PASSWORD, Zone, begin
from luodi.rooms.directory.demo.people import CHANGED_ON
from luodi.rooms.directory.demo.readings import READINGS

__all__ = [
    "ABOVE_SIZE",
    "CHANGED_ON",
    "PAGE_ON",
    "PASSWORD",
    "READINGS",
    "Asked",
    "Zone",
    "begin",
    "noon",
]
