"""What is kept of gatherings: the gathering, who came, the minutes, tasks, votes."""

from luodi.rooms.gatherings.models.gathering import Answer, Attendance, Gathering, Presence, State
from luodi.rooms.gatherings.models.minutes import Minutes, Point, Task
from luodi.rooms.gatherings.models.votes import Ballot, Candidate, Choice, Vote

__all__ = [
    "Answer",
    "Attendance",
    "Ballot",
    "Candidate",
    "Choice",
    "Gathering",
    "Minutes",
    "Point",
    "Presence",
    "State",
    "Task",
    "Vote",
]
