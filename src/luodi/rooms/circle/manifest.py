"""The fitness circle: what it brings."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import LEADERS, READERS, Job, Manifest, Place
from luodi.rooms.circle.models import Settlement, Site

SETTLEMENTS = Resource(
    model=Settlement,
    fields=[
        "name",
        "unit",
        "longitude",
        "latitude",
        "children",
        "adults",
        "elders",
        "opened_on",
    ],
    columns=["name", "unit", "children", "adults", "elders"],
    search=["name"],
    setting=True,
)
SITES = Resource(
    model=Site,
    fields=["name", "unit", "longitude", "latitude", "cost", "opened_on"],
    columns=["name", "unit", "cost"],
    search=["name"],
    setting=True,
)
MANIFEST = Manifest(
    label=_("健身圈"),
    prefix="circle/",
    permissions={"circle.view": READERS, "circle.write": LEADERS},
    places=[Place("circle:studies", _("健身圈"), "flag", Job.LIVELIHOOD, ("circle.view",))],
    resources=[SETTLEMENTS, SITES],
)
