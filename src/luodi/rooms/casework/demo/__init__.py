"""The demonstration's problems: those of the page, and the years since."""

from luodi.ground.scope.api import SYSTEM
from luodi.rooms.casework import api as casework
from luodi.rooms.casework.demo import cases, years
from luodi.rooms.directory.demo import Asked, Zone


def _solved(procedure: str) -> Asked:
    return Asked("casework.solved", parameters={"procedure": procedure})


READINGS = {
    "cases.solved": _solved("enterprise_problem"),
    "integrity.matters_done": _solved("practical_matter"),
    "integrity.problems_solved": _solved("special_rectification"),
}


def build(zone: Zone) -> None:
    """Everything that enterprises brought, at its dates."""
    years.build(cases.build(zone))
    casework.intake_of(actor=SYSTEM, unit=zone.zone)
    casework.intake_of(actor=SYSTEM, unit=zone.county)
