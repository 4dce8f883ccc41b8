"""Programmes: what other apps may use of this one."""

from luodi.rooms.programmes.growth import growth_of
from luodi.rooms.programmes.lights import Course, Light, holds
from luodi.rooms.programmes.models import (
    Indicator,
    Measure,
    MeasureCase,
    Observation,
    Pledge,
    Programme,
    Target,
)
from luodi.rooms.programmes.pictures import roadmap_sections, time_picture, workplan_sections
from luodi.rooms.programmes.reading import (
    Chapter,
    Line,
    Standing,
    chapters_of,
    standing_of,
    units_with_programmes,
)
from luodi.rooms.programmes.sheets import roadmap_rows, workplan_rows
from luodi.rooms.programmes.verbs.planning import (
    finish_measure,
    link_case,
    reopen_measure,
    save_measure,
    save_programme,
    unlink_case,
)
from luodi.rooms.programmes.verbs.statements import (
    correct_observation,
    observe,
    save_indicator,
    withdraw_observation,
)
from luodi.rooms.programmes.verbs.targets import change_target, drop_target, open_case, set_target

__all__ = [
    "Chapter",
    "Course",
    "Indicator",
    "Light",
    "Line",
    "Measure",
    "MeasureCase",
    "Observation",
    "Pledge",
    "Programme",
    "Standing",
    "Target",
    "change_target",
    "chapters_of",
    "correct_observation",
    "drop_target",
    "finish_measure",
    "growth_of",
    "holds",
    "link_case",
    "observe",
    "open_case",
    "reopen_measure",
    "roadmap_rows",
    "roadmap_sections",
    "save_indicator",
    "save_measure",
    "save_programme",
    "set_target",
    "standing_of",
    "time_picture",
    "units_with_programmes",
    "unlink_case",
    "withdraw_observation",
    "workplan_rows",
    "workplan_sections",
]
