"""Places: what the room brings follows from its two kinds of records."""

from django.utils.translation import gettext_lazy as _

from luodi.ground.records.api import Resource
from luodi.manifest import BRANCHES, ENTERPRISES, READERS, Job, Manifest
from luodi.rooms.places.models import Room, Venue

VENUES = Resource(
    model=Venue,
    fields=["name", "kind", "unit", "address", "step_free", "opened_on"],
    search=["name", "address"],
    children=[Room],
    measure=_("处"),
    job=Job.SERVICES,
)
ROOMS = Resource(
    model=Room,
    fields=["name", "venue", "kind", "seats", "equipment", "step_free", "opened_on"],
    search=["name", "venue__name"],
    measure=_("间"),
    job=Job.SERVICES,
)
MANIFEST = Manifest(
    label=_("场所"),
    prefix="places/",
    permissions={"places.view": READERS | ENTERPRISES, "places.write": BRANCHES},
    resources=[VENUES, ROOMS],
)
