"""Pioneer: what other apps may use of it."""

from luodi.rooms.pioneer.models import Claim, Holding, Project, Stand, Studio, StudioMember, Task
from luodi.rooms.pioneer.verbs.stands import agree_to_show, hand_stand_on, leave_stand, shown_of
from luodi.rooms.pioneer.verbs.tasks import (
    claim_task,
    drop_claim,
    finish_claim,
    hand_claim_on,
    missing_hands,
    raise_task,
    return_unclaimed,
    withdraw_task,
)

__all__ = [
    "Claim",
    "Holding",
    "Project",
    "Stand",
    "Studio",
    "StudioMember",
    "Task",
    "agree_to_show",
    "claim_task",
    "drop_claim",
    "finish_claim",
    "hand_claim_on",
    "hand_stand_on",
    "leave_stand",
    "missing_hands",
    "raise_task",
    "return_unclaimed",
    "shown_of",
    "withdraw_task",
]
