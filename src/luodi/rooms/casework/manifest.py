"""Problems of enterprises and the three lists: what casework brings."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.scope.api import when_renamed
from luodi.manifest import (
    BRANCHES,
    ENTERPRISES,
    GUIDES,
    LEADERS,
    Finder,
    History,
    Indexed,
    Job,
    Manifest,
    Part,
    Place,
)
from luodi.rooms.casework import tasks
from luodi.rooms.casework.belongings import BELONGINGS
from luodi.rooms.casework.buttons import buttons_of
from luodi.rooms.casework.cockpit import chains_of, decisions_of, late_of, over_time
from luodi.rooms.casework.finders import find_cases
from luodi.rooms.casework.importing import Problems
from luodi.rooms.casework.notify import url_of
from luodi.rooms.casework.parts import (
    carried_by,
    deadlines_of,
    desk_of,
    moments_of,
    problems_of,
    raising,
    shortcuts,
)
from luodi.rooms.casework.privacy import FIELDS
from luodi.rooms.casework.procedure import outcome_label, procedures, state_label
from luodi.rooms.casework.words import follow, rebuild

VIEW = ("cases.view",)
PARTS = ("responsibility", "measure", "verification", "link")


def ready() -> None:
    """Listens to the working calendar and to renamings."""
    tasks.listen()
    when_renamed(follow)


MANIFEST = Manifest(
    label=_("企业问题"),
    permissions={
        "cases.view": ENTERPRISES | {"part_time_member", "department_officer"},
        "cases.urge": ENTERPRISES | {"part_time_member", "department_officer"},
        "cases.raise": ENTERPRISES,
        "cases.verify": ENTERPRISES,
        "cases.receive": BRANCHES | {"department_officer"},
        "cases.carry": BRANCHES | {"department_officer"},
        "cases.assign": GUIDES,
        "cases.link": GUIDES,
        "cases.supervise": LEADERS,
        "cases.deadline": LEADERS,
        "cases.close": LEADERS,
        "cases.template": LEADERS,
    },
    places=[
        Place("cases:problems", _("问题清单"), "problem", Job.PROBLEMS, VIEW, phone=_("问题")),
        Place("cases:responsibilities", _("责任清单"), "hand", Job.PROBLEMS, VIEW, phone=_("责任")),
        Place("cases:rectifications", _("整改清单"), "check", Job.PROBLEMS, VIEW),
        Place("cases:statistics", _("统计"), "chart", Job.PROBLEMS, VIEW),
        Place(
            *("cases:settings", _("事项设置"), "sliders", Job.ADMINISTRATION),
            ("cases.template", "system.configure"),
        ),
    ],
    workbench=[
        Part("casework/raise_buttons.html", raising, place="actions"),
        Part("casework/desk_counts.html", desk_of, place="top"),
        Part("casework/desk_part.html", desk_of, rank=10),
        Part("casework/desk_late.html", desk_of, rank=20, place="side"),
        Part("casework/desk_shortcuts.html", shortcuts, rank=90, place="side"),
    ],
    cockpit=[
        Part("casework/cockpit_late.html", late_of, rank=10),
        Part("casework/cockpit_months.html", over_time, rank=10, place="side"),
        Part("casework/cockpit_chains.html", chains_of, rank=20, place="side"),
    ],
    headlines=(
        "casework.received",
        "casework.open",
        "casework.overdue",
        "casework.solved",
        "casework.on_time",
    ),
    decisions=decisions_of,
    buttons=buttons_of,
    unit_page=[Part("casework/unit_part.html", problems_of, rank=10)],
    person_page=[Part("casework/person_part.html", carried_by, rank=10)],
    timeline=moments_of,
    deadlines=deadlines_of,
    indexed=[Indexed("casework.Case", rebuild)],
    search=[Finder(_("问题"), find_cases, VIEW, more="cases:problems")],
    belongings=BELONGINGS,
    histories=[
        History("casework_case", [(f"casework_{part}", "case_id") for part in PARTS], page=url_of)
    ],
    values={
        ("casework_case", "state"): state_label,
        ("casework_case", "procedure"): lambda key: procedures()[key].label,
        ("casework_case", "outcome"): outcome_label,
        ("casework_event", "to_state"): state_label,
        ("casework_event", "transition"): lambda key: procedures()["enterprise_problem"].label_of(
            key
        ),
    },
    personal=FIELDS,
    imports={"cases": Problems},
    ready=ready,
)
