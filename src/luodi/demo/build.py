"""Builds the demonstration in one transaction: it is there whole, or not at all."""

from __future__ import annotations

from django.db.models import F

from luodi.ground.calendars.api import fill_announced
from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM, Unit, acting
from luodi.manifest import brought, module_of
from luodi.rooms.directory.demo import PAGE_ON, PASSWORD, begin


def is_built() -> bool:
    return Unit.objects.filter(name="交口经济技术开发区党工委").exists()


def build(password: str = PASSWORD) -> None:
    """Makes the zone of the founding page with its people, and each room's part of it."""
    with acting(SYSTEM, why="示例开发区"):
        fill_announced(actor=SYSTEM)
        zone = begin(password)
        for config, _manifest in brought():
            part = module_of(config, "demo")
            if part is not None and hasattr(part, "build"):
                part.build(zone)
        # what people were told before the page's day, they have long read
        Notice.objects.filter(at__date__lte=PAGE_ON).update(read_at=F("at"))
