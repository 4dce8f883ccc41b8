"""Duties: what other apps may use of them."""

from luodi.rooms.duties.models import Duty, Edition, Excuse, Measure, Subject
from luodi.rooms.duties.reading import Board, Line, Slot, board_of, open_now, year_of
from luodi.rooms.duties.shipped import SHIPPED
from luodi.rooms.duties.verbs import (
    add_duty,
    end_duty,
    end_excuse,
    excuse,
    install,
    rename_duty,
    renew_duty,
)
from luodi.rooms.duties.windows import Every, State

__all__ = [
    "SHIPPED",
    "Board",
    "Duty",
    "Edition",
    "Every",
    "Excuse",
    "Line",
    "Measure",
    "Slot",
    "State",
    "Subject",
    "add_duty",
    "board_of",
    "end_duty",
    "end_excuse",
    "excuse",
    "install",
    "open_now",
    "rename_duty",
    "renew_duty",
    "year_of",
]
