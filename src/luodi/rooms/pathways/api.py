"""Pathways: what other apps may use of it."""

from luodi.rooms.pathways.models import End, Fact, Journey
from luodi.rooms.pathways.reading import Standing, standing_of, standings_of, with_facts
from luodi.rooms.pathways.verbs.development import (
    correct_step,
    end_journey,
    forget_unsuccessful,
    interrupt,
    move_journey,
    open_journey,
    plan_journey,
    record_step,
    resume,
    withdraw_step,
)
from luodi.rooms.pathways.verbs.history import Past, enter_history

__all__ = [
    "End",
    "Fact",
    "Journey",
    "Past",
    "Standing",
    "correct_step",
    "end_journey",
    "enter_history",
    "forget_unsuccessful",
    "interrupt",
    "move_journey",
    "open_journey",
    "plan_journey",
    "record_step",
    "resume",
    "standing_of",
    "standings_of",
    "with_facts",
    "withdraw_step",
]
