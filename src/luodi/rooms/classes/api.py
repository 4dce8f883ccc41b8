"""Classes: what other apps may use of them."""

from luodi.rooms.classes.hours import class_hours
from luodi.rooms.classes.models import Certificate, Cohort, Course, Plan, Session, Trainee
from luodi.rooms.classes.verbs.enrolling import (
    change_away,
    drop_trainee,
    enrol,
    finish_cohort,
    place_trainee,
    revoke_certificate,
)
from luodi.rooms.classes.verbs.planning import accept_plan, ask_plan

__all__ = [
    "Certificate",
    "Cohort",
    "Course",
    "Plan",
    "Session",
    "Trainee",
    "accept_plan",
    "ask_plan",
    "change_away",
    "class_hours",
    "drop_trainee",
    "enrol",
    "finish_cohort",
    "place_trainee",
    "revoke_certificate",
]
