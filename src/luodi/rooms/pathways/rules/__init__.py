"""What the rules of development ask: steps as data, and what follows from dated facts. No database."""

from luodi.rooms.pathways.rules.standing import (
    Done,
    File,
    Obstacle,
    Pause,
    StepState,
    Why,
    findings,
    obstacles,
    probation,
    stages,
    standing,
)
from luodi.rooms.pathways.rules.steps import (
    REGULATION,
    STAGE_LABELS,
    STEPS,
    Bound,
    Outcome,
    Step,
    Who,
)
from luodi.rooms.pathways.rules.times import Span, age_on, later

__all__ = [
    "REGULATION",
    "STAGE_LABELS",
    "STEPS",
    "Bound",
    "Done",
    "File",
    "Obstacle",
    "Outcome",
    "Pause",
    "Span",
    "Step",
    "StepState",
    "Who",
    "Why",
    "age_on",
    "findings",
    "later",
    "obstacles",
    "probation",
    "stages",
    "standing",
]
