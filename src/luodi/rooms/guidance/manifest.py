"""What the room brings: guides for the public, kept by those who know."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import LEADERS, READERS, Job, Manifest, Part
from luodi.rooms.guidance.belongings import BELONGINGS
from luodi.rooms.guidance.models import Guide
from luodi.rooms.guidance.reminders import deadlines_of, mine

GUIDES = Resource(
    model=Guide,
    fields=["name", "name_en", "unit", "owner", "reviewed_on", "review_on", "opened_on"],
    columns=["name", "unit", "owner", "reviewed_on", "review_on"],
    search=["name", "name_en"],
    measure=_("份"),
    job=Job.LIVELIHOOD,
    icon="search",
)
MANIFEST = Manifest(
    label=_("指引"),
    permissions={
        "guidance.view": READERS | {"liaison", "department_officer"},
        "guidance.write": LEADERS | {"department_officer"},
    },
    resources=[GUIDES],
    workbench=[Part("guidance/review_part.html", mine, rank=60, place="side")],
    belongings=BELONGINGS,
    deadlines=deadlines_of,
)
