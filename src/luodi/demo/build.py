"""Builds the demonstration in one transaction: it is there whole, or not at all."""

from __future__ import annotations

from django.db.models import F

from luodi.demo import cases, organisation, programmes, registers, reports, years
from luodi.demo.facts import PAGE_ON
from luodi.ground.calendars.api import fill_announced
from luodi.ground.notices.api import Notice
from luodi.ground.scope.api import SYSTEM, Unit, acting

PASSWORD = "luodi-2022-demo"  # noqa: S105 - printed for whoever starts the demonstration


def is_built() -> bool:
    return Unit.objects.filter(name="交口经济技术开发区党工委").exists()


def build(password: str = PASSWORD) -> None:
    """Makes the zone of the founding page, its people, and its cases at their dates."""
    with acting(SYSTEM, why="示例开发区"):
        fill_announced(actor=SYSTEM)
        zone = organisation.build_units()
        organisation.build_accounts(zone, password)
        organisation.build_branches(zone)
        organisation.build_committee(zone)
        years.build(cases.build(zone))
        registers.build(zone)
        programmes.build(zone)
        reports.build(zone.zone, zone.accounts["office"])
        # what people were told before the page's day, they have long read
        Notice.objects.filter(at__date__lte=PAGE_ON).update(read_at=F("at"))
