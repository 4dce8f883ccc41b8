"""Gatherings: what other rooms may use of this one.

A `Gathering` is held by a `unit`, of a `kind` (its key; `also`: kinds held together with it), with
`title`, `starts_at`, `ends_at`, `state` (planned, held, cancelled). `Gathering.objects.counted()` adds
`expected` and `attending`; `gathering.fulfils` are the keys of the duties it can fulfil.

A room adds kinds of its own by a module `gathering_kinds.py` beside its manifest, found at start-up:

    from luodi.rooms.gatherings.api import Kind, Source, read_kinds
    KINDS = read_kinds(text)                      # TOML as `kinds/kinds.toml`, or
    KINDS = [Kind(key="rehearsal", name="排练", name_en="Rehearsal", holders={"county": ""},
                  needs=(), once_a_day=False, fulfils=("culture",))]

`holders` are the kinds of units that hold it, each with who is expected by rule (`members`, `formal`,
`committee`, `leading_group`, "" for who is invited by name). `fulfils` may name any duty's key; where
it says nothing in TOML it is the kind's own key.
"""

from luodi.rooms.gatherings.inviting import url_of
from luodi.rooms.gatherings.kinds import Kind, Source, kind_of, kinds, read_kinds, source_of
from luodi.rooms.gatherings.models import (
    Answer,
    Attendance,
    Gathering,
    Minutes,
    Point,
    Presence,
    State,
    Task,
    Vote,
)
from luodi.rooms.gatherings.parts import hours_of
from luodi.rooms.gatherings.people import expected, expected_at
from luodi.rooms.gatherings.reading import fulfilling, held
from luodi.rooms.gatherings.verbs.attending import (
    answer_invitation,
    invite,
    record_attendance,
    uninvite,
)
from luodi.rooms.gatherings.verbs.checks import Twice
from luodi.rooms.gatherings.verbs.entering import enter_gathering
from luodi.rooms.gatherings.verbs.minutes import (
    PointGiven,
    correct_minutes,
    sign_minutes,
    write_minutes,
)
from luodi.rooms.gatherings.verbs.planning import (
    cancel_gathering,
    change_gathering,
    plan_gathering,
)
from luodi.rooms.gatherings.verbs.tasks import finish_task, give_task, raise_case
from luodi.rooms.gatherings.verbs.voting import close_vote, open_vote, withdraw_vote

__all__ = [
    "Answer",
    "Attendance",
    "Gathering",
    "Kind",
    "Minutes",
    "Point",
    "PointGiven",
    "Presence",
    "Source",
    "State",
    "Task",
    "Twice",
    "Vote",
    "answer_invitation",
    "cancel_gathering",
    "change_gathering",
    "close_vote",
    "correct_minutes",
    "enter_gathering",
    "expected",
    "expected_at",
    "finish_task",
    "fulfilling",
    "give_task",
    "held",
    "hours_of",
    "invite",
    "kind_of",
    "kinds",
    "open_vote",
    "plan_gathering",
    "raise_case",
    "read_kinds",
    "record_attendance",
    "sign_minutes",
    "source_of",
    "uninvite",
    "url_of",
    "withdraw_vote",
    "write_minutes",
]
