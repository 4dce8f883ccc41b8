"""Casework, the three lists: problem, responsibility, rectification. What others may use of it.

A verb takes `actor` first, `at` where it is not now, and `version` where it must fail (`Stale`) if
somebody else has changed the case since it was read. It returns the case, or the measure, as it is
afterwards; what was passed in is not changed.
"""

# Reading
from luodi.rooms.casework.criteria import FIGURES, Criteria
from luodi.rooms.casework.lines import Line, lines

# What there is
from luodi.rooms.casework.models import (
    Case,
    Category,
    Event,
    Intake,
    Link,
    Measure,
    Responsibility,
    SavedFilter,
    Share,
    Template,
    Verification,
)
from luodi.rooms.casework.notify import url_of
from luodi.rooms.casework.procedure import Procedure, State, Transition, procedures
from luodi.rooms.casework.queries import LIGHTS
from luodi.rooms.casework.reading import PEOPLE, Dossier, by_key, dossier, fill

# What an actor may do now
from luodi.rooms.casework.standing import available, standing_of
from luodi.rooms.casework.statistics import Figure, Row, Statistics, statistics

# The responsibility list
from luodi.rooms.casework.verbs.forgetting import forget_reporter, may_forget_on
from luodi.rooms.casework.verbs.handing import (
    Assigned,
    accept,
    ask_department,
    bulk_assign,
    classify,
    decline,
    each,
    escalate,
    hand_over,
    join,
    receive,
    return_,
    take_back,
)

# Set up for oneself and each other
from luodi.rooms.casework.verbs.keeping import (
    remove_filter,
    save_category,
    save_filter,
    save_template,
)

# Cases that belong together
from luodi.rooms.casework.verbs.leaving import pass_measure_on, pass_on, pass_report_on
from luodi.rooms.casework.verbs.linking import link, merge, unmerge

# The rectification list
from luodi.rooms.casework.verbs.measures import (
    add_measure,
    change_measure,
    drop_measure,
    finish_measure,
)

# Carrying on, to a confirmed end
from luodi.rooms.casework.verbs.progress import (
    answer,
    attach,
    confirm_by_time,
    pause,
    resume,
    submit,
    verify,
)

# The public way in
from luodi.rooms.casework.verbs.public import (
    Progress,
    Receipt,
    answer_publicly,
    intake_of,
    known_intake,
    look_up,
    progress_of,
    public_forms,
    report_publicly,
    rotate_token,
    unit_of_token,
)

# The problem list
from luodi.rooms.casework.verbs.raising import raise_on_behalf, raise_problem, raised_just_now

# From the side and from above
from luodi.rooms.casework.verbs.steering import (
    change_procedure,
    close,
    escalate_overdue,
    reject,
    reopen,
    reveal_phone,
    set_deadline,
    supervise,
    urge,
    withdraw,
)

__all__ = [
    "FIGURES",
    "LIGHTS",
    "PEOPLE",
    "Assigned",
    "Case",
    "Category",
    "Criteria",
    "Dossier",
    "Event",
    "Figure",
    "Intake",
    "Line",
    "Link",
    "Measure",
    "Procedure",
    "Progress",
    "Receipt",
    "Responsibility",
    "Row",
    "SavedFilter",
    "Share",
    "State",
    "Statistics",
    "Template",
    "Transition",
    "Verification",
    "accept",
    "add_measure",
    "answer",
    "answer_publicly",
    "ask_department",
    "attach",
    "available",
    "bulk_assign",
    "by_key",
    "change_measure",
    "change_procedure",
    "classify",
    "close",
    "confirm_by_time",
    "decline",
    "dossier",
    "drop_measure",
    "each",
    "escalate",
    "escalate_overdue",
    "fill",
    "finish_measure",
    "forget_reporter",
    "hand_over",
    "intake_of",
    "join",
    "known_intake",
    "lines",
    "link",
    "look_up",
    "may_forget_on",
    "merge",
    "pass_measure_on",
    "pass_on",
    "pass_report_on",
    "pause",
    "procedures",
    "progress_of",
    "public_forms",
    "raise_on_behalf",
    "raise_problem",
    "raised_just_now",
    "receive",
    "reject",
    "remove_filter",
    "reopen",
    "report_publicly",
    "resume",
    "return_",
    "reveal_phone",
    "rotate_token",
    "save_category",
    "save_filter",
    "save_template",
    "set_deadline",
    "standing_of",
    "statistics",
    "submit",
    "supervise",
    "take_back",
    "unit_of_token",
    "unmerge",
    "urge",
    "url_of",
    "verify",
    "withdraw",
]
