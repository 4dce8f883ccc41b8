"""What the room brings: meetings and other gatherings, from plan to minutes."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Number, Resource
from luodi.manifest import BRANCHES, ENTERPRISES, READERS, Job, Manifest, Part, Place
from luodi.rooms.gatherings.belongings import BELONGINGS
from luodi.rooms.gatherings.fields import ENDS, KIND, STARTS
from luodi.rooms.gatherings.models import Gathering
from luodi.rooms.gatherings.parts import came_to, deadlines_of, moments_of, waiting
from luodi.rooms.gatherings.privacy import FIELDS
from luodi.rooms.gatherings.verbs.entering import (
    amend_gathering,
    enter_gathering,
    remove_gathering,
)
from luodi.shell.listing import Column

GATHERINGS = Resource(
    model=Gathering,
    fields=[
        "unit", KIND, "title", STARTS, ENDS, "place", "agenda", "lecturer",
        "told_expected", "told_came",
    ],
    columns=[
        "title",
        "kind",
        "unit",
        "starts_at",
        "place",
        Column(
            "attending", _("实到/应到"), value=lambda row: attending(row), align="end", phone="line"
        ),
        "state",
    ],
    filters=["kind", "unit", STARTS, "state"],
    search=["title", "place", "agenda"],
    key=("unit", "kind", "starts_at"),
    sort="-starts_at",
    told=[
        "also", "state", "why", "hours",
        Number(_("应到人数"), "expected"), Number(_("实到人数"), "attending"),
    ],
    rows=lambda: Gathering.objects.counted(),
    create=enter_gathering,
    change=amend_gathering,
    remove=remove_gathering,
    icon="calendar",
    job=Job.GATHERINGS,
)  # fmt: skip


def attending(row: Gathering) -> str:
    """How many came of how many: `12/14`; nothing before it was held."""
    return f"{row.attending}/{row.expected}" if row.expected or row.attending else ""  # type: ignore[attr-defined]


MANIFEST = Manifest(
    label=_("活动"),
    permissions={
        "gatherings.view": READERS | ENTERPRISES | {"department_officer"},
        "gatherings.write": BRANCHES | {"department_officer"},
    },
    resources=[GATHERINGS],
    places=[
        Place(
            "gatherings:book", _("会议活动记录本"), "ledger", Job.GATHERINGS, ("gatherings.view",)
        ),
    ],
    workbench=[Part("gatherings/desk_part.html", waiting, rank=25)],
    person_page=[Part("gatherings/person_part.html", came_to, rank=30)],
    timeline=moments_of,
    deadlines=deadlines_of,
    belongings=BELONGINGS,
    personal=FIELDS,
)
